internal import Catalog

/// The module `sys`: the parts that scripts use.
enum SystemModule {
  static let module = ModuleFacts("sys", "The script's arguments and streams.") {
    [
      .constant("argv", "The script's name and its arguments.", returns: "list") { context in
        .array((context.arguments.isEmpty ? [""] : context.arguments).map { .string($0) })
      },
      .constant("stdout", "Where print() writes.", returns: "TextStream") { context in
        .object(TextStream(.standard, context))
      },
      .constant("stderr", "Where messages go.", returns: "TextStream") { context in
        .object(TextStream(.error, context))
      },
      .constant("maxsize", "The largest whole number.", returns: "int") { _ in .int(Int.max) },
      .constant("version", "The version of Gradus.", returns: "str") { _ in
        .string("3.11 (Gradus \(About.version))")
      },
      SessionEntries.exit("exit"),
    ]
  }
}

/// `sys.stdout` and `sys.stderr`: `print(…, file=sys.stderr)` writes to it.
final class TextStream: Object {
  static let type = ObjectType("TextStream", "A stream of text that is shown.") {
    [
      Entry.method(
        of: TextStream.self, "write", "Writes a text and returns its length.",
        Parameter("text", String.self, "what to write"), returns: "int"
      ) { stream, text in
        stream.context.sink.emit(.stream(stream.stream, text))
        return .int(text.unicodeScalars.count)
      },
      Entry.method(
        of: TextStream.self, "flush", "Does nothing: what is written is shown in good time."
      ) { _ in .none },
    ]
  }

  private let stream: Output.Stream
  private let context: Context

  init(_ stream: Output.Stream, _ context: Context) {
    self.stream = stream
    self.context = context
  }

  var type: ObjectType { Self.type }
  var text: String { "<\(stream.rawValue)>" }
}

internal import Catalog

/// `exit` and `quit`: called, they end the script or cell; shown as a cell's value, they do as if
/// they were called, as in IPython.
final class Quitter: Object, Callable {
  private static let type = ObjectType("Quitter", "Leaves when it is called.")

  let name: String
  private let context: Context

  private init(_ name: String, _ context: Context) {
    self.name = name
    self.context = context
  }

  var type: ObjectType { Self.type }
  var text: String { "Use \(name)() or Ctrl-D (i.e. EOF) to exit" }
  var brief: String { "ends the session" }
  var parameters: [ParameterFacts] { leaving.parameters }

  func call(_ arguments: Arguments) throws -> Value { try leaving.call(arguments) }

  func call(
    _ positional: [Value], named: [(name: String, value: Value)]
  ) throws -> Value {
    try call(Arguments(positional: positional, named: named, context: context))
  }

  func display(_ context: Context) throws -> Media { throw Leaving.silently }

  /// What the call does.
  private var leaving: Entry {
    Entry(
      name, "Ends the script, or the cell, without an error.",
      Parameter("code", Value.self, "a script's exit status", default: { .none })
    ) { code in throw Leaving(code) }
  }

  static func entry(_ name: String) -> Entry {
    Entry(
      name, "Ends the script, or the cell, without an error; in a console it leaves.",
      kind: .constant, parameters: [], returns: "Quitter", examples: ["\(name)()"],
      details: "`\(name)(code)` gives a script that exit status. In a console the name alone will "
        + "do.",
      body: .constant { .object(Quitter(name, $0)) })
  }
}

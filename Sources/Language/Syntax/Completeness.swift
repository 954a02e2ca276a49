/// Whether a front end should run a text or let its user write on.
public enum Completeness: Equatable, Sendable {
  case complete
  /// More is needed; `indent` is the white space to begin the next line with.
  case incomplete(indent: String)
  /// No text that begins like this can run.
  case invalid

  /// Judges a text without running it.
  ///
  /// After a compound statement an empty line says that the block is finished. Lines for the kernel
  /// (`%`, `!`, `?`) count as complete.
  public init(of text: String) {
    let source = Source(text, name: "")
    var lexer = Lexer(source, skippingMagics: true)
    lexer.run()
    var parser = Parser(lexer)
    let body = parser.statements()
    let stop = parser.goesOn || !lexer.brackets.isEmpty
    // An unfinished string or line is noted by the lexer, but may go on.
    let ends = lexer.errors.filter { !$0.isMended(by: lexer.ending) }
    if !ends.isEmpty || (!parser.errors.isEmpty && !parser.endedEarly) {
      self = .invalid
      return
    }
    let layout = Layout(lexer)
    guard !stop, parser.errors.isEmpty else {
      self = .incomplete(indent: layout.indent)
      return
    }
    let tree = Tree(
      source: source, body: body, scopeCount: parser.scopeCount, endsQuietly: false)
    var checks = Checks(tree)
    checks.run()
    // What a later line may still bind is no reason to refuse.
    if checks.errors.contains(where: { !$0.message.hasPrefix("no binding for nonlocal") }) {
      self = .invalid
    } else if body.last?.isCompound == true, !source.endsInEmptyLine {
      self = .incomplete(indent: layout.indent)
    } else {
      self = .complete
    }
  }
}

extension Diagnostic {
  /// Whether the error is only that a string or a joined line goes on.
  fileprivate func isMended(by ending: Lexer.Ending) -> Bool {
    switch ending {
    case .string(let start): span.start == start
    case .continuation: isEndOfText
    default: false
    }
  }
}

extension Source {
  /// Whether nothing but white space follows the last line end.
  fileprivate var endsInEmptyLine: Bool {
    bytes[span(ofLine: lineCount).range].allSatisfy(\.isWhiteSpace) && lineCount > 1
  }
}

extension Statement {
  fileprivate var isCompound: Bool {
    switch form {
    case .if, .while, .for, .try, .with, .function, .class: true
    default: false
    }
  }
}

/// The indentation of a text as it is written.
private struct Layout {
  /// The white space for the line after the text.
  private(set) var indent = ""

  init(_ lexer: Lexer) {
    let source = lexer.source
    let tokens = lexer.tokens
    if case .string = lexer.ending { return }
    if let open = lexer.brackets.last {
      let line = source.span(ofLine: source.line(at: open.offset))
      indent = Self.deeper(Self.leadingSpace(line, source))
      return
    }
    // The blocks that are open at the end: their white space, outermost first.
    var levels = [""]
    var end = tokens.count - 1
    while end > 0, tokens[end - 1].kind == .dedent, tokens[end - 1].start == lexer.limit {
      end -= 1
    }
    var lineStart = 0
    for (index, token) in tokens[..<end].enumerated() {
      switch token.kind {
      case .indent: levels.append(source.text(of: token.span))
      case .dedent: if levels.count > 1 { levels.removeLast() }
      case .newline: if index + 1 < end { lineStart = index + 1 }
      default: break
      }
    }
    indent = levels[levels.count - 1]
    if lexer.ending == .continuation {
      indent = Self.deeper(indent)
      return
    }
    let last = tokens[lineStart..<end].filter { $0.kind != .newline }
    if last.last?.kind == .colon {
      indent = Self.deeper(indent)
    } else if let first = last.first(where: { $0.kind != .indent && $0.kind != .dedent }),
      [.return, .break, .continue, .pass, .raise].contains(first.kind), levels.count > 1
    {
      indent = levels[levels.count - 2]
    }
  }

  private static func deeper(_ space: String) -> String {
    space + (space.hasSuffix("\t") ? "\t" : "    ")
  }

  private static func leadingSpace(_ line: SourceSpan, _ source: Source) -> String {
    let space = source.bytes[line.range].prefix { $0 == Byte.space || $0 == Byte.tab }
    return String(decoding: space, as: UTF8.self)
  }
}

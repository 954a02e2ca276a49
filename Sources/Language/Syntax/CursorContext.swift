/// What stands at a cursor and could be completed there.
public struct CursorContext: Sendable {
  public enum Subject: Hashable, Sendable {
    /// A name; in `CursorContext.call` also the name of an argument.
    case name
    /// An attribute of a value; nil when that cannot be told from names.
    case attribute(of: Path?)
    /// The name of an exception, behind `except` or `raise`.
    case exception
    /// The text of a string that is an argument of a call.
    case stringArgument(CallContext)
    /// The key in `path[…`; `quote` is nil while none is written.
    case key(of: Path, quote: Character?)
    /// The name of a module, after the parts of its path already written.
    case module(after: [String])
    /// A name to import from a module.
    case member(of: [String])
    /// A command for the kernel, with its `%`, in the prefix.
    case magic
    /// What follows `:` in a hole of an f-string.
    case format
    /// Nothing: a comment, a number, text, a name being made up.
    case nothing
  }

  public let subject: Subject
  /// What is written of it so far.
  public let prefix: String
  /// What a completion replaces, in code points: from the start of the prefix to the cursor.
  public let replaced: Range<Int>
  /// For a name that may also be the name of an argument: the call.
  public let call: CallContext?
  /// Names bound in the text so far that are visible at the cursor, innermost scope first.
  public let names: [BoundName]

  /// - Parameter cursor: in code points, as Jupyter counts; moved into the text when outside.
  public init(_ text: String, cursor: Int) {
    let source = Source(text, name: "")
    let end = source.offset(ofCodePoint: max(0, cursor))
    var lexer = Lexer(source, to: end, skippingMagics: true)
    lexer.run()
    let finding = Finding(lexer, end)
    subject = finding.subject
    prefix = source.text(of: SourceSpan(finding.start, end))
    replaced = source.codePoint(at: finding.start)..<source.codePoint(at: end)
    call = finding.call
    switch finding.subject {
    case .name, .exception, .attribute, .key, .stringArgument:
      // The text itself may say what a name is.
      names = BoundNames.visible(in: source, at: end)
    case .module, .member, .magic, .format, .nothing: names = []
    }
  }
}

/// The subject at the end of what a lexer has read.
private struct Finding {
  var subject = CursorContext.Subject.nothing
  /// Where the prefix starts, in bytes.
  var start: Int
  var call: CallContext?

  init(_ lexer: Lexer, _ end: Int) {
    start = end
    switch lexer.ending {
    case .comment: return
    case .magic(let offset): magic(lexer, offset, end)
    case .string(let offset), .shortString(let offset): string(lexer, offset, end)
    case .whole, .continuation: word(TokenWindow(lexer.source, lexer.tokens, end: end), end)
    }
  }

  // MARK: Words

  private mutating func word(_ window: TokenWindow, _ end: Int) {
    var last = window.tokens.endIndex - 1
    if last >= 0, window.tokens[last].end == end {
      switch window.tokens[last].kind {
      case .name: take(window.tokens[last], &last)
      case let kind where kind.isKeyword: take(window.tokens[last], &last)
      case .number:
        // `d[1`: the beginning of a key that is a number.
        guard window.kind(last - 1) == .leftBracket, window.continuesOperand(last - 1),
          let path = window.path(endingAt: last - 2)
        else { return }
        start = window.tokens[last].start
        subject = .key(of: path, quote: nil)
        return
      case .brokenNumber: return
      case .string, .formatString, .brokenString: return
      default: break
      }
    }
    let statement = window.statementStart
    if let found = importSubject(window, statement, last) {
      subject = found
      return
    }
    switch window.kind(last) {
    case .dot: subject = .attribute(of: window.path(endingAt: last - 1))
    case .def, .class, .as: subject = .nothing
    case .except, .raise: subject = .exception
    case .leftBracket where window.continuesOperand(last):
      guard start == end, let path = window.path(endingAt: last - 1) else {
        subject = .name
        return
      }
      subject = .key(of: path, quote: nil)
    case .leftParenthesis, .comma:
      subject = .name
      call = window.call(throughBrackets: false)
      if call?.isDefinition == true {
        // Parameters are new names; what a class derives from is not.
        if window.kind(statement) == .def { subject = .nothing }
        call = nil
      } else if call == nil, window.isClause(.except) {
        subject = .exception
      }
    default: subject = .name
    }
  }

  private mutating func take(_ token: Token, _ last: inout Int) {
    start = token.start
    last -= 1
  }

  private func importSubject(
    _ window: TokenWindow, _ statement: Int, _ last: Int
  ) -> CursorContext.Subject? {
    guard statement <= last else { return nil }
    let range = statement...last
    let keyword = range.last { window.kind($0) == .import || window.kind($0) == .from }
    guard let keyword else { return nil }
    if window.kind(last) == .as { return .nothing }
    if window.kind(keyword) == .from {
      // Not `yield from` and `raise … from`.
      guard keyword == statement || window.kind(keyword - 1) == .colon else { return nil }
      return modulePath(window, keyword + 1, last)
    }
    if keyword > statement,
      let from = (statement..<keyword).last(where: { window.kind($0) == .from })
    {
      guard [.import, .comma, .leftParenthesis].contains(window.kind(last)) else { return .nothing }
      let path = (from + 1..<keyword).filter { window.kind($0) == .name }.map(window.text)
      return .member(of: path)
    }
    let first = (keyword...last).last { window.kind($0) == .comma } ?? keyword
    return modulePath(window, first + 1, last)
  }

  /// The parts of a dotted path that are complete; nil when the path is over.
  private func modulePath(
    _ window: TokenWindow, _ first: Int, _ last: Int
  ) -> CursorContext.Subject? {
    guard first <= last else { return .module(after: []) }
    guard window.kind(last) == .dot else {
      // `from m |`: what follows is the keyword.
      return .name
    }
    return .module(after: (first...last).filter { window.kind($0) == .name }.map(window.text))
  }

  // MARK: Strings

  private mutating func string(_ lexer: Lexer, _ offset: Int, _ end: Int) {
    let source = lexer.source
    var quote = offset
    while quote < end, !source.bytes[quote].isQuote { quote += 1 }
    guard quote < end else { return }
    let mark = source.bytes[quote]
    var body = quote + 1
    if body + 1 < end, source.bytes[body] == mark, source.bytes[body + 1] == mark { body += 2 }
    let prefix = StringPrefix(source.bytes[offset..<quote])
    if prefix?.isFormat == true, let hole = Hole(source, body..<end) {
      inside(hole, source, end)
      return
    }
    start = body
    let before = TokenWindow(
      source, lexer.tokens.filter { $0.start < offset }[...].reduce(into: []) { $0.append($1) },
      end: offset)
    if let bracket = before.open.last, before.kind(bracket) == .leftBracket,
      bracket == before.tokens.endIndex - 1, before.continuesOperand(bracket),
      let path = before.path(endingAt: bracket - 1)
    {
      subject = .key(of: path, quote: Character(Unicode.Scalar(mark)))
    } else if let call = before.call(throughBrackets: true), !call.isDefinition {
      subject = .stringArgument(call)
    }
  }

  private mutating func inside(_ hole: Hole, _ source: Source, _ end: Int) {
    guard !hole.isFormat else {
      start = hole.start
      subject = .format
      return
    }
    var lexer = Lexer(hole: hole.start..<end, of: source)
    lexer.run()
    self = Finding(lexer, end)
  }

  // MARK: Lines for the kernel

  private mutating func magic(_ lexer: Lexer, _ offset: Int, _ end: Int) {
    let bytes = lexer.source.bytes
    var word = offset
    while word < end, !bytes[word].isWhiteSpace { word += 1 }
    if bytes[offset] == Byte.exclamation { return }
    if bytes[offset] == UInt8(ascii: "?") {
      rest(lexer, offset + 1, end)
    } else if word == end {
      start = offset
      subject = .magic
    } else {
      // `%time expression`.
      rest(lexer, word, end)
    }
  }

  private mutating func rest(_ lexer: Lexer, _ offset: Int, _ end: Int) {
    var rest = Lexer(hole: offset..<end, of: lexer.source)
    rest.run()
    self = Finding(rest, end)
  }
}

/// The hole of an f-string that is open at the end of the text.
private struct Hole {
  /// Where its expression or, behind `:`, its format starts.
  let start: Int
  let isFormat: Bool

  init?(_ source: Source, _ body: Range<Int>) {
    var starts: [Int] = []
    var formats: [Bool] = []
    var brackets = 0
    var index = body.lowerBound
    while index < body.upperBound {
      let byte = source.bytes[index]
      let isInFormat = formats.last == true
      switch byte {
      case Byte.leftBrace
      where starts.isEmpty && index + 1 < body.upperBound
        && source.bytes[index + 1] == Byte.leftBrace:
        index += 1
      case Byte.leftBrace where starts.isEmpty || isInFormat:
        starts.append(index + 1)
        formats.append(false)
      case Byte.rightBrace where !starts.isEmpty && brackets == 0:
        starts.removeLast()
        formats.removeLast()
      case Byte.colon where !starts.isEmpty && !isInFormat && brackets == 0:
        starts[starts.count - 1] = index + 1
        formats[formats.count - 1] = true
      case Byte.leftParenthesis, Byte.leftBracket, Byte.leftBrace:
        if !starts.isEmpty { brackets += 1 }
      case Byte.rightParenthesis, Byte.rightBracket, Byte.rightBrace:
        brackets = max(0, brackets - 1)
      default: break
      }
      index += 1
    }
    guard let start = starts.last, let isFormat = formats.last else { return nil }
    self.start = start
    self.isFormat = isFormat
  }
}

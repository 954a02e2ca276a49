/// What an inspection at a cursor asks about.
public struct InspectionContext: Sendable {
  public enum Subject: Hashable, Sendable {
    case path(Path)
    case keyword(String)
    /// A module, by its dotted path in an import.
    case module(String)
    /// `from m import a`: the module and the name there.
    case member(of: String, name: String)
    /// A number or a text, by its type.
    case literal(String)
    case nothing
  }

  public let subject: Subject
  /// What it is written as, in code points; empty for an enclosing call.
  public let range: Range<Int>
  /// The call whose parentheses enclose the cursor.
  public let call: CallContext?
  /// Names bound in the text up to the cursor that are visible there, innermost scope first.
  public let names: [BoundName]

  /// The path under the cursor or ending at it; else the function of the enclosing call.
  ///
  /// - Parameter cursor: in code points, as Jupyter counts; moved into the text when outside.
  public init(_ text: String, cursor: Int) {
    let source = Source(text, name: "")
    let offset = source.offset(ofCodePoint: max(0, cursor))
    // Read on to the end of the word at the cursor, but no further: what follows may be broken.
    var end = offset
    while end < source.bytes.count, source.bytes[end].continuesName { end += 1 }
    if end > offset, offset > 0 || source.bytes[offset].startsName {
      let isWord = source.bytes[offset].startsName || source.bytes[max(0, offset - 1)].continuesName
      if !isWord { end = offset }
    }
    var subject = Subject.nothing
    var range = SourceSpan(offset, offset)
    let window = Self.window(source, end)
    call = Self.window(source, offset)?.call(throughBrackets: true)
    if let window, let found = Self.word(window, end) {
      (subject, range) = found
    } else if let function = call?.function {
      subject = .path(function)
    }
    self.subject = subject
    self.range = source.codePoint(at: range.start)..<source.codePoint(at: range.end)
    names = BoundNames.visible(in: source, at: offset)
  }

  /// The tokens up to `end`; of the hole or line for the kernel that `end` stands in; nil in a
  /// comment.
  private static func window(_ source: Source, _ end: Int) -> TokenWindow? {
    var lexer = Lexer(source, to: end, skippingMagics: true)
    lexer.run()
    switch lexer.ending {
    case .comment: return nil
    case .magic(let start):
      var word = start + 1
      if source.bytes[start] != UInt8(ascii: "?") {
        while word < end, !source.bytes[word].isWhiteSpace { word += 1 }
      }
      var rest = Lexer(hole: word..<end, of: source)
      rest.run()
      return TokenWindow(source, rest.tokens, end: end)
    default: return TokenWindow(source, lexer.tokens, end: end)
    }
  }

  private static func word(_ window: TokenWindow, _ end: Int) -> (Subject, SourceSpan)? {
    let last = window.tokens.endIndex - 1
    guard last >= 0, window.tokens[last].end == end else { return nil }
    let token = window.tokens[last]
    switch token.kind {
    case .name:
      if let module = module(window, last) { return (.module(module), token.span) }
      if let module = imported(window, last) {
        return (.member(of: module, name: window.text(last)), token.span)
      }
      guard let path = window.path(endingAt: last) else { return nil }
      return (.path(path), token.span)
    case .rightParenthesis:
      // Behind a finished call: what was called.
      guard let path = window.path(endingAt: last), path.steps.last == .call else { return nil }
      return (.path(Path(path.root, path.steps.dropLast())), token.span)
    case let kind where kind.isKeyword: return (.keyword(window.text(last)), token.span)
    case .number, .string, .formatString:
      guard let path = window.path(endingAt: last), case .literal(let type) = path.root else {
        return nil
      }
      return (.literal(type), token.span)
    default: return nil
    }
  }

  /// The module that the name at `last` is imported from; nil elsewhere.
  private static func imported(_ window: TokenWindow, _ last: Int) -> String? {
    let statement = window.statementStart
    guard window.kind(statement) == .from, window.kind(last - 1) != .as,
      let keyword = (statement...last).last(where: { window.kind($0) == .import })
    else { return nil }
    return window.path(endingAt: keyword - 1)?.dotted
  }

  /// The dotted path of an import up to the word at `last`; nil elsewhere.
  private static func module(_ window: TokenWindow, _ last: Int) -> String? {
    let statement = window.statementStart
    guard window.kind(statement) == .import || window.kind(statement) == .from else { return nil }
    var first = last
    while window.kind(first - 1) == .dot, window.kind(first - 2) == .name { first -= 2 }
    let before = window.kind(first - 1)
    let isModule =
      first - 1 == statement || (before == .comma && window.kind(statement) == .import)
    guard isModule else { return nil }
    return window.path(endingAt: last)?.dotted
  }
}

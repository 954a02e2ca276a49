/// Cuts a source, or one hole of an f-string, into tokens.
///
/// Never stops at an error: it notes a diagnostic and goes on, so that services can read broken
/// text. Works on UTF-8 bytes; decodes only names with letters outside ASCII.
struct Lexer {
  let source: Source
  let bytes: ContiguousArray<UInt8>
  /// Where the text to read ends.
  let limit: Int
  /// Whether this is a hole of an f-string: no lines, no indentation.
  let isHole: Bool
  /// Whether lines that begin with `%`, `!` or `?` are the kernel's, and read like comments.
  let skipsMagics: Bool
  var position: Int
  var tokens: ContiguousArray<Token> = []
  var errors: [Diagnostic] = []
  var warnings: [Diagnostic] = []
  /// The brackets that are open, outermost first.
  var brackets: [Bracket] = []
  /// What the text stops in the middle of.
  var ending: Ending = .whole
  private var indents: [Indent] = [Indent(column: 0, alternate: 0)]

  struct Bracket {
    let byte: UInt8
    let offset: Int
  }

  /// What the end of the text interrupts, besides brackets.
  enum Ending: Equatable {
    case whole
    /// A triple-quoted string that starts at the offset.
    case string(Int)
    /// A one-line string on the last line that starts at the offset.
    case shortString(Int)
    /// A line that ends with `\`.
    case continuation
    case comment
    /// A line for the kernel, whose `%`, `!` or `?` stands at the offset.
    case magic(Int)
  }

  /// The width of an indentation, with tabs as 8 columns and as 1, as CPython compares them.
  private struct Indent: Equatable {
    let column: Int
    let alternate: Int
  }

  /// - Parameter end: where to stop reading, in bytes; nil for the whole text.
  init(_ source: Source, to end: Int? = nil, skippingMagics: Bool = false) {
    self.source = source
    bytes = source.bytes
    limit = min(end ?? bytes.count, bytes.count)
    isHole = false
    skipsMagics = skippingMagics
    position = 0
    // A byte order mark is not part of the text.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  init(hole: Range<Int>, of source: Source) {
    self.source = source
    bytes = source.bytes
    limit = hole.upperBound
    isHole = true
    skipsMagics = false
    position = hole.lowerBound
  }

  /// The byte at an offset, 0 beyond the end.
  func byte(_ offset: Int) -> UInt8 { offset < limit ? bytes[offset] : 0 }

  mutating func run() {
    guard bytes.count <= Limit.cellBytes else {
      note(
        "the text is longer than \(Limit.cellBytes >> 20) MiB", at: SourceSpan(0, 0), code: "L010",
        help: "split it, or read the data from a file")
      finish(at: 0)
      return
    }
    tokens.reserveCapacity((limit - position) / 4 + 8)
    var atLineStart = !isHole
    while true {
      if atLineStart {
        atLineStart = false
        guard readIndentation() else { break }
      }
      skipBlanks()
      guard position < limit else { break }
      let first = bytes[position]
      if first == Byte.newline || first == Byte.carriageReturn {
        let start = position
        skipLineEnd()
        if brackets.isEmpty, !isHole {
          add(.newline, start, start)
          atLineStart = true
        }
        continue
      }
      guard readToken(first) else { break }
    }
    finish(at: limit)
  }

  mutating func add(_ kind: Token.Kind, _ start: Int, _ end: Int) {
    tokens.append(Token(kind, SourceSpan(start, end)))
  }

  mutating func note(
    _ message: String, _ exception: Diagnostic.Exception = .syntax, at span: SourceSpan,
    code: String? = nil, notes: [String] = [], help: String? = nil
  ) {
    guard errors.count < Limit.diagnostics else { return }
    errors.append(
      Diagnostic(exception, message, at: span, code: code, notes: notes, help: help))
  }

  /// The last newline, the blocks still open, and the end.
  private mutating func finish(at offset: Int) {
    if !isHole {
      if let last = tokens.last, last.kind != .newline, last.kind != .dedent, brackets.isEmpty {
        add(.newline, offset, offset)
      }
      for _ in indents.dropFirst() { add(.dedent, offset, offset) }
    }
    add(.end, offset, offset)
  }

  // MARK: White space

  private mutating func skipBlanks() {
    while position < limit {
      switch bytes[position] {
      case Byte.space, Byte.tab, Byte.formFeed: position += 1
      case Byte.hash:
        skipComment()
        if position == limit { ending = .comment }
      case Byte.backslash:
        let start = position
        guard let next = lineEnd(after: position + 1) else { return }
        position = next
        if next == limit {
          ending = .continuation
          note(
            "unexpected EOF while parsing", at: SourceSpan(start, start + 1), code: "L002",
            help: "remove the '\\' or write the rest of the statement")
        }
      default: return
      }
    }
  }

  private mutating func skipComment() {
    while position < limit, bytes[position] != Byte.newline,
      bytes[position] != Byte.carriageReturn
    {
      position += 1
    }
  }

  private mutating func skipLineEnd() {
    position = lineEnd(after: position) ?? position + 1
  }

  /// The offset behind the line end that stands at `offset`; nil when none does.
  func lineEnd(after offset: Int) -> Int? {
    guard offset < limit else { return offset == limit ? limit : nil }
    switch bytes[offset] {
    case Byte.newline: return offset + 1
    case Byte.carriageReturn: return byte(offset + 1) == Byte.newline ? offset + 2 : offset + 1
    default: return nil
    }
  }

  /// Skips empty lines and turns the next line's indentation into tokens.
  ///
  /// False when there are too many levels to go on.
  private mutating func readIndentation() -> Bool {
    var column = 0
    var alternate = 0
    /// The width before the first `\`, which alone counts when one splits the indentation.
    var split: Indent?
    var start = position
    var magic = position
    while position < limit {
      switch bytes[position] {
      case Byte.space:
        column += 1
        alternate += 1
        position += 1
      case Byte.tab:
        column = (column / 8 + 1) * 8
        alternate += 1
        position += 1
      case Byte.formFeed:
        column = 0
        alternate = 0
        position += 1
      case Byte.hash:
        skipComment()
        if position == limit { ending = .comment }
      case UInt8(ascii: "%") where skipsMagics, Byte.exclamation where skipsMagics,
        UInt8(ascii: "?") where skipsMagics:
        magic = position
        skipComment()
        if position == limit { ending = .magic(magic) }
      case Byte.newline, Byte.carriageReturn:
        skipLineEnd()
        column = 0
        alternate = 0
        split = nil
        start = position
      case Byte.backslash:
        guard let next = lineEnd(after: position + 1), next < limit else {
          return indent(to: split ?? Indent(column: column, alternate: alternate), from: start)
        }
        // As in CPython, a `\` in the first column splits nothing.
        if column > 0 { split = split ?? Indent(column: column, alternate: alternate) }
        position = next
        column = 0
        alternate = 0
      default:
        return indent(to: split ?? Indent(column: column, alternate: alternate), from: start)
      }
    }
    return true
  }

  private mutating func indent(to width: Indent, from start: Int) -> Bool {
    let current = indents[indents.count - 1]
    let span = SourceSpan(start, position)
    if width.column == current.column {
      if width.alternate != current.alternate { noteTabs(span) }
    } else if width.column > current.column {
      guard indents.count < Limit.indentation else {
        note(
          "too many levels of indentation", .indentation, at: span, code: "L010",
          help: "at most \(Limit.indentation - 1) levels; move inner blocks into functions")
        return false
      }
      if width.alternate <= current.alternate { noteTabs(span) }
      indents.append(width)
      add(.indent, start, position)
    } else {
      while width.column < indents[indents.count - 1].column {
        indents.removeLast()
        add(.dedent, position, position)
      }
      let outer = indents[indents.count - 1]
      if width.column != outer.column {
        note(
          "unindent does not match any outer indentation level", .indentation, at: span,
          code: "L005", notes: [outerLevels(width)],
          help: "line it up with a block above")
      } else if width.alternate != outer.alternate {
        noteTabs(span)
      }
    }
    return true
  }

  private func outerLevels(_ width: Indent) -> String {
    let columns = indents.map { String($0.column) }.joined(separator: ", ")
    return "this line starts after \(width.column) columns; the blocks around it after \(columns)"
  }

  private mutating func noteTabs(_ span: SourceSpan) {
    note(
      "inconsistent use of tabs and spaces in indentation", .tab, at: span, code: "L005",
      help: "use spaces only")
  }

  // MARK: Brackets

  mutating func open(_ byte: UInt8, _ kind: Token.Kind) -> Bool {
    guard brackets.count < Limit.brackets else {
      note(
        "too many nested parentheses", at: SourceSpan(position, position + 1), code: "L010",
        help: "at most \(Limit.brackets) open brackets; name inner values first")
      brackets = []
      return false
    }
    brackets.append(Bracket(byte: byte, offset: position))
    add(kind, position, position + 1)
    position += 1
    return true
  }

  mutating func close(_ byte: UInt8, _ kind: Token.Kind) {
    let span = SourceSpan(position, position + 1)
    let opener: UInt8 =
      switch byte {
      case Byte.rightParenthesis: Byte.leftParenthesis
      case Byte.rightBracket: Byte.leftBracket
      default: Byte.leftBrace
      }
    let written = Character(Unicode.Scalar(byte))
    position += 1
    if let top = brackets.last {
      if top.byte != opener {
        noteMismatch(written, top, span)
        // The nearest bracket it does close, else it is as if it were not there.
        guard let match = brackets.lastIndex(where: { $0.byte == opener }) else { return }
        brackets.removeSubrange(match...)
      } else {
        brackets.removeLast()
      }
    } else {
      note(
        "unmatched '\(written)'", at: span, code: "L002",
        help: "remove it, or write the opening '\(Character(Unicode.Scalar(opener)))'")
    }
    add(kind, span.start, span.end)
  }

  private mutating func noteMismatch(_ written: Character, _ top: Bracket, _ span: SourceSpan) {
    let line = source.line(at: top.offset)
    let place = line == source.line(at: span.start) ? "" : " on line \(line)"
    let opened = Character(Unicode.Scalar(top.byte))
    note(
      "closing parenthesis '\(written)' does not match opening parenthesis '\(opened)'\(place)",
      at: span, code: "L002",
      notes: ["'\(opened)' was opened on line \(line), column \(column(of: top.offset))"])
  }

  private func column(of offset: Int) -> Int { source.position(at: offset).column + 1 }
}

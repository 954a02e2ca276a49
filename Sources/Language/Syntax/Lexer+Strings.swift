extension Lexer {
  /// A string whose prefix starts at `start`; the quotes may stand some letters later.
  mutating func readString(from start: Int, isFormat: Bool) {
    var quote = start
    while !bytes[quote].isQuote { quote += 1 }
    let mark = bytes[quote]
    let isTriple = byte(quote + 1) == mark && byte(quote + 2) == mark
    var index = quote + (isTriple ? 3 : 1)
    /// Whether the text ends with a line that `\` joins to a next one.
    var goesOn = isTriple
    let kind: Token.Kind = isFormat ? .formatString : .string
    while index < limit {
      switch bytes[index] {
      case Byte.backslash:
        // The next character is part of the string, whatever it is; `\r\n` is one character.
        if let next = lineEnd(after: index + 1) {
          goesOn = isTriple || next == limit
          index = next
        } else {
          index += 2
        }
      case mark where !isTriple:
        add(kind, start, index + 1)
        position = index + 1
        return
      case mark where byte(index + 1) == mark && byte(index + 2) == mark:
        add(kind, start, index + 3)
        position = index + 3
        return
      case Byte.newline where !isTriple, Byte.carriageReturn where !isTriple:
        breakOff(start, quote, at: index, isTriple: false, goesOn: false)
        return
      default: index += 1
      }
    }
    breakOff(start, quote, at: min(index, limit), isTriple: isTriple, goesOn: goesOn)
  }

  /// Notes a string without an end, with the caret on its start (L002).
  private mutating func breakOff(
    _ start: Int, _ quote: Int, at end: Int, isTriple: Bool, goesOn: Bool
  ) {
    let kind = isTriple ? "triple-quoted string" : "string"
    // A last, empty line is no line to CPython.
    let endsInBreak = isTriple && end > quote && bytes[end - 1] == Byte.newline
    let line = source.line(at: endsInBreak ? end - 1 : end)
    let mark = Character(Unicode.Scalar(bytes[quote]))
    let marks = String(repeating: mark, count: isTriple ? 3 : 1)
    note(
      "unterminated \(kind) literal (detected at line \(line))", at: SourceSpan(start, quote + 1),
      code: "L002", help: apostropheAdvice(quote, end) ?? "write the closing \(marks)")
    if end == limit { ending = goesOn ? .string(start) : .shortString(start) }
    add(.brokenString, start, end)
    position = end
  }

  /// For `'don't'`: a string in apostrophes that was ended by one inside a word.
  private func apostropheAdvice(_ quote: Int, _ end: Int) -> String? {
    guard bytes[quote] == Byte.apostrophe, let last = tokens.last, last.kind == .name,
      last.end == quote, tokens.count > 1, tokens[tokens.count - 2].kind == .string,
      tokens[tokens.count - 2].end == last.start
    else { return nil }
    return "a ' inside the text ended the string; put the text in \"…\""
  }
}

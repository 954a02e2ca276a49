extension Parser {
  /// The f-string at the current token, cut into texts and holes as CPython 3.11 does.
  mutating func formatString(into parts: inout FormatParts) throws(Failed) {
    let (prefix, body) = self.parts(of: current)
    var position = body.lowerBound
    try formatParts(&position, body.upperBound, prefix.isRaw, level: 0, into: &parts)
    if position < body.upperBound {
      throw formatFailure(": unexpected end of string", at: position)
    }
  }

  private mutating func formatFailure(
    _ message: String, at offset: Int, help: String? = nil
  ) -> Failed {
    let end = min(offset + 1, current.end)
    return fail("f-string" + message, at: SourceSpan(min(offset, end), end), help: help)
  }

  /// Texts and holes up to the end, or, inside a format, up to the `}` that ends the hole.
  private mutating func formatParts(
    _ position: inout Int, _ end: Int, _ isRaw: Bool, level: Int, into parts: inout FormatParts
  ) throws(Failed) {
    while position < end {
      let text = try formatText(&position, end, isRaw, level: level)
      parts.add(text)
      guard position < end else { return }
      if bytes[position] == Byte.rightBrace { return }
      guard level < 2 else {
        throw formatFailure(": expressions nested too deeply", at: position)
      }
      try hole(&position, end, isRaw, level: level, into: &parts)
    }
  }

  /// The text up to the next hole; doubled braces stand for one, outside formats.
  private mutating func formatText(
    _ position: inout Int, _ end: Int, _ isRaw: Bool, level: Int
  ) throws(Failed) -> String {
    var text = ""
    var start = position
    while position < end {
      let byte = bytes[position]
      if byte == Byte.backslash, !isRaw, position + 1 < end {
        position += 1
        if bytes[position] == UInt8(ascii: "N") {
          position += 1
          // The braces of \N{…} open no hole.
          if position < end, bytes[position] == Byte.leftBrace {
            while position < end, bytes[position] != Byte.rightBrace { position += 1 }
            if position < end { position += 1 }
          }
        } else if bytes[position] != Byte.leftBrace, bytes[position] != Byte.rightBrace {
          position += 1
        }
        continue
      }
      guard byte == Byte.leftBrace || byte == Byte.rightBrace else {
        position += 1
        continue
      }
      if level == 0 {
        if position + 1 < end, bytes[position + 1] == byte {
          text += try decode(start..<position + 1, isRaw: isRaw)
          position += 2
          start = position
          continue
        }
        if byte == Byte.rightBrace {
          throw formatFailure(
            ": single '}' is not allowed", at: position, help: "for a brace in the text write }}")
        }
      }
      break
    }
    return try text + decode(start..<position, isRaw: isRaw)
  }

  /// One `{…}`.
  private mutating func hole(
    _ position: inout Int, _ end: Int, _ isRaw: Bool, level: Int, into parts: inout FormatParts
  ) throws(Failed) {
    let open = position
    position += 1
    let start = position
    try skipExpression(&position, end)
    let expression = try holeExpression(start..<position)
    var conversion: FormatValue.Conversion?
    var format: [FormatPart]?
    let showsSource = bytes[position] == Byte.equal
    if showsSource {
      position += 1
      while position < end, bytes[position].isWhiteSpace { position += 1 }
      parts.add(String(decoding: bytes[start..<position], as: UTF8.self))
      guard position < end else { throw expectingBrace(end) }
    }
    if bytes[position] == Byte.exclamation {
      guard position + 1 < end else { throw expectingBrace(end) }
      switch bytes[position + 1] {
      case UInt8(ascii: "s"): conversion = .str
      case UInt8(ascii: "r"): conversion = .repr
      case UInt8(ascii: "a"): conversion = .ascii
      default:
        throw formatFailure(
          ": invalid conversion character: expected 's', 'r', or 'a'", at: position + 1)
      }
      position += 2
      guard position < end else { throw expectingBrace(end) }
    }
    if bytes[position] == Byte.colon {
      position += 1
      guard position < end else { throw expectingBrace(end) }
      var inner = FormatParts()
      try formatParts(&position, end, isRaw, level: level + 1, into: &inner)
      format = inner.list
    }
    guard position < end, bytes[position] == Byte.rightBrace else {
      throw expectingBrace(position)
    }
    position += 1
    if showsSource, conversion == nil, format == nil { conversion = .repr }
    parts.add(
      FormatValue(
        expression: expression, conversion: conversion, format: format,
        span: SourceSpan(open, position)))
  }

  private mutating func expectingBrace(_ offset: Int) -> Failed {
    formatFailure(": expecting '}'", at: offset, help: quotesAdvice)
  }

  /// For `f"{d["a"]}"`, which ends at the second quote: 3.12 reads it whole, 3.11 does not.
  private var quotesAdvice: String? {
    guard next.start == current.end, next.kind == .name || next.kind == .number else { return nil }
    return "quotes inside the braces must differ from those around the string "
      + "(the same ones work in Python 3.12, not here)"
  }

  /// Finds the end of a hole's expression: `!`, `:`, `=` or `}` outside brackets and strings.
  private mutating func skipExpression(_ position: inout Int, _ end: Int) throws(Failed) {
    var quote: UInt8 = 0
    var quoteLength = 0
    var brackets: [UInt8] = []
    scan: while position < end {
      let byte = bytes[position]
      if byte == Byte.backslash {
        throw formatFailure(
          " expression part cannot include a backslash", at: position,
          help: "give the expression a name before the string")
      }
      let isTripled =
        position + 2 < end && bytes[position + 1] == byte && bytes[position + 2] == byte
      if quote != 0 {
        if byte == quote, quoteLength == 1 || isTripled {
          position += quoteLength
          quote = 0
        } else {
          position += 1
        }
        continue
      }
      switch byte {
      case Byte.quotation, Byte.apostrophe:
        quote = byte
        quoteLength = isTripled ? 3 : 1
        position += quoteLength
        continue
      case Byte.leftParenthesis, Byte.leftBracket, Byte.leftBrace:
        guard brackets.count < Limit.brackets else {
          throw formatFailure(": too many nested parenthesis", at: position)
        }
        brackets.append(byte)
      case Byte.hash:
        throw formatFailure(" expression part cannot include '#'", at: position)
      case Byte.exclamation, Byte.colon, Byte.rightBrace, Byte.equal, Byte.less, Byte.greater:
        if brackets.isEmpty {
          if byte != Byte.colon, byte != Byte.rightBrace, position + 1 < end,
            bytes[position + 1] == Byte.equal
          {
            position += 2
            continue
          }
          if byte == Byte.less || byte == Byte.greater { break }
          break scan
        }
        if byte == Byte.rightBrace { try closeBracket(byte, &brackets, position) }
      case Byte.rightParenthesis, Byte.rightBracket:
        try closeBracket(byte, &brackets, position)
      default: break
      }
      position += 1
    }
    if quote != 0 { throw formatFailure(": unterminated string", at: end) }
    if let open = brackets.last {
      throw formatFailure(
        ": unmatched '\(Character(Unicode.Scalar(open)))'", at: end, help: quotesAdvice)
    }
    if position >= end { throw expectingBrace(end) }
  }

  private mutating func closeBracket(
    _ byte: UInt8, _ brackets: inout [UInt8], _ position: Int
  ) throws(Failed) {
    let written = Character(Unicode.Scalar(byte))
    guard let open = brackets.popLast() else {
      throw formatFailure(": unmatched '\(written)'", at: position)
    }
    // In ASCII a closing bracket is one or two above its opening one.
    guard byte > open, byte - open <= 2 else {
      let opened = Character(Unicode.Scalar(open))
      throw formatFailure(
        ": closing parenthesis '\(written)' does not match opening parenthesis '\(opened)'",
        at: position)
    }
  }

  /// Parses what stands in a hole as if it stood in parentheses.
  private mutating func holeExpression(_ range: Range<Int>) throws(Failed) -> Expression {
    guard !bytes[range].allSatisfy(\.isWhiteSpace) else {
      let stop = Character(Unicode.Scalar(bytes[range.upperBound]))
      throw formatFailure(
        stop == "}"
          ? ": empty expression not allowed" : ": expression required before '\(stop)'",
        at: range.lowerBound, help: stop == "}" ? "for braces in the text write {{ and }}" : nil)
    }
    var lexer = Lexer(hole: range, of: source)
    lexer.run()
    if let first = lexer.errors.first {
      errors.append(first)
      throw Failed()
    }
    var parser = Parser(lexer, prefix: "f-string: ")
    parser.className = className
    parser.scopeCount = scopeCount
    parser.depth = depth
    parser.bracketDepth = 1
    parser.sawYield = sawYield
    defer {
      scopeCount = parser.scopeCount
      sawYield = parser.sawYield
      errors += parser.errors
      warnings += parser.warnings
    }
    return try parser.groupContents(closing: .end).expression
  }
}

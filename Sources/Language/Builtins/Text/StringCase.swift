import Catalog

/// Upper case, lower case, and the questions about characters.
enum StringCase {
  static let all: [Builtin] = [
    mapping("upper", "The text in capitals.", .upper, "\"loss\".upper()"),
    mapping("lower", "The text in small letters.", .lower, "\"ReLU\".lower()"),
    mapping("swapcase", "Capitals for small letters and the reverse.", .swap),
    mapping("title", "Every word with a capital.", .title, "\"deep networks\".title()"),
    mapping("capitalize", "The first letter as a capital, the rest small.", .capital),
    mapping("casefold", "Small letters for comparing without case.", .fold),
    question("isalpha", "Whether all characters are letters.", TextClass.isAlpha),
    question("isdecimal", "Whether all characters are decimal digits.", TextClass.isDecimal),
    question("isdigit", "Whether all characters are digits.", TextClass.isDigit),
    question("isnumeric", "Whether all characters stand for numbers.", TextClass.isNumeric),
    question(
      "isalnum", "Whether all characters are letters or numbers.", TextClass.isAlphanumeric),
    question("isspace", "Whether all characters are blanks.", TextClass.isSpace),
    .method("isprintable", "Whether `repr` shows all characters as they are.", returns: "bool") {
      _, window in
      let string = StringCell(window.receiver)
      let shown = string.withBytes { text in
        text.isEmpty || TextClass.all(text, TextClass.isPrintable)
      }
      return RawValue(shown)
    },
    .method("isascii", "Whether all characters are ASCII.", returns: "bool") { _, window in
      RawValue(StringCell(window.receiver).isASCII)
    },
    .method("islower", "Whether it has letters, all small.", returns: "bool") { _, window in
      RawValue(StringCell(window.receiver).withBytes { TextClass.isCased($0, lower: true) })
    },
    .method("isupper", "Whether it has letters, all capitals.", returns: "bool") { _, window in
      RawValue(StringCell(window.receiver).withBytes { TextClass.isCased($0, lower: false) })
    },
    .method("istitle", "Whether every word has a capital.", returns: "bool") { _, window in
      RawValue(StringCell(window.receiver).withBytes { TextClass.isTitled($0) })
    },
    .method("isidentifier", "Whether it could be a name.", returns: "bool") { _, window in
      RawValue(StringCell(window.receiver).withBytes { TextClass.isIdentifier($0) })
    },
  ]

  private static func mapping(
    _ name: String, _ sentence: String, _ mapping: TextCase.Mapping, _ example: String = ""
  ) -> Builtin {
    .method(name, sentence, returns: "str", example: example) { machine, window throws(Thrown) in
      let string = StringCell(window.receiver)
      if string.isASCII { return try machine.mappedASCII(string, mapping) }
      let mapped = try string.withBytes { text throws(Thrown) in
        try TextCase.map(text, mapping) { () throws(Thrown) in try machine.poll() }
      }
      return try machine.string(mapped)
    }
  }

  private static func question(
    _ name: String, _ sentence: String, _ test: @escaping @Sendable (UInt32) -> Bool
  ) -> Builtin {
    var ascii: (UInt64, UInt64) = (0, 0)
    for code in 0..<UInt32(128) where test(code) {
      if code < 64 { ascii.0 |= 1 << UInt64(code) } else { ascii.1 |= 1 << UInt64(code - 64) }
    }
    return .method(name, sentence, returns: "bool") { [ascii] machine, window in
      let text = StringCell(window.receiver)
      if text.isASCII { return RawValue(machine.all(text, in: ascii)) }
      return RawValue(text.withBytes { TextClass.all($0, test) })
    }
  }
}

extension Machine {
  /// A text that is all ASCII in another case.
  fileprivate func mappedASCII(
    _ text: StringCell, _ mapping: TextCase.Mapping
  ) throws(Thrown) -> RawValue {
    switch mapping {
    case .upper: return try mapped(text) { $0 &- 97 < 26 ? $0 ^ 0x20 : $0 }
    case .lower, .fold: return try mapped(text) { $0 &- 65 < 26 ? $0 ^ 0x20 : $0 }
    case .swap: return try mapped(text) { ($0 | 0x20) &- 97 < 26 ? $0 ^ 0x20 : $0 }
    case .capital, .title:
      // Whether the next letter is small: it follows another one, or another character.
      var isSmall = false
      let isTitle = mapping == .title
      return try mapped(text) { byte in
        let isLetter = (byte | 0x20) &- 97 < 26
        defer { isSmall = isLetter || !isTitle }
        return !isLetter ? byte : isSmall ? byte | 0x20 : byte & ~0x20
      }
    }
  }
}

/// Classes of characters, with the borders that `str.isalpha()` and its kin draw.
///
/// CPython 3.11 knows Unicode 14; characters that came later are unassigned there.
enum TextClass {
  /// What is known of a character; nil: it came after Unicode 14.
  static func properties(_ scalar: UInt32) -> Unicode.Scalar.Properties? {
    let properties = Scalars.unicode(scalar).properties
    guard scalar >= 0x80 else { return properties }
    guard let age = properties.age, age.major <= 14 else { return nil }
    return properties
  }

  /// Characters of Unicode 14 that became numbers later, as parts of measures and large amounts.
  private static let numericLater: Set<UInt32> = [
    0x4E24, 0x4EAC, 0x4FE9, 0x5006, 0x62D0, 0x6D1E, 0x7695, 0x79ED, 0x920E, 0x94A9, 0x12038,
    0x12039, 0x12079, 0x12226, 0x1222B, 0x1230B, 0x1230D, 0x12399,
  ]
  /// Those that became small letters later.
  private static let smallLater: Set<UInt32> = [0x10FC, 0xA7F2, 0xA7F3, 0xA7F4, 0xAB69]
  /// Those that may stand in names since Unicode 15.1.
  private static let joiningLater: Set<UInt32> = [0x200C, 0x200D, 0x30FB, 0xFF65]

  /// What `strip()` and `split()` take for a blank.
  @inline(__always)
  static func isSpace(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 {
      return scalar == 0x20 || (scalar >= 0x09 && scalar <= 0x0D)
        || (scalar >= 0x1C && scalar <= 0x1F)
    }
    return Scalars.unicode(scalar).properties.isWhitespace
  }

  @inline(__always)
  static func isASCIISpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) || (byte >= 0x1C && byte <= 0x1F)
  }

  /// What `splitlines()` breaks at.
  @inline(__always)
  static func isLineBreak(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
    default: false
    }
  }

  static func isAlpha(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return (scalar | 0x20) >= 97 && (scalar | 0x20) <= 122 }
    return switch properties(scalar)?.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: false
    }
  }

  static func isDecimal(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return scalar >= 48 && scalar <= 57 }
    return properties(scalar)?.numericType == .decimal
  }

  static func isDigit(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return scalar >= 48 && scalar <= 57 }
    let type = properties(scalar)?.numericType
    return type == .decimal || type == .digit
  }

  static func isNumeric(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return scalar >= 48 && scalar <= 57 }
    return properties(scalar)?.numericType != nil && !numericLater.contains(scalar)
  }

  static func isAlphanumeric(_ scalar: UInt32) -> Bool {
    isAlpha(scalar) || isNumeric(scalar)
  }

  static func isLower(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return scalar >= 97 && scalar <= 122 }
    if scalar == 0x295 { return true }
    return properties(scalar)?.isLowercase == true && !smallLater.contains(scalar)
  }

  static func isUpper(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return scalar >= 65 && scalar <= 90 }
    return properties(scalar)?.isUppercase == true
  }

  static func isTitle(_ scalar: UInt32) -> Bool {
    scalar >= 0x80 && properties(scalar)?.generalCategory == .titlecaseLetter
  }

  /// What `repr` shows as it is.
  static func isPrintable(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return scalar >= 0x20 && scalar < 0x7F }
    return switch properties(scalar)?.generalCategory {
    case nil, .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      false
    default: true
    }
  }

  static func startsIdentifier(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return isAlpha(scalar) || scalar == 0x5F }
    return properties(scalar)?.isXIDStart == true
  }

  static func continuesIdentifier(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return isAlpha(scalar) || isDecimal(scalar) || scalar == 0x5F }
    return properties(scalar)?.isXIDContinue == true && !joiningLater.contains(scalar)
  }

  /// The value of a decimal digit of any script.
  static func decimalDigit(_ scalar: UInt32) -> UInt8? {
    if scalar < 0x80 { return scalar >= 48 && scalar <= 57 ? UInt8(scalar - 48) : nil }
    guard let properties = properties(scalar), properties.numericType == .decimal,
      let value = properties.numericValue
    else {
      return nil
    }
    return UInt8(exactly: value)
  }

  /// Whether there is a character and all fulfil the test.
  static func all(_ text: Span<UInt8>, _ test: (UInt32) -> Bool) -> Bool {
    guard !text.isEmpty else { return false }
    var offset = 0
    while offset < text.count {
      let (scalar, length) = Scalars.decode(text, at: offset)
      if !test(scalar) { return false }
      offset += length
    }
    return true
  }

  /// `islower()` and `isupper()`: some letters of this case, none of the other.
  static func isCased(_ text: Span<UInt8>, lower: Bool) -> Bool {
    var found = false
    var offset = 0
    while offset < text.count {
      let (scalar, length) = Scalars.decode(text, at: offset)
      if lower ? isUpper(scalar) || isTitle(scalar) : isLower(scalar) || isTitle(scalar) {
        return false
      }
      found = found || (lower ? isLower(scalar) : isUpper(scalar))
      offset += length
    }
    return found
  }

  /// `istitle()`: capitals follow only what has no case, small letters only letters.
  static func isTitled(_ text: Span<UInt8>) -> Bool {
    var found = false
    var afterLetter = false
    var offset = 0
    while offset < text.count {
      let (scalar, length) = Scalars.decode(text, at: offset)
      if isUpper(scalar) || isTitle(scalar) {
        if afterLetter { return false }
        afterLetter = true
        found = true
      } else if isLower(scalar) {
        if !afterLetter { return false }
        found = true
      } else {
        afterLetter = false
      }
      offset += length
    }
    return found
  }

  static func isIdentifier(_ text: Span<UInt8>) -> Bool {
    guard !text.isEmpty else { return false }
    var offset = 0
    while offset < text.count {
      let (scalar, length) = Scalars.decode(text, at: offset)
      guard offset == 0 ? startsIdentifier(scalar) : continuesIdentifier(scalar) else {
        return false
      }
      offset += length
    }
    return true
  }
}

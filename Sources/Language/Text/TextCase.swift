/// Upper and lower case, with the full mappings of Unicode.
enum TextCase {
  enum Mapping {
    case upper
    case lower
    case swap
    case title
    case capital
    case fold
  }

  /// Upper or lower case of a text that is all ASCII.
  private static func mapASCII(_ text: Span<UInt8>, toUpper: Bool) -> [UInt8] {
    var result = Array(repeating: UInt8(0), count: text.count)
    let first: UInt8 = toUpper ? 97 : 65
    for index in text.indices {
      let byte = text[index]
      result[index] = byte &- first < 26 ? byte ^ 0x20 : byte
    }
    return result
  }

  /// The text in another case.
  ///
  /// - Parameter pause: called now and then; it throws when the work is to stop.
  static func map<E: Error>(
    _ text: Span<UInt8>, _ mapping: Mapping, pause: () throws(E) -> Void
  ) throws(E) -> [UInt8] {
    if mapping == .upper || mapping == .lower || mapping == .fold, Scalars.isASCII(text) {
      return mapASCII(text, toUpper: mapping == .upper)
    }
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var offset = 0
    var afterCased = false
    while offset < text.count {
      let (scalar, length) = Scalars.decode(text, at: offset)
      if scalar < 0x80 {
        let isUpper = scalar >= 65 && scalar <= 90
        let isLower = scalar >= 97 && scalar <= 122
        let wantsUpper: Bool? =
          switch mapping {
          case .upper: true
          case .lower, .fold: false
          case .swap: isLower
          case .title: !afterCased
          case .capital: offset == 0
          }
        let flips = wantsUpper == true ? isLower : isUpper
        result.append(UInt8(truncatingIfNeeded: flips ? scalar ^ 0x20 : scalar))
        afterCased = isUpper || isLower
      } else if let plain = plainLetter(scalar), mapping != .fold {
        let isSmall =
          switch mapping {
          case .upper: false
          case .lower, .fold: true
          case .swap: plain.upper == scalar
          case .title: afterCased
          case .capital: offset > 0
          }
        result.append(scalar: isSmall ? plain.lower : plain.upper)
        afterCased = plain.lower != plain.upper
      } else {
        let properties = Scalars.unicode(scalar).properties
        switch mapping {
        case .upper: result.append(text: known(properties.uppercaseMapping, scalar))
        case .lower: lower(text, offset, scalar, to: &result)
        case .fold: fold(scalar, to: &result)
        case .swap:
          if properties.isUppercase {
            lower(text, offset, scalar, to: &result)
          } else if properties.isLowercase {
            result.append(text: known(properties.uppercaseMapping, scalar))
          } else {
            result.append(text, offset..<offset + length)
          }
        case .title:
          if afterCased {
            lower(text, offset, scalar, to: &result)
          } else {
            result.append(text: known(properties.titlecaseMapping, scalar))
          }
        case .capital:
          if offset == 0 {
            result.append(text: known(properties.titlecaseMapping, scalar))
          } else {
            lower(text, offset, scalar, to: &result)
          }
        }
        afterCased = properties.isCased
      }
      if offset & ~0xFFFF != (offset + length) & ~0xFFFF { try pause() }
      offset += length
    }
    return result
  }

  /// Both cases of the letters whose cases lie in two rows, Latin and Cyrillic, and of characters
  /// of scripts without cases; nil: the tables of Unicode tell.
  @inline(__always)
  private static func plainLetter(_ scalar: UInt32) -> (upper: UInt32, lower: UInt32)? {
    switch scalar {
    case 0xD7, 0xDF, 0xF7, 0xFF: nil
    case 0xC0...0xDE, 0x410...0x42F: (scalar, scalar + 32)
    case 0xE0...0xFE, 0x430...0x44F: (scalar - 32, scalar)
    case 0x400...0x40F: (scalar, scalar + 80)
    case 0x450...0x45F: (scalar - 80, scalar)
    case 0x3041...0x3096, 0x4E00...0x9FA5, 0xAC00...0xD7A3: (scalar, scalar)
    default: nil
    }
  }

  private static func lower(
    _ text: Span<UInt8>, _ offset: Int, _ scalar: UInt32, to result: inout [UInt8]
  ) {
    if scalar == 0x3A3 {
      result.append(scalar: isFinalSigma(text, offset) ? 0x3C2 : 0x3C3)
    } else {
      result.append(text: known(Scalars.unicode(scalar).properties.lowercaseMapping, scalar))
    }
  }

  /// A mapping, or the character itself when one of them came after Unicode 14.
  private static func known(_ mapping: String, _ scalar: UInt32) -> String {
    let isKnown =
      TextClass.properties(scalar) != nil
      && mapping.unicodeScalars.allSatisfy { TextClass.properties($0.value) != nil }
    return isKnown ? mapping : String(Scalars.unicode(scalar))
  }

  /// A capital sigma at the end of a word: letters before it, none behind.
  private static func isFinalSigma(_ text: Span<UInt8>, _ offset: Int) -> Bool {
    var before = offset
    var precedes = false
    while before > 0 {
      before = Scalars.before(text, before)
      let properties = Scalars.unicode(Scalars.decode(text, at: before).scalar).properties
      if properties.isCaseIgnorable { continue }
      precedes = properties.isCased
      break
    }
    guard precedes else { return false }
    var after = offset + 2
    while after < text.count {
      let (scalar, length) = Scalars.decode(text, at: after)
      let properties = Scalars.unicode(scalar).properties
      if !properties.isCaseIgnorable { return !properties.isCased }
      after += length
    }
    return true
  }

  /// Case folding: lower case of the upper case, but for the letters where Unicode says else.
  private static func fold(_ scalar: UInt32, to result: inout [UInt8]) {
    switch scalar {
    case 0x131: result.append(scalar: scalar)
    case 0x1E9E: result.append(text: "ss")
    case 0x13A0...0x13F5: result.append(scalar: scalar)
    case 0x13F8...0x13FD: result.append(scalar: scalar - 8)
    case 0xAB70...0xABBF: result.append(scalar: scalar - 0xAB70 + 0x13A0)
    default:
      let upper = known(Scalars.unicode(scalar).properties.uppercaseMapping, scalar)
      for letter in upper.unicodeScalars {
        result.append(text: known(letter.properties.lowercaseMapping, letter.value))
      }
    }
  }
}

/// `repr` and `ascii` of a string.
enum Quoting {
  /// Appends the string in quotes, with what cannot be shown escaped.
  ///
  /// - Parameter asciiOnly: escape every character outside ASCII too.
  static func append(_ text: Span<UInt8>, to result: inout [UInt8], asciiOnly: Bool = false) {
    var hasSingle = false
    var hasDouble = false
    for index in text.indices {
      hasSingle = hasSingle || text[index] == UInt8(ascii: "'")
      hasDouble = hasDouble || text[index] == UInt8(ascii: "\"")
    }
    let quote = hasSingle && !hasDouble ? UInt8(ascii: "\"") : UInt8(ascii: "'")
    result.reserveCapacity(result.count + text.count + 2)
    result.append(quote)
    var offset = 0
    while offset < text.count {
      let (scalar, length) = Scalars.decode(text, at: offset)
      switch scalar {
      case 0x5C, UInt32(quote):
        result.append(UInt8(ascii: "\\"))
        result.append(text[offset])
      case 0x09: result.append(text: "\\t")
      case 0x0A: result.append(text: "\\n")
      case 0x0D: result.append(text: "\\r")
      default:
        if scalar < 0x80 ? scalar >= 0x20 && scalar < 0x7F : isShown(scalar, asciiOnly) {
          result.append(text, offset..<offset + length)
        } else {
          escape(scalar, to: &result)
        }
      }
      offset += length
    }
    result.append(quote)
  }

  static func repr(_ text: Span<UInt8>, asciiOnly: Bool = false) -> [UInt8] {
    var result: [UInt8] = []
    append(text, to: &result, asciiOnly: asciiOnly)
    return result
  }

  /// A text as it is, but everything outside ASCII escaped: what `ascii()` does to a `repr`.
  static func ascii(_ text: Span<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var offset = 0
    while offset < text.count {
      let (scalar, length) = Scalars.decode(text, at: offset)
      if scalar < 0x80 { result.append(text[offset]) } else { escape(scalar, to: &result) }
      offset += length
    }
    return result
  }

  private static func isShown(_ scalar: UInt32, _ asciiOnly: Bool) -> Bool {
    !asciiOnly && TextClass.isPrintable(scalar)
  }

  private static func escape(_ scalar: UInt32, to result: inout [UInt8]) {
    let (letter, width) =
      scalar < 0x100 ? ("x", 2) : scalar < 0x10000 ? ("u", 4) : ("U", 8)
    let digits = String(scalar, radix: 16)
    result.append(text: "\\" + letter)
    result.append(contentsOf: repeatElement(48, count: width - digits.utf8.count))
    result.append(text: digits)
  }
}

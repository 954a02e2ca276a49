/// How the characters of a text file stand in its bytes.
enum TextEncoding: Equatable {
  case utf8
  /// UTF-8 with a mark at the start of the file, skipped when reading and written when writing.
  case utf8Marked
  case ascii
  case latin1

  /// The encoding with that name, in any of its usual spellings; nil: there is none here.
  init?(_ name: String) {
    let plain = String(
      name.lowercased().map { $0 == "_" || $0 == " " ? "-" : $0 })
    switch plain {
    case "utf-8", "utf8", "u8", "utf", "cp65001", "locale": self = .utf8
    case "utf-8-sig", "utf8-sig": self = .utf8Marked
    case "ascii", "us-ascii", "646", "ansi-x3.4-1968": self = .ascii
    case "latin-1", "latin1", "latin", "l1", "iso-8859-1", "iso8859-1", "8859", "cp819":
      self =
        .latin1
    default: return nil
    }
  }

  /// The encodings of CPython that are absent here, so that the message can say so.
  static func isKnownElsewhere(_ name: String) -> Bool {
    let plain = String(name.lowercased().filter { $0.isLetter || $0.isNumber })
    return ["utf16", "utf32", "utf7", "cp", "iso8859", "big5", "gb", "euc", "shift", "koi8", "mac"]
      .contains { plain.hasPrefix($0) }
  }

  /// What messages call it.
  var codec: String {
    switch self {
    case .utf8, .utf8Marked: "utf-8"
    case .ascii: "ascii"
    case .latin1: "latin-1"
    }
  }
}

/// What to do with what an encoding does not allow.
enum ErrorHandling: String {
  case strict
  case ignore
  case replace
  case backslashreplace
  case xmlcharrefreplace
  case namereplace
}

/// Bytes that are not text.
struct DecodingProblem: Error {
  /// The place of the first of them in what was decoded.
  var position: Int
  var bytes: [UInt8]
  var reason: String
}

extension TextEncoding {
  /// Appends bytes as UTF-8 text.
  ///
  /// - Parameter isFinal: nothing follows, so an incomplete character at the end is an error.
  /// - Returns: how many bytes were used, all but an incomplete character, and whether any were
  ///   left out or replaced.
  func decode(
    _ bytes: [UInt8], isFinal: Bool, _ handling: ErrorHandling, into text: inout [UInt8]
  ) throws(DecodingProblem) -> (used: Int, isExact: Bool) {
    var index = 0
    var isExact = true
    let span = bytes.span
    while index < span.count {
      let start = index
      while index < span.count, span[index] < 0x80 { index += 1 }
      if index > start { text += bytes[start..<index] }
      guard index < span.count else { break }
      if self == .latin1 {
        text.append(0xC0 | span[index] >> 6)
        text.append(0x80 | span[index] & 0x3F)
        index += 1
        continue
      }
      let length: Int
      let reason: String
      if self == .ascii {
        (length, reason) = (1, "ordinal not in range(128)")
      } else {
        switch TextEncoding.character(span, at: index) {
        case .whole(let width):
          text += bytes[index..<index + width]
          index += width
          continue
        case .incomplete(let count):
          if !isFinal { return (index, isExact) }
          (length, reason) = (count, "unexpected end of data")
        case .wrong(let count, let why): (length, reason) = (count, why)
        }
      }
      isExact = false
      let wrong = bytes[index..<index + length]
      switch handling {
      case .strict, .xmlcharrefreplace, .namereplace:
        throw DecodingProblem(position: index, bytes: Array(wrong), reason: reason)
      case .ignore: break
      case .replace: text += "\u{FFFD}".utf8
      case .backslashreplace:
        for byte in wrong { text += "\\x".utf8 + TextEncoding.hexadecimal(byte) }
      }
      index += length
    }
    return (index, isExact)
  }

  private static func hexadecimal(_ byte: UInt8) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }

  private enum Character {
    case whole(Int)
    /// So many bytes of a character whose rest has not come.
    case incomplete(Int)
    /// So many bytes that belong to no character.
    case wrong(Int, String)
  }

  /// What stands at a byte of 128 or more.
  private static func character(_ bytes: Span<UInt8>, at index: Int) -> Character {
    let first = bytes[index]
    let width: Int
    var (low, high): (UInt8, UInt8) = (0x80, 0xBF)
    switch first {
    case 0xC2...0xDF: width = 2
    case 0xE0...0xEF:
      width = 3
      if first == 0xE0 { low = 0xA0 }
      // Surrogates are no characters.
      if first == 0xED { high = 0x9F }
    case 0xF0...0xF4:
      width = 4
      if first == 0xF0 { low = 0x90 }
      if first == 0xF4 { high = 0x8F }
    default: return .wrong(1, "invalid start byte")
    }
    for place in 1..<width {
      guard index + place < bytes.count else { return .incomplete(place) }
      let byte = bytes[index + place]
      guard byte >= low, byte <= high else { return .wrong(place, "invalid continuation byte") }
      (low, high) = (0x80, 0xBF)
    }
    return .whole(width)
  }

  /// A character that an encoding cannot express, and its place in the text.
  struct Unencodable: Error {
    var scalar: Unicode.Scalar
    var position: Int
    var reason: String
  }

  /// Appends a text in this encoding.
  func encode(
    _ text: StringCell, _ handling: ErrorHandling, into bytes: inout [UInt8]
  ) throws(Unencodable) {
    if self == .utf8 || self == .utf8Marked || text.isASCII {
      bytes += text.array
      return
    }
    let limit: UInt32 = self == .ascii ? 128 : 256
    let before = bytes.count
    for (position, scalar) in text.scalars.enumerated() {
      let code = scalar.value
      if code < limit {
        bytes.append(UInt8(code))
        continue
      }
      switch handling {
      case .strict:
        bytes.removeLast(bytes.count - before)
        throw Unencodable(
          scalar: scalar, position: position, reason: "ordinal not in range(\(limit))")
      case .ignore: break
      case .replace: bytes.append(0x3F)
      case .xmlcharrefreplace: bytes += "&#\(code);".utf8
      case .backslashreplace, .namereplace:
        let digits = String(code, radix: 16)
        let (letter, width) = code < 0x100 ? ("x", 2) : code < 0x10000 ? ("u", 4) : ("U", 8)
        bytes += "\\\(letter)".utf8
        bytes += String(repeating: "0", count: max(0, width - digits.count)).utf8
        bytes += digits.utf8
      }
    }
  }
}

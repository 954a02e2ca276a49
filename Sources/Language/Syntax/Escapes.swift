/// Resolves the escapes of a string literal, with CPython's messages for broken ones.
struct Escapes {
  private let bytes: ContiguousArray<UInt8>
  private let end: Int
  private let isRaw: Bool
  private let start: Int
  private var position: Int
  /// How far CPython's buffer would be: it writes characters outside ASCII as `\UXXXXXXXX`.
  private var counted = 0
  private(set) var text: [UInt8] = []

  struct Failure {
    let message: String
    let span: SourceSpan
    var help: String?
    /// Whether only Gradus refuses it.
    var isOurs = false
  }

  init(_ bytes: ContiguousArray<UInt8>, _ range: Range<Int>, isRaw: Bool) {
    self.bytes = bytes
    self.isRaw = isRaw
    start = range.lowerBound
    position = range.lowerBound
    end = range.upperBound
    text.reserveCapacity(range.count)
  }

  private func byte(_ offset: Int) -> UInt8 { offset < end ? bytes[offset] : 0 }

  mutating func decode() -> Failure? {
    while position < end {
      let byte = bytes[position]
      if byte == Byte.backslash, !isRaw {
        let before = position
        if let failure = escape() { return failure }
        counted += position - before
        continue
      }
      position += 1
      if byte == Byte.carriageReturn {
        // Line ends are `\n` in strings, however the file writes them.
        if self.byte(position) == Byte.newline { position += 1 }
        text.append(Byte.newline)
        counted += 1
        continue
      }
      text.append(byte)
      if byte < 0x80 { counted += 1 } else if byte & 0xC0 != 0x80 { counted += 10 }
    }
    return nil
  }

  private mutating func escape() -> Failure? {
    let letter = byte(position + 1)
    switch letter {
    case Byte.newline, Byte.carriageReturn:
      position += letter == Byte.carriageReturn && byte(position + 2) == Byte.newline ? 3 : 2
    case Byte.backslash, Byte.quotation, Byte.apostrophe: take(letter)
    case UInt8(ascii: "a"): take(0x07)
    case UInt8(ascii: "b"): take(0x08)
    case UInt8(ascii: "f"): take(0x0C)
    case UInt8(ascii: "n"): take(0x0A)
    case UInt8(ascii: "r"): take(0x0D)
    case UInt8(ascii: "t"): take(0x09)
    case UInt8(ascii: "v"): take(0x0B)
    case UInt8(ascii: "x"): return hexadecimal(2, "truncated \\xXX escape")
    case UInt8(ascii: "u"): return hexadecimal(4, "truncated \\uXXXX escape")
    case UInt8(ascii: "U"): return hexadecimal(8, "truncated \\UXXXXXXXX escape")
    case UInt8(ascii: "N"): return named()
    case 0x30...0x37: octal()
    default:
      // An unknown escape stands for itself, backslash included.
      text.append(Byte.backslash)
      position += 1
    }
    return nil
  }

  private mutating func take(_ byte: UInt8) {
    text.append(byte)
    position += 2
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  private mutating func octal() {
    var index = position + 1
    var value: UInt32 = 0
    while index < min(end, position + 4), bytes[index] &- 0x30 < 8 {
      value = value * 8 + UInt32(bytes[index] &- 0x30)
      index += 1
    }
    if let scalar = Unicode.Scalar(value) { append(scalar) }
    position = index
  }

  private mutating func hexadecimal(_ count: Int, _ message: String) -> Failure? {
    var index = position + 2
    var value: UInt32 = 0
    while index < min(end, position + 2 + count), bytes[index].isHexDigit {
      value = value &* 16 &+ UInt32(truncatingIfNeeded: bytes[index].digitValue)
      index += 1
    }
    guard index == position + 2 + count else { return failure(message, to: index) }
    guard value <= 0x10FFFF else { return failure("illegal Unicode character", to: index) }
    guard let scalar = Unicode.Scalar(value) else {
      let written = String(decoding: bytes[position..<index], as: UTF8.self)
      return Failure(
        message: "the escape '\(written)' is half of a surrogate pair, not a character",
        span: SourceSpan(position, index),
        help: "write the character itself, or its number as \\UXXXXXXXX", isOurs: true)
    }
    append(scalar)
    position = index
    return nil
  }

  private mutating func named() -> Failure? {
    let malformed = "malformed \\N character escape"
    guard byte(position + 2) == Byte.leftBrace else { return failure(malformed, to: position + 2) }
    var index = position + 3
    while index < end, bytes[index] != Byte.rightBrace { index += 1 }
    guard index < end, index > position + 3 else { return failure(malformed, to: index) }
    let name = String(decoding: bytes[position + 3..<index], as: UTF8.self)
    guard let scalar = CharacterNames.scalar(named: name) else {
      return failure("unknown Unicode character name", to: index + 1)
    }
    append(scalar)
    position = index + 1
    return nil
  }

  private func failure(_ message: String, to index: Int) -> Failure {
    let last = counted + (index - position) - 1
    let place =
      last == counted
      ? "byte 0x5c in position \(counted)" : "bytes in position \(counted)-\(last)"
    return Failure(
      message: "(unicode error) 'unicodeescape' codec can't decode \(place): \(message)",
      span: SourceSpan(position, index), help: "for a plain backslash write \\\\, or r\"…\"")
  }
}

/// Unicode's names of characters, for `\N{…}`.
enum CharacterNames {
  /// All names but those of ideographs and Hangul syllables, which follow rules; made on first use.
  private static let table: [String: Unicode.Scalar] = {
    var table: [String: Unicode.Scalar] = [:]
    table.reserveCapacity(40_000)
    for value in [0x20...0x33FF, 0x4DC0...0x4DFF, 0xA000...0xABFF, 0xD7B0...0x1FFFF]
      as [ClosedRange<UInt32>]
    {
      for number in value {
        guard let scalar = Unicode.Scalar(number) else { continue }
        if let name = scalar.properties.name { table[name] = scalar }
        if let alias = scalar.properties.nameAlias { table[alias] = scalar }
      }
    }
    return table
  }()

  static func scalar(named name: String) -> Unicode.Scalar? {
    let name = name.uppercased()
    if let scalar = table[name] { return scalar }
    guard name.hasPrefix("CJK UNIFIED IDEOGRAPH-"),
      let value = UInt32(name.dropFirst("CJK UNIFIED IDEOGRAPH-".count), radix: 16),
      let scalar = Unicode.Scalar(value), scalar.properties.isUnifiedIdeograph
    else { return hangul(name) }
    return scalar
  }

  private static func hangul(_ name: String) -> Unicode.Scalar? {
    guard name.hasPrefix("HANGUL SYLLABLE ") else { return nil }
    for value in UInt32(0xAC00)...0xD7A3 {
      if let scalar = Unicode.Scalar(value), scalar.properties.name == name { return scalar }
    }
    return nil
  }
}

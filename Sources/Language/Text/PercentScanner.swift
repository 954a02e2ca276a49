import Catalog

/// One conversion of `%`-formatting: `%-10.3f`, `%(name)s`.
struct PercentDirective {
  enum Amount: Equatable {
    case none
    case given(Int)
    /// `*`: the next argument.
    case argument
  }

  var key: Range<Int>?
  var alignsLeft = false
  var showsPlus = false
  var showsBlank = false
  var isAlternate = false
  var padsZeros = false
  var width = Amount.none
  var precision = Amount.none
  var conversion: UInt32 = 0
  /// Where the conversion's letter stands, in characters.
  var index = 0

  func unsupported() -> Failure {
    let shown =
      conversion >= 31 && conversion <= 126
      ? String(Character(Scalars.unicode(conversion))) : "?"
    return Failure(
      .value,
      "unsupported format character '\(shown)' (0x\(String(conversion, radix: 16))) "
        + "at index \(index)")
  }
}

/// Takes a `%` format apart.
struct PercentScanner {
  enum Piece {
    case literal(Range<Int>)
    case directive(PercentDirective)
  }

  private var offset = 0

  /// The next piece; nil at the end.
  mutating func next(_ text: Span<UInt8>) throws -> Piece? {
    guard offset < text.count else { return nil }
    let start = offset
    while offset < text.count, text[offset] != UInt8(ascii: "%") { offset += 1 }
    if offset > start { return .literal(start..<offset) }
    offset += 1
    if offset < text.count, text[offset] == UInt8(ascii: "%") {
      offset += 1
      return .literal(offset - 1..<offset)
    }
    return .directive(try directive(text))
  }

  private mutating func directive(_ text: Span<UInt8>) throws -> PercentDirective {
    var directive = PercentDirective()
    if offset < text.count, text[offset] == UInt8(ascii: "(") {
      offset += 1
      let start = offset
      var depth = 1
      while offset < text.count {
        if text[offset] == UInt8(ascii: "(") { depth += 1 }
        if text[offset] == UInt8(ascii: ")") { depth -= 1 }
        if depth == 0 { break }
        offset += 1
      }
      guard depth == 0 else { throw Failure(.value, "incomplete format key") }
      directive.key = start..<offset
      offset += 1
    }
    flags: while offset < text.count {
      switch text[offset] {
      case UInt8(ascii: "-"): directive.alignsLeft = true
      case UInt8(ascii: "+"): directive.showsPlus = true
      case UInt8(ascii: " "): directive.showsBlank = true
      case UInt8(ascii: "#"): directive.isAlternate = true
      case UInt8(ascii: "0"): directive.padsZeros = true
      default: break flags
      }
      offset += 1
    }
    directive.width = try amount(text, "width too big") ?? .none
    if offset < text.count, text[offset] == UInt8(ascii: ".") {
      offset += 1
      directive.precision = try amount(text, "precision too big") ?? .given(0)
    }
    if offset < text.count,
      [UInt8(ascii: "h"), UInt8(ascii: "l"), UInt8(ascii: "L")]
        .contains(text[offset])
    {
      offset += 1
    }
    guard offset < text.count else { throw Failure(.value, "incomplete format") }
    let (scalar, length) = Scalars.decode(text, at: offset)
    directive.conversion = scalar
    directive.index = Scalars.count(text, 0..<offset)
    offset += length
    return directive
  }

  private mutating func amount(
    _ text: Span<UInt8>, _ complaint: String
  ) throws -> PercentDirective.Amount? {
    guard offset < text.count else { return nil }
    if text[offset] == UInt8(ascii: "*") {
      offset += 1
      return .argument
    }
    var value: Int?
    while offset < text.count, text[offset] >= 48, text[offset] <= 57 {
      value = (value ?? 0) * 10 + Int(text[offset] - 48)
      if (value ?? 0) > Int(Int32.max) { throw Failure(.value, complaint) }
      offset += 1
    }
    return value.map { .given($0) }
  }
}

/// A `%` conversion with its width and precision known: makes the text of a value.
struct PercentFormat {
  let directive: PercentDirective
  let width: Int
  let precision: Int?

  /// - Parameters:
  ///   - width: negative aligns left.
  init(_ directive: PercentDirective, width: Int?, precision: Int?) throws {
    var directive = directive
    if let width, width < 0 { directive.alignsLeft = true }
    self.directive = directive
    self.width = Int(clamping: width?.magnitude ?? 0)
    self.precision = precision.map { max(0, $0) }
    guard self.width <= FormatSpec.limit, (self.precision ?? 0) <= FormatSpec.limit else {
      throw Failure(.memory, "", code: "L114", notes: ["the width or precision is too large"])
    }
  }

  /// `d i u o x X`.
  func int(_ value: Int) -> [UInt8] {
    let letter = UInt8(truncatingIfNeeded: directive.conversion)
    let (radix, prefix): (Int, String) =
      switch letter {
      case UInt8(ascii: "o"): (8, "0o")
      case UInt8(ascii: "x"): (16, "0x")
      case UInt8(ascii: "X"): (16, "0X")
      default: (10, "")
      }
    var digits = Array(
      String(value.magnitude, radix: radix, uppercase: letter == UInt8(ascii: "X")).utf8)
    if let precision, precision > digits.count {
      digits.insert(contentsOf: repeatElement(48, count: precision - digits.count), at: 0)
    }
    return pad(
      isNegative: value < 0, prefix: directive.isAlternate ? Array(prefix.utf8) : [], digits)
  }

  /// `e E f F g G`.
  func float(_ value: Double) -> [UInt8] {
    let letter = UInt8(truncatingIfNeeded: directive.conversion)
    let places = precision ?? 6
    var text =
      switch letter | 0x20 {
      case UInt8(ascii: "e"):
        FloatLayout.scientific(value, places: places, isAlternate: directive.isAlternate)
      case UInt8(ascii: "g"):
        FloatLayout.general(
          value, digits: places, isAlternate: directive.isAlternate, keepsPoint: false)
      default: FloatLayout.fixed(value, places: places, isAlternate: directive.isAlternate)
      }
    if letter & 0x20 == 0 { FloatLayout.uppercase(&text) }
    return pad(isNegative: value.sign == .minus && !value.isNaN, prefix: [], text)
  }

  private func pad(isNegative: Bool, prefix: [UInt8], _ digits: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    if isNegative {
      text.append(UInt8(ascii: "-"))
    } else if directive.showsPlus {
      text.append(UInt8(ascii: "+"))
    } else if directive.showsBlank {
      text.append(UInt8(ascii: " "))
    }
    text.append(contentsOf: prefix)
    let missing = max(0, width - text.count - digits.count)
    if directive.alignsLeft {
      text.append(contentsOf: digits)
      text.append(scalar: 0x20, times: missing)
    } else if directive.padsZeros {
      text.append(scalar: 48, times: missing)
      text.append(contentsOf: digits)
    } else {
      text.insert(contentsOf: repeatElement(0x20, count: missing), at: 0)
      text.append(contentsOf: digits)
    }
    return text
  }

  /// `s r a c`: cut to the precision, padded with blanks.
  func text(_ value: Span<UInt8>, isCut: Bool = true) -> [UInt8] {
    let end =
      isCut
      ? precision.map { Scalars.offset(of: $0, in: value) } ?? value.count
      : value.count
    let missing = max(0, width - Scalars.count(value, 0..<end))
    var text: [UInt8] = []
    text.append(scalar: 0x20, times: directive.alignsLeft ? 0 : missing)
    text.append(value, 0..<end)
    text.append(scalar: 0x20, times: directive.alignsLeft ? missing : 0)
    return text
  }
}

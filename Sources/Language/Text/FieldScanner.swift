import Catalog

/// Takes a `str.format` template apart: `"{0:>{w}} {name!r}"`.
struct FieldScanner {
  struct Field {
    var name: Range<Int>
    /// `r`, `s` or `a`.
    var conversion: UInt32?
    var spec: Range<Int>
    /// The spec holds fields itself.
    var isNested: Bool
  }

  enum Piece {
    case literal(Range<Int>)
    case field(Field)
  }

  private var offset: Int
  private let end: Int

  /// - Parameter range: the part of the text to take apart.
  init(_ range: Range<Int>) {
    offset = range.lowerBound
    end = range.upperBound
  }

  /// The next piece; nil at the end.
  mutating func next(_ text: Span<UInt8>) throws -> Piece? {
    guard offset < end else { return nil }
    let start = offset
    while offset < end {
      let byte = text[offset]
      guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") else {
        offset += 1
        continue
      }
      if offset + 1 < end, text[offset + 1] == byte {
        // A doubled brace: the literal ends with the first of the two.
        offset += 2
        return .literal(start..<offset - 1)
      }
      if byte == UInt8(ascii: "}") || offset + 1 >= end {
        throw Failure(
          .value, "Single '\(Character(Unicode.Scalar(byte)))' encountered in format string")
      }
      if offset > start { return .literal(start..<offset) }
      offset += 1
      return .field(try field(text))
    }
    return .literal(start..<offset)
  }

  private mutating func field(_ text: Span<UInt8>) throws -> Field {
    let start = offset
    var byte: UInt8 = 0
    name: while offset < end {
      byte = text[offset]
      offset += 1
      switch byte {
      case UInt8(ascii: "{"): throw Failure(.value, "unexpected '{' in field name")
      case UInt8(ascii: "["):
        while offset < end, text[offset] != UInt8(ascii: "]") { offset += 1 }
      case UInt8(ascii: "}"), UInt8(ascii: ":"), UInt8(ascii: "!"): break name
      default: break
      }
    }
    var field = Field(name: start..<offset - 1, spec: offset..<offset, isNested: false)
    if byte == UInt8(ascii: "}") { return field }
    guard byte == UInt8(ascii: ":") || byte == UInt8(ascii: "!") else {
      throw Failure(.value, "expected '}' before end of string")
    }
    if byte == UInt8(ascii: "!") {
      guard offset < end else {
        throw Failure(.value, "end of string while looking for conversion specifier")
      }
      let (scalar, length) = Scalars.decode(text, at: offset)
      field.conversion = scalar
      offset += length
      if offset < end {
        byte = text[offset]
        offset += 1
        if byte == UInt8(ascii: "}") { return field }
        if byte != UInt8(ascii: ":") {
          throw Failure(.value, "expected ':' after conversion specifier")
        }
      }
    }
    let specStart = offset
    var depth = 1
    while offset < end {
      if text[offset] == UInt8(ascii: "{") {
        depth += 1
        field.isNested = true
      } else if text[offset] == UInt8(ascii: "}") {
        depth -= 1
        if depth == 0 {
          field.spec = specStart..<offset
          offset += 1
          return field
        }
      }
      offset += 1
    }
    throw Failure(.value, "unmatched '{' in format spec")
  }
}

/// What a field names: an argument, then attributes and items of it.
struct FieldPath {
  enum First {
    /// `{}`: the next argument.
    case next
    case position(Int)
    case name(Range<Int>)
  }

  enum Step {
    case attribute(Range<Int>)
    case position(Int)
    case key(Range<Int>)
  }

  let first: First
  let steps: [Step]

  init(_ text: Span<UInt8>, _ range: Range<Int>) throws {
    var offset = range.lowerBound
    let end = range.upperBound
    while offset < end, text[offset] != UInt8(ascii: "."), text[offset] != UInt8(ascii: "[") {
      offset += 1
    }
    let name = range.lowerBound..<offset
    if name.isEmpty {
      first = .next
    } else if let position = try Self.position(text, name) {
      first = .position(position)
    } else {
      first = .name(name)
    }
    var steps: [Step] = []
    while offset < end {
      let mark = text[offset]
      offset += 1
      let start = offset
      if mark == UInt8(ascii: ".") {
        while offset < end, text[offset] != UInt8(ascii: "."), text[offset] != UInt8(ascii: "[") {
          offset += 1
        }
        guard offset > start else { throw Self.empty() }
        steps.append(.attribute(start..<offset))
      } else if mark == UInt8(ascii: "[") {
        while offset < end, text[offset] != UInt8(ascii: "]") { offset += 1 }
        guard offset < end else { throw Failure(.value, "Missing ']' in format string") }
        guard offset > start else { throw Self.empty() }
        let key = start..<offset
        steps.append(try Self.position(text, key).map { .position($0) } ?? .key(key))
        offset += 1
      } else {
        throw Failure(
          .value, "Only '.' or '[' may follow ']' in format field specifier")
      }
    }
    self.steps = steps
  }

  private static func empty() -> Failure {
    Failure(.value, "Empty attribute in format string")
  }

  /// The number a run of decimal digits stands for; nil when it is none.
  private static func position(_ text: Span<UInt8>, _ range: Range<Int>) throws -> Int? {
    var value = 0
    for index in range {
      guard text[index] >= 48, text[index] <= 57 else { return nil }
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = product.addingReportingOverflow(Int(text[index] - 48))
      if overflow || overflow2 {
        throw Failure(.value, "Too many decimal digits in format string")
      }
      value = sum
    }
    return value
  }
}

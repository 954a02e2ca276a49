public import Tensors

/// NumPy's file of one array: a magic number, a header that is a Python dict, then the elements.
///
/// Versions 1 to 3, both byte orders, row-major and column-major. Arrays of objects, texts, dates,
/// records and complex numbers are refused.
public enum NPY {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  private static let headerLimit = 1 << 20

  public static func recognises(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

  /// Reads a file, plain or .gz.
  ///
  /// - Throws: `FileProblem` naming the file, the byte, what was found and what was expected.
  public static func read(_ path: String, check: () throws -> Void = {}) throws -> Tensor {
    try parse(try FileBytes.read(path, check: check)[...], name: path, check: check)
  }

  /// Reads the content of a file; `name` is for messages.
  public static func parse(
    _ bytes: ArraySlice<UInt8>, name: String, check: () throws -> Void = {}
  ) throws -> Tensor {
    let (header, start) = try header(bytes, name: name)
    var parser = DictParser(header)
    guard let facts = parser.parse() else {
      throw FileProblem.malformed(
        name, found: "a header that is no dict: \(brief(header))",
        expected: "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }")
    }
    let (kind, isBig) = try element(facts.descr, name: name)
    guard let shape = try? Shape(facts.shape) else {
      throw FileProblem.malformed(
        name, found: "the shape \(facts.shape)",
        expected: "at most \(Shape.maximumRank) sizes that memory can hold")
    }
    let (size, overflow) = shape.elements.multipliedReportingOverflow(by: kind.size)
    let found = bytes.endIndex - start
    guard !overflow, found == size else {
      throw FileProblem.malformed(
        name,
        found: "\(found) bytes of elements after byte \(start - bytes.startIndex)"
          + (found < size ? ": the file is cut off" : ""),
        expected: "\(overflow ? "fewer" : "\(size)") bytes for shape \(shape) of "
          + "\(kind.size) bytes each")
    }
    let isColumnMajor = facts.isFortran && shape.count > 1
    let stored = isColumnMajor ? try Shape(Array(shape.reversed())) : shape
    let tensor: Tensor
    do {
      tensor = try kind.tensor(bytes[start...], shape: stored, isBigEndian: isBig, check: check)
    } catch is ElementKind.Overflow {
      throw FileProblem.malformed(
        name, found: "an unsigned number of 2^63 or more", expected: "numbers that fit int64")
    }
    return isColumnMajor ? try tensor.transposed.copy() : tensor
  }

  /// The bytes of a file of version 1.0, as NumPy writes it.
  public static func encoded(_ tensor: Tensor) -> [UInt8] {
    let descr =
      switch tensor.dtype {
      case .bool: "|b1"
      case .u8: "|u1"
      case .i32: "<i4"
      case .i64: "<i8"
      case .f32: "<f4"
      case .f64: "<f8"
      }
    var header = Array(
      "{'descr': '\(descr)', 'fortran_order': False, 'shape': \(tensor.shape), }".utf8)
    // The elements start on a multiple of 64.
    while (magic.count + 4 + header.count + 1) % 64 != 0 { header.append(0x20) }
    header.append(0x0A)
    let length = header.count
    return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + header + tensor.bytes
  }

  private static func brief(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix(60).map { (32..<127).contains($0) ? $0 : 0x3F }, as: UTF8.self)
  }

  /// The header's text, and where the elements begin.
  private static func header(
    _ bytes: ArraySlice<UInt8>, name: String
  ) throws(FileProblem) -> (ArraySlice<UInt8>, Int) {
    let origin = bytes.startIndex
    guard bytes.count >= 10, bytes.starts(with: magic) else {
      throw .malformed(
        name, found: "\(bytes.count) bytes that begin otherwise",
        expected: "an NPY file: byte 93, then NUMPY")
    }
    let version = bytes[origin + 6]
    let width: Int
    switch version {
    case 1: width = 2
    case 2, 3: width = 4
    default:
      throw .malformed(
        name, found: "version \(version).\(bytes[origin + 7]) at byte 6",
        expected: "version 1.0, 2.0 or 3.0")
    }
    guard bytes.count >= 8 + width else {
      throw .malformed(
        name, found: "\(bytes.count) bytes", expected: "a header: the file is cut off")
    }
    var length = 0
    for step in (0..<width).reversed() { length = length << 8 | Int(bytes[origin + 8 + step]) }
    guard length <= min(headerLimit, bytes.count - 8 - width) else {
      throw .malformed(
        name, found: "a header of \(length) bytes in a file of \(bytes.count)",
        expected: "at most \(bytes.count - 8 - width): the file is cut off or damaged at byte 8")
    }
    let start = origin + 8 + width
    return (bytes[start..<start + length], start + length)
  }

  private static func element(
    _ descr: String, name: String
  ) throws(FileProblem) -> (ElementKind, isBig: Bool) {
    var text = descr[...]
    var isBig = false
    if let order = text.first, "<>=|".contains(order) {
      isBig = order == ">"
      text = text.dropFirst()
    }
    let kind: ElementKind?
    switch text {
    case "b1", "?": kind = .bool
    case "u1", "B": kind = .u8
    case "i1", "b": kind = .i8
    case "i2", "h": kind = .i16
    case "u2", "H": kind = .u16
    case "i4", "i": kind = .i32
    case "u4", "I": kind = .u32
    case "i8", "q", "l": kind = .i64
    case "u8", "Q", "L": kind = .u64
    case "f2", "e": kind = .f16
    case "f4", "f": kind = .f32
    case "f8", "d": kind = .f64
    default: kind = nil
    }
    guard let kind else {
      let what =
        switch text.first {
        case "O": "Python objects, which only Python can read"
        case "U", "S", "a": "texts"
        case "c", "F", "D": "complex numbers"
        case "M", "m": "dates"
        case "V", "[": "records"
        default: "elements of type '\(descr.prefix(20))'"
        }
      throw .malformed(
        name, found: what, expected: "numbers: bool, integers, float16, float32 or float64")
    }
    return (kind, isBig)
  }
}

/// Reads the dict of an NPY header: three known keys in any order, any spacing.
private struct DictParser {
  private let text: [UInt8]
  private var place = 0

  init(_ text: ArraySlice<UInt8>) {
    self.text = Array(text)
  }

  struct Facts {
    var descr = ""
    var isFortran = false
    var shape: [Int] = []
  }

  private mutating func skip() {
    while place < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[place]) { place += 1 }
  }

  private mutating func take(_ character: Character) -> Bool {
    skip()
    guard place < text.count, text[place] == character.asciiValue else { return false }
    place += 1
    return true
  }

  private mutating func string() -> String? {
    skip()
    guard place < text.count, text[place] == 0x27 || text[place] == 0x22 else { return nil }
    let quote = text[place]
    guard let end = text[(place + 1)...].firstIndex(of: quote) else { return nil }
    let content = text[(place + 1)..<end]
    place = end + 1
    return String(decoding: content, as: UTF8.self)
  }

  private mutating func word() -> String {
    skip()
    let start = place
    while place < text.count,
      (0x41...0x5A).contains(text[place]) || (0x61...0x7A).contains(text[place])
    {
      place += 1
    }
    return String(decoding: text[start..<place], as: UTF8.self)
  }

  private mutating func integer() -> Int? {
    skip()
    let start = place
    while place < text.count, (0x30...0x39).contains(text[place]) { place += 1 }
    let value = Int(String(decoding: text[start..<place], as: UTF8.self))
    // Python 2 wrote long integers so.
    if place < text.count, text[place] == 0x4C { place += 1 }
    return value
  }

  private mutating func tuple() -> [Int]? {
    guard take("(") else { return nil }
    var sizes: [Int] = []
    while !take(")") {
      guard sizes.count < 64, let size = integer() else { return nil }
      sizes.append(size)
      if take(",") { continue }
      return take(")") ? sizes : nil
    }
    return sizes
  }

  /// nil unless all three keys are there and nothing else.
  mutating func parse() -> Facts? {
    var facts = Facts()
    var seen: Set<String> = []
    guard take("{") else { return nil }
    while !take("}") {
      guard let key = string(), take(":"), seen.insert(key).inserted else { return nil }
      switch key {
      case "descr":
        skip()
        if place < text.count, text[place] == 0x5B {
          // A list: fields of a record.
          facts.descr = "["
          guard let end = text[place...].lastIndex(of: 0x5D) else { return nil }
          place = end + 1
        } else {
          guard let descr = string() else { return nil }
          facts.descr = descr
        }
      case "fortran_order":
        switch word() {
        case "True": facts.isFortran = true
        case "False": facts.isFortran = false
        default: return nil
        }
      case "shape":
        guard let shape = tuple() else { return nil }
        facts.shape = shape
      default: return nil
      }
      if take(",") { continue }
      guard take("}") else { return nil }
      break
    }
    skip()
    return seen.count == 3 && place == text.count ? facts : nil
  }
}

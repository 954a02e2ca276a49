import Catalog
import Glibc

/// What `json.loads` lets a script decide.
struct JSONHooks {
  /// Each a function or None.
  var object: RawValue
  var pairs: RawValue
  var float: RawValue
  var int: RawValue
  var constant: RawValue
  /// Whether control characters in strings are errors.
  var isStrict: Bool
  /// Makes the exception, of a message, the text and a position.
  var failure: RawValue
}

/// Reads JSON as CPython's `json` does, into values of the machine.
///
/// The text and the hooks are kept by the caller; containers under way stand in a `HandleScope`,
/// because hooks are script code.
@safe
struct JSONScanner {
  private let machine: Machine
  private let text: StringCell
  private let hooks: JSONHooks
  private let bytes: UnsafeMutablePointer<UInt8>
  private let count: Int
  private var index = 0
  private var depth = 0
  private var steps = 0

  init(_ machine: Machine, _ text: StringCell, _ hooks: JSONHooks) {
    self.machine = machine
    self.text = text
    self.hooks = hooks
    unsafe bytes = text.bytes
    count = text.byteCount
  }

  /// The value that starts at a byte, and the byte after it.
  mutating func value(at start: Int) throws(Thrown) -> (value: RawValue, end: Int) {
    index = start
    return (try scan(), index)
  }

  /// The first byte at or after `start` that is no white space.
  func skippingSpace(from start: Int) -> Int {
    var index = start
    while index < count, isSpace(index) { index += 1 }
    return index
  }

  @inline(__always)
  private func byte(_ index: Int) -> UInt8 { unsafe index < count ? bytes[index] : 0 }

  @inline(__always)
  private func isSpace(_ index: Int) -> Bool {
    let byte = byte(index)
    return byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  private mutating func skipSpace() {
    while index < count, isSpace(index) { index += 1 }
  }

  func failure(_ message: String, at offset: Int) -> Thrown {
    do throws(Thrown) {
      let place = text.scalarIndex(ofByte: min(offset, count))
      let made = try machine.call(
        hooks.failure, [machine.string(message), text.value, RawValue(place)])
      return machine.raise(try machine.exception(from: made))
    } catch {
      return error
    }
  }

  private mutating func scan() throws(Thrown) -> RawValue {
    steps += 1
    if steps & 0x3FFF == 0 { try machine.safepoint() }
    let start = index
    switch byte(index) {
    case UInt8(ascii: "\"") where index < count:
      index += 1
      return try string()
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "n") where take("null"): return .none
    case UInt8(ascii: "t") where take("true"): return RawValue(true)
    case UInt8(ascii: "f") where take("false"): return RawValue(false)
    case UInt8(ascii: "N") where take("NaN"): return try constant("NaN", .nan)
    case UInt8(ascii: "I") where take("Infinity"): return try constant("Infinity", .infinity)
    case UInt8(ascii: "-") where take("-Infinity"): return try constant("-Infinity", -.infinity)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      if let number = try number() { return number }
    default: break
    }
    throw failure("Expecting value", at: start)
  }

  private mutating func take(_ word: StaticString) -> Bool {
    let size = word.utf8CodeUnitCount
    guard index + size <= count, unsafe memcmp(bytes + index, word.utf8Start, size) == 0 else {
      return false
    }
    index += size
    return true
  }

  private func constant(_ name: String, _ value: Double) throws(Thrown) -> RawValue {
    if hooks.constant.isNone { return RawValue(value) }
    return try machine.call(hooks.constant, [machine.string(name)])
  }

  private mutating func enter(_ what: String) throws(Thrown) {
    depth += 1
    if depth > Machine.depthLimit {
      throw machine.error(
        .recursion,
        "maximum recursion depth exceeded while decoding a JSON \(what) from a unicode string")
    }
  }

  // MARK: Containers

  private mutating func array() throws(Thrown) -> RawValue {
    try enter("array")
    defer { depth -= 1 }
    index += 1
    let list = machine.heap.newList(count: 0, capacity: 0)
    let scope = HandleScope(machine)
    scope.keep(list.value)
    skipSpace()
    if byte(index) == UInt8(ascii: "]") {
      index += 1
      return list.value
    }
    while true {
      let element = try scan()
      if list.count & 0xFFF == 0xFFF, !machine.heap.fits(list.count, of: 16) {
        throw machine.memoryError()
      }
      machine.heap.append(element, to: list)
      skipSpace()
      let next = byte(index)
      if next == UInt8(ascii: "]") { break }
      guard next == UInt8(ascii: ",") else { throw failure("Expecting ',' delimiter", at: index) }
      index += 1
      skipSpace()
    }
    index += 1
    return list.value
  }

  private mutating func object() throws(Thrown) -> RawValue {
    try enter("object")
    defer { depth -= 1 }
    index += 1
    let wantsPairs = !hooks.pairs.isNone
    let heap = machine.heap
    let scope = HandleScope(machine)
    let made = wantsPairs ? machine.list([]) : heap.newDict().value
    scope.keep(made)
    let keyPlace = scope.keep(.none)
    skipSpace()
    if byte(index) == UInt8(ascii: "}") {
      index += 1
    } else {
      while true {
        guard byte(index) == UInt8(ascii: "\""), index < count else {
          throw failure("Expecting property name enclosed in double quotes", at: index)
        }
        index += 1
        let key = heap.intern(StringCell(try string()))
        scope[keyPlace] = key.value
        skipSpace()
        guard byte(index) == UInt8(ascii: ":") else {
          throw failure("Expecting ':' delimiter", at: index)
        }
        index += 1
        skipSpace()
        let element = try scan()
        if wantsPairs {
          heap.append(machine.tuple([key.value, element]), to: ListCell(made))
        } else {
          heap.set(key, element, in: DictCell(made))
        }
        skipSpace()
        let next = byte(index)
        if next == UInt8(ascii: "}") { break }
        guard next == UInt8(ascii: ",") else {
          throw failure("Expecting ',' delimiter", at: index)
        }
        index += 1
        skipSpace()
      }
      index += 1
    }
    if wantsPairs { return try machine.call(hooks.pairs, [made]) }
    if !hooks.object.isNone { return try machine.call(hooks.object, [made]) }
    return made
  }

  // MARK: Numbers and strings

  /// A number; nil when there is only a sign.
  private mutating func number() throws(Thrown) -> RawValue? {
    let start = index
    var end = index
    func isDigit(_ place: Int) -> Bool { byte(place) >= 0x30 && byte(place) <= 0x39 }
    if byte(end) == UInt8(ascii: "-") { end += 1 }
    guard isDigit(end) else { return nil }
    var magnitude: UInt64 = 0
    var isTooLarge = false
    if byte(end) == UInt8(ascii: "0") {
      end += 1
    } else {
      while isDigit(end) {
        let (tens, overflow) = magnitude.multipliedReportingOverflow(by: 10)
        let (sum, more) = tens.addingReportingOverflow(UInt64(byte(end) - 0x30))
        if overflow || more { isTooLarge = true }
        magnitude = sum
        end += 1
      }
    }
    var isFloat = false
    if byte(end) == UInt8(ascii: "."), isDigit(end + 1) {
      isFloat = true
      end += 1
      while isDigit(end) { end += 1 }
    }
    if byte(end) | 0x20 == UInt8(ascii: "e") {
      var place = end + 1
      if byte(place) == UInt8(ascii: "+") || byte(place) == UInt8(ascii: "-") { place += 1 }
      if isDigit(place) {
        isFloat = true
        while isDigit(place) { place += 1 }
        end = place
      }
    }
    index = end
    let hook = isFloat ? hooks.float : hooks.int
    if !hook.isNone {
      return try machine.call(hook, [piece(start, end).value])
    }
    if isFloat { return RawValue(double(start, end)) }
    let isNegative = byte(start) == UInt8(ascii: "-")
    guard !isTooLarge, magnitude <= UInt64(Int.max) + (isNegative ? 1 : 0) else {
      throw machine.overflowError()
    }
    return RawValue(
      isNegative ? Int(truncatingIfNeeded: 0 &- magnitude) : Int(truncatingIfNeeded: magnitude))
  }

  private func piece(_ start: Int, _ end: Int) -> StringCell {
    unsafe machine.heap.newString(bytes: bytes + start, count: end - start)
  }

  private func double(_ start: Int, _ end: Int) -> Double {
    // strtod wants an end of text after the number.
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: end - start + 1) { buffer in
      for place in start..<end { unsafe buffer[place - start] = CChar(bitPattern: byte(place)) }
      unsafe buffer[end - start] = 0
      guard let base = buffer.baseAddress else { return 0 }
      return unsafe strtod(base, nil)
    }
  }

  /// A string whose opening quote has been read.
  private mutating func string() throws(Thrown) -> RawValue {
    let start = index
    var isASCII = true
    while index < count {
      let byte = self.byte(index)
      if byte == UInt8(ascii: "\"") {
        let size = index - start
        let made = unsafe machine.heap.newString(
          bytes: bytes + start, count: size, scalars: isASCII ? size : nil)
        index += 1
        return made.value
      }
      if byte == UInt8(ascii: "\\") || byte < 0x20 { break }
      if byte >= 0x80 { isASCII = false }
      index += 1
    }
    return try stringWithEscapes(start)
  }

  private mutating func stringWithEscapes(_ start: Int) throws(Thrown) -> RawValue {
    var plain: [UInt8] = []
    for place in start..<index { plain.append(byte(place)) }
    while index < count {
      let next = byte(index)
      if next == UInt8(ascii: "\"") {
        index += 1
        return try machine.string(plain)
      }
      if next == UInt8(ascii: "\\") {
        try escape(start, into: &plain)
      } else if next < 0x20, hooks.isStrict {
        throw failure("Invalid control character at", at: index)
      } else {
        plain.append(next)
        index += 1
      }
    }
    throw failure("Unterminated string starting at", at: start - 1)
  }

  private mutating func escape(_ start: Int, into plain: inout [UInt8]) throws(Thrown) {
    let place = index
    guard place + 1 < count else { throw failure("Unterminated string starting at", at: start - 1) }
    index += 2
    switch byte(place + 1) {
    case UInt8(ascii: "\""): plain.append(UInt8(ascii: "\""))
    case UInt8(ascii: "\\"): plain.append(UInt8(ascii: "\\"))
    case UInt8(ascii: "/"): plain.append(UInt8(ascii: "/"))
    case UInt8(ascii: "b"): plain.append(0x08)
    case UInt8(ascii: "f"): plain.append(0x0C)
    case UInt8(ascii: "n"): plain.append(0x0A)
    case UInt8(ascii: "r"): plain.append(0x0D)
    case UInt8(ascii: "t"): plain.append(0x09)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if code & 0xFC00 == 0xD800, byte(index) == UInt8(ascii: "\\"),
        byte(index + 1) == UInt8(ascii: "u")
      {
        let saved = index
        index += 2
        let low = try hexadecimal()
        if low & 0xFC00 == 0xDC00 {
          code = 0x10000 + ((code & 0x3FF) << 10 | low & 0x3FF)
        } else {
          index = saved
        }
      }
      guard let scalar = Unicode.Scalar(code) else {
        throw machine.error(
          .value, "half of a surrogate pair cannot stand in a string here",
          notes: ["the escape is \\u" + String(code, radix: 16)])
      }
      plain += Array(String(Character(scalar)).utf8)
    default: throw failure("Invalid \\escape", at: place)
    }
  }

  /// The four digits of `\u`.
  private mutating func hexadecimal() throws(Thrown) -> UInt32 {
    var code: UInt32 = 0
    let start = index
    for _ in 0..<4 {
      let digit = byte(index)
      switch digit {
      case 0x30...0x39: code = code << 4 | UInt32(digit - 0x30)
      case 0x41...0x46: code = code << 4 | UInt32(digit - 0x41 + 10)
      case 0x61...0x66: code = code << 4 | UInt32(digit - 0x61 + 10)
      default: throw failure("Invalid \\uXXXX escape", at: start - 1)
      }
      index += 1
    }
    return code
  }
}

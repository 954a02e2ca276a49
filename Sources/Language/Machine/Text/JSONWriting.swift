import Catalog

/// How `json.dumps` writes.
struct JSONStyle {
  var skipsKeys = false
  var isASCII = true
  var checksCircles = true
  var allowsNaN = true
  var sortsKeys = false
  /// The text of one level; nil: all on one line.
  var indent: [UInt8]?
  var itemSeparator: [UInt8] = Array(", ".utf8)
  var keySeparator: [UInt8] = Array(": ".utf8)
  /// A function for what JSON does not know; None: an error.
  var fallback: RawValue = .none
}

/// Writes values as CPython's `json` does.
struct JSONTextWriter {
  private let machine: Machine
  private let style: JSONStyle
  private(set) var text: [UInt8] = []
  /// The containers that are being written.
  private var open: [UInt64] = []
  private var level = 0
  private var steps = 0

  init(_ machine: Machine, _ style: JSONStyle) {
    self.machine = machine
    self.style = style
  }

  /// May run script code; the value is kept by the caller.
  mutating func write(_ value: RawValue) throws(Thrown) {
    steps += 1
    if steps & 0x3FFF == 0 { try machine.safepoint() }
    switch value.tag {
    case RawValue.Tag.string: try write(StringCell(value))
    case RawValue.Tag.int: Machine.write(value.int, to: &text)
    case RawValue.Tag.bool: text += (value.bool ? "true" : "false").utf8
    case RawValue.Tag.none: text += "null".utf8
    case RawValue.Tag.float: text += try float(value.double).utf8
    case RawValue.Tag.list, RawValue.Tag.tuple: try writeRow(value)
    case RawValue.Tag.dict: try writeDict(DictCell(value), value)
    default: try writeOther(value)
    }
  }

  private func float(_ value: Double) throws(Thrown) -> String {
    if value.isFinite { return FloatText.repr(value) }
    guard style.allowsNaN else {
      throw machine.error(.value, "Out of range float values are not JSON compliant")
    }
    return value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity"
  }

  private mutating func writeOther(_ value: RawValue) throws(Thrown) {
    let plain = machine.plain(value)
    if !plain.isIdentical(to: value), !plain.isAnySet { return try write(plain) }
    let scope = HandleScope(machine)
    try enter(value)
    let other = try machine.call(style.fallback, [value])
    scope.keep(other)
    try write(other)
    open.removeLast()
  }

  private mutating func enter(_ value: RawValue) throws(Thrown) {
    if style.checksCircles, open.contains(value.bits) {
      throw machine.error(.value, "Circular reference detected")
    }
    if open.count >= Machine.depthLimit {
      throw machine.error(
        .recursion, "maximum recursion depth exceeded while encoding a JSON object")
    }
    open.append(value.bits)
  }

  private mutating func newLine() {
    guard let indent = style.indent else { return }
    text.append(0x0A)
    for _ in 0..<level { text += indent }
  }

  private mutating func writeRow(_ value: RawValue) throws(Thrown) {
    if Row(value)?.count == 0 {
      text += "[]".utf8
      return
    }
    try enter(value)
    level += 1
    // The default function may take the value out of the last container that had it.
    let scope = HandleScope(machine)
    scope.keep(value)
    text.append(UInt8(ascii: "["))
    var index = 0
    // The default function may change the list.
    while let row = Row(value), index < row.count {
      if index > 0 { text += style.itemSeparator }
      newLine()
      try write(row[index])
      index += 1
    }
    open.removeLast()
    level -= 1
    newLine()
    text.append(UInt8(ascii: "]"))
  }

  private mutating func writeDict(_ dict: DictCell, _ value: RawValue) throws(Thrown) {
    if dict.count == 0 {
      text += "{}".utf8
      return
    }
    try enter(value)
    level += 1
    text.append(UInt8(ascii: "{"))
    var isFirst = true
    let scope = HandleScope(machine)
    scope.keep(value)
    if style.sortsKeys {
      let keys = machine.heap.newList(count: 0, capacity: dict.count)
      dict.forEach { key, _ in machine.heap.append(key, to: keys) }
      scope.keep(keys.value)
      try machine.sort(keys, key: .none, isReversed: false)
      var index = 0
      while index < keys.count {
        let found = try machine.find(keys[index], in: dict)
        if found >= 0 { try writeEntry(keys[index], dict.value(found), &isFirst) }
        index += 1
      }
    } else {
      var index = 0
      while index < dict.used {
        if dict.isPresent(index) { try writeEntry(dict.key(index), dict.value(index), &isFirst) }
        index += 1
      }
    }
    open.removeLast()
    level -= 1
    if !isFirst { newLine() }
    text.append(UInt8(ascii: "}"))
  }

  private mutating func writeEntry(
    _ key: RawValue, _ value: RawValue, _ isFirst: inout Bool
  ) throws(Thrown) {
    let plain = machine.plain(key)
    let name: String?
    switch plain.tag {
    case RawValue.Tag.string: name = nil
    case RawValue.Tag.int: name = String(plain.int)
    case RawValue.Tag.bool: name = plain.bool ? "true" : "false"
    case RawValue.Tag.none: name = "null"
    case RawValue.Tag.float: name = try float(plain.double)
    default:
      if style.skipsKeys { return }
      throw machine.error(
        .type,
        "keys must be str, int, float, bool or None, not \(machine.typeName(key))")
    }
    if !isFirst { text += style.itemSeparator }
    isFirst = false
    newLine()
    if let name {
      text.append(0x22)
      text += name.utf8
      text.append(0x22)
    } else {
      try write(StringCell(plain))
    }
    text += style.keySeparator
    try write(value)
  }

  private mutating func write(_ string: StringCell) throws(Thrown) {
    text.append(0x22)
    let count = string.byteCount
    var index = 0
    while index < count {
      let byte = string.byte(index)
      index += 1
      if index & 0xF_FFFF == 0 { try machine.poll() }
      switch byte {
      case 0x22: text += "\\\"".utf8
      case 0x5C: text += "\\\\".utf8
      case 0x0A: text += "\\n".utf8
      case 0x0D: text += "\\r".utf8
      case 0x09: text += "\\t".utf8
      case 0x08: text += "\\b".utf8
      case 0x0C: text += "\\f".utf8
      case 0x00..<0x20: writeEscape(UInt32(byte))
      case 0x7F where style.isASCII: writeEscape(0x7F)
      case 0x80... where style.isASCII:
        let (scalar, width) = string.scalar(atByte: index - 1)
        index += width - 1
        if scalar.value < 0x10000 {
          writeEscape(scalar.value)
        } else {
          let rest = scalar.value - 0x10000
          writeEscape(0xD800 + (rest >> 10))
          writeEscape(0xDC00 + (rest & 0x3FF))
        }
      default: text.append(byte)
      }
    }
    text.append(0x22)
  }

  private mutating func writeEscape(_ code: UInt32) {
    text += "\\u".utf8
    for shift in [12, 8, 4, 0] as [UInt32] {
      let digit = UInt8(truncatingIfNeeded: code >> shift & 0xF)
      text.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10)
    }
  }
}

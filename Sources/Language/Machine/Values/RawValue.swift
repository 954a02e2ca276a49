/// The kinds of things on the machine's heap; the tag of a value that refers to one.
enum Kind: UInt8, CaseIterable {
  case string = 8
  case list
  case tuple
  case dict
  case set
  case frozenSet
  case range
  case slice
  case function
  case builtin
  case method
  case box
  case code
  case type
  case instance
  case exception
  case iterator
  case generator
  case native
  case dictView
  case descriptor
  case buffer
  case deque
}

/// A value of the machine: a tag and 64 bits, copied like a number, never counted.
///
/// Tags 0 to 6 are immediate; from 8 on the tag is the `Kind` of the heap cell that `bits` points
/// to. A value keeps nothing alive: it is rooted by standing in a register, in a cell that is
/// rooted, or in a `HandleScope`.
struct RawValue {
  var tag: UInt64
  var bits: UInt64

  enum Tag {
    static let int: UInt64 = 0
    static let float: UInt64 = 1
    static let bool: UInt64 = 2
    static let none: UInt64 = 3
    static let undefined: UInt64 = 4
    /// `...` and `NotImplemented`.
    static let special: UInt64 = 5
    /// Only in the registers of a loop over a range.
    static let rangeCursor: UInt64 = 6
    static let string = UInt64(Kind.string.rawValue)
    static let list = UInt64(Kind.list.rawValue)
    static let tuple = UInt64(Kind.tuple.rawValue)
    static let dict = UInt64(Kind.dict.rawValue)
    static let set = UInt64(Kind.set.rawValue)
    static let frozenSet = UInt64(Kind.frozenSet.rawValue)
    static let range = UInt64(Kind.range.rawValue)
    static let function = UInt64(Kind.function.rawValue)
    static let builtin = UInt64(Kind.builtin.rawValue)
    static let method = UInt64(Kind.method.rawValue)
    static let type = UInt64(Kind.type.rawValue)
    static let instance = UInt64(Kind.instance.rawValue)
    static let exception = UInt64(Kind.exception.rawValue)
    static let native = UInt64(Kind.native.rawValue)
    static let iterator = UInt64(Kind.iterator.rawValue)
    static let generator = UInt64(Kind.generator.rawValue)
    static let dictView = UInt64(Kind.dictView.rawValue)
    static let slice = UInt64(Kind.slice.rawValue)
    static let box = UInt64(Kind.box.rawValue)
    static let deque = UInt64(Kind.deque.rawValue)
  }

  /// No tag is higher.
  static let highestTag = UInt64(UInt8.max)

  @inline(__always)
  init(tag: UInt64, bits: UInt64) {
    self.tag = tag
    self.bits = bits
  }

  @inline(__always)
  init(_ int: Int) {
    self.init(tag: Tag.int, bits: UInt64(bitPattern: Int64(int)))
  }

  @inline(__always)
  init(_ double: Double) {
    self.init(tag: Tag.float, bits: double.bitPattern)
  }

  @inline(__always)
  init(_ bool: Bool) {
    self.init(tag: Tag.bool, bits: bool ? 1 : 0)
  }

  static var none: RawValue {
    @inline(__always) get { RawValue(tag: Tag.none, bits: 0) }
  }
  /// No value: an argument that was not given, a name without a value.
  static var undefined: RawValue {
    @inline(__always) get { RawValue(tag: Tag.undefined, bits: 0) }
  }
  static var ellipsis: RawValue { RawValue(tag: Tag.special, bits: 0) }
  static var notImplemented: RawValue { RawValue(tag: Tag.special, bits: 1) }

  @inline(__always) var isInt: Bool { tag == Tag.int }
  @inline(__always) var isFloat: Bool { tag == Tag.float }
  @inline(__always) var isBool: Bool { tag == Tag.bool }
  @inline(__always) var isNone: Bool { tag == Tag.none }
  @inline(__always) var isUndefined: Bool { tag == Tag.undefined }
  @inline(__always) var isString: Bool { tag == Tag.string }
  @inline(__always) var isList: Bool { tag == Tag.list }
  @inline(__always) var isTuple: Bool { tag == Tag.tuple }
  @inline(__always) var isDict: Bool { tag == Tag.dict }
  @inline(__always) var isHeap: Bool { tag >= 8 }
  var isNotImplemented: Bool { tag == Tag.special && bits == 1 }
  /// A list, a tuple: what has its elements in one row.
  var isSequence: Bool { isList || isTuple }
  var isAnySet: Bool { tag == Tag.set || tag == Tag.frozenSet }

  /// The integer; only meaningful when `isInt` or `isBool`.
  @inline(__always) var int: Int { Int(Int64(bitPattern: bits)) }
  /// The double; only meaningful when `isFloat`.
  @inline(__always) var double: Double { Double(bitPattern: bits) }
  /// The truth of a bool; only meaningful when `isBool`.
  @inline(__always) var bool: Bool { bits != 0 }

  /// nil for immediate values.
  var kind: Kind? { isHeap ? Kind(rawValue: UInt8(truncatingIfNeeded: tag)) : nil }

  /// An int or a bool as an integer.
  var integer: Int? { isInt || isBool ? int : nil }

  /// An int, a bool or a float as a double.
  var number: Double? {
    if isFloat { return double }
    return isInt || isBool ? Double(int) : nil
  }

  /// The same object, or the same immediate value.
  @inline(__always)
  func isIdentical(to other: RawValue) -> Bool { tag == other.tag && bits == other.bits }
}

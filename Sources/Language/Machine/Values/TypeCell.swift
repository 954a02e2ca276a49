/// A class: built in, of exceptions, or made by a script.
@safe struct TypeCell: CellView {
  @safe struct Layout {
    var header: Header
    /// The kind of its instances; `undefinedKind` for immediates.
    var instances: UInt64
    var name: RawValue
    /// A type, or none.
    var base: RawValue
    /// The methods and class attributes, a dict.
    var attributes: RawValue
    /// The builtin that makes an instance, or none.
    var maker: RawValue
    /// With the names of the functions and classes it stands in.
    var qualifiedName: RawValue
    /// The classes that derive from it, a list or none.
    var subclasses: RawValue = .none
    /// A `ClassPlan`, and the state of all classes that it was made for.
    var plan: UInt16 = 0
    var planVersion: UInt64 = 0
    /// `__init__` under `ClassPlan.plainObjects`.
    var initializer: RawValue = .none
    /// The shape of new objects' attributes; none before the first.
    var shape = Shapes.none
  }

  enum Flag {
    /// Its instances are exceptions.
    static let exception: UInt16 = 1
    /// Made by a script.
    static let script: UInt16 = 2
    /// Its instances have the attributes of `__slots__` only.
    static let slotted: UInt16 = 4
    /// It has abstract methods, so that it makes no instances.
    static let abstract: UInt16 = 8
    /// What it does as a class, functions say: the classes of `enum`.
    static let guided: UInt16 = 16
    /// The first of the guided classes, above all others for `isinstance`.
    static let guide: UInt16 = 32
  }

  static let kind = Kind.type
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  var name: StringCell { unsafe StringCell(at.pointee.name) }
  var base: TypeCell? {
    let value = unsafe at.pointee.base
    return value.isNone ? nil : TypeCell(value)
  }
  var attributes: DictCell { unsafe DictCell(at.pointee.attributes) }
  var maker: RawValue {
    get { unsafe at.pointee.maker }
    nonmutating set { unsafe at.pointee.maker = newValue }
  }
  /// The tag of its instances.
  var instances: UInt64 { unsafe at.pointee.instances }
  var isException: Bool { unsafe at.pointee.header.flags & Flag.exception != 0 }
  var isScript: Bool { unsafe at.pointee.header.flags & Flag.script != 0 }
  /// Neither made by a script nor one of those that functions say the ways of.
  var isBuiltIn: Bool { unsafe at.pointee.header.flags & (Flag.script | Flag.guided) == 0 }
  var isSlotted: Bool { unsafe at.pointee.header.flags & Flag.slotted != 0 }
  var isAbstract: Bool { unsafe at.pointee.header.flags & Flag.abstract != 0 }
  var qualifiedName: StringCell { unsafe StringCell(at.pointee.qualifiedName) }
  var subclasses: RawValue {
    get { unsafe at.pointee.subclasses }
    nonmutating set { unsafe at.pointee.subclasses = newValue }
  }

  var isGuided: Bool {
    get { unsafe at.pointee.header.flags & Flag.guided != 0 }
    nonmutating set { if newValue { unsafe at.pointee.header.flags |= Flag.guided } }
  }
  var isGuide: Bool {
    get { unsafe at.pointee.header.flags & Flag.guide != 0 }
    nonmutating set { if newValue { unsafe at.pointee.header.flags |= Flag.guide } }
  }

  /// The attribute of that name, its own or a base's.
  func find(_ name: StringCell) -> RawValue? {
    var type: TypeCell? = self
    while let current = type {
      if let value = current.attributes.value(named: name) { return value }
      type = current.base
    }
    return nil
  }

  /// Where the attribute of that name stands, its own or a base's.
  func place(of name: StringCell) -> (table: DictCell, index: Int)? {
    var type: TypeCell? = self
    while let current = type {
      let index = current.attributes.find(name)
      if index >= 0 { return (current.attributes, index) }
      type = current.base
    }
    return nil
  }

  /// The type and those above it, the nearest first.
  var line: [TypeCell] {
    var all: [TypeCell] = []
    var type: TypeCell? = self
    while let current = type {
      all.append(current)
      type = current.base
    }
    return all
  }

  func isKind(of other: TypeCell) -> Bool {
    // `IntEnum` extends `int`, and yet its members are enumerated.
    if other.isGuide, isGuided { return true }
    var type: TypeCell? = self
    while let current = type {
      if current.cell == other.cell { return true }
      type = current.base
    }
    return false
  }
}

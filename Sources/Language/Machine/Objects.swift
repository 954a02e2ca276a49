import Catalog

/// A function of a script: code, the variables it shares, its defaults.
@safe struct FunctionCell: CellView {
  @safe struct Layout {
    var header: Header
    var code: UnsafeMutablePointer<CodeCell.Layout>
    /// The defaults of the last positional parameters, a tuple or none.
    var defaults: RawValue
    /// The defaults of keyword-only parameters by name, a dict or none.
    var namedDefaults: RawValue
    /// Attributes set on it, a dict or none.
    var attributes: RawValue
    var captureCount: Int
  }
  static let kind = Kind.function
  static let captureOffset = MemoryLayout<Layout>.stride
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  @inline(__always) var code: CodeCell {
    unsafe CodeCell(Cell(UnsafeMutableRawPointer(at.pointee.code)))
  }

  /// The shared variables, as values that refer to boxes.
  @inline(__always) var captures: Registers {
    unsafe Registers(
      (cell.pointer + FunctionCell.captureOffset).assumingMemoryBound(to: RawValue.self))
  }

  var attributes: DictCell? {
    let value = unsafe at.pointee.attributes
    return value.isDict ? DictCell(value) : nil
  }
}

/// A builtin of the machine, or an entry of the library, as a value.
@safe struct BuiltinCell: CellView {
  @safe struct Layout {
    var header: Header
    /// The index in the machine's table of builtins.
    var index: Int
  }
  static let kind = Kind.builtin
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  @inline(__always) var index: Int { unsafe at.pointee.index }
}

/// A function together with its first argument: `items.append` without a call.
@safe struct MethodCell: CellView {
  @safe struct Layout {
    var header: Header
    var unused: Int
    var receiver: RawValue
    var function: RawValue
  }
  static let kind = Kind.method
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  var receiver: RawValue { unsafe at.pointee.receiver }
  var function: RawValue { unsafe at.pointee.function }
}

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

/// An object of a script's class.
@safe struct InstanceCell: CellView {
  @safe struct Layout {
    var header: Header
    var type: UnsafeMutablePointer<TypeCell.Layout>
    /// A dict.
    var attributes: RawValue
    /// The built-in object it extends, or none.
    var peer: RawValue
  }
  static let kind = Kind.instance
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  var type: TypeCell { unsafe TypeCell(Cell(UnsafeMutableRawPointer(at.pointee.type))) }
  var attributes: DictCell {
    get { unsafe DictCell(at.pointee.attributes) }
    nonmutating set { unsafe at.pointee.attributes = newValue.value }
  }
}

/// An exception: its class, its arguments, where it came from.
@safe struct ExceptionCell: CellView {
  @safe struct Layout {
    var header: Header
    var type: UnsafeMutablePointer<TypeCell.Layout>
    /// A tuple.
    var arguments: RawValue
    /// An exception or none.
    var cause: RawValue
    var context: RawValue
    /// Attributes, a dict or none.
    var attributes: RawValue
    /// The values the error is about, a tuple or none; for advice.
    var evidence: RawValue
    /// The places it passed, innermost first.
    var trace: UnsafeMutablePointer<TraceEntry>?
    var traceCount: Int
    var traceCapacity: Int
    /// What a failure of the library said beyond its message: a retained `FailureBox`.
    var failure: UnsafeMutableRawPointer?
  }

  @safe struct TraceEntry {
    var code: UnsafeMutablePointer<CodeCell.Layout>
    /// The index of the instruction.
    var instruction: Int
  }

  enum Flag {
    static let suppressesContext: UInt16 = 1
  }

  static let kind = Kind.exception
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  var type: TypeCell { unsafe TypeCell(Cell(UnsafeMutableRawPointer(at.pointee.type))) }
  var arguments: TupleCell {
    get { unsafe TupleCell(at.pointee.arguments) }
    nonmutating set { unsafe at.pointee.arguments = newValue.value }
  }
  /// The first argument or none: what a StopIteration says a generator has returned.
  var firstArgument: RawValue { arguments.count > 0 ? arguments[0] : .none }
  var cause: RawValue {
    get { unsafe at.pointee.cause }
    nonmutating set { unsafe at.pointee.cause = newValue }
  }
  var context: RawValue {
    get { unsafe at.pointee.context }
    nonmutating set { unsafe at.pointee.context = newValue }
  }
  var attributes: RawValue {
    get { unsafe at.pointee.attributes }
    nonmutating set { unsafe at.pointee.attributes = newValue }
  }
  var evidence: RawValue {
    get { unsafe at.pointee.evidence }
    nonmutating set { unsafe at.pointee.evidence = newValue }
  }
  var suppressesContext: Bool {
    get { unsafe at.pointee.header.flags & Flag.suppressesContext != 0 }
    nonmutating set {
      if newValue {
        unsafe at.pointee.header.flags |= Flag.suppressesContext
      } else {
        unsafe at.pointee.header.flags &= ~Flag.suppressesContext
      }
    }
  }

  /// What the library said, to be shown with it.
  var failure: Failure? {
    get {
      guard let pointer = unsafe at.pointee.failure else { return nil }
      return unsafe Unmanaged<FailureBox>.fromOpaque(pointer).takeUnretainedValue().failure
    }
    nonmutating set {
      if let old = unsafe at.pointee.failure {
        unsafe Unmanaged<FailureBox>.fromOpaque(old).release()
      }
      unsafe at.pointee.failure = newValue.map {
        unsafe Unmanaged.passRetained(FailureBox($0)).toOpaque()
      }
    }
  }
}

/// A failure as an object, so that a cell can own it.
final class FailureBox {
  let failure: Failure

  init(_ failure: Failure) { self.failure = failure }
}

/// An object of the library.
@safe struct NativeCell: CellView {
  @safe struct Layout {
    var header: Header
    var externalBytes: Int
    /// The two words of the existential, owned by the cell.
    var object: any Object
  }
  /// Bytes that an object takes beside those it reports: measured for a small tensor.
  static let overhead = 640
  static let kind = Kind.native
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  var object: any Object { unsafe at.pointee.object }
}

/// What walks over something: `iter(x)`, `zip`, `map`, `enumerate`.
///
/// The state is in the fields; what they mean depends on `form`.
@safe struct IteratorCell: CellView {
  @safe struct Layout {
    var header: Header
    var position: Int
    /// What is walked over.
    var source: RawValue
    /// The function of `map` and `filter`, or more state.
    var other: RawValue
    /// The number of a dict's entries at the start, a range's end.
    var limit: Int
    /// A Swift iterator of the library: a retained `ObjectWalk`.
    var walk: UnsafeMutableRawPointer?
  }

  enum Form: UInt32 {
    case list, tuple, string, range, dictKeys, dictValues, dictItems, set
    case dictKeysReversed, dictValuesReversed, dictItemsReversed
    case sequenceReversed
    case zip, map, filter, enumerate
    /// An object of the library.
    case object
    /// A script object with `__next__`.
    case instance
    /// `iter(f, sentinel)`: `source` is the function, `other` the sentinel.
    case calls
    /// An object with `__getitem__` only.
    case indexed
    /// Those of `itertools`.
    case chain, islice, count, cycle, `repeat`, accumulate, product, permutations, combinations
    case combinationsRepeated, compress, dropWhile, takeWhile, filterFalse, starMap, groupBy, group
    case tee, pairwise, zipLongest
    case exhausted
    case deque, dequeReversed
  }

  static let kind = Kind.iterator
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  var form: Form {
    get { unsafe Form(rawValue: at.pointee.header.extra) ?? .exhausted }
    nonmutating set { unsafe at.pointee.header.extra = newValue.rawValue }
  }
  var position: Int {
    get { unsafe at.pointee.position }
    nonmutating set { unsafe at.pointee.position = newValue }
  }
  var source: RawValue {
    get { unsafe at.pointee.source }
    nonmutating set { unsafe at.pointee.source = newValue }
  }
  var other: RawValue {
    get { unsafe at.pointee.other }
    nonmutating set { unsafe at.pointee.other = newValue }
  }
  var limit: Int {
    get { unsafe at.pointee.limit }
    nonmutating set { unsafe at.pointee.limit = newValue }
  }
}

/// An object's iterator, so that a cell can own it.
final class ObjectWalk {
  let iterator: any ObjectIterator

  init(_ iterator: any ObjectIterator) { self.iterator = iterator }
}

/// `d.keys()`, `d.values()`, `d.items()`.
@safe struct DictViewCell: CellView {
  @safe struct Layout {
    var header: Header
    var unused: Int
    var dict: RawValue
  }
  enum Form: UInt32 {
    case keys, values, items
  }
  static let kind = Kind.dictView
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  var form: Form { unsafe Form(rawValue: at.pointee.header.extra) ?? .keys }
  var dict: DictCell { unsafe DictCell(at.pointee.dict) }
}

/// `property`, `staticmethod`, `classmethod`.
@safe struct DescriptorCell: CellView {
  @safe struct Layout {
    var header: Header
    var unused: Int
    var getter: RawValue
    var setter: RawValue
    var deleter: RawValue
    /// The text of a property's `doc` argument, or none.
    var documentation: RawValue
  }
  enum Form: UInt32 {
    case property, staticMethod, classMethod
    /// A property that is computed once for each object.
    case cachedProperty
    /// An element of a tuple; `getter` is its index.
    case tupleField
    /// `super()`: the class whose base is looked in, and the object.
    case superProxy
    /// `int | str`: a tuple of types.
    case union
    /// `list[int]`: a type and a tuple of its parameters.
    case alias
  }
  static let kind = Kind.descriptor
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  var form: Form { unsafe Form(rawValue: at.pointee.header.extra) ?? .property }
  var getter: RawValue { unsafe at.pointee.getter }
  var setter: RawValue { unsafe at.pointee.setter }
  var deleter: RawValue { unsafe at.pointee.deleter }
  var documentation: RawValue {
    get { unsafe at.pointee.documentation }
    nonmutating set { unsafe at.pointee.documentation = newValue }
  }
}

/// A suspended generator: its frame, copied out of the stack.
@safe struct GeneratorCell: CellView {
  @safe struct Layout {
    var header: Header
    var function: RawValue
    /// The registers; nil while it runs and after its end.
    var registers: UnsafeMutablePointer<RawValue>?
    var registerCount: Int
    /// The index of the instruction to go on with.
    var instruction: Int
    /// The register that receives what is sent.
    var destination: Int
    /// What its own handlers are handling; undefined outside of them.
    var handled: RawValue
  }
  enum State: UInt32 {
    case fresh, suspended, running, finished
  }
  static let kind = Kind.generator
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  var function: FunctionCell { unsafe FunctionCell(at.pointee.function) }
  var state: State {
    get { unsafe State(rawValue: at.pointee.header.extra) ?? .finished }
    nonmutating set { unsafe at.pointee.header.extra = newValue.rawValue }
  }
}

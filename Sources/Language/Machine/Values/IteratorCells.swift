import Catalog

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
    // The raw values count the cases, as their representation in memory does.
    @inline(__always)
    get {
      unsafe unsafeBitCast(UInt8(truncatingIfNeeded: at.pointee.header.extra), to: Form.self)
    }
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

extension Heap {
  /// A view of a dict's keys, values or items.
  func newDictView(_ form: DictViewCell.Form, _ dict: RawValue) -> RawValue {
    let view = DictViewCell(
      allocate(MemoryLayout<DictViewCell.Layout>.size, .dictView, extra: form.rawValue))
    unsafe view.at.pointee.dict = dict
    return view.value
  }
}

/// A suspended generator: its frame, copied out of the stack.
@safe struct GeneratorCell: CellView {
  @safe struct Layout {
    var header: Header
    var function: RawValue
    /// The registers; nil after its end.
    var registers: UnsafeMutablePointer<RawValue>?
    var registerCount: Int
    /// The index of the instruction to go on with.
    var instruction: Int
    /// The register that receives what is sent.
    var destination: Int
    /// What its own handlers are handling; undefined outside of them.
    var handled: RawValue
    /// Its registers while it is parked.
    var place: UnsafeMutablePointer<RawValue>?
    /// What was being handled where it was asked to go on, and around that.
    var outer = (handled: RawValue.none, outside: RawValue.none)
  }
  enum State: UInt32 {
    case fresh, suspended, running, finished
    /// Suspended, and its registers still stand on the machine's stack.
    case parked
  }
  static let kind = Kind.generator
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  var function: FunctionCell { unsafe FunctionCell(at.pointee.function) }
  var state: State {
    @inline(__always) get {
      unsafe unsafeBitCast(UInt8(truncatingIfNeeded: at.pointee.header.extra), to: State.self)
    }
    nonmutating set { unsafe at.pointee.header.extra = newValue.rawValue }
  }
}

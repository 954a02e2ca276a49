import Glibc

/// A list: a row of values that grows.
@safe struct ListCell: CellView {
  @safe struct Layout {
    var header: Header
    var count: Int
    var capacity: Int
    var elements: UnsafeMutablePointer<RawValue>
  }
  static let kind = Kind.list
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  @inline(__always) var count: Int { unsafe at.pointee.count }
  @inline(__always) var elements: Registers { unsafe Registers(at.pointee.elements) }

  /// The element at an index that the caller has checked.
  @inline(__always)
  subscript(index: Int) -> RawValue {
    get { unsafe at.pointee.elements[index] }
    nonmutating set { unsafe at.pointee.elements[index] = newValue }
  }

  var array: [RawValue] { (0..<count).map { self[$0] } }
}

/// A tuple: a row of values that stays as it is.
@safe struct TupleCell: CellView {
  @safe struct Layout {
    var header: Header
    var count: Int
  }
  static let kind = Kind.tuple
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  @inline(__always) var count: Int { unsafe at.pointee.count }
  @inline(__always) var elements: Registers {
    unsafe Registers((cell.pointer + 16).assumingMemoryBound(to: RawValue.self))
  }

  @inline(__always)
  subscript(index: Int) -> RawValue {
    get { elements[index] }
    nonmutating set { elements[index] = newValue }
  }

  var array: [RawValue] { (0..<count).map { self[$0] } }
}

/// The elements of a list or a tuple, whichever it is.
struct Row {
  let elements: Registers
  let count: Int

  /// nil when `value` is neither.
  init?(_ value: RawValue) {
    if value.isList {
      elements = ListCell(value).elements
      count = ListCell(value).count
    } else if value.isTuple {
      elements = TupleCell(value).elements
      count = TupleCell(value).count
    } else {
      return nil
    }
  }

  subscript(index: Int) -> RawValue { elements[index] }
}

/// A range of integers, as Python's.
@safe struct RangeCell: CellView {
  @safe struct Layout {
    var header: Header
    var start: Int
    var stop: Int
    var step: Int
    var count: Int
  }
  static let kind = Kind.range
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  var start: Int { unsafe at.pointee.start }
  var stop: Int { unsafe at.pointee.stop }
  var step: Int { unsafe at.pointee.step }
  var count: Int { unsafe at.pointee.count }

  /// The element at an index within `0..<count`.
  @inline(__always)
  subscript(index: Int) -> Int { start &+ index &* step }
}

/// What stands between brackets: `lower:upper:step`, each None when left out.
@safe struct SliceCell: CellView {
  @safe struct Layout {
    var header: Header
    var unused: Int
    var lower: RawValue
    var upper: RawValue
    var step: RawValue
  }
  static let kind = Kind.slice
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  var lower: RawValue { unsafe at.pointee.lower }
  var upper: RawValue { unsafe at.pointee.upper }
  var step: RawValue { unsafe at.pointee.step }
}

/// One variable that closures share.
@safe struct BoxCell: CellView {
  @safe struct Layout {
    var header: Header
    var unused: Int
    var content: RawValue
  }
  static let kind = Kind.box
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  @inline(__always)
  var content: RawValue {
    get { unsafe at.pointee.content }
    nonmutating set { unsafe at.pointee.content = newValue }
  }
}

extension Heap {
  /// A list of `count` elements, which the caller sets before anything else happens.
  ///
  /// - Parameter capacity: room for so many elements; the caller has checked `fits`.
  @inline(__always)
  func newList(count: Int, capacity: Int) -> ListCell {
    let list = ListCell(allocate(MemoryLayout<ListCell.Layout>.size, .list))
    let room = max(capacity, count)
    let bytes = room &* MemoryLayout<RawValue>.stride
    unsafe list.at.pointee.count = count
    unsafe list.at.pointee.capacity = room
    unsafe list.at.pointee.elements = buffer(bytes).assumingMemoryBound(to: RawValue.self)
    return list
  }

  func newList(_ values: [RawValue]) -> ListCell {
    let list = newList(count: values.count, capacity: values.count)
    for (index, value) in values.enumerated() { list[index] = value }
    return list
  }

  func newList(copying elements: Registers, count: Int) -> ListCell {
    let list = newList(count: count, capacity: count)
    list.elements.copy(from: elements, count: count)
    return list
  }

  @inline(__always)
  func newTuple(count: Int) -> TupleCell {
    let tuple = TupleCell(allocate(16 &+ count &* MemoryLayout<RawValue>.stride, .tuple))
    unsafe tuple.at.pointee.count = count
    return tuple
  }

  func newTuple(_ values: [RawValue]) -> TupleCell {
    let tuple = newTuple(count: values.count)
    for (index, value) in values.enumerated() { tuple[index] = value }
    return tuple
  }

  /// A tuple of one.
  @inline(__always)
  func newTuple(of value: RawValue) -> TupleCell {
    let tuple = newTuple(count: 1)
    tuple[0] = value
    return tuple
  }

  /// A tuple of two.
  @inline(__always)
  func newPair(_ first: RawValue, _ second: RawValue) -> RawValue {
    let pair = newTuple(count: 2)
    pair[0] = first
    pair[1] = second
    return pair.value
  }

  func newTuple(copying elements: Registers, count: Int) -> TupleCell {
    let tuple = newTuple(count: count)
    tuple.elements.copy(from: elements, count: count)
    return tuple
  }

  @inline(__always)
  func append(_ value: RawValue, to list: ListCell) {
    let count = list.count
    if unsafe count == list.at.pointee.capacity { grow(list, to: count + 1) }
    list[count] = value
    unsafe list.at.pointee.count = count &+ 1
  }

  /// Makes room for `count` elements, with some to spare; the caller has checked `fits`.
  @inline(never)
  func grow(_ list: ListCell, to count: Int) {
    let old = unsafe list.at.pointee.capacity
    guard count > old else { return }
    // A list that gets its elements at once may keep just these.
    let new = list.count == 0 && count > 4 ? count : count + (count >> 1) + 6
    let stride = MemoryLayout<RawValue>.stride
    unsafe list.at.pointee.elements = resize(
      UnsafeMutableRawPointer(list.at.pointee.elements), from: old * stride, to: new * stride
    ).assumingMemoryBound(to: RawValue.self)
    unsafe list.at.pointee.capacity = new
  }

  /// Replaces `range` by `values`, which are not the list's own storage.
  func replace(_ range: Range<Int>, of list: ListCell, with values: Row?) {
    let elements = unsafe makeGap(range, in: list, of: values?.count ?? 0)
    if let values {
      unsafe elements.update(from: values.elements.base, count: values.count)
    }
  }

  /// Replaces `range` by `count` places, which the caller fills.
  private func makeGap(
    _ range: Range<Int>, in list: ListCell, of count: Int
  ) -> UnsafeMutablePointer<RawValue> {
    let old = list.count
    let new = old - range.count + count
    grow(list, to: new)
    let elements = unsafe list.at.pointee.elements
    unsafe memmove(
      elements + range.lowerBound + count, elements + range.upperBound,
      (old - range.upperBound) * MemoryLayout<RawValue>.stride)
    unsafe list.at.pointee.count = new
    return unsafe elements + range.lowerBound
  }

  func insert(_ value: RawValue, at index: Int, in list: ListCell) {
    unsafe makeGap(index..<index, in: list, of: 1).pointee = value
  }

  /// Gives two lists one another's rows.
  func exchange(_ one: ListCell, _ other: ListCell) {
    let (first, second) = unsafe (one.at.pointee, other.at.pointee)
    unsafe one.at.pointee = second
    unsafe one.at.pointee.header = first.header
    unsafe other.at.pointee = first
    unsafe other.at.pointee.header = second.header
  }

  @discardableResult
  func remove(at index: Int, from list: ListCell) -> RawValue {
    let removed = list[index]
    let count = list.count
    let elements = unsafe list.at.pointee.elements
    unsafe memmove(
      elements + index, elements + index + 1,
      (count - index - 1) * MemoryLayout<RawValue>.stride)
    unsafe list.at.pointee.count = count - 1
    return removed
  }

  func truncate(_ list: ListCell, to count: Int) {
    unsafe list.at.pointee.count = min(list.count, max(0, count))
  }

  /// The range of Python's `range(start, stop, step)`; `step` is not 0.
  ///
  /// nil: it has more elements than an integer can count.
  func newRange(_ start: Int, _ stop: Int, _ step: Int) -> RangeCell? {
    guard let count = Heap.rangeCount(start, stop, step) else { return nil }
    let range = RangeCell(allocate(MemoryLayout<RangeCell.Layout>.size, .range))
    unsafe range.at.pointee.start = start
    unsafe range.at.pointee.stop = stop
    unsafe range.at.pointee.step = step
    unsafe range.at.pointee.count = count
    return range
  }

  static func rangeCount(_ start: Int, _ stop: Int, _ step: Int) -> Int? {
    if step > 0 ? start >= stop : start <= stop { return 0 }
    let (distance, overflow) =
      step > 0
      ? stop.subtractingReportingOverflow(start) : start.subtractingReportingOverflow(stop)
    let magnitude = step.magnitude
    let wide = overflow ? UInt(bitPattern: distance) : UInt(distance)
    return Int(exactly: (wide - 1) / magnitude + 1)
  }

  func newSlice(_ lower: RawValue, _ upper: RawValue, _ step: RawValue) -> SliceCell {
    let slice = SliceCell(allocate(MemoryLayout<SliceCell.Layout>.size, .slice))
    unsafe slice.at.pointee.lower = lower
    unsafe slice.at.pointee.upper = upper
    unsafe slice.at.pointee.step = step
    return slice
  }
}

import Catalog

/// A deque: a ring of values that grows at both ends.
@safe struct DequeCell: CellView {
  @safe struct Layout {
    var header: Header
    var count: Int
    /// A power of two, or 0.
    var capacity: Int
    /// The place of the first value.
    var head: Int
    var elements: UnsafeMutablePointer<RawValue>?
    /// -1: no limit.
    var limit: Int
    /// Grows with every change of length, for iterators.
    var version: Int
  }
  static let kind = Kind.deque
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  @inline(__always) var count: Int { unsafe at.pointee.count }
  var limit: Int { unsafe at.pointee.limit }
  var version: Int { unsafe at.pointee.version }

  @inline(__always)
  private func place(_ index: Int) -> Int {
    unsafe (at.pointee.head &+ index) & (at.pointee.capacity &- 1)
  }

  /// The value at an index that the caller has checked.
  @inline(__always)
  subscript(index: Int) -> RawValue {
    get {
      guard let elements = unsafe at.pointee.elements else { return .none }
      return unsafe elements[place(index)]
    }
    nonmutating set { unsafe at.pointee.elements?[place(index)] = newValue }
  }

  var array: [RawValue] { (0..<count).map { self[$0] } }

  func clear() {
    unsafe at.pointee.count = 0
    unsafe at.pointee.head = 0
    unsafe at.pointee.version &+= 1
  }

  /// The value at the end, which is taken away; the deque is not empty.
  func popLast() -> RawValue {
    let last = self[count - 1]
    unsafe at.pointee.count -= 1
    unsafe at.pointee.version &+= 1
    return last
  }

  func popFirst() -> RawValue {
    let first = self[0]
    unsafe at.pointee.head = place(1)
    unsafe at.pointee.count -= 1
    unsafe at.pointee.version &+= 1
    return first
  }

  func rotate(_ steps: Int) {
    guard count > 1 else { return }
    let shift = ((steps % count) + count) % count
    if shift == 0 { return }
    unsafe at.pointee.version &+= 1
    if unsafe count == at.pointee.capacity {
      unsafe at.pointee.head = place(count - shift)
      return
    }
    let values = array
    for index in 0..<count { self[(index + shift) % count] = values[index] }
  }
}

extension Heap {
  func newDeque(limit: Int = -1) -> DequeCell {
    let deque = DequeCell(allocate(MemoryLayout<DequeCell.Layout>.size, .deque))
    unsafe deque.at.initialize(
      to: DequeCell.Layout(
        header: deque.cell.header, count: 0, capacity: 0, head: 0, elements: nil, limit: limit,
        version: 0))
    return deque
  }

  /// Makes room for one more value; the caller has checked `fits`.
  @inline(never)
  private func grow(_ deque: DequeCell) {
    let old = unsafe deque.at.pointee.capacity
    let new = max(8, old * 2)
    let values = deque.array
    let stride = MemoryLayout<RawValue>.stride
    unsafe release(UnsafeMutableRawPointer(deque.at.pointee.elements), old * stride)
    unsafe deque.at.pointee.elements = buffer(new * stride).assumingMemoryBound(
      to: RawValue.self)
    unsafe deque.at.pointee.capacity = new
    unsafe deque.at.pointee.head = 0
    for index in values.indices { deque[index] = values[index] }
  }

  /// Adds a value at the end; one at the beginning goes where the deque is full.
  @inline(__always)
  func append(_ value: RawValue, to deque: DequeCell) {
    if deque.limit >= 0 {
      if deque.limit == 0 { return }
      if deque.count >= deque.limit { _ = deque.popFirst() }
    }
    if unsafe deque.count == deque.at.pointee.capacity { grow(deque) }
    unsafe deque.at.pointee.count += 1
    deque[deque.count - 1] = value
    unsafe deque.at.pointee.version &+= 1
  }

  func prepend(_ value: RawValue, to deque: DequeCell) {
    if deque.limit >= 0 {
      if deque.limit == 0 { return }
      if deque.count >= deque.limit { _ = deque.popLast() }
    }
    if unsafe deque.count == deque.at.pointee.capacity { grow(deque) }
    unsafe deque.at.pointee.head =
      (deque.at.pointee.head &- 1) & (deque.at.pointee.capacity &- 1)
    unsafe deque.at.pointee.count += 1
    deque[0] = value
    unsafe deque.at.pointee.version &+= 1
  }

  func release(_ deque: DequeCell) {
    unsafe release(
      UnsafeMutableRawPointer(deque.at.pointee.elements),
      deque.at.pointee.capacity * MemoryLayout<RawValue>.stride)
  }
}

extension Machine {
  /// `deque[index]` for an index or a negative one.
  func place(_ key: RawValue, in deque: DequeCell) throws(Thrown) -> Int {
    guard let wanted = try integer(ifIndex: key) else {
      throw error(
        .type, "sequence index must be integer, not '\(typeName(key))'", code: "L106")
    }
    let index = wanted < 0 ? wanted + deque.count : wanted
    guard index >= 0, index < deque.count else {
      throw error(.index, "deque index out of range", code: "L107")
    }
    return index
  }

  func copy(_ deque: DequeCell) -> DequeCell {
    let made = heap.newDeque(limit: deque.limit)
    for index in 0..<deque.count { heap.append(deque[index], to: made) }
    return made
  }

  /// Appends what an iterable gives, which may be the deque itself.
  func extend(_ deque: DequeCell, with source: RawValue, atStart: Bool = false) throws(Thrown) {
    if source.tag == RawValue.Tag.deque || source.isList || source.isTuple {
      let values =
        source.tag == RawValue.Tag.deque ? DequeCell(source).array : try elements(source)
      guard heap.fits(values.count, of: 64) else { throw memoryError() }
      for (index, value) in values.enumerated() {
        if atStart { heap.prepend(value, to: deque) } else { heap.append(value, to: deque) }
        if index & 0xFFFF == 0xFFFF { try poll() }
      }
      return
    }
    let scope = HandleScope(self)
    scope.keep(deque.value)
    try forEach(source) { element throws(Thrown) in
      if deque.count & 0xFFFF == 0xFFFF, !heap.fits(deque.count, of: 64) { throw memoryError() }
      if atStart { heap.prepend(element, to: deque) } else { heap.append(element, to: deque) }
      return true
    }
  }

  /// The next element of an iterator over a deque.
  func nextOfDeque(_ cell: IteratorCell) throws(Thrown) -> RawValue {
    guard cell.source.tag == RawValue.Tag.deque else { return .undefined }
    let deque = DequeCell(cell.source)
    if cell.limit != deque.version {
      cell.source = .none
      throw error(.runtime, "deque mutated during iteration", code: "L112")
    }
    let index = cell.position
    guard index >= 0, index < deque.count else {
      cell.source = .none
      return .undefined
    }
    cell.position = cell.form == .deque ? index + 1 : index - 1
    return deque[index]
  }

  /// `+` and `*` with a deque; nil: not for it.
  func deques(
    _ operation: Operation, _ a: RawValue, _ b: RawValue, isInPlace: Bool
  ) throws(Thrown) -> RawValue? {
    if operation == .add, a.tag == RawValue.Tag.deque {
      if isInPlace {
        try extend(DequeCell(a), with: b)
        return a
      }
      guard b.tag == RawValue.Tag.deque else {
        throw error(
          .type, "can only concatenate deque (not \"\(typeName(b))\") to deque", code: "L104")
      }
      let made = copy(DequeCell(a))
      try extend(made, with: b)
      return made.value
    }
    guard operation == .multiply else { return nil }
    let isLeft = a.tag == RawValue.Tag.deque
    guard let times = (isLeft ? b : a).integer else { return nil }
    let deque = DequeCell(isLeft ? a : b)
    let values = deque.array
    let (total, overflow) = values.count.multipliedReportingOverflow(by: max(0, times))
    let most = deque.limit >= 0 ? min(total, deque.limit + values.count) : total
    guard !overflow || deque.limit >= 0, heap.fits(most, of: 64) else { throw memoryError() }
    let made = isInPlace && isLeft ? deque : heap.newDeque(limit: deque.limit)
    made.clear()
    if values.isEmpty || times <= 0 { return made.value }
    // Of a limited deque only the last rounds are left.
    let needed = deque.limit >= 0 ? deque.limit / values.count + 1 : times
    for _ in 0..<min(times, needed) {
      for value in values { heap.append(value, to: made) }
    }
    return made.value
  }

  /// Whether two deques are equal, or their order.
  func compareDeques(
    _ code: ComparisonCode, _ a: DequeCell, _ b: DequeCell
  ) throws(Thrown) -> Bool {
    let scope = HandleScope(self)
    let left = list(a.array)
    scope.keep(left)
    let right = list(b.array)
    scope.keep(right)
    return try truth(compare(code, left, right))
  }

  func writeDeque(_ deque: DequeCell, to text: inout [UInt8]) throws(Thrown) {
    text += "deque([".utf8
    var index = 0
    while index < deque.count {
      if index > 0 { text += ", ".utf8 }
      try write(deque[index], to: &text, isRepr: true)
      index += 1
    }
    text += deque.limit < 0 ? "])".utf8 : "], maxlen=\(deque.limit))".utf8
  }
}

import Catalog

/// Instructions of `for` loops that are longer than a few machine instructions; never inlined.
extension Machine {
  @inline(never)
  func startLoop(_ walk: Registers, _ source: RawValue) throws(Thrown) {
    switch source.tag {
    case RawValue.Tag.range:
      let range = RangeCell(source)
      walk[0] = RawValue(
        tag: RawValue.Tag.rangeCursor, bits: UInt64(bitPattern: Int64(range.start)))
      walk[1] = RawValue(range.count)
      walk[2] = RawValue(range.step)
    case RawValue.Tag.list, RawValue.Tag.tuple, RawValue.Tag.string:
      walk[0] = source
      walk[1] = RawValue(0)
    case RawValue.Tag.dict:
      walk[0] = source
      walk[1] = RawValue(0)
      walk[2] = RawValue(DictCell(source).count)
    default: walk[0] = try iterator(over: source)
    }
  }

  /// Whether a walk over it may begin later than it was asked for and give the same.
  @inline(__always)
  static func isRow(_ source: RawValue) -> Bool {
    source.isList || source.isTuple || source.isString || source.tag == RawValue.Tag.range
  }

  @inline(never)
  func changedSize() -> Thrown {
    error(.runtime, "dictionary changed size during iteration", code: "L112")
  }

  /// Where the two parts of a loop's element go when it is unpacked at once; nil: it is not.
  @inline(__always)
  static func pairUnpacking(
    _ next: UnsafeMutablePointer<Instruction>, of register: UInt16
  ) -> Int? {
    let step = unsafe next.pointee
    guard step.operation == .unpack, step.a == register, step.c == 2 else { return nil }
    return Int(step.b)
  }

  /// The parts of the next pair that `enumerate`, `zip` or the items of a dict give, without the
  /// tuple; false: there is none, nil: the iterator gives something else, or not so quickly.
  @inline(never)
  func nextPair(_ cell: IteratorCell, _ parts: Registers) throws(Thrown) -> Bool? {
    switch cell.form {
    case .enumerate:
      let position = cell.position
      guard position < Int.max else { return nil }
      let element = try advance(cell.source)
      if element.isUndefined { return false }
      cell.position = position + 1
      parts[0] = RawValue(position)
      parts[1] = element
    case .zip:
      let iterators = TupleCell(cell.source)
      guard iterators.count == 2, !iterators[0].isIdentical(to: iterators[1]),
        isAtHand(iterators[0]), isAtHand(iterators[1]),
        let first = quickNext(iterators[0]), let second = quickNext(iterators[1])
      else { return nil }
      parts[0] = first
      parts[1] = second
    case .dictItems:
      let dict = DictCell(cell.source)
      var index = cell.position
      while index < dict.used, !dict.isPresent(index) { index += 1 }
      guard dict.count == cell.limit, index < dict.used else { return nil }
      cell.position = index + 1
      parts[0] = dict.key(index)
      parts[1] = dict.value(index)
    default: return nil
    }
    return true
  }

  /// The next element of a loop over something other than a range, list or dict.
  @inline(never)
  func nextOfLoop(_ walk: Registers) throws(Thrown) -> RawValue {
    let source = walk[0]
    let index = walk[1].int
    switch source.tag {
    case RawValue.Tag.tuple:
      let tuple = TupleCell(source)
      guard index < tuple.count else { return .undefined }
      walk[1] = RawValue(index + 1)
      return tuple[index]
    case RawValue.Tag.string:
      let string = StringCell(source)
      guard index < string.byteCount else { return .undefined }
      let width = StringCell.width(string.byte(index))
      walk[1] = RawValue(index + width)
      return heap.substring(string, fromByte: index, toByte: index + width).value
    default: return try next(source)
    }
  }
}

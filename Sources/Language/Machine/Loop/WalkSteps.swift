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

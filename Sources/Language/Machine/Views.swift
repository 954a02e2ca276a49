import Glibc

extension Heap {
  /// A view of a dict's keys, values or items.
  func newDictView(_ form: DictViewCell.Form, _ dict: RawValue) -> RawValue {
    let view = DictViewCell(
      allocate(MemoryLayout<DictViewCell.Layout>.size, .dictView, extra: form.rawValue))
    unsafe view.at.pointee.dict = dict
    return view.value
  }

  /// Makes the table of a set anew when more than a quarter of its slots held elements that were
  /// removed, as CPython does after a difference.
  func dropDeleted(_ set: SetCell) {
    let (fill, mask) = unsafe (set.at.pointee.fill, set.at.pointee.mask)
    guard fill - set.count > mask / 4 else { return }
    resize(set, set.count > 50_000 ? set.count * 2 : set.count * 4)
  }

  /// Strings with another between them; the caller has added up their bytes and scalars.
  ///
  /// - Parameter pause: called now and then; it throws when the work is to stop.
  func joined<E: Error>(
    _ row: Row, _ separator: StringCell, bytes: Int, scalars: Int, pause: () throws(E) -> Void
  ) throws(E) -> StringCell {
    let result = newString(count: bytes, scalars: scalars, room: bytes)
    var place = unsafe result.bytes
    for index in 0..<row.count {
      if index > 0 {
        unsafe memcpy(place, separator.bytes, separator.byteCount)
        unsafe place += separator.byteCount
      }
      let part = StringCell(row[index])
      unsafe memcpy(place, part.bytes, part.byteCount)
      unsafe place += part.byteCount
      if index & 0xFFFF == 0xFFFF { try pause() }
    }
    return result
  }

  /// Gives two sets one another's tables.
  func exchange(_ one: SetCell, _ other: SetCell) {
    let (first, second) = unsafe (one.at.pointee, other.at.pointee)
    unsafe one.at.pointee = second
    unsafe one.at.pointee.header = first.header
    unsafe other.at.pointee = first
    unsafe other.at.pointee.header = second.header
  }
}

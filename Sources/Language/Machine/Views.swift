extension Heap {
  /// A view of a dict's keys, values or items.
  func newDictView(_ form: DictViewCell.Form, _ dict: RawValue) -> RawValue {
    let view = DictViewCell(
      allocate(MemoryLayout<DictViewCell.Layout>.size, .dictView, extra: form.rawValue))
    unsafe view.at.pointee.dict = dict
    return view.value
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

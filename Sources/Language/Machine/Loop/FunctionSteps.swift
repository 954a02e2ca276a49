import Catalog

/// Instructions that make functions and what stands for them; never inlined.
extension Machine {
  @inline(never)
  func makeFunction(_ code: CodeCell, _ parts: Registers) -> RawValue {
    let count = code.facts.captureNames.count
    let size = FunctionCell.captureOffset + count * MemoryLayout<RawValue>.stride
    let cell = FunctionCell(heap.allocate(size, .function))
    unsafe cell.at.initialize(
      to: FunctionCell.Layout(
        header: cell.cell.header, code: code.at, defaults: parts[0], namedDefaults: parts[1],
        attributes: .none, captureCount: count))
    for index in 0..<count { cell.captures[index] = parts[2 + index] }
    return cell.value
  }

  /// `super()`: the attributes of the class above, bound to the first argument.
  @inline(never)
  func superObject(_ owner: RawValue, _ receiver: RawValue) throws(Thrown) -> RawValue {
    guard owner.tag == RawValue.Tag.type else {
      throw error(.runtime, "super(): empty __class__ cell")
    }
    let type = receiver.tag == RawValue.Tag.type ? TypeCell(receiver) : type(of: receiver)
    guard type.isKind(of: TypeCell(owner)) || self.type(of: receiver).isKind(of: TypeCell(owner))
    else {
      throw error(.type, "super(type, obj): obj must be an instance or subtype of type")
    }
    return newDescriptor(.superProxy, owner, receiver)
  }

  func newDescriptor(
    _ form: DescriptorCell.Form, _ getter: RawValue, _ setter: RawValue = .none,
    _ deleter: RawValue = .none
  ) -> RawValue {
    let cell = DescriptorCell(
      heap.allocate(
        MemoryLayout<DescriptorCell.Layout>.size, .descriptor, extra: form.rawValue))
    unsafe cell.at.pointee.getter = getter
    unsafe cell.at.pointee.setter = setter
    unsafe cell.at.pointee.deleter = deleter
    cell.documentation = .none
    return cell.value
  }
}

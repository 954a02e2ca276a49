internal import CKernels

extension Tensor {
  /// Softmax of contiguous rows, or its logarithm.
  func fillSoftmax(of input: Tensor, logarithm: Bool) {
    guard count > 0, let columns = shape.last else { return }
    unsafe gk_softmax(
      Int32(dtype.rawValue), logarithm ? 1 : 0, count / columns, columns, pointer, input.pointer)
  }
}

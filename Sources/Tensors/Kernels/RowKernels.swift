internal import CKernels
internal import Catalog

extension Tensor {
  /// Softmax of contiguous rows, or its logarithm.
  func fillSoftmax(of input: Tensor, logarithm: Bool, watch: Pending? = nil) {
    guard count > 0, let columns = shape.last else { return }
    let rows = count / columns
    let part = watch == nil ? rows : Swift.max(1, Workers.stretch / columns)
    for row in stride(from: 0, to: rows, by: part) {
      if let watch, watch.reasons.contains(.interrupt) { return }
      unsafe gk_softmax(
        Int32(dtype.rawValue), logarithm ? 1 : 0, Swift.min(part, rows - row), columns,
        pointer(row * columns), input.pointer(row * columns))
    }
  }
}

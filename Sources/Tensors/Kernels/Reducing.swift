internal import CKernels
internal import Catalog

/// Folds over axes; raw values are those of `kernels.h`.
enum FoldKernel: Int32 {
  case sum = 0
  case product = 2
  case maximum = 7
  case minimum = 8

  var binary: BinaryKernel {
    switch self {
    case .sum: .add
    case .product: .multiply
    case .maximum: .maximum
    case .minimum: .minimum
    }
  }
}

extension Tensor {
  /// Folds the axes marked in `folded` into `result`, which has them with size one.
  ///
  /// Like NumPy: the axis with the smallest stride is walked innermost. When it is folded, each run
  /// is summed pairwise; otherwise whole rows are added one after the other. Both orders depend on
  /// shape and strides alone.
  func fold(_ kernel: FoldKernel, _ folded: [Bool], into result: Tensor) {
    guard count > 0 else { return }
    let kind = Int32(dtype.rawValue)
    // Outer axes first: large strides before small ones, ties in order.
    let order = (0..<rank).sorted {
      let (a, b) = (Swift.abs(strides[$0]), Swift.abs(strides[$1]))
      return a == b ? $0 < $1 : a > b
    }
    var (sizes, from, to) = (Shape(), Shape(), Shape())
    for axis in order {
      sizes.unchecked(append: shape[axis])
      from.unchecked(append: strides[axis])
      to.unchecked(append: folded[axis] ? 0 : result.strides[axis])
    }
    Walk(sizes, to, from, from).forEach { n, at, step in
      if step.0 == 0 {
        unsafe gk_reduce(kernel.rawValue, kind, n, result.pointer(at.0), pointer(at.1), step.1)
      } else {
        unsafe gk_binary(
          kernel.binary.rawValue, kind, n, result.pointer(at.0), step.0, result.pointer(at.0),
          step.0, pointer(at.1), step.1)
      }
    }
  }

  /// The first place of the largest (or smallest) element along an axis, into an i64 `result`
  /// without that axis.
  func findExtreme(largest: Bool, axis: Int, into result: Tensor) {
    let (n, step) = (shape[axis], strides[axis])
    let (outer, from) = (shape.removing(axis), strides.removing(axis))
    Walk(outer, result.strides, from, from).forEach { count, at, steps in
      for i in 0..<count {
        let place = unsafe gk_argextreme(
          largest ? 1 : 0, Int32(dtype.rawValue), n, pointer(at.1 + i * steps.1), step)
        unsafe result.pointer(at.0 + i * steps.0).storeBytes(of: place, as: Int.self)
      }
    }
  }

  /// Running sums or products along an axis, in order, into `result` of the same shape and dtype.
  func accumulate(
    _ kernel: FoldKernel, axis: Int, into result: Tensor, watch: Pending? = nil
  ) {
    let n = shape[axis]
    guard count > 0 else { return }
    let kind = Int32(dtype.rawValue)
    let (outer, from, to) = (
      shape.removing(axis), strides.removing(axis), result.strides.removing(axis)
    )
    let (step, out) = (strides[axis], result.strides[axis])
    Walk(outer, to, from, from).forEach { count, at, steps in
      unsafe gk_cast(
        kind, kind, count, result.pointer(at.0), steps.0, pointer(at.1), steps.1)
      for i in 1..<Swift.max(n, 1) {
        if let watch, i & 0xFFFF == 0, watch.reasons.contains(.interrupt) { return }
        unsafe gk_binary(
          kernel.binary.rawValue, kind, count, result.pointer(at.0 + i * out), steps.0,
          result.pointer(at.0 + (i - 1) * out), steps.0, pointer(at.1 + i * step), steps.1)
      }
    }
  }
}

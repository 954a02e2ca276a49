internal import CKernels
internal import Catalog

/// Two operands of one dtype to one result; raw values are those of `kernels.h`.
enum BinaryKernel: Int32 {
  case add, subtract, multiply, divide, floorDivide, remainder, power, maximum, minimum
  case and, or, xor, shiftLeft, shiftRight, atan2
}

/// Two operands of one dtype to truth values.
enum ComparisonKernel: Int32 {
  case less, lessOrEqual, equal, notEqual
}

/// One operand to one result.
enum UnaryKernel: Int32 {
  case negate, abs, sign, square, invert, not
  case sqrt, exp, log, expm1, log1p, log2, log10
  case sin, cos, tan, asin, acos, atan, sinh, cosh, tanh
  case sigmoid, softplus, relu, erf
  case floor, ceil, round, trunc, reciprocal
  case isNaN, isInfinite, isFinite

  var givesTruth: Bool {
    switch self {
    case .not, .isNaN, .isInfinite, .isFinite: true
    default: false
    }
  }
}

extension Tensor {
  /// `self = a op b`, stretched; a and b have one dtype, self the one of the result.
  ///
  /// - Parameter watch: what may stop it, when this tensor is fresh.
  func apply(_ kernel: BinaryKernel, _ a: Tensor, _ b: Tensor, watch: Pending? = nil) {
    let kind = Int32(a.dtype.rawValue)
    if watch == nil, isContiguous, a.isContiguous, b.isContiguous, a.shape == shape || a.count == 1,
      b.shape == shape || b.count == 1
    {
      let n = count
      unsafe gk_binary(
        kernel.rawValue, kind, n, pointer, 1, a.pointer, a.count == 1 && n != 1 ? 0 : 1, b.pointer,
        b.count == 1 && n != 1 ? 0 : 1)
      return
    }
    let walk = Walk(shape, strides, a.strides(over: shape), b.strides(over: shape))
    walk.forEach(watch: watch) { n, at, step in
      unsafe gk_binary(
        kernel.rawValue, kind, n, pointer(at.0), step.0, a.pointer(at.1), step.1, b.pointer(at.2),
        step.2)
    }
  }

  /// `self = a op b` as truth values.
  func apply(_ kernel: ComparisonKernel, _ a: Tensor, _ b: Tensor, watch: Pending? = nil) {
    let kind = Int32(a.dtype.rawValue)
    let walk = Walk(shape, strides, a.strides(over: shape), b.strides(over: shape))
    walk.forEach(watch: watch) { n, at, step in
      unsafe gk_compare(
        kernel.rawValue, kind, n, pointer(at.0).assumingMemoryBound(to: UInt8.self), step.0,
        a.pointer(at.1), step.1, b.pointer(at.2), step.2)
    }
  }

  /// `self = op(a)`, stretched.
  func apply(_ kernel: UnaryKernel, _ a: Tensor, watch: Pending? = nil) {
    let kind = Int32(a.dtype.rawValue)
    let from = a.strides(over: shape)
    Walk(shape, strides, from, from).forEach(watch: watch) { n, at, step in
      unsafe gk_unary(
        kernel.rawValue, kind, n, pointer(at.0), step.0, a.pointer(at.1), step.1)
    }
  }

  /// `self = condition ? a : b`, all stretched to this shape; a, b and self have one dtype.
  func choose(_ condition: Tensor, _ a: Tensor, _ b: Tensor, watch: Pending? = nil) {
    let out = strides
    let (sc, sa, sb) = (
      condition.strides(over: shape), a.strides(over: shape), b.strides(over: shape)
    )
    let kind = Int32(dtype.rawValue)
    // Four operands: the innermost axis goes to the kernel, the others are stepped here.
    Rows(shape, [out, sc, sa, sb]).forEach(watch: watch) { n, at, step in
      unsafe gk_where(
        kind, n, pointer(at[0]), step[0],
        condition.pointer(at[1]).assumingMemoryBound(to: UInt8.self), step[1], a.pointer(at[2]),
        step[2], b.pointer(at[3]), step[3])
    }
  }
}

/// Visits rows of any number of operands; slower than `Walk`, which is for three.
struct Rows {
  private let shape: Shape
  private let strides: [Shape]

  init(_ shape: Shape, _ strides: [Shape]) {
    self.shape = shape
    self.strides = strides
  }

  func forEach(
    watch: Pending? = nil, _ run: (_ count: Int, _ offsets: [Int], _ steps: [Int]) -> Void
  ) {
    guard shape.elements > 0 else { return }
    var offsets = Array(repeating: 0, count: strides.count)
    guard let count = shape.last else { return run(1, offsets, offsets) }
    let inner = shape.count - 1
    let steps = strides.map { $0[inner] }
    var index = Shape(repeating: 0, count: inner)
    var budget = 0
    while true {
      if watch == nil || count <= Workers.stretch {
        run(count, offsets, steps)
      } else {
        for start in stride(from: 0, to: count, by: Workers.stretch) {
          if let watch, watch.reasons.contains(.interrupt) { return }
          run(
            min(Workers.stretch, count - start),
            zip(offsets, steps).map { $0 + start * $1 }, steps)
        }
      }
      budget += count
      if let watch, budget >= Workers.stretch {
        budget = 0
        if watch.reasons.contains(.interrupt) { return }
      }
      var axis = inner - 1
      while axis >= 0 {
        index[axis] += 1
        for i in offsets.indices { offsets[i] += strides[i][axis] }
        if index[axis] < shape[axis] { break }
        for i in offsets.indices { offsets[i] -= strides[i][axis] * shape[axis] }
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}

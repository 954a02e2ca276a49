internal import CKernels

/// Steps of training on memory that exists already: what a static plan is made of.
///
/// Operands are contiguous and of one dtype, f32 or f64, unless said otherwise; that is the caller's
/// to ensure and is only checked, not reported. Results may be written over the inputs of
/// elementwise steps. Nothing here is recorded on a tape.
public enum Fused {
  /// Activations with a kernel of their own; raw values are those of `kernels.h`.
  public enum Activation: Int32, CaseIterable, Sendable {
    case linear, relu, leaky, elu, selu, sigmoid, tanh, softplus, swish
    case gelu, geluTanh, mish, softsign, hardSigmoid, hardSwish, capped, hardTanh, celu
    case exponential, logSigmoid, tanhShrink, softShrink, hardShrink

    /// Whether the gradient is computed from the input of the activation, not from its output.
    public var needsInput: Bool {
      switch self {
      case .softplus, .swish, .gelu, .geluTanh, .mish, .softsign, .hardSigmoid, .hardSwish,
        .logSigmoid, .tanhShrink:
        true
      case .linear, .relu, .leaky, .elu, .selu, .sigmoid, .tanh, .capped, .hardTanh, .celu,
        .exponential, .softShrink, .hardShrink:
        false
      }
    }
  }

  static func kind(_ first: Tensor, _ others: Tensor...) -> Int32 {
    precondition(first.dtype.isFloating && first.isContiguous, "steps need contiguous floats")
    for other in others {
      precondition(
        other.dtype == first.dtype && other.isContiguous && other.count == first.count,
        "operands of a step must agree")
    }
    return Int32(first.dtype.rawValue)
  }

  /// `c = alpha a b + beta c` for matrices; a and b may be transposed views.
  ///
  /// - Throws: `TensorError.interrupted`; `TensorError.memory` when an operand must be packed.
  public static func product(
    _ a: Tensor, _ b: Tensor, into c: Tensor, alpha: Double = 1, beta: Double = 0
  ) throws {
    precondition(
      a.rank == 2 && b.rank == 2 && c.rank == 2 && a.shape[1] == b.shape[0]
        && c.shape[0] == a.shape[0] && c.shape[1] == b.shape[1] && c.isContiguous
        && a.dtype == c.dtype && b.dtype == c.dtype, "shapes of a planned product must agree")
    c.storage.version += 1
    guard c.count > 0 else { return }
    guard a.shape[1] > 0 else {
      if beta == 0 { c.fill(0) }
      return
    }
    if c.dtype == .f32 {
      let (x, y) = (try a.packed(), try b.packed())
      try withExtendedLifetime((x, y)) {
        try Product.f32(x.matrix(), y.matrix(), alpha: Float(alpha), beta: Float(beta), c.matrix())
      }
    } else {
      let x = alpha == 1 ? a : try a.detached() * alpha
      try withExtendedLifetime(x) {
        try Product.f64(x.matrix(), b.matrix(), beta: beta, c.matrix())
      }
    }
  }

  /// `y = activation(x + bias)` for rows; the bias has the length of a row.
  ///
  /// - Parameter alpha: its setting: the slope of `leaky` and `hardSigmoid`, the scale of `elu`
  ///   and `celu`, beta of `softplus` and `swish`, the limit of `capped` and `hardTanh`, the edge of
  ///   both shrinks.
  public static func activate(
    _ activation: Activation, alpha: Double = 1, _ x: Tensor, bias: Tensor? = nil, into y: Tensor
  ) {
    let kind = kind(x, y)
    let columns = bias?.count ?? max(x.count, 1)
    precondition(columns > 0 && x.count % columns == 0, "a bias has the length of a row")
    y.storage.version += 1
    unsafe gk_bias_act(
      activation.rawValue, kind, alpha, x.count / columns, columns, y.pointer, x.pointer,
      bias?.pointer)
  }

  /// `dz = g activation'(z)`, from the activation's output, or its input where `needsInput`.
  public static func activationGradient(
    _ activation: Activation, alpha: Double = 1, _ y: Tensor, _ g: Tensor, into dz: Tensor
  ) {
    let kind = kind(y, g, dz)
    dz.storage.version += 1
    unsafe gk_act_back(
      activation.rawValue, kind, alpha, y.count, dz.pointer, y.pointer, g.pointer)
  }

  /// `out = beta out + the sum of all rows of x`, rows in order.
  public static func columnSums(_ x: Tensor, beta: Double = 0, into out: Tensor) {
    let columns = out.count
    precondition(columns > 0 && x.count % columns == 0 && x.isContiguous && out.isContiguous)
    out.storage.version += 1
    unsafe gk_column_sums(
      Int32(x.dtype.rawValue), x.count / columns, columns, beta, out.pointer, x.pointer)
  }

  /// Softmax of the rows of x along its last axis.
  public static func softmax(_ x: Tensor, into y: Tensor) {
    _ = kind(x, y)
    y.storage.version += 1
    y.fillSoftmax(of: x, logarithm: false)
  }

  /// Cross-entropy of softmax with class numbers, rows in order.
  ///
  /// - Parameters:
  ///   - labels: contiguous i64, one for each row; one outside the classes makes the loss NaN.
  ///   - gradient: receives `(softmax(x) - one_hot) * scale`; needed as work space in any case.
  /// - Returns: the sum of the losses, and how many rows have their largest value at the label.
  public static func softmaxCrossEntropy(
    _ x: Tensor, labels: Tensor, scale: Double, gradient: Tensor
  ) -> (loss: Double, right: Int) {
    let kind = kind(x)
    let columns = x.shape.last ?? 1
    let rows = columns == 0 ? 0 : x.count / columns
    precondition(
      labels.dtype == .i64 && labels.isContiguous && labels.count == rows
        && gradient.count == x.count && gradient.isContiguous && gradient.dtype == x.dtype)
    gradient.storage.version += 1
    var right = 0
    let loss = unsafe gk_softmax_xent(
      kind, rows, columns, x.pointer, labels.pointer.assumingMemoryBound(to: Int64.self), scale,
      gradient.pointer, &right)
    return (loss, right)
  }

  /// The sum of squared differences; `gradient` receives `(y - target) * scale`.
  public static func squaredError(
    _ y: Tensor, _ target: Tensor, scale: Double, gradient: Tensor? = nil
  ) -> Double {
    let kind = kind(y, target, gradient ?? y)
    gradient?.storage.version += 1
    return unsafe gk_squared_error(
      kind, y.count, y.pointer, target.pointer, scale, gradient?.pointer)
  }

  /// x to a whole power, by squaring: the same bits everywhere.
  public static func power(_ x: Double, _ exponent: Int) -> Double {
    var (result, base, left) = (1.0, x, max(exponent, 0))
    while left > 0 {
      if left & 1 == 1 { result *= base }
      base *= base
      left >>= 1
    }
    return result
  }

  /// `out = a op b`, both stretched over out; all of one dtype.
  public static func binary(
    _ operation: BinaryOperation, _ a: Tensor, _ b: Tensor, into out: Tensor
  ) {
    precondition(
      a.dtype == out.dtype && b.dtype == out.dtype
        && Shape.broadcast(Shape.broadcast(a.shape, b.shape) ?? [], out.shape) == out.shape)
    out.storage.version += 1
    out.apply(operation.kernel, a, b)
  }

  /// `out = op(a)`, of one dtype and shape.
  public static func unary(_ operation: UnaryOperation, _ a: Tensor, into out: Tensor) {
    precondition(
      a.dtype == out.dtype && a.shape == out.shape && !operation.kernel.givesTruth)
    out.storage.version += 1
    out.apply(operation.kernel, a)
  }

  /// Overwrites `out` with one value.
  public static func fill(_ out: Tensor, _ value: Double) {
    out.storage.version += 1
    out.fill(value)
  }

  /// Copies and converts `source`, stretched, into `out`.
  public static func copy(_ source: Tensor, into out: Tensor) {
    precondition(Shape.broadcast(source.shape, out.shape) == out.shape)
    out.storage.version += 1
    out.write(source)
  }

  /// The same for weights that get their first value in the middle of a pass, before any recorded
  /// operation has read them: it does not count as a change.
  public static func settle(_ source: Tensor, into out: Tensor) {
    precondition(Shape.broadcast(source.shape, out.shape) == out.shape)
    out.write(source)
  }

  /// Copies rows of `source` (its first axis) into `out`, converted; places must be in bounds.
  public static func rows(_ source: Tensor, _ places: ArraySlice<Int>, into out: Tensor) {
    let width = source.shape.elements / max(source.shape.first ?? 1, 1)
    precondition(
      source.isContiguous && out.isContiguous && out.count == places.count * width)
    let rows = source.shape.first ?? 0
    out.storage.version += 1
    for (row, place) in places.enumerated() {
      precondition(place >= 0 && place < rows)
      unsafe gk_cast(
        Int32(out.dtype.rawValue), Int32(source.dtype.rawValue), width, out.pointer(row * width), 1,
        source.pointer(place * width), 1)
    }
  }
}

extension Tensor {
  /// A contiguous view of `shape.elements` elements from `start`: a piece of an arena.
  ///
  /// - Throws: `TensorError.index` when it does not fit.
  public func piece(_ start: Int, _ shape: Shape) throws -> Tensor {
    let count = shape.elements
    guard isContiguous, start >= 0, start <= self.count, count <= self.count - start else {
      throw TensorError.index("a piece of \(count) at \(start) does not fit in \(self.count)")
    }
    return view(shape: shape, strides: shape.contiguousStrides, offset: offset + start)
  }

  /// One flat view over tensors that lie one after another in one storage; nil: they do not.
  public static func joined(_ pieces: [Tensor]) -> Tensor? {
    guard let first = pieces.first else { return nil }
    var end = first.offset
    for piece in pieces {
      guard piece.storage === first.storage, piece.offset == end, piece.isContiguous,
        piece.dtype == first.dtype
      else { return nil }
      end += piece.count
    }
    guard let shape = try? Shape([end - first.offset]) else { return nil }
    return first.view(shape: shape, strides: shape.contiguousStrides, offset: first.offset)
  }
}

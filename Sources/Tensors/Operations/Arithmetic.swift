internal import Catalog

// Two-sided arithmetic: promotion, broadcasting, pullbacks.

/// An operand that may be a bare number, whose type then gives way to the tensor's (NumPy 2).
public enum Operand {
  case tensor(Tensor)
  case bool(Bool)
  case int(Int)
  case float(Double)
}

/// The two-sided operations on elements.
public enum BinaryOperation: String, CaseIterable, Sendable {
  case add, subtract, multiply, divide
  case floorDivide = "floor_divide"
  case remainder, power, maximum, minimum
  case and = "bitwise_and"
  case or = "bitwise_or"
  case xor = "bitwise_xor"
  case shiftLeft = "left_shift"
  case shiftRight = "right_shift"
  case atan2 = "arctan2"

  var kernel: BinaryKernel {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .floorDivide: .floorDivide
    case .remainder: .remainder
    case .power: .power
    case .maximum: .maximum
    case .minimum: .minimum
    case .and: .and
    case .or: .or
    case .xor: .xor
    case .shiftLeft: .shiftLeft
    case .shiftRight: .shiftRight
    case .atan2: .atan2
    }
  }

  /// The dtype in which the kernel works and the result comes.
  func dtype(_ a: DType, _ b: DType) throws(TensorError) -> DType {
    let common = DType.promoted(a, b)
    switch self {
    case .divide, .atan2: return common.floating
    case .and, .or, .xor:
      guard !common.isFloating else { throw unsupported(a, b) }
      return common
    case .shiftLeft, .shiftRight:
      guard !common.isFloating else { throw unsupported(a, b) }
      return common == .bool ? .u8 : common
    case .subtract:
      guard common != .bool else {
        throw .type(
          "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, "
            + "the `^` operator, or the logical_xor function instead.")
      }
      return common
    case .floorDivide, .remainder, .power: return common == .bool ? .u8 : common
    case .add, .multiply, .maximum, .minimum: return common
    }
  }

  private func unsupported(_ a: DType, _ b: DType) -> TensorError {
    .dtype(
      "'\(rawValue)' works on integers and truth values, got \(a.name) and \(b.name)",
      help: "convert first: x.astype(\"int64\")")
  }
}

extension Tensor {
  /// A tensor without axes for a bare number beside a tensor of `dtype`.
  static func weak(_ operand: Operand, beside dtype: DType) throws -> Tensor {
    switch operand {
    case .tensor(let tensor): return tensor
    case .bool(let value): return try Tensor(scalar: Truth(value))
    case .int(let value):
      if dtype == .bool { return try Tensor(scalar: value, dtype: .i64) }
      guard dtype.integerRange.contains(value) else {
        throw TensorError.overflow("Python integer \(value) out of bounds for \(dtype.name)")
      }
      return try Tensor(scalar: value, dtype: dtype)
    case .float(let value): return try Tensor(scalar: value, dtype: dtype.floating)
    }
  }

  /// One of the two-sided operations, with NumPy's promotion and broadcasting.
  ///
  /// - Throws: `TensorError.broadcast`, `.dtype`, `.type`, `.memory`, `.gradient`.
  public static func binary(
    _ operation: BinaryOperation, _ a: Tensor, _ b: Tensor
  ) throws -> Tensor {
    let dtype = try operation.dtype(a.dtype, b.dtype)
    guard let shape = Shape.broadcast(a.shape, b.shape) else {
      throw TensorError.broadcast(a.shape, b.shape, operation: operation.rawValue)
    }
    let result = try Tensor(uninitialized: shape, dtype)
    let x = a.dtype == dtype ? a : try a.cast(to: dtype)
    let y = b.dtype == dtype ? b : try b.cast(to: dtype)
    if operation == .power, dtype.isInteger, y.hasNegative {
      throw TensorError.value("Integers to negative integer powers are not allowed.")
    }
    if operation == .power, dtype.isFloating, y.rank == 0, b.trace == nil,
      try Workers.filling(result.count, { result.raise(x, to: y.element(0), watch: $0) })
    {
    } else {
      try Workers.filling(result.count) { result.apply(operation.kernel, x, y, watch: $0) }
    }
    if let tape = Tape.recording(a, b) { try record(operation, on: tape, a, b, result) }
    return result
  }

  /// The everyday exponents, faster and exact; false for others.
  private func raise(_ x: Tensor, to exponent: Double, watch: Pending?) -> Bool {
    switch exponent {
    case 2: apply(.square, x, watch: watch)
    case 0.5: apply(.sqrt, x, watch: watch)
    case 1: write(x, watch: watch)
    case -1: apply(.reciprocal, x, watch: watch)
    default: return false
    }
    return true
  }

  private var hasNegative: Bool {
    guard dtype != .u8, count > 0, let low = try? Tensor.paused({ try min() }) else { return false }
    return low.integer(0) < 0
  }

  private static func paused<R>(_ body: () throws -> R) rethrows -> R { try Tape.paused(body) }

  private static func record(
    _ operation: BinaryOperation, on tape: Tape, _ a: Tensor, _ b: Tensor, _ y: Tensor
  ) throws {
    switch operation {
    case .add: try tape.record("add", y, (a, { $0 }), (b, { $0 }))
    case .subtract: try tape.record("subtract", y, (a, { $0 }), (b, { try -$0 }))
    case .multiply:
      try tape.record("multiply", y, needs: [a, b], (a, { try $0 * b }), (b, { try $0 * a }))
    case .divide:
      try tape.record(
        "divide", y, needs: [a, b], (a, { try $0 / b }), (b, { try -($0 * a / (b * b)) }))
    case .power:
      try tape.record(
        "power", y, needs: [a, b],
        (
          a,
          { g in
            // x ** 0 is constant, even where x ** -1 is infinite.
            let slope = try b * power(a, b - 1)
            return try g * select(b.equal(0), try Tensor.zeros([], dtype: y.dtype), slope)
          }
        ),
        (
          b,
          { g in
            let safe = try select(a.greater(0), a, try Tensor.ones([], dtype: y.dtype))
            return try g * power(a, b) * safe.log()
          }
        ))
    case .maximum, .minimum:
      // At a tie both get half, so that gradients of a and b add up to one.
      let wins: (Tensor, Tensor) throws -> Tensor = { x, z in
        let ahead = operation == .maximum ? try x.greater(z) : try z.greater(x)
        return try ahead.astype(y.dtype) + x.equal(z).astype(y.dtype) * 0.5
      }
      try tape.record(
        "\(operation)" == "maximum" ? "maximum" : "minimum", y, needs: [a, b],
        (a, { try $0 * wins(a, b) }), (b, { try $0 * wins(b, a) }))
    case .remainder:
      try tape.record(
        "remainder", y, needs: [a, b], (a, { $0 }), (b, { try -($0 * binary(.floorDivide, a, b)) }))
    case .atan2:
      try tape.record(
        "arctan2", y, needs: [a, b],
        (a, { try $0 * b / (a * a + b * b) }), (b, { try -($0 * a / (a * a + b * b)) }))
    case .floorDivide, .and, .or, .xor, .shiftLeft, .shiftRight: break
    }
  }

  public static func binary(_ o: BinaryOperation, _ a: Tensor, _ b: Operand) throws -> Tensor {
    try binary(o, a, weak(b, beside: a.dtype))
  }

  public static func binary(_ o: BinaryOperation, _ a: Operand, _ b: Tensor) throws -> Tensor {
    try binary(o, weak(a, beside: b.dtype), b)
  }

  public static func + (a: Tensor, b: Tensor) throws -> Tensor { try binary(.add, a, b) }
  public static func - (a: Tensor, b: Tensor) throws -> Tensor { try binary(.subtract, a, b) }
  public static func * (a: Tensor, b: Tensor) throws -> Tensor { try binary(.multiply, a, b) }
  public static func / (a: Tensor, b: Tensor) throws -> Tensor { try binary(.divide, a, b) }
  public static func % (a: Tensor, b: Tensor) throws -> Tensor { try binary(.remainder, a, b) }
  public static func + (a: Tensor, b: Double) throws -> Tensor { try binary(.add, a, .float(b)) }
  public static func - (a: Tensor, b: Double) throws -> Tensor {
    try binary(.subtract, a, .float(b))
  }
  public static func * (a: Tensor, b: Double) throws -> Tensor {
    try binary(.multiply, a, .float(b))
  }
  public static func / (a: Tensor, b: Double) throws -> Tensor { try binary(.divide, a, .float(b)) }
  public static func + (a: Double, b: Tensor) throws -> Tensor { try binary(.add, .float(a), b) }
  public static func - (a: Double, b: Tensor) throws -> Tensor {
    try binary(.subtract, .float(a), b)
  }
  public static func * (a: Double, b: Tensor) throws -> Tensor {
    try binary(.multiply, .float(a), b)
  }
  public static func / (a: Double, b: Tensor) throws -> Tensor { try binary(.divide, .float(a), b) }

  public static func maximum(_ a: Tensor, _ b: Tensor) throws -> Tensor {
    try binary(.maximum, a, b)
  }
  public static func maximum(_ a: Tensor, _ b: Double) throws -> Tensor {
    try binary(.maximum, a, .float(b))
  }
  public static func minimum(_ a: Tensor, _ b: Tensor) throws -> Tensor {
    try binary(.minimum, a, b)
  }
  public static func minimum(_ a: Tensor, _ b: Double) throws -> Tensor {
    try binary(.minimum, a, .float(b))
  }
  public static func power(_ a: Tensor, _ b: Tensor) throws -> Tensor { try binary(.power, a, b) }
  public static func power(_ a: Tensor, _ b: Double) throws -> Tensor {
    try binary(.power, a, .float(b))
  }

  /// Writes `self op other` into this tensor's storage, as `a += b` does in NumPy.
  ///
  /// - Throws: as `binary`; `TensorError.pinned`; `.type` when the result would not fit this dtype.
  public func updateInPlace(_ operation: BinaryOperation, _ other: Operand) throws {
    let operand = try Tensor.weak(other, beside: dtype)
    let wanted = try operation.dtype(dtype, operand.dtype)
    guard
      wanted == dtype || (dtype == .f32 && wanted == .f64)
        || (dtype.isInteger && wanted.isInteger)
    else {
      throw TensorError.type(
        "Cannot cast ufunc '\(operation.rawValue)' output from dtype('\(wanted.name)') to "
          + "dtype('\(dtype.name)') with casting rule 'same_kind'")
    }
    guard Shape.broadcast(shape, operand.shape) == shape else {
      throw TensorError.value(
        "non-broadcastable output operand with shape \(shape) doesn't match the broadcast shape "
          + "\(Shape.broadcast(shape, operand.shape)?.description ?? operand.shape.description)")
    }
    if Tape.recording(self, operand) == nil, wanted == dtype, operand.storage !== storage,
      operation != .power
    {
      try storage.willWrite()
      apply(operation.kernel, self, operand.dtype == dtype ? operand : try operand.cast(to: dtype))
      return
    }
    // The operation may need the old elements for its gradient, so it gets a copy of them.
    if let trace, trace.tape.isRecording, trace.version != storage.version {
      throw Tape.staleView("in-place update")
    }
    let before = try cast(to: dtype)
    before.trace = trace.map {
      Trace(tape: $0.tape, index: $0.index, version: before.storage.version)
    }
    try overwrite(with: try Tensor.binary(operation, before, operand))
  }

  /// Copies `value`, which has this shape, over this tensor and takes over its place on the tape.
  func overwrite(with value: Tensor) throws {
    if let tape = Tape.recording(value) ?? Tape.recording(self) {
      guard count == storage.byteCount / dtype.size else {
        throw TensorError.gradient(
          "a value that a gradient follows was written through a view",
          help: "assign through the whole tensor: a[i] = ..., not row = a[i]; row += ...")
      }
      let fitting = value.dtype == dtype ? value : try value.astype(dtype)
      try storage.willWrite()
      write(fitting)
      storage.tracedBy = tape.serial
      trace = fitting.trace.map {
        Trace(tape: $0.tape, index: $0.index, version: storage.version)
      }
      return
    }
    let separate = value.storage === storage ? try value.copy() : value
    try storage.willWrite()
    write(separate)
  }
}

// MARK: Entries

extension BinaryOperation {
  fileprivate var sentence: String {
    switch self {
    case .add: "The sum of two tensors, element by element."
    case .subtract: "The difference of two tensors, element by element."
    case .multiply: "The product of two tensors, element by element."
    case .divide: "The quotient of two tensors, element by element."
    case .floorDivide: "The quotient rounded down."
    case .remainder: "What floor division leaves; it has the sign of the divisor."
    case .power: "The first to the power of the second, element by element."
    case .maximum: "The larger of two elements; NaN when one is NaN."
    case .minimum: "The smaller of two elements; NaN when one is NaN."
    case .and: "Bits or truth values that both have."
    case .or: "Bits or truth values that one of them has."
    case .xor: "Bits or truth values that exactly one of them has."
    case .shiftLeft: "Bits moved to the left."
    case .shiftRight: "Bits moved to the right."
    case .atan2: "The angle of the point (b, a), in radians."
    }
  }

  /// The derivatives by a and by b, where there are any.
  private var slopes: String? {
    switch self {
    case .add: "1 and 1"
    case .subtract: "1 and -1"
    case .multiply: "b and a"
    case .divide: "1 / b and -a / b**2"
    case .power: "b * a**(b - 1) and a**b * log(a)"
    case .maximum, .minimum: "1 for the one taken, 0 for the other, 1/2 each at a tie"
    case .remainder: "1 and -floor(a / b)"
    case .atan2: "b / (a**2 + b**2) and -a / (a**2 + b**2)"
    case .floorDivide, .and, .or, .xor, .shiftLeft, .shiftRight: nil
    }
  }

  /// The result for two elements.
  private var formula: String {
    switch self {
    case .add: "a + b"
    case .subtract: "a - b"
    case .multiply: "a * b"
    case .divide: "a / b"
    case .floorDivide: "floor(a / b)"
    case .remainder: "a - b * floor(a / b)"
    case .power: "a**b"
    case .maximum: "a if a >= b else b"
    case .minimum: "a if a <= b else b"
    case .and: "a & b"
    case .or: "a | b"
    case .xor: "a ^ b"
    case .shiftLeft: "a * 2**b"
    case .shiftRight: "floor(a / 2**b)"
    case .atan2: "atan2(a, b)"
    }
  }

  /// Formula, derivatives, shapes and source.
  fileprivate var details: String {
    let slopes = slopes.map { "derivatives by a and b: \($0)" } ?? "no gradient"
    return """
      `y = \(formula)`, \(slopes). Shapes: both are stretched to one (broadcasting). Source: NumPy's \
      `\(rawValue)`.
      """
  }

  fileprivate var example: String {
    switch self {
    case .and, .or, .xor, .shiftLeft, .shiftRight: "\(rawValue)(tensor([6, 5]), 1)"
    default: "\(rawValue)(tensor([1.0, 2.0]), 2)"
    }
  }
}

extension Tensor {
  static let arithmeticEntries: [Entry] = BinaryOperation.allCases.map { operation in
    Entry(
      operation.rawValue, operation.sentence, Parameter("a", Operand.self, "the first operand"),
      Parameter("b", Operand.self, "the second operand"), returns: "tensor",
      example: operation.example, details: operation.details
    ) { a, b in .tensor(try binary(operation, a, b)) }
  }
}

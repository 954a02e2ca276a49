public import Catalog

extension Tensor: Object {
  public static let type = ObjectType(
    "Tensor", "A rectangular array of numbers: NumPy's array with gradients."
  ) { TensorCatalog.members }

  public var type: ObjectType { Tensor.type }

  // MARK: Indexing

  /// The parts of an index expression.
  private static func parts(_ key: Value) throws -> [Index] {
    if case .list(let view) = key, view.isTuple { return try view.elements().map(part) }
    return [try part(key)]
  }

  private static func part(_ key: Value) throws -> Index {
    switch key {
    case .none: return .newAxis
    case .int(let index): return .at(index)
    case .object(let slice as Slice):
      return .slice(from: slice.lower, to: slice.upper, step: slice.step)
    case .object(is Ellipsis): return .ellipsis
    case .object(let tensor as Tensor) where tensor.rank == 0 && tensor.dtype.isInteger:
      return .at(tensor.integer(0))
    case .object(let tensor as Tensor): return .picks(tensor)
    case .list:
      guard let tensor = try Tensor.read(key) else { break }
      // An empty list is an empty selection, whatever its type.
      return .picks(tensor.count == 0 ? try tensor.astype(.i64) : tensor)
    default: break
    }
    throw TensorError.index(
      "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or "
        + "boolean arrays are valid indices")
  }

  public func index(_ key: Value, context: Context) throws -> Value {
    .tensor(try at(Tensor.parts(key)))
  }

  public func assign(_ value: Value, at key: Value, context: Context) throws {
    guard let new = try Tensor.read(value, floating: .f64) else {
      throw Failure(.type, "cannot store \(value.typeName) in a tensor of \(dtype.name)")
    }
    try assign(Tensor.parts(key), new)
  }

  public func length() throws -> Int {
    guard let first = shape.first else { throw Failure(.type, "len() of unsized object") }
    return first
  }

  public func iterate() throws -> any ObjectIterator {
    guard rank > 0 else { throw Failure(.type, "iteration over a 0-d array") }
    return TensorIterator(self)
  }

  public func contains(_ value: Value) throws -> Bool {
    guard let other = try Operand.read(value) else { return false }
    return try Tensor.compare(.equal, detached(), other).any().integer(0) != 0
  }

  // MARK: Numbers

  public func truth() throws -> Bool {
    switch count {
    case 1: return element(0) != 0
    case 0:
      throw Failure(
        .value,
        "The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an "
          + "array is not empty.")
    default:
      throw Failure(
        .value,
        "The truth value of an array with more than one element is ambiguous. Use a.any() or "
          + "a.all()")
    }
  }

  public func scalar() -> Value? {
    guard count == 1 else { return nil }
    if let tape = recordingTape { tape.lostNumber = true }
    return number
  }

  public func hash() throws -> Int {
    guard rank == 0 else { throw Failure(.type, "unhashable type: 'Tensor'") }
    let value = element(0)
    return Int(exactly: value) ?? value.hashValue
  }

  public func compare(_ comparison: Comparison, with other: Value) throws -> Value? {
    guard let operand = try Operand.read(other) else {
      // Nothing else equals an element.
      guard comparison == .equal || comparison == .notEqual else { return nil }
      return .tensor(
        try Tensor.full(shape, comparison == .notEqual ? 1 : 0, dtype: .bool))
    }
    let operation: ComparisonOperation =
      switch comparison {
      case .less: .less
      case .lessOrEqual: .lessOrEqual
      case .equal: .equal
      case .notEqual: .notEqual
      case .greater: .greater
      case .greaterOrEqual: .greaterOrEqual
      }
    return .tensor(try Tensor.compare(operation, self, operand))
  }

  public func binary(
    _ operation: BinaryOperator, _ other: Value, reflected: Bool
  ) throws -> Value? {
    guard let operand = try Operand.read(other) else { return nil }
    if operation == .matrixMultiply {
      guard case .tensor(let tensor) = operand else {
        throw Failure(
          .value, "matmul: Input operand 1 does not have enough dimensions", code: "L302",
          help: "use * to scale by a number")
      }
      return .tensor(try reflected ? tensor.matmul(self) : matmul(tensor))
    }
    guard let named = BinaryOperation(operation) else { return nil }
    return .tensor(
      try reflected ? Tensor.binary(named, operand, self) : Tensor.binary(named, self, operand))
  }

  public func inPlace(_ operation: BinaryOperator, _ other: Value) throws -> Value? {
    // A number in itself never changes: `a += 1` makes a new one.
    guard rank > 0, let named = BinaryOperation(operation), let operand = try Operand.read(other)
    else { return nil }
    try updateInPlace(named, operand)
    return .object(self)
  }

  public func unary(_ operation: UnaryOperator) throws -> Value? {
    switch operation {
    case .negate: .tensor(try -self)
    case .plus: .tensor(try copy())
    case .invert: .tensor(try UnaryOperation.invert(self))
    }
  }

  // MARK: Showing

  public var text: String { description }

  /// A number stays text; others are a table in a notebook.
  public func display(_ context: Context) -> Media {
    rank == 0 ? Media(text) : Media(text, TensorMarkup(detached()).markup)
  }

  public func formatted(_ specification: String) throws -> String? {
    if specification.isEmpty { return printed }
    guard rank > 0 else { return nil }
    throw Failure(
      .type, "unsupported format string passed to numpy.ndarray.__format__",
      help: "format one element, or round the array: x.round(2)")
  }

  public var brief: String { "\(dtype.name) \(shape)" }

  public var externalBytes: Int {
    // A view owns nothing.
    offset == 0 && count * dtype.size == storage.byteCount ? storage.byteCount : 0
  }

  public func numbers() throws -> Numbers? {
    Numbers(shape: Array(shape), values: doubles)
  }

  public func facts() throws -> Facts? {
    guard count > 0 else { return nil }
    switch rank {
    case 1:
      let y = doubles
      return .graph(
        Graph(panels: [
          Panel(
            x: Axis("index"),
            series: [Series(x: y.indices.map(Double.init), y: y)])
        ]))
    case 2:
      return .matrix(Matrix(rows: shape[0], columns: shape[1], values: doubles))
    default: return nil
    }
  }
}

extension BinaryOperation {
  /// The operation behind an operator of the language; nil for the matrix product.
  init?(_ operation: BinaryOperator) {
    switch operation {
    case .add: self = .add
    case .subtract: self = .subtract
    case .multiply: self = .multiply
    case .divide: self = .divide
    case .floorDivide: self = .floorDivide
    case .remainder: self = .remainder
    case .power: self = .power
    case .and: self = .and
    case .or: self = .or
    case .xor: self = .xor
    case .shiftLeft: self = .shiftLeft
    case .shiftRight: self = .shiftRight
    case .matrixMultiply: return nil
    }
  }
}

/// Walks over the first axis.
private final class TensorIterator: ObjectIterator {
  private let tensor: Tensor
  private var place = 0

  init(_ tensor: Tensor) {
    self.tensor = tensor
  }

  func next() throws -> Value? {
    guard place < tensor.shape[0] else { return nil }
    defer { place += 1 }
    return .tensor(try tensor[.at(place)])
  }
}

public import Catalog

// How values of a script become tensors, shapes, axes and dtypes.

extension Value {
  /// A tensor as a script receives it.
  ///
  /// A result without axes stays a tensor, so that it prints and computes in its own precision:
  /// NumPy's array scalars.
  public static func tensor(_ tensor: Tensor) -> Value { .object(tensor) }
}

extension Tensor {
  /// The first element as a number of the script.
  var number: Value {
    switch dtype {
    case .bool: .bool(integer(0) != 0)
    case .u8, .i32, .i64: .int(integer(0))
    case .f32, .f64: .float(element(0))
    }
  }
}

extension Tensor: Argument {
  public static var kind: String { "tensor" }
  public var shown: String { printed }

  /// A tensor, a number, nested lists of numbers, or anything that has numbers.
  public static func read(_ value: Value) throws -> Tensor? {
    try read(value, floating: .f32)
  }

  /// The same, where floats become `floating`.
  public static func read(_ value: Value, floating: DType) throws -> Tensor? {
    switch value {
    case .bool(let bool): return try Tensor(scalar: Truth(bool))
    case .int(let int): return try Tensor(scalar: int)
    case .float(let double): return try Tensor(scalar: double, dtype: floating)
    case .object(let tensor as Tensor): return tensor
    case .object(let object):
      guard let numbers = try object.numbers() else { return nil }
      return try Tensor(numbers.values, shape: Shape(numbers.shape), dtype: floating)
    case .list(let list): return try NestedNumbers.read(list, floating: floating)
    case .none, .string, .dict, .function: return nil
    }
  }
}

/// Collects nested lists into one tensor.
private struct NestedNumbers {
  private enum Kind: Int {
    case bool, int, float
  }

  private var kind = Kind.bool
  private var ints: [Int] = []
  private var doubles: [Double] = []
  private var shape: [Int] = []

  /// nil when something in the lists is no number.
  static func read(_ list: any ListView, floating: DType) throws -> Tensor? {
    var parts: [Tensor] = []
    if list.count > 0, case .object(let first) = try list.element(0), first is Tensor {
      // A list of tensors: stacked, so that gradients flow.
      for value in try list.elements() {
        guard let tensor = try Tensor.read(value, floating: floating) else { return nil }
        parts.append(tensor)
      }
      return try Tensor.stack(parts)
    }
    var collected = NestedNumbers()
    guard try collected.take(list, depth: 0) else { return nil }
    let shape = try Shape(collected.shape)
    switch collected.kind {
    case .bool where collected.ints.isEmpty:
      return try Tensor(collected.doubles, shape: shape, dtype: floating)
    case .bool: return try Tensor(collected.ints, shape: shape, dtype: .bool)
    case .int: return try Tensor(collected.ints, shape: shape)
    case .float: return try Tensor(collected.doubles, shape: shape, dtype: floating)
    }
  }

  private mutating func take(_ list: any ListView, depth: Int) throws -> Bool {
    guard depth < Shape.maximumRank else { throw TensorError.rank(depth + 1) }
    let count = list.count
    if shape.count == depth {
      // Sizes come from the first list of each depth, before any number is taken.
      guard ints.isEmpty, doubles.isEmpty else { throw ragged(depth) }
      shape.append(count)
    } else if shape[depth] != count {
      throw ragged(depth)
    }
    guard count > 0 else { return true }
    if case .list = try list.element(0) {
      for index in 0..<count {
        guard case .list(let inner) = try list.element(index) else { throw ragged(depth + 1) }
        guard try take(inner, depth: depth + 1) else { return false }
        if index & 0xFFFF == 0xFFFF { try Workers.check() }
      }
      return true
    }
    guard shape.count == depth + 1 else { throw ragged(depth + 1) }
    if kind != .float, let integers = try list.integers() {
      if kind == .bool {
        for value in try list.elements() {
          if case .bool = value { continue }
          kind = .int
          break
        }
      }
      ints += integers
      return true
    }
    if let numbers = try list.doubles() {
      becomeFloat()
      doubles += numbers
      return true
    }
    for value in try list.elements() {
      guard case .object(let object) = value, let scalar = object.scalar(),
        let number = Double.read(scalar)
      else {
        if case .list = value { throw ragged(depth + 1) }
        guard let number = Double.read(value) else { return false }
        becomeFloat()
        doubles.append(number)
        continue
      }
      becomeFloat()
      doubles.append(number)
    }
    return true
  }

  private mutating func becomeFloat() {
    guard kind != .float else { return }
    kind = .float
    doubles = ints.map(Double.init)
    ints = []
  }

  private func ragged(_ depth: Int) -> TensorError {
    .value(
      "setting an array element with a sequence. The requested array has an inhomogeneous shape "
        + "after \(depth) dimensions. The detected shape was "
        + "\(TensorError.tuple(Array(shape.prefix(depth)))) + inhomogeneous part.")
  }
}

extension Operand: Argument {
  public static var kind: String { "tensor or number" }

  public static func read(_ value: Value) throws -> Operand? {
    switch value {
    case .bool(let bool): .bool(bool)
    case .int(let int): .int(int)
    case .float(let double): .float(double)
    default: try Tensor.read(value).map(Operand.tensor)
    }
  }

  public var shown: String {
    switch self {
    case .tensor(let tensor): tensor.printed
    case .bool(let bool): bool.shown
    case .int(let int): int.shown
    case .float(let double): double.shown
    }
  }

  /// The operand as a tensor of its own type.
  var tensor: Tensor {
    get throws {
      switch self {
      case .tensor(let tensor): tensor
      case .bool(let bool): try Tensor(scalar: Truth(bool))
      case .int(let int): try Tensor(scalar: int)
      case .float(let double): try Tensor(scalar: double)
      }
    }
  }
}

extension Tensor {
  /// A two-sided operation where either side may be a bare number.
  static func binary(_ operation: BinaryOperation, _ a: Operand, _ b: Operand) throws -> Tensor {
    switch (a, b) {
    case (.tensor(let x), _): try binary(operation, x, b)
    case (_, .tensor(let y)): try binary(operation, a, y)
    default: try binary(operation, a.tensor, b.tensor)
    }
  }
}

extension Shape: Argument {
  public static var kind: String { "int or tuple of ints" }
  public var shown: String { description }

  public static func read(_ value: Value) throws -> Shape? {
    try Axes.integers(value).map { try Shape($0) }
  }
}

/// One axis, several, or (`None`) all.
public struct Axes: Argument {
  public let values: [Int]?
  /// Whether one number was given, not a sequence with one.
  public let isSingle: Bool

  public init(_ values: [Int]?, isSingle: Bool = false) {
    self.values = values
    self.isSingle = isSingle
  }

  public static var kind: String { "int, tuple of ints or None" }

  public static func read(_ value: Value) throws -> Axes? {
    if case .none = value { return Axes(nil) }
    if let single = Int.read(value) { return Axes([single], isSingle: true) }
    return try integers(value).map { Axes($0) }
  }

  public var shown: String { values.map { TensorError.tuple($0) } ?? "None" }

  /// An integer or a sequence of integers.
  static func integers(_ value: Value) throws -> [Int]? {
    if let single = Int.read(value) { return [single] }
    if case .list(let list) = value { return try list.integers() ?? [Int].read(value) }
    if case .object(let tensor as Tensor) = value, tensor.dtype.isInteger, tensor.rank == 1 {
      return tensor.ints
    }
    return nil
  }
}

extension DType: Argument {
  public static var kind: String { "dtype" }
  public static var choices: [String] { allCases.map(\.name) }
  public var shown: String { name }

  public static func read(_ value: Value) throws -> DType? {
    switch value {
    case .string(let name):
      guard let dtype = DType(name: name) else { throw Failure.unknownOption(name, among: choices) }
      return dtype
    case .object(let named as NamedDType): return named.dtype
    case .function(let callable):
      // Python's own types: dtype=float.
      return DType(name: callable.name)
    default: return nil
    }
  }
}

/// A dtype as a script holds it: `float32`, `x.dtype`.
///
/// Calling it converts, as `np.float32(3)` does.
public final class NamedDType: Classifier {
  public static let type = ObjectType("dtype", "The type of a tensor's elements.") {
    [
      .attribute(
        of: NamedDType.self, "name", "The name: `float32`.", returns: "str",
        example: "float32.name", get: { .string($0.dtype.name) }),
      .attribute(
        of: NamedDType.self, "itemsize", "Bytes of one element.", returns: "int",
        example: "float32.itemsize", get: { .int($0.dtype.size) }),
    ]
  }

  public let dtype: DType

  public init(_ dtype: DType) {
    self.dtype = dtype
  }

  public var type: ObjectType { Self.type }
  public var text: String { "dtype('\(dtype.name)')" }
  public var printed: String { dtype.name }
  public var brief: String { dtype.name }

  public func compare(_ comparison: Comparison, with other: Value) throws -> Value? {
    guard let same = try? DType.read(other).map({ $0 == dtype }) else { return nil }
    switch comparison {
    case .equal: return .bool(same)
    case .notEqual: return .bool(!same)
    default: return nil
    }
  }

  public func hash() -> Int { Int(dtype.rawValue) }

  /// `isinstance(x, np.float64)`: scalars of that type.
  public func classifies(_ value: Value) -> Bool {
    guard case .object(let tensor as Tensor) = value else { return false }
    return tensor.rank == 0 && tensor.dtype == dtype
  }

  public func call(_ arguments: Arguments) throws -> Value {
    guard arguments.named.isEmpty, arguments.positional.count == 1,
      let tensor = try Tensor.read(arguments.positional[0], floating: .f64)
    else { throw Failure(.type, "\(dtype.name)() takes one number or array") }
    return .tensor(try tensor.astype(dtype))
  }
}

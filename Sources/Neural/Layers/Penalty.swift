public import Catalog
public import Tensors

/// What large weights or outputs add to the loss: l1 sum|w| + l2 sum w², or a function of them.
public struct Penalty {
  /// Which vectors of a matrix shall stand at right angles.
  public enum Mode: String, Choice {
    case rows
    case columns
  }

  /// A factor on how far vectors are from right angles.
  public struct Orthogonality: Sendable, Equatable {
    public let factor: Double
    public let mode: Mode

    public init(_ factor: Double = 0.01, _ mode: Mode = .rows) {
      self.factor = factor
      self.mode = mode
    }
  }

  public let l1: Double
  public let l2: Double
  public let orthogonality: Orthogonality?
  /// A function of the script: from a tensor to one number.
  let function: Function?

  init(_ function: Function) {
    (l1, l2, orthogonality) = (0, 0, nil)
    self.function = function
  }

  public init(l1: Double = 0, l2: Double = 0, orthogonality: Orthogonality? = nil) {
    self.l1 = l1
    self.l2 = l2
    self.orthogonality = orthogonality
    function = nil
  }

  /// Whether its gradient is 2 l2 w + l1 sign(w), which needs no tape.
  var isPlain: Bool { orthogonality == nil && function == nil }

  /// Differentiable; the gradient of |w| at 0 is 0.
  public func callAsFunction(_ w: Tensor) throws -> Tensor {
    if let function { return try value(of: function, for: w) }
    var sum = try w.square().sum() * l2
    if l1 != 0 { sum = try sum + w.abs().sum() * l1 }
    if let orthogonality { sum = try sum + angles(w, orthogonality) }
    return sum
  }

  /// What a function returned: of a tensor, its shape.
  static func told(_ value: Value) -> String {
    guard case .object(let tensor as Tensor) = value else { return value.brief() }
    return "an array of shape \(tensor.shape)"
  }

  private func value(of function: Function, for w: Tensor) throws -> Tensor {
    let made = try function(.object(w))
    guard let value = try Tensor.read(made), value.count == 1 else {
      throw Failure(
        .value, "the regularizer \(function.callable.name) must return one number", code: "L301",
        notes: ["it returned \(Penalty.told(made)), for numbers of shape \(w.shape)"],
        help: "add up what it computes: return 0.01 * (w ** 2).sum()")
    }
    return try value.reshape([]).astype(w.dtype)
  }

  /// The mean size of the cosines between all pairs of rows or columns, times the factor.
  private func angles(_ w: Tensor, _ wanted: Orthogonality) throws -> Tensor {
    guard w.rank == 2 else {
      throw Failure(
        .shape, "the orthogonal regularizer takes matrices, the weight is \(w.shape)",
        code: "L301")
    }
    let rows = wanted.mode == .rows ? w : try w.swapAxes(0, 1)
    let count = rows.shape[0]
    guard count > 1 else { return try w.sum() * 0 }
    let length = try Tensor.maximum(rows.square().sum(-1, keepdims: true), 1e-14).sqrt()
    let units = try rows / length
    let cosines = try units.matmul(units.swapAxes(0, 1))
    let others = try 1 - Tensor.eye(count, count, dtype: w.dtype)
    // Each pair stands in the matrix twice.
    let pairs = Double(count) * Double(count - 1) / 2
    return try (cosines.abs() * others).sum() * (wanted.factor * 0.5 / pairs)
  }
}

extension Penalty: Argument {
  public static var kind: String { "regularizer" }
  public static var choices: [String] { ["l1", "l2", "l1_l2", "orthogonal_regularizer"] }

  public static func read(_ value: Value) throws -> Penalty? {
    switch value {
    case .string("l1"): return Penalty(l1: 0.01)
    case .string("l2"): return Penalty(l2: 0.01)
    case .string("l1_l2"): return Penalty(l1: 0.01, l2: 0.01)
    case .string("orthogonal_regularizer"): return Penalty(orthogonality: Orthogonality())
    case .string(let name): throw Failure.unknownOption(name, among: choices)
    case .object(let object as PenaltyObject): return object.penalty
    default: return Function.read(value).map { Penalty($0) }
    }
  }

  public var shown: String {
    if let function { return function.callable.name }
    if let orthogonality {
      return "orthogonal_regularizer(\(orthogonality.factor), \(orthogonality.mode.shown))"
    }
    return l1 == 0 ? "l2(\(l2))" : l2 == 0 ? "l1(\(l1))" : "l1_l2(\(l1), \(l2))"
  }

  /// What a layer that holds it reports in `visit`.
  var held: Value? { function?.held }
}

public import Catalog
public import Tensors

/// What weights must fulfil: after each step of training they are moved to the nearest that do.
public struct Constraint {
  public enum Rule {
    /// No unit's incoming weights are longer than this.
    case maxNorm(Double)
    /// Every unit's incoming weights have length one.
    case unitNorm
    /// No weight is below zero.
    case nonNegative
    /// Lengths are brought between two bounds, by the share `rate` of the way.
    case minMaxNorm(low: Double, high: Double, rate: Double)
    /// A function of the script: from weights to those that fulfil it.
    case script(Function)
  }

  public let rule: Rule
  /// The axes along which a length is taken; nil: all but the last, so the incoming weights of each
  /// unit, in a dense kernel as in a convolution's; of a vector its only one.
  public let axes: [Int]?

  public init(_ rule: Rule, axes: [Int]? = nil) {
    self.rule = rule
    self.axes = axes
  }

  public static func maxNorm(_ limit: Double, axes: [Int]? = nil) -> Constraint {
    Constraint(.maxNorm(limit), axes: axes)
  }

  /// The nearest weights that fulfil it.
  ///
  /// - Throws: when the weights have no such axis.
  public func callAsFunction(_ w: Tensor) throws -> Tensor {
    if case .nonNegative = rule { return try Tensor.maximum(w, 0) }
    if case .script(let function) = rule { return try moved(w, by: function) }
    let lengths = try w.square().sum(
      axes: axes ?? (w.rank < 2 ? nil : Array(0..<(w.rank - 1))), keepdims: true
    ).sqrt()
    func scaled(to wanted: Tensor) throws -> Tensor {
      // Weights of length zero have no direction, and stay.
      let one = try Tensor.ones([], dtype: w.dtype)
      let factor = try Tensor.select(
        lengths.greater(0), wanted / Tensor.select(lengths.greater(0), lengths, one), one)
      return try w * factor
    }
    switch rule {
    case .maxNorm(let limit): return try scaled(to: Tensor.minimum(lengths, limit))
    case .unitNorm: return try scaled(to: Tensor.ones(lengths.shape, dtype: w.dtype))
    case .minMaxNorm(let low, let high, let rate):
      let clipped = try Tensor.minimum(Tensor.maximum(lengths, low), high)
      return try scaled(to: clipped * rate + lengths * (1 - rate))
    case .nonNegative, .script: return w
    }
  }

  private func moved(_ w: Tensor, by function: Function) throws -> Tensor {
    // A copy, so that what the function does in place is not seen before it has returned.
    let made = try function(.object(w.copy()))
    guard let weights = try Tensor.read(made), weights.shape == w.shape else {
      throw Failure(
        .value,
        "the constraint \(function.callable.name) must return weights of shape \(w.shape)",
        code: "L301", notes: ["it returned \(Penalty.told(made))"])
    }
    return try weights.detached().astype(w.dtype)
  }

  /// What a layer that holds it reports in `visit`.
  var held: Value? {
    if case .script(let function) = rule { function.held } else { nil }
  }

  /// Moves weights in place to where they fulfil their constraints.
  static func apply(to weights: [Weight]) throws {
    for weight in weights {
      guard let constraint = weight.constraint else { continue }
      Fused.copy(try constraint(weight.tensor.detached()), into: weight.tensor)
    }
  }
}

extension Constraint: Argument {
  public static var kind: String { "constraint" }
  public static var choices: [String] { ["max_norm", "unit_norm", "non_neg", "min_max_norm"] }

  public static func read(_ value: Value) throws -> Constraint? {
    switch value {
    case .string(let name):
      switch name {
      case "max_norm": return .maxNorm(2)
      case "unit_norm": return Constraint(.unitNorm)
      case "non_neg": return Constraint(.nonNegative)
      case "min_max_norm": return Constraint(.minMaxNorm(low: 0, high: 1, rate: 1))
      default: throw Failure.unknownOption(name, among: choices)
      }
    case .object(let object as ConstraintObject): return object.constraint
    default: return Function.read(value).map { Constraint(.script($0)) }
    }
  }

  public var shown: String {
    let axis = axes.map { "axis=\($0.count == 1 ? "\($0[0])" : Axes($0).shown)" }
    switch rule {
    case .maxNorm(let limit): return "max_norm(\(limit)\(axis.map { ", \($0)" } ?? ""))"
    case .unitNorm: return "unit_norm(\(axis ?? ""))"
    case .nonNegative: return "non_neg()"
    case .script(let function): return function.callable.name
    case .minMaxNorm(let low, let high, let rate):
      return "min_max_norm(\(low), \(high), rate=\(rate)\(axis.map { ", \($0)" } ?? ""))"
    }
  }
}

/// A constraint as a script holds it.
public final class ConstraintObject: Object {
  public static let type = ObjectType(
    "Constraint", "What weights must fulfil after each step of training.")
  public let constraint: Constraint

  public init(_ constraint: Constraint) {
    self.constraint = constraint
  }

  public var type: ObjectType { Self.type }
  public var text: String { constraint.shown }

  public func call(_ arguments: Arguments) throws -> Value {
    guard arguments.named.isEmpty, arguments.positional.count == 1,
      let weights = try Tensor.read(arguments.positional[0])
    else { throw Failure(.type, "a constraint is called with one tensor", code: "L105") }
    let floats = weights.dtype.isFloating ? weights : try weights.astype(.f32)
    return .object(try constraint(floats))
  }

  private static let axis = Parameter(
    "axis", Axes.self, "along which lengths are taken; None: all axes but the last"
  ) { Axes(nil) }

  static let entries: [Entry] = [
    Entry(
      "max_norm", "A constraint: no unit's incoming weights are longer than a bound.",
      Parameter(
        "max_value", Double.self, "the bound", also: ["limit"], where: .atLeast(0)
      ) { 2 },
      axis,
      returns: "Constraint", example: "Dense(20, \"relu\", constraint=max_norm(3))",
      details: """
        After each step `w = w * min(1, max_value / |w|)` for each unit. 3 to 4 is usual; it \
        lets a large rate run without blowing up. Shapes: |w| is taken over all axes but the \
        last, the incoming weights of a unit. Peers: Keras's axis is 0, which for a \
        convolution's kernel must be written axis=(0, 1, 2). Source: Srivastava et al. 2014, \
        section 5.1.
        """, makes: type
    ) { limit, axes in .object(ConstraintObject(.maxNorm(limit, axes: axes.values))) },
    Entry(
      "unit_norm", "A constraint: every unit's incoming weights have length one.", axis,
      returns: "Constraint", example: "Dense(20, constraint=unit_norm())",
      details: """
        After each step `w = w / |w|`; weights of length zero stay. Shapes: |w| is taken over \
        all axes but the last. Peers: Keras's axis is 0. Source: Keras.
        """, makes: type
    ) { axes in .object(ConstraintObject(Constraint(.unitNorm, axes: axes.values))) },
    Entry(
      "non_neg", "A constraint: no weight is below zero.",
      returns: "Constraint", example: "Dense(20, constraint=non_neg())",
      details: """
        After each step `w = max(w, 0)`. Shapes: any. Source: Lee and Seung 1999, for whom it \
        makes parts of wholes.
        """, makes: type
    ) { .object(ConstraintObject(Constraint(.nonNegative))) },
    Entry(
      "min_max_norm", "A constraint: the lengths of the units' incoming weights are in a range.",
      Parameter("min_value", Double.self, "the least length", where: .atLeast(0)) { 0 },
      Parameter("max_value", Double.self, "the greatest length", where: .atLeast(0)) { 1 },
      Parameter("rate", Double.self, "the share of the way that is gone", where: .within(0, 1)) {
        1
      },
      axis,
      returns: "Constraint", example: "Dense(20, constraint=min_max_norm(0.5, 2.0))",
      details: """
        After each step `w = w * (rate * clip(|w|, min, max) + (1 - rate) * |w|) / |w|`. Shapes: \
        |w| is taken over all axes but the last. Peers: Keras's axis is 0. Source: Keras.
        """,
      makes: type
    ) { low, high, rate, axes in
      .object(
        ConstraintObject(
          Constraint(.minMaxNorm(low: low, high: high, rate: rate), axes: axes.values)))
    },
  ]
}

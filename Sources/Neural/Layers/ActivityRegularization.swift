public import Catalog
public import Tensors

/// Passes its input on and adds a penalty on it to the loss.
public final class ActivityRegularization: Layer {
  public static let type = ObjectType(
    "ActivityRegularization", "Passes its input on and adds a penalty on it to the loss.",
    base: LayerType.layer, members: { commonMembers() })

  public let state: LayerState
  private let penalty: Penalty

  public init(_ penalty: Penalty, name: String = "") {
    self.penalty = penalty
    state = LayerState(name: name)
    state.activityPenalty = penalty
  }

  public var type: ObjectType { Self.type }
  public var settings: String { penalty.shown }
  public var ending: Activation? { nil }
  public var step: PlanStep? { nil }
  public func fresh() -> any Layer { ActivityRegularization(penalty, name: state.name) }
  public func outputShape(_ input: [Int]) -> [Int] { input }
  public func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor { x }

  public static let entry = Entry(
    "ActivityRegularization", "Passes its input on and adds a penalty on it to the loss.",
    Parameter("l1", Double.self, "weight of the absolute values", where: .atLeast(0)) { 0 },
    Parameter("l2", Double.self, "weight of the squares", where: .atLeast(0)) { 0 },
    Parameter("input_shape", Shape?.self, "the shape of one input, to build at once") { nil },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "ActivityRegularization",
    example: "Sequential(Dense(20, \"relu\"), ActivityRegularization(l1=0.001), Dense(3))",
    details: """
      `y = x`; the loss gets `(l1 * sum(abs(x)) + l2 * sum(x**2)) / n` for n examples, while training \
      and when evaluated. l1 makes codes sparse. Layers with weights take activity_regularizer= for \
      the same. Shapes: y has the shape of x. Peers: Keras's divides by n, too. Source: Olshausen and \
      Field 1996, for sparse codes.
      """, makes: type
  ) { l1, l2, input, name in
    let layer = ActivityRegularization(Penalty(l1: l1, l2: l2), name: name)
    return layer.wanting(input)
  }
}

internal import Catalog
internal import Tensors

extension ActivationLayer {
  static let relu = Entry(
    "ReLU", "ReLU in its general form, as a layer or in place of an activation.",
    Parameter("max_value", Double?.self, "no output is larger; None: no bound") { nil },
    Parameter("negative_slope", Double.self, "below the threshold", also: ["slope"]) { 0 },
    Parameter("threshold", Double.self, "from which inputs pass") { 0 },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "Activation", example: "Sequential(Dense(20), ReLU(max_value=6))",
    details: """
      `y = max_value if x >= max_value else x if x > threshold else negative_slope * (x - \
      threshold)`. Shapes: y has the shape of x. Keras's parameters and defaults; PyTorch's has \
      none. Source: Nair and Hinton 2010.
      """, makes: ActivationLayer.type
  ) { maximum, slope, threshold, name in
    if let maximum, maximum < 0 || maximum.isNaN {
      throw Failure(
        .value, "ReLU() argument 'max_value' must be at least 0, got \(maximum)", code: "L308")
    }
    let activation = Activation.relu(
      slope: slope, maximum: maximum ?? .infinity, threshold: threshold)
    return .object(ActivationLayer(.builtIn(activation), name: name))
  }

  static let selu = Entry(
    "SELU", "The activation selu as a layer of its own.",
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "Activation", example: "Sequential(Dense(20), SELU())",
    details: """
      `y = 1.0507 * (x if x > 0 else 1.6733 * (exp(x) - 1))`; see `selu`. Shapes: y has the \
      shape of x. Source: Klambauer et al. 2017.
      """,
    makes: ActivationLayer.type
  ) { name in .object(ActivationLayer(.builtIn(.selu), name: name)) }

  static let softmax = Entry(
    "Softmax", "The activation softmax as a layer of its own.",
    Parameter("axis", Int.self, "along which the shares add up to 1") { -1 },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "Activation", example: "Sequential(Dense(3), Softmax())",
    details: """
      `y_i = exp(x_i) / sum_k exp(x_k)`; see `softmax`. Shapes: y has the shape of x; -1 is the \
      last axis, 0 that of the examples. Source: Bridle 1990.
      """, makes: ActivationLayer.type
  ) { axis, name in
    axis == -1
      ? .object(ActivationLayer(.builtIn(.softmax), name: name))
      : .object(AxisSoftmax(axis: axis, name: name))
  }
}

/// Softmax along another axis than the last.
final class AxisSoftmax: Layer {
  static let type = ObjectType(
    "Softmax", "Softmax along an axis.", base: LayerType.layer, members: { commonMembers() })

  let state: LayerState
  /// Counted with the axis of examples.
  let axis: Int

  init(axis: Int, name: String = "") {
    self.axis = axis
    state = LayerState(name: name)
  }

  var type: ObjectType { Self.type }
  var settings: String { "axis=\(axis)" }
  var ending: Activation? { nil }
  var step: PlanStep? { nil }
  func fresh() -> any Layer { AxisSoftmax(axis: axis, name: state.name) }

  func outputShape(_ input: [Int]) throws -> [Int] {
    _ = try resolve(axis, input)
    return input
  }

  func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor { try x.softmax(axis) }
}

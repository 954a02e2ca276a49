internal import Catalog
internal import Tensors

/// A model as a layer of another one.
final class ModelLayer: Layer {
  let model: Sequential
  let state: LayerState

  init(_ model: Sequential) {
    self.model = model
    state = LayerState()
  }

  var type: ObjectType { model.type }
  var settings: String { "" }
  var step: PlanStep? { nil }
  var weights: [Weight] { model.weights }
  var trainableWeights: [Weight] { state.isTrainable ? model.trainable : [] }
  var inside: [any Layer] { model.layers }
  var namedWeights: [(name: String, weight: Weight)] { model.namedWeights }
  var ending: Activation? { model.lastActivation }

  func fresh() throws -> any Layer { ModelLayer(try model.copy()) }

  func outputShape(_ input: [Int]) throws -> [Int] { model.outputShape ?? input }

  func prepare(_ input: [Int], with maker: WeightMaker) throws -> [Int] {
    try model.build(input, with: maker)
    state.inputShape = input
    state.outputShape = model.outputShape
    return model.outputShape ?? input
  }

  func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    let before = pass.isFrozen
    defer { pass.isFrozen = before }
    if !state.isTrainable { pass.isFrozen = true }
    return try model.forward(x, pass)
  }

  func visit(_ keep: (Value) -> Void) { keep(.object(model)) }
}

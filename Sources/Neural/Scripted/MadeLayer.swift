internal import Catalog
internal import Tensors

/// A kind of layer made of two functions, for weights and output; calling it makes a layer.
final class LayerKind: Object {
  let name: String
  let build: Function?
  let compute: Function
  let type: ObjectType

  init(_ name: String, build: Function?, compute: Function) {
    self.name = name
    self.build = build
    self.compute = compute
    type = ObjectType(
      name, "A kind of layer made of functions.", base: LayerType.layer,
      members: { MadeLayer.commonMembers() })
  }

  var text: String { "<layer kind '\(name)'>" }

  func visit(_ keep: (Value) -> Void) {
    if let build { keep(build.held) }
    keep(compute.held)
  }

  func call(_ arguments: Arguments) throws -> Value {
    var given = ""
    for (option, value) in arguments.named {
      guard option == "name", let name = String.read(value) else {
        throw Failure(
          .type, "\(name)() takes a name only, not \(option)=", code: "L105",
          help: "make settings part of the functions, or write class \(name)(Layer)")
      }
      given = name
    }
    guard arguments.positional.isEmpty else {
      throw Failure(
        .type, "\(name)() takes no positional arguments", code: "L105",
        help: "\(name)() makes a layer; \(name)()(x) applies it")
    }
    return .object(MadeLayer(self, name: given))
  }
}

/// A layer whose weights and output two functions of the script give.
final class MadeLayer: Layer {
  let kind: LayerKind
  let state: LayerState
  private(set) var weights: [Weight] = []

  init(_ kind: LayerKind, name: String = "") {
    self.kind = kind
    state = LayerState(name: name)
  }

  var type: ObjectType { kind.type }
  var settings: String { "" }
  var step: PlanStep? { nil }
  var ending: Activation? { nil }
  func fresh() -> any Layer { MadeLayer(kind, name: state.name) }

  func visit(_ keep: (Value) -> Void) { keep(.object(kind)) }

  /// Found by trying it on one example of zeros.
  func outputShape(_ input: [Int]) throws -> [Int] {
    if let output = state.outputShape, state.inputShape == input { return output }
    let dtype = weights.first?.tensor.dtype ?? .f32
    let trial = try Tensor.zeros(Shape([1] + input), dtype: dtype)
    return Array(try Tape.paused { try apply(trial) }.shape.dropFirst())
  }

  func prepare(_ input: [Int], with maker: WeightMaker) throws -> [Int] {
    if state.isBuilt, let built = state.inputShape, built != input, !weights.isEmpty {
      throw LayerProblem.input(expected: "the inputs it was built for", got: input, built: built)
    }
    if !state.isBuilt { try build(input, with: maker) }
    let output = try outputShape(input)
    state.inputShape = input
    state.outputShape = output
    for weight in weights { weight.owner = name }
    return output
  }

  func build(_ input: [Int], with maker: WeightMaker) throws {
    guard let build = kind.build else { return }
    let result = try build(shapeValue(input))
    guard case .dict(let dict) = result else {
      throw Failure(
        .type,
        "build of layer \(title) returned \(result.typeName), expected a dict of tensors",
        code: "L105", help: "such as {\"w\": ones(shape[-1])}")
    }
    var made: [Weight] = []
    for (key, value) in try dict.items() {
      guard case .string(let name) = key, let tensor = try Tensor.read(value) else {
        throw Failure(
          .type,
          "build of layer \(title) returned \(value.typeName) under \(key.brief()), "
            + "expected tensors under names", code: "L105")
      }
      made.append(Weight(name, try tensor.detached().astype(maker.dtype), isPlaced: true))
    }
    weights = made
  }

  func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor { try apply(x) }

  private func apply(_ x: Tensor) throws -> Tensor {
    let table = Value.dictionary(weights.map { (.string($0.name), .object($0.tensor)) })
    let result = try kind.compute(table, .object(x))
    guard case .object(let object) = result, let output = object as? Tensor else {
      throw Failure(
        .type, "call of layer \(title) returned \(result.typeName), expected a tensor",
        code: "L105", help: result.isNone ? "end it with: return y" : nil)
    }
    guard output.rank > 0, output.shape.first == x.shape.first else {
      throw Failure(
        .shape,
        "call of layer \(title) returned shape \(output.shape), expected the "
          + "\(x.shape.first ?? 0) examples on the first axis", code: "L301",
        notes: ["its input was \(x.shape)"])
    }
    return output
  }

  static let entry = Entry(
    "layer", "A kind of layer made of functions: one for the weights, one for the output.",
    Parameter("name", String.self, "the name of the kind"),
    Parameter("build", Function?.self, "from the shape of inputs to a dict of weights") { nil },
    Parameter("call", Function.self, "from that dict and a batch to the output"),
    returns: "function",
    example:
      "layer(\"Scale\", build=lambda s: {\"w\": ones(s[-1])}, call=lambda p, x: x * p[\"w\"])",
    details: """
      What it returns makes layers: `Scale()`, or `Scale` itself in a model. The shape has None in \
      front, for the examples. `class Scale(Layer)` does the same and can have settings.
      """
  ) { name, build, call in .object(LayerKind(name, build: build, compute: call)) }
}

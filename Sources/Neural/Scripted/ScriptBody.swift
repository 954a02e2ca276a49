internal import Catalog
internal import Tensors

/// What a script's class adds to a layer or a model: its `call` and `build`, the weights it makes,
/// and the layers that its instance holds in attributes.
final class ScriptBody {
  let instance: any ScriptInstance
  let context: Context
  /// Made by `add_weight`, in that order.
  private(set) var weights: [Weight] = []
  /// How many of them were there before `build`.
  private var initialCount: Int { countBeforeBuild ?? weights.count }
  private var countBeforeBuild: Int?
  /// The activation that the output came out of, when `call` returned a layer's output as it was.
  private(set) var ending: Activation?
  private var settled: [any Layer]?
  private var models: [ObjectIdentifier: ModelLayer] = [:]

  init(_ instance: any ScriptInstance, context: Context) {
    self.instance = instance
    self.context = context
  }

  /// Gives the body of a twin what this one has: new layers, and weights that `__init__` made.
  ///
  /// Weights that `build` makes are made again when the twin is built.
  func copy(into twin: ScriptBody) throws {
    var fresh: [ObjectIdentifier: Value] = [:]
    func renew(_ value: Value, depth: Int) throws -> Value? {
      switch value {
      case .object(let layer as any Layer):
        let known = fresh[ObjectIdentifier(layer)]
        let made = try known ?? .object(layer.twin())
        fresh[ObjectIdentifier(layer)] = made
        return made
      case .object(let model as Sequential):
        let known = fresh[ObjectIdentifier(model)]
        let made = try known ?? .object(model.copy())
        fresh[ObjectIdentifier(model)] = made
        return made
      case .object(let tensor as Tensor):
        guard let index = weights.firstIndex(where: { $0.tensor === tensor }) else { return nil }
        guard index < initialCount else { return nil }
        return .object(twin.weights[index].tensor)
      case .list(let list) where depth < 4:
        let elements = try list.elements()
        let renewed = try elements.map { try renew($0, depth: depth + 1) }
        guard renewed.contains(where: { $0 != nil }) else { return nil }
        let all = zip(renewed, elements).map { $0 ?? $1 }
        return list.isTuple ? .tuple(all) : .array(all)
      case .dict(let dict) where depth < 4:
        let items = try dict.items()
        let renewed = try items.map { try renew($0.value, depth: depth + 1) }
        guard renewed.contains(where: { $0 != nil }) else { return nil }
        return .dictionary(zip(renewed, items).map { ($1.key, $0 ?? $1.value) })
      default: return nil
      }
    }
    for weight in weights.prefix(initialCount) {
      let copy = Weight(
        weight.name, try weight.tensor.copy(), isTrainable: weight.isTrainable, isPlaced: true)
      copy.hasMadeUpName = weight.hasMadeUpName
      twin.weights.append(copy)
    }
    for (name, value) in try instance.ownAttributes() {
      if let renewed = try renew(value, depth: 0) {
        try twin.instance.setAttribute(name, to: renewed)
      }
    }
  }

  var definesCall: Bool { instance.defines("call") }

  // MARK: Layers

  /// The layers in the instance's attributes, in lists and dicts too, in the order of assignment.
  var layers: [any Layer] {
    if let settled { return settled }
    return ((try? found()) ?? []).map(\.layer)
  }

  private func found() throws -> [(name: String, layer: any Layer)] {
    var all: [(name: String, layer: any Layer)] = []
    var seen: Set<ObjectIdentifier> = []
    func take(_ value: Value, _ name: String, depth: Int) throws {
      switch value {
      case .object(let layer as any Layer):
        if layer !== instancePeer, seen.insert(ObjectIdentifier(layer)).inserted {
          all.append((name, layer))
        }
      case .object(let model as Sequential):
        if model !== instancePeer, seen.insert(ObjectIdentifier(model)).inserted {
          let layer = models[ObjectIdentifier(model)] ?? ModelLayer(model)
          models[ObjectIdentifier(model)] = layer
          all.append((name, layer))
        }
      case .list(let list) where depth < 4:
        for (index, element) in try list.elements().enumerated() {
          try take(element, "\(name)_\(index)", depth: depth + 1)
        }
      case .dict(let dict) where depth < 4:
        for (key, element) in try dict.items() {
          guard case .string(let key) = key else { continue }
          try take(element, "\(name)_\(key)", depth: depth + 1)
        }
      default: break
      }
    }
    for (name, value) in try instance.ownAttributes() { try take(value, name, depth: 0) }
    return all
  }

  /// The layer or model whose instance this is; it is not one of its own layers.
  weak var instancePeer: AnyObject?

  /// Names layers and weights after the attributes that hold them, and stops looking for more.
  private func settle() throws {
    let all = try found()
    var taken = Set(all.map(\.layer.state.name))
    for (name, layer) in all where layer.state.name.isEmpty {
      var free = name
      var number = 1
      while !taken.insert(free).inserted {
        free = "\(name)_\(number)"
        number += 1
      }
      layer.state.name = free
    }
    for (name, value) in try instance.ownAttributes() {
      guard case .object(let tensor as Tensor) = value,
        let weight = weights.first(where: { $0.tensor === tensor }), weight.hasMadeUpName,
        !weights.contains(where: { $0.name == name })
      else { continue }
      weight.name = name
      weight.hasMadeUpName = false
    }
    settled = all.map(\.layer)
  }

  var allWeights: [Weight] { weights + layers.flatMap(\.weights) }

  var namedWeights: [(name: String, weight: Weight)] {
    weights.map { ($0.name, $0) }
      + layers.flatMap { layer in
        layer.namedWeights.map { ("\(layer.name).\($0.name)", $0.weight) }
      }
  }

  func trainableWeights(_ isTrainable: Bool) -> [Weight] {
    isTrainable
      ? weights.filter(\.isTrainable) + layers.flatMap(\.trainableWeights) : []
  }

  // MARK: Building

  /// A weight that the script asks for, in `build` or in `__init__`.
  func addWeight(
    _ shape: [Int], _ initializer: InitializerChoice, name: String, isTrainable: Bool,
    dtype wanted: DType?
  ) throws -> Tensor {
    let size = try Shape(shape)
    if let maker = (context.enclosing as? Pass)?.maker {
      return try add(size, initializer, name, isTrainable, wanted ?? maker.dtype, &maker.stream)
    }
    return try context.draw(from: "init") { stream in
      try add(size, initializer, name, isTrainable, wanted ?? .f32, &stream)
    }
  }

  private func add(
    _ shape: Shape, _ initializer: InitializerChoice, _ name: String, _ isTrainable: Bool,
    _ dtype: DType, _ stream: inout RandomStream
  ) throws -> Tensor {
    var name = name
    let isMadeUp = name.isEmpty
    if isMadeUp {
      name = weights.isEmpty ? "weight" : "weight_\(weights.count)"
    } else if weights.contains(where: { $0.name == name }) {
      throw Failure(
        .value, "the class '\(instance.type.name)' has a weight '\(name)' already", code: "L309",
        help: "names within a layer differ")
    }
    let made = try initializer.make(
      Array(shape), for: .builtIn(.linear), dtype: dtype, from: &stream)
    let weight = Weight(name, made.weights, isTrainable: isTrainable, isPlaced: true)
    weight.hasMadeUpName = isMadeUp
    weights.append(weight)
    return weight.tensor
  }

  /// Runs `build` and tries `call` on one example of zeros, which builds the layers inside.
  ///
  /// - Parameter buildOwn: what happens where the class has no `build`.
  /// - Returns: the shape of one output.
  func build(
    _ input: [Int], with maker: WeightMaker, title: String,
    buildOwn: () throws -> Void = {}, call: (Tensor, Pass) throws -> Tensor
  ) throws -> [Int] {
    let before = weights
    let pass = Pass(isTraining: false, stream: RandomStream(seed: 0, name: "trial"))
    pass.maker = maker
    do {
      try context.enclosing(pass) {
        guard instance.defines("build") else { return try buildOwn() }
        try instance.call("build", shapeValue(input))
      }
      let trial = try Tensor.zeros(Shape([1] + input), dtype: maker.dtype)
      let output = try Tape.paused { try call(trial, pass) }
      if let last = pass.last, last.output === output { ending = last.ending }
      try settle()
      for weight in weights { weight.owner = title }
      countBeforeBuild = countBeforeBuild ?? before.count
      return Array(output.shape.dropFirst())
    } catch {
      weights = before
      throw error
    }
  }

  // MARK: Computing

  /// What the script's `call` gives for a batch.
  ///
  /// - Parameter title: the layer or model, for messages.
  func forward(_ x: Tensor, _ pass: Pass, title: String) throws -> Tensor {
    let takesMode =
      instance.parameters(of: "call")?.contains { $0.name == "training" } ?? false
    let result = try context.enclosing(pass) {
      try instance.call(
        "call", [.object(x)], named: takesMode ? [("training", .bool(pass.isTraining))] : [])
    }
    guard case .object(let object) = result, let output = object as? Tensor else {
      throw Failure(
        .type, "call of \(title) returned \(result.typeName), expected a tensor", code: "L105",
        help: result.isNone ? "end it with: return y" : nil)
    }
    guard output.rank > 0, output.shape.first == x.shape.first else {
      throw Failure(
        .shape,
        "call of \(title) returned shape \(output.shape) for \(x.shape.first ?? 0) "
          + "\(x.shape.first == 1 ? "example" : "examples"), expected them on the first axis",
        code: "L301", notes: ["its input was \(x.shape)"])
    }
    return output
  }

  func visit(_ keep: (Value) -> Void) {
    keep(.object(instance))
    for layer in settled ?? [] { keep(.object(layer)) }
  }
}

extension Value {
  var isNone: Bool { if case .none = self { true } else { false } }
}

/// The shape of one input, as `build` gets it: `(None, 28, 28)`, or without the `None`.
struct InputShape: Argument {
  let sizes: [Int]

  static var kind: String { "tuple of ints" }

  static func read(_ value: Value) throws -> InputShape? {
    if let single = Int.read(value) { return InputShape(sizes: [single]) }
    guard case .list(let list) = value else { return nil }
    var elements = try list.elements()
    if case .none? = elements.first { elements.removeFirst() }
    var sizes: [Int] = []
    for element in elements {
      guard let size = Int.read(element) else { return nil }
      sizes.append(size)
    }
    _ = try Shape(sizes)
    return InputShape(sizes: sizes)
  }

  var shown: String { LayerProblem.batch(sizes) }
}

public import Catalog
internal import Data
internal import Tensors

/// The type above all models.
public enum ModelType {
  public static let model = ObjectType(
    "Model", "Layers that are trained together.", peer: { Sequential($0, context: $1) }
  ) { ModelEntries.members + ModelEntries.saving + ModelEntries.inherited }
}

extension Sequential: Peer {
  public static let type = ObjectType(
    "Sequential", "Layers one after another.", base: ModelType.model)

  public var script: (any ScriptInstance)? { body?.instance }
  public var type: ObjectType { body?.instance.type ?? manner ?? Self.type }
  public func length() -> Int { layers.count }
  public var contents: [String] { layers.map(\.name) }

  public var text: String {
    let kinds = layers.map { "\($0.type.name)(\($0.settings))" }
    return "\(type.name)(\(kinds.joined(separator: ", ")))"
  }

  public var brief: String {
    "\(type.name) of \(layers.count) layers, \(weights.reduce(0) { $0 + $1.tensor.count }) weights"
  }

  /// A layer by its name.
  public func attribute(_ name: String) -> Value? {
    layers.first { $0.name == name }.map(\.asValue)
  }

  /// A layer by number or name; a slice is a model that shares the layers.
  public func index(_ key: Value, context: Context) throws -> Value {
    switch key {
    case .string(let name):
      guard let layer = layers.first(where: { $0.name == name }) else {
        throw Failure(
          .key, "model '\(self.name)' has no layer '\(name)'",
          notes: ["layers: " + layers.map(\.name).joined(separator: ", ")],
          help: Nearest.question(name, among: layers.map(\.name)))
      }
      return layer.asValue
    case .object(let slice as Slice):
      if isComposed {
        throw Failure(
          .type, "model '\(self.name)' is put together by its class, so it has no slices",
          help: "take layers by number or name, or from \(self.name).layers")
      }
      let part = try slice.resolve(layers.count)
      let chosen = (0..<part.count).map { layers[part.start + $0 * part.step] }
      return .object(try Sequential(chosen, name: name))
    default:
      guard let number = Int.read(key) else {
        throw Failure(
          .type, "a model is indexed with a layer's number or name, not with \(key.typeName)")
      }
      let place = number < 0 ? number + layers.count : number
      guard layers.indices.contains(place) else {
        throw Failure(
          .index, "layer \(number) does not exist: the model has \(layers.count) layers",
          code: "L107")
      }
      return layers[place].asValue
    }
  }

  public func iterate() -> any ObjectIterator { LayerIterator(layers) }

  /// `net(x)`: the output for a batch; a gradient flows through it.
  public func call(_ arguments: Arguments) throws -> Value {
    guard arguments.positional.count == 1, let x = try Tensor.read(arguments.positional[0]) else {
      throw Failure(.type, "a model is called with one tensor", code: "L105", help: "net(x)")
    }
    var isTraining: Bool?
    for (name, value) in arguments.named {
      guard name == "training", let flag = Bool.read(value) else {
        throw Failure(.type, "a model takes training=True or False, not \(name)=", code: "L105")
      }
      isTraining = flag
    }
    let (batch, isSingle) = try inputs(x)
    return try Pass.running(
      in: arguments.context, isTraining: isTraining, dtype: batch.dtype
    ) { pass, maker in
      try build(Array(batch.shape.dropFirst()), with: maker)
      // The tensor itself goes in when it can, so that its place on a tape is kept.
      let output = try forward(batch, pass)
      pass.last = (output, lastActivation)
      return .object(isSingle ? try output.at([.at(0)]) : output)
    }
  }

  public func visit(_ keep: (Value) -> Void) {
    body?.visit(keep)
    for layer in chain { keep(.object(layer)) }
    if let history { keep(.object(history)) }
    if let held = wanted.loss?.held { keep(held) }
    for metric in wanted.metrics { metric.visit(keep) }
    wanted.optimizer?.visit(keep)
    optimizer?.visit(keep)
  }

  public var externalBytes: Int { (arena?.count ?? 0) * dtype.size }

  public func display(_ context: Context) -> Media {
    var markup = Markup()
    markup.table(layerTable)
    return Media(summaryText, markup)
  }

  public func facts() -> Facts? { .table(summaryTable) }

  /// One row per layer: name, kind, output, weights, and how they start.
  public var summaryTable: Table {
    let rows = layers.map { layer in
      let frozen = layer.state.isTrainable ? [] : ["frozen"]
      let notes = [layer.startName].compactMap { $0 } + frozen
      return layer.summaryCells + [.text(notes.joined(separator: ", "))]
    }
    let total = weights.reduce(0) { $0 + $1.tensor.count }
    let learning = trainable.reduce(0) { $0 + $1.tensor.count }
    var notes = ["weights: \(total)"]
    if learning != total { notes[0] += ", of which \(learning) learn" }
    if !isBuilt { notes = ["not built yet: the data or input_shape= give the sizes"] }
    if let title = history?.title { notes.append("last fit: \(title)") }
    return Table(
      title: "model '\(name)'",
      columns: [
        Table.Column("layer"), Table.Column("kind"), Table.Column("output"),
        Table.Column("weights", isNumeric: true), Table.Column("init"),
      ], rows: rows, notes: notes)
  }

  /// The table as aligned text.
  public var summaryText: String { TableText.aligned(summaryTable, missing: "?") }

  /// The same for a page, where there is room to say which weights learn.
  private var layerTable: Table {
    var table = summaryTable
    table.columns.insert(Table.Column("learns"), at: table.columns.count - 1)
    table.rows = layers.map { layer in
      layer.summaryCells + [.text(layer.learningShare), .text(layer.startName ?? "")]
    }
    return table
  }
}

extension Layer {
  /// Name, kind with settings, shape of the output, number of weights.
  fileprivate var summaryCells: [Table.Cell] {
    let settings = settings.isEmpty ? "" : "(\(settings))"
    return [
      .text(name), .text(type.name + settings),
      .text(state.outputShape.map(LayerProblem.batch) ?? "?"),
      state.isBuilt ? .whole(parameterCount) : .missing,
    ]
  }

  /// How its kernel starts: `he_normal (auto)`.
  fileprivate var startName: String? {
    guard let layer = self as? any KernelLayer, state.isBuilt, let start = layer.start else {
      return nil
    }
    let isAutomatic = if case .automatic = start.choice { true } else { false }
    return start.name + (isAutomatic ? " (auto)" : "")
  }

  /// Which of its weights training changes: `yes`, `32 of 64`, `frozen`; empty without weights.
  fileprivate var learningShare: String {
    guard state.isTrainable else { return "frozen" }
    guard parameterCount > 0 else { return "" }
    let learning = trainableWeights.reduce(0) { $0 + $1.tensor.count }
    return learning == parameterCount ? "yes" : "\(learning) of \(parameterCount)"
  }
}

/// Walks over a model's layers.
private final class LayerIterator: ObjectIterator {
  private var rest: ArraySlice<any Layer>

  init(_ layers: [any Layer]) {
    rest = layers[...]
  }

  func next() -> Value? { rest.popFirst().map(\.asValue) }
}

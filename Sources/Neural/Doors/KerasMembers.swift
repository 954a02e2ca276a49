internal import Catalog
internal import Tensors

// What stands in Keras's namespaces.

extension KerasDoor {
  /// Keras's name where ours differs; used when nothing of that name is here.
  private static func missing(_ names: [(theirs: String, ours: String)], in entries: [Entry])
    -> [(theirs: String, entry: Entry)]
  {
    names.compactMap { name in
      guard !entries.contains(where: { $0.name == name.theirs }) else { return nil }
      return entries.first { $0.name == name.ours }.map { (name.theirs, $0) }
    }
  }

  // MARK: Layers

  private static let layerSpares: [Entry.Spare] = [
    .init("dtype", "None", "\"float32\""), .init("activity_regularizer", "None"),
    .init("bias_regularizer", "None"), .init("kernel_constraint", "None"),
    .init("bias_constraint", "None"), .init("trainable", "True"),
    .init("data_format", "None", "\"channels_last\""),
  ]

  static func layers(_ place: String) -> [Entry] {
    let all = made(of: "Layer").filter { $0.name != "Layer" }
    let others: [(theirs: String, ours: String)] = [
      ("BatchNormalization", "BatchNorm"), ("LayerNormalization", "LayerNorm"),
      ("GroupNormalization", "GroupNorm"), ("MaxPool1D", "MaxPooling1D"),
      ("MaxPool2D", "MaxPooling2D"), ("MaxPooling2D", "MaxPool2D"),
      ("AvgPool2D", "AveragePooling2D"), ("AveragePooling2D", "AvgPool2D"),
      ("GlobalAvgPool2D", "GlobalAveragePooling2D"), ("GlobalMaxPool2D", "GlobalMaxPooling2D"),
      ("SimpleRNN", "RNN"), ("Convolution2D", "Conv2D"), ("Conv2DTranspose", "ConvTranspose2D"),
    ]
    func layer(_ name: String, _ entry: Entry) -> Entry {
      let known = entry.parameters.flatMap { [$0.name] + $0.aliases }
      return door(
        name, to: entry, in: place, defaults: layerDefaults[entry.name] ?? [],
        order: layerOrders[entry.name] ?? [],
        spare: layerSpares.filter { spare in
          !known.contains(spare.name)
            && (spare.name != "data_format" || entry.name.contains { "123".contains($0) })
        })
    }
    let base = NeuralCatalog.bases.filter { $0.name == "Layer" }
    return base + all.map { layer($0.name, $0) }
      + missing(others, in: all).map { layer($0.theirs, $0.entry) }
      + activationLayers(all.map(\.name))
      + [input("Input", in: place), input("InputLayer", in: place)]
  }

  private static let layerDefaults: [String: [(name: String, value: @Sendable () -> Value)]] = [
    // Keras 3; the library's own slope is the paper's 0.01.
    "LeakyReLU": [("slope", { .float(0.3) })],
    "Embedding": [("init", { .string("uniform") })],
  ]

  private static let layerOrders: [String: [String]] = [
    "Dense": [
      "units", "activation", "use_bias", "kernel_initializer", "bias_initializer",
      "kernel_regularizer", "bias_regularizer", "activity_regularizer", "kernel_constraint",
      "bias_constraint",
    ]
  ]

  /// `ReLU()`, `Softmax()`: activations as layers, where no layer of that name is here.
  private static func activationLayers(_ known: [String]) -> [Entry] {
    [("ReLU", "relu"), ("Softmax", "softmax")].compactMap { name, activation in
      guard !known.contains(name), let function = Activation.named(activation) else { return nil }
      return Entry(
        name, "The activation \(activation) as a layer of its own.", returns: "Layer",
        example: "keras.layers.\(name)()"
      ) { .object(ActivationLayer(.builtIn(function))) }
    }
  }

  /// `Input(shape=(4,))` at the head of a Sequential.
  static func input(_ name: String, in place: String) -> Entry {
    Entry(
      name, "The shape of one input, as the first thing in a Sequential.",
      Parameter(
        "shape", Shape.self, "the sizes, without the examples' axis", also: ["input_shape"]),
      Parameter("name", String.self, "its name", passing: .keywordOnly) { "" },
      Parameter("dtype", String?.self, "taken for Keras's sake", passing: .keywordOnly) { nil },
      returns: "Input", example: "keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])"
    ) { shape, _, _ in .object(InputMark(Array(shape))) }
  }

  // MARK: Training

  static func losses(_ place: String) -> [Entry] {
    let all = section("Losses").filter { $0.name.first?.isUppercase == true }
    let others = [("SparseCategoricalCrossentropy", "CategoricalCrossentropy")]
    return NeuralCatalog.bases.filter { $0.name == "Loss" }
      + all.map { door($0.name, to: $0, in: place, spare: reductions) }
      + missing(others, in: all).map { door($0.theirs, to: $0.entry, in: place, spare: reductions) }
      + Loss.aliases.keys.filter { $0.contains("_") }.sorted().compactMap { alias in
        guard let loss = Loss.named(alias) else { return nil }
        return .constant(
          alias, "The loss \(loss.name) as a function of (y_true, y_pred).", returns: "Loss",
          example: "\(place).\(alias)"
        ) { _ in .object(LossObject(loss)) }
      }
  }

  private static let reductions: [Entry.Spare] = [
    .init("reduction", "\"sum_over_batch_size\""), .init("name", "None"),
  ]

  private static let optimizerSpares: [Entry.Spare] = [
    .init("use_ema", "False"), .init("name", "None"), .init("jit_compile", "\"auto\"", "True"),
    .init("ema_momentum", "0.99"), .init("loss_scale_factor", "None"),
    .init("weight_decay", "None"),
  ]

  static func optimizers(_ place: String) -> [Entry] {
    let all = section("Optimizers").filter { $0.name.first?.isUppercase == true }
    let defaults: [String: [(name: String, value: @Sendable () -> Value)]] = [
      "Adadelta": [("lr", { .float(0.001) })], "Lion": [("beta2", { .float(0.99) })],
    ]
    func optimizer(_ name: String, _ entry: Entry) -> Entry {
      let known = entry.parameters.map(\.name)
      return door(
        name, to: entry, in: place, defaults: defaults[entry.name] ?? [],
        spare: optimizerSpares.filter { !known.contains($0.name) })
    }
    return NeuralCatalog.bases.filter { $0.name == "Optimizer" }
      + all.map { optimizer($0.name, $0) }
      + missing([("RMSprop", "RMSProp")], in: all).map { optimizer($0.theirs, $0.entry) }
  }

  static func schedules(_ place: String) -> [Entry] {
    doors(
      to: "Schedules", in: place,
      [
        ("ExponentialDecay", "exponential_decay"), ("InverseTimeDecay", "inverse_time_decay"),
        ("PolynomialDecay", "polynomial_decay"), ("PiecewiseConstantDecay", "piecewise"),
        ("CosineDecay", "cosine_decay"), ("CosineDecayRestarts", "cosine_restarts"),
      ])
  }

  /// Those of the catalogue, and the class that scripts derive theirs from.
  static func callbacks(_ place: String) -> [Entry] {
    let all = section("Callbacks")
    return NeuralCatalog.bases.filter { $0.name == "Callback" }
      + all.map { entry in
        entry.name == "BackupAndRestore"
          ? .door(
            "\(place).BackupAndRestore", to: entry, names: [("backup_dir", "path")],
            spare: [.init("save_freq", "\"epoch\""), .init("double_checkpoint", "False")],
            examples: ["keras.callbacks.BackupAndRestore(\"run.safetensors\")"])
          : door(entry.name, to: entry, in: place)
      }
  }

  /// Under the names of the classes and of the functions; lengths are taken along axis 0.
  static func constraints(_ place: String) -> [Entry] {
    let ours = section("Constraints")
    return ours.flatMap { entry -> [Entry] in
      let name = entry.name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }
        .joined()
      let hasAxis = entry.parameters.contains { $0.name == "axis" }
      return [name, entry.name].map { name in
        .door(
          "\(place).\(name)", to: entry,
          defaults: hasAxis ? firstAxis : [],
          examples: ["keras.constraints.\(name)()"])
      }
    }
  }

  private static let firstAxis: [(name: String, value: @Sendable () -> Value)] = [
    ("axis", { .int(0) })
  ]
  private static let noPenalty: [(name: String, value: @Sendable () -> Value)] = [
    ("l1", { .float(0) }), ("l2", { .float(0) }),
  ]

  /// Entries of a section under Keras's names.
  private static func doors(
    to title: String, in place: String, _ names: [(theirs: String, ours: String)]
  ) -> [Entry] {
    let table = Dictionary(
      section(title).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    return names.compactMap { name in
      table[name.ours].map { door(name.theirs, to: $0, in: place) }
    }
  }

  static func metrics(_ place: String) -> [Entry] {
    let own = section("Metrics") + made(of: "Metric")
    let measured = section("Losses").filter { $0.name.hasPrefix("Mean") }
    var seen: Set<String> = []
    return (own + measured).filter { $0.name.first?.isUppercase == true }
      .filter { seen.insert($0.name).inserted }
      .map { entry in
        entry.name == "Metric"
          ? entry
          : door(
            entry.name, to: entry, in: place,
            spare: [.init("dtype", "None")]
              + (entry.parameters.contains { $0.name == "name" } ? [] : [.init("name", "None")]))
      }
  }

  // MARK: Weights

  static func initializers(_ place: String) -> [Entry] {
    let table = Dictionary(
      InitializerEntries.all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let doors = [
      ("RandomNormal", "normal", ["mean", "stddev"]), ("Constant", "constant", ["value"]),
      ("RandomUniform", "uniform", ["minval", "maxval"]),
      ("VarianceScaling", "variance_scaling", ["scale", "mode", "distribution"]),
      ("TruncatedNormal", "truncated_normal", ["mean", "stddev"]),
      ("Orthogonal", "orthogonal", ["gain"]), ("OrthogonalInitializer", "orthogonal", ["gain"]),
    ].compactMap { name, ours, order in
      table[ours].map {
        door(name, to: $0, in: place, order: order, spare: [.init("seed", "None")])
      }
    }
    let fixed = Initializer.all.map { initializer in
      let name = initializer.name.split(separator: "_")
        .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
      return Entry(
        name, "Initializer: \(initializer.sentence)",
        Parameter("seed", Int?.self, "the session's seed decides", passing: .keywordOnly) { nil },
        returns: "Initializer", example: "keras.initializers.\(name)()",
        makes: InitializerObject.type
      ) { _ in .object(InitializerObject(initializer)) }
    }
    return doors + fixed.filter { one in !doors.contains { $0.name == one.name } }
  }

  static func regularizers(_ place: String) -> [Entry] {
    let short = PenaltyObject.entries
    return short
      + [
        ("L1", "l1"), ("L2", "l2"), ("L1L2", "l1_l2"),
        ("OrthogonalRegularizer", "orthogonal_regularizer"),
      ].compactMap { name, ours in
        guard let entry = short.first(where: { $0.name == ours }) else { return nil }
        // The class L1L2 starts from 0, the function of that kind from 0.01.
        return .door(
          "\(place).\(name)", to: entry,
          names: ours == "l1" || ours == "l2" ? [(ours, "factor")] : [],
          defaults: ours == "l1_l2" ? noPenalty : [],
          hiding: ours == "l2" ? ["half"] : [], examples: ["keras.regularizers.\(name)()"])
      }
  }

  static func utilities(_ place: String) -> [Entry] {
    let oneHot = TensorCatalog.library.entries.first { $0.name == "one_hot" }
    return [
      seed("set_random_seed", in: place)
    ]
      + (oneHot.map {
        [
          .door(
            "\(place).to_categorical", to: $0,
            names: [("x", "labels"), ("num_classes", "classes")],
            examples: ["keras.utils.to_categorical([0, 2, 1], num_classes=3)"])
        ]
      } ?? [])
  }
}

/// `keras.Input(…)`: not a layer, but what the first layer is built for.
final class InputMark: Object {
  static let type = ObjectType("Input", "The shape of one input of a model.")
  let shape: [Int]

  init(_ shape: [Int]) {
    self.shape = shape
  }

  var type: ObjectType { Self.type }
  var text: String { "<Input \(LayerProblem.batch(shape))>" }
}

public import Catalog
internal import Tensors

/// `import keras`, `from tensorflow import keras`: Keras's names and defaults for what is here.
///
/// Oracle: Keras 3. Its namespaces are made from the catalogue: whatever makes a layer stands in
/// `keras.layers`, and so on, with overrides only where Keras differs.
enum KerasDoor {
  static let version = "3.12"

  static let module = facts("keras")

  static let tensorFlow = ModuleFacts(
    "tensorflow", "The part of TensorFlow that is Keras.",
    modules: [
      facts("tensorflow.keras"),
      ModuleFacts("tensorflow.random", "Random numbers.") {
        [seed("set_seed", in: "tensorflow.random")]
      },
    ],
    hints: [
      "constant": "write tensor([1.0, 2.0])", "Variable": "write tensor([1.0, 2.0])",
      "convert_to_tensor": "write tensor(x)", "GradientTape": "write grad(loss)(w)",
      "function": "leave it out", "reduce_mean": "write x.mean()",
      "reduce_sum": "write x.sum()", "reduce_max": "write x.max()", "matmul": "write a @ b",
      "square": "write x ** 2", "zeros": "without tf: zeros((2, 3))",
      "ones": "without tf: ones((2, 3))", "reshape": "write x.reshape(2, 3)",
      "cast": "write x.astype(\"float32\")", "one_hot": "without tf: one_hot(labels, 10)",
      "float32": "write \"float32\"", "data": "fit takes arrays, or a Dataset",
      "nn": "without tf: relu(x), softmax(x), sigmoid(x)", "config": "there is only the processor",
    ]
  ) { [text("__version__", "The version whose names these are.", "2.20")] }

  /// - Parameter name: the dotted name under which it is imported.
  private static func facts(_ name: String) -> ModuleFacts {
    func inner(
      _ part: String, _ sentence: String, hints: [String: String] = [:],
      modules: [ModuleFacts] = [], _ entries: @escaping @Sendable (String) -> [Entry]
    ) -> ModuleFacts {
      let all = Lazy { entries("\(name).\(part)") }
      return ModuleFacts("\(name).\(part)", sentence, modules: modules, hints: hints) { all.value }
    }
    let models = Lazy { [sequential(name), model(name)] }
    return ModuleFacts(
      name, "Layers, models and training under Keras's names, with Keras's defaults.",
      modules: [
        inner(
          "layers", "The layers.",
          hints: [
            "LSTMCell": "write LSTM(…)", "GRUCell": "write GRU(…)", "Lambda": "write Lambda(f)",
          ]
        ) { layers($0) },
        inner("models", "Models.", hints: ["load_model": loading]) { _ in models.value },
        inner("losses", "What training makes small.") { losses($0) },
        inner(
          "optimizers", "How a model learns.",
          modules: [
            inner("optimizers.schedules", "Learning rates that change.") { schedules($0) }
          ]
        ) { optimizers($0) },
        inner("metrics", "What is measured beside the loss.") { metrics($0) },
        inner(
          "callbacks", "What is told of epochs and batches.",
          hints: [
            "TensorBoard": "write plot(net.history)",
            "History": "fit returns it: run = model.fit(…)",
            "ProgbarLogger": "fit shows its progress by itself",
            "RemoteMonitor": "write a Callback with on_epoch_end(self, epoch, logs)",
          ]
        ) { callbacks($0) },
        inner("activations", "Functions between layers.") { _ in section("Activations") },
        inner("initializers", "How weights start.") { initializers($0) },
        inner("regularizers", "What keeps weights small.") { regularizers($0) },
        inner("constraints", "What weights are held to.") { constraints($0) },
        inner(
          "utils", "Labels and seeds.",
          hints: [
            "plot_model": "write plot(net)", "normalize": "write x / norm(x, axis=-1)",
            "image_dataset_from_directory": "read the files with load(…)",
          ]
        ) { utilities($0) },
        inner("datasets", "Nothing is downloaded here.", hints: downloads) { _ in [] },
        inner(
          "backend", "What Keras runs on.",
          hints: [
            "clear_session": "leave it out: models are freed with their last name",
            "epsilon": "write 1e-7", "floatx": "it is float32",
          ]
        ) { _ in [] },
      ],
      hints: ["ops": "functions of tensors need no module: matmul(a, b), relu(x), softmax(x)"]
    ) {
      models.value + [input("Input", in: name)]
        + [text("__version__", "The version whose names and defaults these are.", version)]
    }
  }

  private static let loading =
    "make the model again and call net.load(\"net.npz\"), which reads what net.save wrote"

  private static let downloads: [String: String] = {
    let files = "nothing is downloaded here: put the files beside the notebook and load(\"…\")"
    return [
      "mnist": files + ", or take digits(1000)", "fashion_mnist": files, "cifar10": files,
      "cifar100": files, "imdb": files, "reuters": files, "boston_housing": files,
      "california_housing": files,
    ]
  }()

  private static func text(_ name: String, _ sentence: String, _ value: String) -> Entry {
    .constant(name, sentence, returns: "str", example: "keras.__version__") { _ in .string(value) }
  }

  static func seed(_ name: String, in place: String) -> Entry {
    Entry(
      name, "Starts all random streams anew from one number.", kind: .function,
      parameters: [ParameterFacts(name: "seed", kind: "int", sentence: "any whole number")],
      returns: "None",
      examples: [place.hasPrefix("t") ? "tf.random.set_seed(42)" : "keras.utils.\(name)(42)"],
      place: place,
      body: .library { entry, arguments in
        var binding = try Binding(arguments, for: entry)
        let seed = try binding.take(Parameter("seed", Int.self, "any whole number"))
        try binding.finish()
        arguments.context.seed = UInt64(bitPattern: Int64(seed))
        arguments.context.drawn = [:]
        arguments.context.kept["numpy.random"] = nil
        return .none
      })
  }

  // MARK: From the catalogue

  /// The entries of a section of the catalogue.
  static func section(_ title: String) -> [Entry] {
    NeuralCatalog.library.sections.first { $0.title == title }?.entries ?? []
  }

  /// The entries that make objects of a type, or of one derived from it.
  static func made(of type: String) -> [Entry] {
    NeuralCatalog.library.entries.filter { entry in
      var own = entry.type
      while let current = own, current.name != type { own = current.base }
      return own != nil && entry.name.first?.isUppercase == true
    }
  }

  /// Keras's names of parameters that go by shorter ones here.
  private static let longNames: Set<String> = [
    "kernel_initializer", "bias_initializer", "kernel_regularizer", "bias_regularizer",
    "recurrent_initializer", "recurrent_regularizer", "embeddings_initializer",
    "embeddings_regularizer", "depthwise_initializer", "pointwise_initializer",
    "gamma_initializer", "beta_initializer", "kernel_constraint", "negative_slope", "learning_rate",
    "beta_1", "beta_2",
    "initial_accumulator_value", "initial_learning_rate", "decay_steps", "decay_rate", "stddev",
    "minval", "maxval", "kernel_size", "pool_size", "filters", "strides", "return_sequences",
    "num_heads", "key_dim", "input_dim", "output_dim", "momentum", "epsilon", "alpha_2",
  ]

  private static let shortcuts: Set<String> = ["l1", "l2"]

  /// What Keras has for `entry`: long names, its defaults, parameters that nothing follows from.
  static func door(
    _ name: String, to entry: Entry, in place: String,
    defaults own: [(name: String, value: @Sendable () -> Value)] = [],
    order: [String] = [], spare: [Entry.Spare] = []
  ) -> Entry {
    var renamed: [(theirs: String, ours: String)] = entry.parameters.compactMap { facts in
      facts.aliases.first { longNames.contains($0) }.map { ($0, facts.name) }
    }
    if !order.isEmpty {
      // Their order; a name that is not renamed is the same here.
      renamed = order.compactMap { theirs in
        let ours = renamed.first { $0.theirs == theirs }?.ours ?? theirs
        return entry.parameters.contains { $0.name == ours } ? (theirs, ours) : nil
      }
    } else {
      // Positions are the entry's own.
      let positional = entry.parameters.filter { $0.passing == .positional }
      renamed =
        positional.map { facts in
          (renamed.first { $0.ours == facts.name }?.theirs ?? facts.name, facts.name)
        }
        + renamed.filter { one in !positional.contains { $0.name == one.ours } }
    }
    var defaults = own
    for facts in entry.parameters
    where facts.shownDefault == "\"auto\"" && facts.kind == InitializerChoice.kind {
      guard !defaults.contains(where: { $0.name == facts.name }) else { continue }
      defaults.append((facts.name, { .string("glorot_uniform") }))
    }
    let short = place.hasPrefix("tensorflow.") ? "tf." + place.dropFirst(11) : place
    let hidden = entry.parameters.filter {
      shortcuts.contains($0.name) && entry.parameters.count > 4
    }
    return .door(
      "\(place).\(name)", to: entry, names: renamed, defaults: defaults,
      hiding: Set(hidden.map(\.name)), spare: spare,
      examples: entry.examples.map { example in
        example.hasPrefix(entry.name + "(")
          ? "\(short).\(name)" + example.dropFirst(entry.name.count) : example
      }.filter { $0.hasPrefix(short) })
  }
}

extension NeuralCatalog {
  /// The modules that lead here under the names of other libraries.
  public static let doors: [ModuleFacts] = [KerasDoor.module, KerasDoor.tensorFlow]
}

internal import Catalog
internal import Tensors

// Models as Keras has them: the same objects, with Keras's defaults in fit and compile.

extension KerasDoor {
  /// What differs in Keras's models.
  private static let members: [Entry] = [
    .door(
      "keras.fit", to: ModelEntries.fit,
      names: [
        ("x", "x"), ("y", "y"), ("batch_size", "batch_size"), ("epochs", "epochs"),
        ("verbose", "verbose"), ("callbacks", "callbacks"),
        ("validation_split", "validation_split"), ("validation_data", "validation_data"),
        ("shuffle", "shuffle"),
      ],
      defaults: [("epochs", { @Sendable in .int(1) })],
      spare: [
        .init("initial_epoch", "0"), .init("steps_per_epoch", "None"),
        .init("validation_steps", "None"), .init("validation_freq", "1"),
        .init("validation_batch_size", "None"),
      ],
      examples: ["net.fit(x, y, epochs=5, batch_size=32)"],
      reading: { facts, value in
        // None and "auto" are Keras's way to say: as by default.
        switch (facts.name, value) {
        case ("batch_size", .none): .int(32)
        case ("verbose", .string("auto")): .int(1)
        default: value
        }
      }),
    .door(
      "keras.compile", to: ModelEntries.compile,
      defaults: [("optimizer", { @Sendable in .string("rmsprop") })],
      spare: [
        .init("run_eagerly", "False", "True"), .init("jit_compile", "\"auto\"", "True", "False"),
        .init("steps_per_execution", "1"), .init("weighted_metrics", "None"),
        .init("loss_weights", "None"),
      ],
      examples: ["net.compile(optimizer=\"adam\", loss=\"mse\", metrics=[\"mae\"])"]),
    .method(
      of: Sequential.self, "evaluate", "The loss on examples, and the metrics that compile set.",
      Parameter("x", ExamplesArgument.self, "a data set, or inputs"),
      Parameter("y", TargetsArgument?.self, "targets, when x are inputs") { nil },
      Parameter("batch_size", Int?.self, "examples per step") { nil },
      Parameter("verbose", Value.self, "taken for Keras's sake") { .none },
      Parameter("return_dict", Bool.self, "by name in place of a list") { false },
      .context, returns: "list", example: "loss, accuracy = net.evaluate(x, y)"
    ) { model, data, y, batchSize, _, asDictionary, context in
      let all = try model.evaluate(
        data.examples(y?.tensor, in: "evaluate"), loss: nil, batchSize: batchSize ?? 512,
        context: context)
      // Keras reports only the metrics that were asked for.
      let names = Set(model.wanted.metrics.map(\.name))
      let kept = all.filter { $0.name != "accuracy" || names.contains("accuracy") }
      if asDictionary {
        return .dictionary(kept.map { (.string($0.name), .float($0.value)) })
      }
      let figures = kept.map { Value.float($0.value) }
      return figures.count == 1 ? figures[0] : .array(figures)
    },
  ]

  static let sequentialType = ObjectType(
    "Sequential", "Layers one after another.", base: Sequential.type
  ) { members }

  static let modelType = ObjectType(
    "Model", "Layers that are trained together.", base: ModelType.model
  ) { members }

  static func sequential(_ place: String) -> Entry {
    Entry(
      "Sequential", ModelEntries.sequential.sentence,
      Parameter("layers", Rest<LayerArgument>.self, "one list of layers", passing: .rest),
      Parameter("name", String.self, "its name", passing: .keywordOnly) { "sequential" },
      .context, returns: "Sequential",
      example: "keras.Sequential([keras.layers.Dense(20, \"relu\"), keras.layers.Dense(3)])",
      details: "`fit` runs one epoch unless told otherwise; `compile` takes RMSprop by default.",
      makes: sequentialType, in: place
    ) { layers, name, context in
      let model = try ModelEntries.made(layers.values, name: name, context)
      model.manner = sequentialType
      return .object(model)
    }
  }

  static func model(_ place: String) -> Entry {
    Entry(
      "Model", "A class to derive models from.", kind: .function, parameters: [],
      returns: "Model", examples: [], type: modelType, place: place,
      body: .library { _, _ in
        throw Failure(
          .type, "keras.Model is a class to derive from, and makes nothing by itself",
          code: "L105",
          help: "class Net(keras.Model): …; layers one after another: keras.Sequential([…])")
      })
  }
}

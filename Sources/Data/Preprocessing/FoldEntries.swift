internal import Catalog
internal import Tensors

/// Numbers that are equally likely in every decade, as a script holds them.
final class LogUniformObject: Object {
  let space: LogUniform

  init(_ space: LogUniform) {
    self.space = space
  }

  var type: ObjectType { Self.type }
  var text: String { "log_uniform(\(space.low), \(space.high))" }

  static let type = ObjectType("LogUniform", "Numbers that are equally likely in every decade.") {
    [
      .method(
        of: LogUniformObject.self, "sample", "Random numbers of it.",
        Parameter("n", Int.self, "how many", where: .within(0, 10_000_000)), .context,
        returns: "tensor", example: "log_uniform(1e-5, 0.1).sample(3)"
      ) { object, n, context in
        .object(
          try context.draw(from: "search") { stream in
            try Tensor((0..<n).map { _ in object.space.draw(from: &stream) })
          })
      },
      .method(
        of: LogUniformObject.self, "quantile", "The number below which a share of them lies.",
        Parameter("p", Double.self, "the share", where: .within(0, 1)), returns: "float",
        example: "log_uniform(1e-5, 0.1).quantile(0.5)"
      ) { object, p in .float(object.space.quantile(p)) },
      .attribute(
        of: LogUniformObject.self, "mean", "The mean: (high - low) / ln(high / low).",
        returns: "float", example: "log_uniform(1e-5, 0.1).mean"
      ) { .float($0.space.mean) },
      .attribute(
        of: LogUniformObject.self, "variance", "The variance.", returns: "float",
        example: "log_uniform(1e-5, 0.1).variance"
      ) { .float($0.space.variance) },
      .attribute(
        of: LogUniformObject.self, "low", "The smallest number.", returns: "float",
        example: "log_uniform(1e-5, 0.1).low"
      ) { .float($0.space.low) },
      .attribute(
        of: LogUniformObject.self, "high", "The largest number.", returns: "float",
        example: "log_uniform(1e-5, 0.1).high"
      ) { .float($0.space.high) },
    ]
  }
}

/// Declarations of folds and of points to try.
enum FoldEntries {
  private static func pairs(_ held: [[Int]], of count: Int) throws -> Value {
    .array(
      try held.map { places in
        let isHeld = Set(places)
        return .tuple([
          .object(try Tensor((0..<count).filter { !isHeld.contains($0) })),
          .object(try Tensor(places)),
        ])
      })
  }

  private static let folds = Parameter("folds", Int.self, "how many", where: .atLeast(2)) { 5 }
  private static let shuffle = Parameter(
    "shuffle", Bool.self, "whether the order is random", default: { false })

  private static func drawn<R>(
    _ context: Context, _ shuffle: Bool, _ body: (inout RandomStream?) throws -> R
  ) throws -> R {
    try context.draw(from: "folds") { stream in
      var own: RandomStream? = shuffle ? stream : nil
      defer { if let own { stream = own } }
      return try body(&own)
    }
  }

  static let all: [Entry] = [
    Entry(
      "kfold", "Cuts n examples into folds: pairs of places to train on and places held out.",
      Parameter("n", Int.self, "how many examples", where: .within(2, 100_000_000)), folds,
      shuffle, .context,
      returns: "list of tuples", example: "kfold(6, folds=3)",
      details: """
        Fold k holds out `n // folds` places, the first `n % folds` folds one more. \
        `dataset.folds(k)` gives data sets instead, each with its own training part to learn a \
        scaling from. Shapes: a pair of ints (n - held,), (held,) for each fold. Peers: \
        scikit-learn's KFold. Source: Stone 1974.
        """
    ) { n, folds, shuffle, context in
      try drawn(context, shuffle) {
        try pairs(Folds.plain(n, folds: folds, shuffling: &$0), of: n)
      }
    },
    Entry(
      "stratified_kfold", "Folds with the whole's shares of the classes in each.",
      Parameter("labels", Tensor.self, "class numbers"), folds, shuffle, .context,
      returns: "list of tuples", example: "stratified_kfold([0, 0, 0, 1, 1, 1], folds=3)",
      details: """
        How many of each class a fold gets is scikit-learn's rule: sorted labels are dealt out \
        in turn. Shapes: as `kfold`. Peers: scikit-learn's StratifiedKFold. Source: Kohavi 1995.
        """
    ) { labels, folds, shuffle, context in
      let codes = labels.ints
      return try drawn(context, shuffle) {
        try pairs(Folds.stratified(codes, folds: folds, shuffling: &$0), of: codes.count)
      }
    },
    Entry(
      "parameter_grid", "Every combination of the values of several settings.",
      Parameter(
        "axes", RestNamed<[Value]>.self, "a list of values for each name", passing: .restNamed),
      returns: "list of dicts", example: "parameter_grid(lr=[0.1, 0.01], units=[10, 20])",
      details: """
        The last setting changes fastest. k values of d settings are `k**d` points, of which \
        each setting sees only k; random points see as many values as there are points: \
        `coverage(9, 2)`. Peers: scikit-learn's ParameterGrid sorts the names. Source: Bergstra \
        and Bengio 2012.
        """
    ) { axes in
      let points = try SearchGrid.points(axes.values.map(\.value))
      return .array(
        points.map { point in
          .dictionary(zip(axes.values, point).map { (.string($0.name), $1) })
        })
    },
    Entry(
      "log_uniform", "Numbers that are equally likely in every decade, for rates and penalties.",
      Parameter("low", Double.self, "the smallest", where: .above(0)),
      Parameter("high", Double.self, "the largest", where: .above(0)),
      returns: "LogUniform", example: "log_uniform(1e-5, 0.1).sample(3)",
      details: """
        `10 ** U(log10(low), log10(high))`; half of the draws are below √(low · high). Shapes: \
        sample(n) gives n numbers. Source: Bergstra and Bengio 2012.
        """,
      makes: LogUniformObject.type
    ) { low, high in .object(LogUniformObject(try LogUniform(low, high))) },
    Entry(
      "coverage", "How many different values of one setting a grid sees, and random points.",
      Parameter("trials", Int.self, "how many points are tried", where: .within(1, 1_000_000)),
      Parameter("dimensions", Int.self, "how many settings there are", where: .atLeast(1)),
      .context, returns: "dict", example: "coverage(9, 2)",
      details: """
        grid: `floor(trials ** (1 / dimensions))`; random: as many as there are trials. When \
        only one setting matters, random search tries more of it. Source: Bergstra and Bengio \
        2012.
        """
    ) { trials, dimensions, context in
      let found = try context.draw(from: "search") {
        try SearchGrid.coverage(trials: trials, dimensions: dimensions, from: &$0)
      }
      return .dictionary([
        (.string("grid"), .int(found.grid)), (.string("random"), .int(found.random)),
      ])
    },
  ]
}

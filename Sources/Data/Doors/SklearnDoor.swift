public import Catalog
internal import Tensors

/// `from sklearn.model_selection import train_test_split`: scikit-learn's names for what is here.
///
/// Oracle: scikit-learn 1.
enum SklearnDoor {
  static let module: ModuleFacts = ModuleFacts(
    "sklearn", "Parts of scikit-learn: splitting, scaling, scores.",
    modules: [
      ModuleFacts(
        "sklearn.model_selection", "Splitting examples.",
        hints: [
          "cross_val_score": "train on each part by yourself: for fold in range(5): …",
          "GridSearchCV": "loop over the settings: for lr in [0.1, 0.01]: …",
          "KFold": "without import: kfold(100, folds=5), or dataset.folds(5)",
        ]
      ) { [split] },
      ModuleFacts("sklearn.preprocessing", "Scaling and encoding.") {
        named([
          "StandardScaler", "MinMaxScaler", "MaxAbsScaler", "RobustScaler", "OneHotEncoder",
          "LabelEncoder", "OrdinalEncoder", "PolynomialFeatures", "Normalizer",
        ])
      },
      ModuleFacts("sklearn.decomposition", "Fewer features.") { named(["PCA"]) },
      ModuleFacts(
        "sklearn.datasets", "Nothing is downloaded here, and other data is made.",
        hints: [
          "make_moons": "without import: moons(200)", "make_blobs": "without import: blobs(200)",
          "make_circles": "without import: circles(200)", "load_iris": "write load(\"iris.csv\")",
          "load_digits": "without import: digits(1000)", "fetch_openml": "write load(\"file.csv\")",
          "load_wine": "write load(\"wine.csv\")",
          "fetch_california_housing": "write load(\"housing.csv\")",
        ]
      ) { [] },
      ModuleFacts("sklearn.metrics", "Scores of predictions.") { scores },
    ],
    hints: [
      "linear_model": "a line is Sequential(Dense(1)), a logistic one Dense(1, \"sigmoid\")",
      "neural_network": "write Sequential(Dense(20, \"relu\"), Dense(3, \"softmax\"))",
      "ensemble": "there are no trees here", "tree": "there are no trees here",
      "svm": "there are no support vector machines here",
      "neighbors": "write np.argsort(((x - p) ** 2).sum(axis=1))[:k]",
      "cluster": "write the loop of k-means with argmin and mean",
      "pipeline": "without import: pipeline(StandardScaler(), PCA(2))",
    ]
  ) { [] }

  private static func named(_ names: [String]) -> [Entry] {
    let all = DataCatalog.library.entries
    return names.compactMap { name in all.first { $0.name == name } }
  }

  // MARK: Splitting

  private static let split = Entry(
    "train_test_split", "Cuts arrays into a part to train on and one to test on.",
    Parameter("arrays", Rest<Value>.self, "arrays or lists of one length", passing: .rest),
    Parameter("test_size", Double?.self, "share or number to test on", passing: .keywordOnly) {
      nil
    },
    Parameter("train_size", Double?.self, "share or number to train on", passing: .keywordOnly) {
      nil
    },
    Parameter("random_state", Int?.self, "seed; None: the next of np.random", passing: .keywordOnly)
    { nil },
    Parameter("shuffle", Bool.self, "in a random order", passing: .keywordOnly) { true },
    Parameter("stratify", Value.self, "not here: leave it out", passing: .keywordOnly) { .none },
    .context, returns: "list",
    example: "train_test_split([1, 2, 3, 4], [0, 1, 0, 1], test_size=0.5, random_state=0)",
    details: "The order is scikit-learn's for the same seed.", in: "sklearn.model_selection"
  ) { arrays, test, train, seed, shuffles, stratify, context in
    guard case .none = stratify else {
      throw Failure(
        .value, "train_test_split() has no stratify here", help: "leave stratify= out")
    }
    guard !arrays.values.isEmpty else {
      throw Failure(.value, "At least one array required as input")
    }
    let counts = try arrays.values.map(count)
    let n = counts[0]
    guard counts.allSatisfy({ $0 == n }) else {
      throw Failure(
        .value, "Found input variables with inconsistent numbers of samples: \(counts)")
    }
    func part(_ asked: Double?, _ rounding: FloatingPointRoundingRule) throws -> Int? {
      guard let asked else { return nil }
      let wanted = asked < 1 ? (asked * Double(n)).rounded(rounding) : asked
      guard asked > 0, let whole = Int(exactly: wanted), whole <= n else {
        throw Failure(
          .value,
          "test_size=\(asked.shown) should be either positive and smaller than the number "
            + "of samples \(n) or a float in the (0, 1) range")
      }
      return whole
    }
    var tested = try part(test, .up)
    let trained = try part(train, .down)
    if tested == nil {
      tested = try trained.map { n - $0 } ?? part(0.25, .up)
    }
    let judged = tested ?? 0
    let taught = trained ?? n - judged
    guard taught > 0, taught + judged <= n else {
      throw Failure(
        .value,
        "With n_samples=\(n), test_size=\(test?.shown ?? "None") and "
          + "train_size=\(train?.shown ?? "None"), the resulting train set will be empty.")
    }
    let order: (train: [Int], test: [Int])
    if shuffles {
      let drawn = try LegacyRandom.permutation(n, seed: seed, context)
      order = (Array(drawn[judged..<(judged + taught)]), Array(drawn.prefix(judged)))
    } else {
      order = (Array(0..<taught), Array(taught..<(taught + judged)))
    }
    return .array(
      try arrays.values.flatMap { [try pick(order.train, $0), try pick(order.test, $0)] })
  }

  private static func count(_ value: Value) throws -> Int {
    switch value {
    case .list(let list): return list.count
    case .object(let tensor as Tensor) where tensor.rank > 0: return tensor.shape[0]
    default:
      throw Failure(.type, "Expected sequence or array-like, got \(value.typeName)")
    }
  }

  private static func pick(_ places: [Int], _ value: Value) throws -> Value {
    switch value {
    case .list(let list): .array(try places.map { try list.element($0) })
    case .object(let tensor as Tensor): .object(try tensor.take(Tensor(places), axis: 0))
    default: value
    }
  }

  // MARK: Scores

  private static func score(
    _ name: String, _ sentence: String, _ example: String,
    _ body: @escaping @Sendable (Tensor, Tensor) throws -> Tensor
  ) -> Entry {
    Entry(
      name, sentence, Parameter("y_true", Doubles.self, "the targets"),
      Parameter("y_pred", Doubles.self, "the predictions"), returns: "float", example: example,
      in: "sklearn.metrics"
    ) { truth, output in
      guard truth.tensor.shape == output.tensor.shape else {
        throw Failure(
          .value,
          "Found input variables with inconsistent numbers of samples: "
            + "[\(truth.tensor.count), \(output.tensor.count)]")
      }
      // scikit-learn gives plain floats.
      return .float(try body(truth.tensor, output.tensor).item())
    }
  }

  /// An array of f64.
  private struct Doubles: Argument {
    let tensor: Tensor
    static var kind: String { "array" }
    var shown: String { tensor.printed }
    static func read(_ value: Value) throws -> Doubles? {
      try Tensor.read(value, floating: .f64).map { Doubles(tensor: try $0.detached().astype(.f64)) }
    }
  }

  private static let scores: [Entry] = [
    score(
      "accuracy_score", "The share of predictions that are right.",
      "sklearn.metrics.accuracy_score([0, 1, 1], [0, 1, 0])"
    ) { try $0.equal($1).mean() },
    score(
      "mean_squared_error", "The mean squared difference.",
      "sklearn.metrics.mean_squared_error([1.0, 2.0], [1.0, 3.0])"
    ) { try ($0 - $1).square().mean() },
    score(
      "mean_absolute_error", "The mean absolute difference.",
      "sklearn.metrics.mean_absolute_error([1.0, 2.0], [1.0, 3.0])"
    ) { try ($0 - $1).abs().mean() },
    score(
      "r2_score", "The share of the variance that is explained.",
      "sklearn.metrics.r2_score([1.0, 2.0, 3.0], [1.1, 1.9, 3.2])"
    ) { truth, output in
      let left = try (truth - output).square().sum()
      return try 1 - left / (truth - truth.mean()).square().sum()
    },
    Entry(
      "confusion_matrix", "How often each class was taken for each other: rows are the truth.",
      Parameter("y_true", Doubles.self, "the targets"),
      Parameter("y_pred", Doubles.self, "the predictions"), returns: "tensor",
      example: "sklearn.metrics.confusion_matrix([0, 1, 1], [0, 1, 0])", in: "sklearn.metrics"
    ) { truth, output in
      let (y, p) = (truth.tensor.doubles, output.tensor.doubles)
      guard y.count == p.count else {
        throw Failure(
          .value,
          "Found input variables with inconsistent numbers of samples: [\(y.count), \(p.count)]")
      }
      let classes = Set(y + p).sorted()
      guard classes.count <= 4096 else { throw Failure(.value, "there are too many classes") }
      let places = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
      var counts = Array(repeating: 0, count: classes.count * classes.count)
      for (a, b) in zip(y, p) {
        if let row = places[a], let column = places[b] { counts[row * classes.count + column] += 1 }
      }
      return .object(try Tensor(counts, shape: Shape([classes.count, classes.count])))
    },
  ]
}

extension DataCatalog {
  /// The modules that lead here under the names of other libraries.
  public static let doors: [ModuleFacts] = [SklearnDoor.module]
}

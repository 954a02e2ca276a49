public import Catalog
internal import Tensors

/// A metric as a script holds it; called with (y_true, y_pred) it gives the figure.
public final class MetricObject: Object, Sendable {
  public static let type = ObjectType("BuiltInMetric", "A figure that tells how good outputs are.")
  public let metric: BuiltInMetric

  public init(_ metric: BuiltInMetric) {
    self.metric = metric
  }

  public var type: ObjectType { Self.type }
  public var text: String { metric.name }
  public var brief: String { "metric \(metric.name)" }

  public func call(_ arguments: Arguments) throws -> Value {
    guard arguments.named.isEmpty, arguments.positional.count == 2,
      let truth = try Tensor.read(arguments.positional[0]),
      let output = try Tensor.read(arguments.positional[1])
    else {
      throw Failure(
        .type, "a metric is called with two tensors: \(metric.name)(y_true, y_pred)", code: "L105")
    }
    // A vector holds one output for each example.
    guard output.rank == 1, truth.count == output.count else {
      return .float(try metric(output, MetricObject.target(truth, for: output)))
    }
    let column = try output.reshape([output.count, 1])
    return .float(try metric(column, .values(truth)))
  }

  /// Class numbers beside rows of outputs, or values of one shape.
  static func target(_ truth: Tensor, for output: Tensor) throws -> Target {
    if let width = output.shape.last, width > 1, truth.count * width == output.count,
      truth.count != output.count
    {
      return .classes(try Targets.labels(truth.reshape([truth.count]), classes: width))
    }
    guard truth.count == output.count else {
      throw Failure(
        .shape, "y_true is \(truth.shape), y_pred is \(output.shape)", code: "L304",
        help: "both need one shape, or y_true class numbers, one per row")
    }
    return .values(truth)
  }
}

/// `average=`.
enum AverageChoice: String, Choice {
  case micro
  case macro
  case weighted

  var average: BuiltInMetric.Average { BuiltInMetric.Average(rawValue: rawValue) ?? .macro }
}

/// Which curve an area lies under.
enum CurveChoice: String, Choice {
  case rates = "ROC"
  case precisionRecall = "PR"
}

enum MetricEntries {
  private static let name = Parameter(
    "name", String.self, "its name in the history", passing: .keywordOnly
  ) { "" }
  private static let average = Parameter(
    "average", AverageChoice.self, "how classes are put together")
  private static let number = Parameter(
    "class_id", Int?.self, "of one class alone"
  ) { nil }

  private static func object(
    _ name: String, _ usual: String, _ kind: BuiltInMetric.Kind
  ) -> Value {
    .object(MetricObject(BuiltInMetric(name.isEmpty ? usual : name, kind)))
  }

  private static func share(
    _ title: String, _ sentence: String, _ usual: String, _ share: BuiltInMetric.Share,
    _ formula: String
  ) -> Entry {
    Entry(
      title, sentence,
      Parameter("threshold", Double.self, "outputs above it are guesses", also: ["thresholds"]) {
        0.5
      },
      Parameter("average", AverageChoice.self, "how classes are put together") { .micro }, number,
      name, returns: "BuiltInMetric", example: "\(title)()",
      details: formula + " Counted over a whole epoch, as in Keras; class numbers count as one-hot "
        + "rows. Source: van Rijsbergen 1979.", makes: MetricObject.type
    ) { threshold, average, number, name in
      object(
        name, usual,
        .share(share, threshold: threshold, average.average, classNumber: number))
    }
  }

  static let metrics: [Entry] = [
    Entry(
      "BinaryAccuracy", "The share of outputs on the right side of a threshold.",
      Parameter("threshold", Double.self, "outputs above it mean yes") { 0.5 }, name,
      returns: "BuiltInMetric", example: "BinaryAccuracy(threshold=0.7)",
      details: "`mean((p > threshold) == y)`, over all outputs. Source: the equation.",
      makes: MetricObject.type
    ) { object($1, "binary_accuracy", .binaryAccuracy(threshold: $0)) },
    Entry(
      "CategoricalAccuracy", "The share of rows whose largest output stands at the label.", name,
      returns: "BuiltInMetric", example: "CategoricalAccuracy()",
      details: "`mean(argmax(p) == label)`; labels are class numbers or one-hot rows. Source: the "
        + "equation.", makes: MetricObject.type
    ) { object($0, "categorical_accuracy", .categoricalAccuracy) },
    Entry(
      "TopKCategoricalAccuracy", "The share of rows whose label is among the k largest outputs.",
      Parameter("k", Int.self, "how many", where: .atLeast(1)) { 5 }, name,
      returns: "BuiltInMetric", example: "TopKCategoricalAccuracy(k=3)",
      details: "`mean(#(p > p_label) < k)`; ties count as hits, as in Keras. Source: the equation.",
      makes: MetricObject.type
    ) { object($1, "top_k_categorical_accuracy", .topK($0)) },
    share(
      "Precision", "Of the guesses, the share that is right.", "precision", .precision,
      "`tp / (tp + fp)`, 0 without guesses."),
    share(
      "Recall", "Of what is there, the share that was found.", "recall", .recall,
      "`tp / (tp + fn)`, 0 without any."),
    Entry(
      "F1Score", "The harmonic mean of precision and recall.",
      Parameter("average", AverageChoice.self, "how classes are put together") { .macro },
      Parameter(
        "threshold", Double?.self, "outputs above it are guesses; None: the largest of a row"
      ) { nil }, number, name,
      returns: "BuiltInMetric", example: "F1Score(average=\"macro\")",
      details: "`2 * tp / (2 * tp + fp + fn)`. Keras's average None gives one figure per class; "
        + "here class_id does. Source: van Rijsbergen 1979.", makes: MetricObject.type
    ) { average, threshold, number, name in
      object(
        name, "f1_score",
        .share(.f1, threshold: threshold, average.average, classNumber: number))
    },
    Entry(
      "AUC", "The area under a curve that all thresholds draw.",
      Parameter("curve", CurveChoice.self, "of the rates, or of precision over recall") { .rates },
      name, returns: "BuiltInMetric", example: "AUC()",
      details: """
        ROC: `P(score of a yes > score of a no)`, half for ties. PR: the mean precision over \
        the recalls. Both exact, where Keras takes 200 thresholds. Source: Hanley and McNeil 1982.
        """, makes: MetricObject.type
    ) { object($1, "auc", .area(isPrecisionRecall: $0 == .precisionRecall)) },
    Entry(
      "RootMeanSquaredError", "The square root of the mean squared difference.", name,
      returns: "BuiltInMetric", example: "RootMeanSquaredError()",
      details: "`sqrt(mean((p - t)**2))`, over a whole epoch. Source: the equation.",
      makes: MetricObject.type
    ) { object($0, "root_mean_squared_error", .rootMeanSquare) },
    Entry(
      "R2Score", "The share of the variance that is explained; 1 is best.", name,
      returns: "BuiltInMetric", example: "R2Score()",
      details: "`1 - sum((p - t)**2) / sum((t - mean(t))**2)`, the mean over the columns, as in "
        + "Keras and scikit-learn. Source: Wright 1921.", makes: MetricObject.type
    ) { object($0, "r2_score", .determination) },
  ]

  // MARK: Functions of labels

  private static let truth = Parameter("y_true", Tensor.self, "class numbers")
  private static let guess = Parameter(
    "y_pred", Tensor.self, "class numbers, or rows of outputs, whose largest counts")

  /// Guessed class numbers, checked against the true ones.
  private static func labels(_ truth: Tensor, _ guess: Tensor) throws -> [(Int, Int)] {
    let isRows = guess.rank == truth.rank + 1
    let found = isRows ? try guess.detached().argmax(-1) : guess
    guard found.count == truth.count else {
      throw Failure(
        .shape, "y_true is \(truth.shape), y_pred is \(guess.shape)", code: "L304",
        help: "both need one class number per example")
    }
    func read(_ tensor: Tensor) throws -> [Int] {
      try tensor.doubles.map { value in
        guard let label = Int(exactly: value), label >= 0, label < 1 << 14 else {
          throw OptionProblem("class numbers go from 0 to 16383, got \(value)")
        }
        return label
      }
    }
    return Array(zip(try read(truth), try read(found)))
  }

  static func confusion(_ truth: Tensor, _ guess: Tensor, classes: Int?) throws -> Tensor {
    let pairs = try labels(truth, guess)
    let largest = pairs.reduce(-1) { max($0, $1.0, $1.1) }
    guard largest < classes ?? .max else {
      throw OptionProblem("class \(largest) is outside of \(classes ?? 0) classes")
    }
    let size = classes ?? largest + 1
    guard size <= 1 << 12 else {
      throw OptionProblem("a confusion matrix of \(size) classes is too large")
    }
    var counts = Array(repeating: 0, count: size * size)
    for (truth, guess) in pairs { counts[truth * size + guess] += 1 }
    return try Tensor(counts, shape: Shape([size, size]))
  }

  private static func score(
    _ name: String, _ sentence: String, _ share: BuiltInMetric.Share, _ formula: String
  ) -> Entry {
    Entry(
      name, sentence, truth, guess,
      Parameter(
        "average", AverageChoice?.self,
        "None: of class 1 with two classes, else the mean over the classes"
      ) { nil },
      returns: "float", example: "\(name)(tensor([0, 1, 1]), tensor([0, 1, 0]))",
      details: formula + " Classes that are neither there nor guessed are left out of no mean; "
        + "where nothing could be right the share is 0, as in scikit-learn. Source: van Rijsbergen "
        + "1979."
    ) { truth, guess, average in
      let table = try confusion(truth, guess, classes: nil)
      let size = table.shape[0]
      let counts = table.ints.map(Double.init)
      let hits = (0..<size).map { counts[$0 * size + $0] }
      let rows = (0..<size).map { row in counts[row * size..<(row + 1) * size].reduce(0, +) }
      let columns = (0..<size).map { column in
        (0..<size).reduce(0) { $0 + counts[$1 * size + column] }
      }
      let shares = Shares(
        hits: hits, alarms: zip(columns, hits).map(-), misses: zip(rows, hits).map(-))
      let isBinary = average == nil && size <= 2
      return .float(
        shares.figure(share, average?.average ?? .macro, of: isBinary ? 1 : nil))
    }
  }

  static let functions: [Entry] = [
    Entry(
      "confusion_matrix",
      "How often each class was taken for each: rows are true, columns guessed.",
      truth, guess, Parameter("classes", Int?.self, "how many", also: ["num_classes"]) { nil },
      returns: "Tensor", example: "confusion_matrix(tensor([0, 1, 1]), tensor([0, 1, 0]))",
      details: "`C[i, j] = #(y_true == i and y_pred == j)`, as in scikit-learn. Source: the "
        + "equation."
    ) { .object(try confusion($0, $1, classes: $2)) },
    Entry(
      "accuracy_score", "The share of right guesses.", truth, guess, returns: "float",
      example: "accuracy_score(tensor([0, 1, 1]), tensor([0, 1, 0]))",
      details: "`mean(y_true == y_pred)`. Source: the equation."
    ) { truth, guess in
      let pairs = try labels(truth, guess)
      return .float(Double(pairs.count { $0.0 == $0.1 }) / Double(pairs.count))
    },
    score(
      "precision_score", "Of the guesses, the share that is right.", .precision,
      "`tp / (tp + fp)`."),
    score(
      "recall_score", "Of what is there, the share that was found.", .recall,
      "`tp / (tp + fn)`."),
    score(
      "f1_score", "The harmonic mean of precision and recall.", .f1,
      "`2 * tp / (2 * tp + fp + fn)`."),
    Entry(
      "roc_auc_score", "The chance that a yes scores above a no.",
      Parameter("y_true", Tensor.self, "0 and 1"), Parameter("y_score", Tensor.self, "outputs"),
      returns: "float", example: "roc_auc_score(tensor([0, 1, 1]), tensor([0.2, 0.9, 0.4]))",
      details:
        "`P(score of a yes > score of a no)`; ties count half. Source: Hanley and McNeil 1982."
    ) { truth, scores in
      .float(
        try BuiltInMetric("auc", .area(isPrecisionRecall: false))(
          scores, MetricObject.target(truth, for: scores)))
    },
    Entry(
      "r2_score", "The share of the variance that is explained; 1 is best.",
      Parameter("y_true", Tensor.self, "the targets"),
      Parameter("y_pred", Tensor.self, "the outputs"),
      returns: "float", example: "r2_score(tensor([1.0, 2.0, 3.0]), tensor([1.0, 2.0, 2.5]))",
      details: "`1 - sum((p - t)**2) / sum((t - mean(t))**2)`, the mean over the columns. Source: "
        + "Wright 1921."
    ) { truth, output in
      guard truth.count == output.count else {
        throw Failure(
          .shape, "y_true is \(truth.shape), y_pred is \(output.shape)", code: "L304")
      }
      // A vector is one column.
      let column =
        output.rank == 2 ? output : try output.reshape([output.count, 1])
      return .float(try BuiltInMetric("r2_score", .determination)(column, .values(truth)))
    },
  ]
}

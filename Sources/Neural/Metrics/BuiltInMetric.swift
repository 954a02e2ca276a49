public import Tensors

/// A figure that tells how good outputs are, counted over all batches of an epoch.
public struct BuiltInMetric: Sendable, Equatable {
  public enum Average: String, Sendable, CaseIterable {
    /// All classes counted together.
    case micro
    /// The mean over the classes.
    case macro
    /// The mean weighted by how often each class occurs.
    case weighted
  }

  /// What is made of right and wrong guesses.
  public enum Share: Sendable, Equatable {
    case precision
    case recall
    case f1
  }

  public enum Kind: Sendable, Equatable {
    /// The share of outputs on the right side of a threshold.
    case binaryAccuracy(threshold: Double)
    /// The share of rows whose largest output stands at the label.
    case categoricalAccuracy
    /// The share of rows whose label is among the k largest outputs.
    case topK(Int)
    /// Without a threshold the largest output of a row is the guess.
    case share(Share, threshold: Double?, Average, classNumber: Int?)
    /// The area under the curve: of the rates, or of precision over recall.
    case area(isPrecisionRecall: Bool)
    case rootMeanSquare
    /// 1 - squared error over variance, the mean over the columns.
    case determination
    case cosine
  }

  public let name: String
  public let kind: Kind

  public init(_ name: String, _ kind: Kind) {
    self.name = name
    self.kind = kind
  }

  /// Those that a string names.
  public static let all: [BuiltInMetric] = [
    BuiltInMetric("binary_accuracy", .binaryAccuracy(threshold: 0.5)),
    BuiltInMetric("categorical_accuracy", .categoricalAccuracy),
    BuiltInMetric("top_k_categorical_accuracy", .topK(5)),
    BuiltInMetric("precision", .share(.precision, threshold: 0.5, .micro, classNumber: nil)),
    BuiltInMetric("recall", .share(.recall, threshold: 0.5, .micro, classNumber: nil)),
    BuiltInMetric("f1_score", .share(.f1, threshold: nil, .macro, classNumber: nil)),
    BuiltInMetric("auc", .area(isPrecisionRecall: false)),
    BuiltInMetric("root_mean_squared_error", .rootMeanSquare),
    BuiltInMetric("r2_score", .determination), BuiltInMetric("cosine_similarity", .cosine),
  ]

  static let aliases = [
    "sparse_categorical_accuracy": "categorical_accuracy",
    "sparse_top_k_categorical_accuracy": "top_k_categorical_accuracy",
    "top_k_accuracy": "top_k_categorical_accuracy", "f1": "f1_score", "roc_auc": "auc",
    "rmse": "root_mean_squared_error", "r2": "r2_score",
  ]

  public static func named(_ name: String) -> BuiltInMetric? {
    let lower = name.lowercased()
    let name = aliases[lower] ?? lower
    return all.first { $0.name == name }
  }

  /// The figure for one set of outputs.
  public func callAsFunction(_ output: Tensor, _ target: Target) throws -> Double {
    let count = MetricCount(self)
    try count.update(output, target)
    return count.result
  }
}

/// What a metric has counted so far.
final class MetricCount {
  let metric: BuiltInMetric
  private var sum = 0.0
  private var seen = 0.0
  /// By class, or by column: right guesses, wrong guesses, misses.
  private var hits: [Double] = []
  private var alarms: [Double] = []
  private var misses: [Double] = []
  /// For the area: all outputs and answers.
  private var scores: [(score: Double, isYes: Bool)] = []
  /// By column, for the share of the variance: sums of targets, their squares, squared errors.
  private var columns: [(sum: Double, squares: Double, errors: Double)] = []

  init(_ metric: BuiltInMetric) {
    self.metric = metric
  }

  func reset() {
    (sum, seen, hits, alarms, misses, scores, columns) = (0, 0, [], [], [], [], [])
  }

  func update(_ output: Tensor, _ target: Target) throws {
    let width = max(output.shape.last ?? 1, 1)
    let values = output.doubles
    let rows = values.count / width
    func wanted() throws -> [Double] { try target.rows(like: output).doubles }
    switch metric.kind {
    case .binaryAccuracy(let threshold):
      for (value, goal) in zip(values, try wanted()) {
        sum += (value > threshold) == (goal > 0.5) ? 1 : 0
      }
      seen += Double(values.count)
    case .categoricalAccuracy, .topK:
      let k = if case .topK(let k) = metric.kind { k } else { 1 }
      for (row, label) in try labels(target, output).enumerated() {
        let row = values[row * width..<(row + 1) * width]
        let own = row[row.startIndex + label]
        let better = row.enumerated().count { place, value in
          // With k = 1 the first of equal outputs is the guess.
          value > own || k == 1 && value == own && place < label || value.isNaN
        }
        sum += better < k && !own.isNaN ? 1 : 0
      }
      seen += Double(rows)
    case .share(_, let threshold, _, _):
      try countShares(values, wanted(), width: width, threshold: threshold)
    case .area:
      for (value, goal) in zip(values, try wanted()) { scores.append((value, goal > 0.5)) }
    case .rootMeanSquare:
      for (value, goal) in zip(values, try wanted()) { sum += (value - goal) * (value - goal) }
      seen += Double(values.count)
    case .determination:
      if columns.isEmpty { columns = Array(repeating: (0, 0, 0), count: width) }
      for (index, goal) in try wanted().enumerated() {
        let error = values[index] - goal
        columns[index % width].sum += goal
        columns[index % width].squares += goal * goal
        columns[index % width].errors += error * error
      }
      seen += Double(rows)
    case .cosine:
      let goals = try wanted()
      for start in stride(from: 0, to: values.count, by: width) {
        var (product, a, b) = (0.0, 0.0, 0.0)
        for index in start..<start + width {
          product += values[index] * goals[index]
          a += values[index] * values[index]
          b += goals[index] * goals[index]
        }
        sum += product / (max(a, 1e-14) * max(b, 1e-14)).squareRoot()
      }
      seen += Double(rows)
    }
  }

  /// Class numbers of the rows, each within the outputs.
  private func labels(_ target: Target, _ output: Tensor) throws -> [Int] {
    let width = output.shape.last ?? 1
    switch target {
    case .classes(let labels): return try Targets.labels(labels, classes: width).ints
    case .values(let rows): return try rows.reshape(output.shape).argmax(-1).ints
    }
  }

  private func countShares(
    _ values: [Double], _ goals: [Double], width: Int, threshold: Double?
  ) {
    if hits.isEmpty {
      hits = Array(repeating: 0, count: width)
      (alarms, misses) = (hits, hits)
    }
    for start in stride(from: 0, to: values.count, by: width) {
      var best = start
      for index in start..<start + width where values[index] > values[best] { best = index }
      for index in start..<start + width {
        let isGuessed =
          if let threshold { values[index] > threshold } else {
            width > 1 ? index == best : values[index] > 0.5
          }
        switch (isGuessed, goals[index] > 0.5) {
        case (true, true): hits[index - start] += 1
        case (true, false): alarms[index - start] += 1
        case (false, true): misses[index - start] += 1
        case (false, false): break
        }
      }
    }
  }

  /// The figure; NaN before anything was seen.
  var result: Double {
    switch metric.kind {
    case .rootMeanSquare: return (sum / seen).squareRoot()
    case .share(let share, _, let average, let number):
      return Shares(hits: hits, alarms: alarms, misses: misses).figure(share, average, of: number)
    case .area(let isPrecisionRecall):
      return isPrecisionRecall ? Area.precisionRecall(scores) : Area.rates(scores)
    case .determination:
      var total = 0.0
      for column in columns {
        let spread = column.squares - column.sum * column.sum / seen
        // Targets that are all the same: right or wrong.
        total += spread > 0 ? 1 - column.errors / spread : column.errors == 0 ? 1 : 0
      }
      return columns.isEmpty ? .nan : total / Double(columns.count)
    default: return sum / seen
    }
  }
}

/// Right guesses, wrong guesses and misses by class.
struct Shares {
  let hits: [Double]
  let alarms: [Double]
  let misses: [Double]

  /// One figure over the classes; 0 where nothing could be right, as in scikit-learn.
  func figure(
    _ share: BuiltInMetric.Share, _ average: BuiltInMetric.Average, of number: Int? = nil
  ) -> Double {
    func one(_ hits: Double, _ alarms: Double, _ misses: Double) -> Double {
      let all =
        switch share {
        case .precision: hits + alarms
        case .recall: hits + misses
        case .f1: hits + (alarms + misses) / 2
        }
      return all == 0 ? 0 : hits / all
    }
    if let number {
      return hits.indices.contains(number)
        ? one(hits[number], alarms[number], misses[number]) : .nan
    }
    let each = hits.indices.map { one(hits[$0], alarms[$0], misses[$0]) }
    switch average {
    case .micro: return one(hits.reduce(0, +), alarms.reduce(0, +), misses.reduce(0, +))
    case .macro: return each.isEmpty ? .nan : each.reduce(0, +) / Double(each.count)
    case .weighted:
      let support = zip(hits, misses).map(+)
      let total = support.reduce(0, +)
      return total == 0 ? 0 : zip(each, support).reduce(0) { $0 + $1.0 * $1.1 } / total
    }
  }
}

/// Areas under curves that a threshold draws.
enum Area {
  /// The chance that a yes scores above a no, half for ties; NaN without both.
  static func rates(_ scores: [(score: Double, isYes: Bool)]) -> Double {
    var (yes, no, area) = (0.0, 0.0, 0.0)
    for (risen, fallen) in steps(scores) {
      area += fallen * (yes + risen / 2)
      yes += risen
      no += fallen
    }
    return yes == 0 || no == 0 ? .nan : area / (yes * no)
  }

  /// The mean precision over the recalls (average precision).
  static func precisionRecall(_ scores: [(score: Double, isYes: Bool)]) -> Double {
    var (yes, no, area) = (0.0, 0.0, 0.0)
    for (risen, fallen) in steps(scores) {
      yes += risen
      no += fallen
      area += risen * yes / (yes + no)
    }
    return yes == 0 ? .nan : area / yes
  }

  /// How many yes and no each score brings, the largest score first.
  private static func steps(
    _ scores: [(score: Double, isYes: Bool)]
  ) -> [(yes: Double, no: Double)] {
    var steps: [(yes: Double, no: Double)] = []
    var last: Double?
    for (score, isYes) in scores.filter({ !$0.score.isNaN }).sorted(by: { $0.score > $1.score }) {
      if score != last { steps.append((0, 0)) }
      last = score
      if isYes { steps[steps.count - 1].yes += 1 } else { steps[steps.count - 1].no += 1 }
    }
    return steps
  }
}

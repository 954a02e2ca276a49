internal import Catalog
internal import Tensors

/// How much better answers are than always giving the same one: 0 as good, 1 perfect.
///
/// For classes (accuracy - largest class) / (1 - largest class), for numbers
/// 1 - squared error / variance.
struct Skill {
  let value: Double
  /// How far it may lie from the truth by chance: one standard error; 0 for numbers.
  let error: Double
  /// As a teacher would say it: `accuracy 0.93`, `R² 0.8`.
  let text: String

  init(right: Int, of count: Int, largest: Double) {
    let accuracy = Double(right) / Double(max(count, 1))
    let room = max(1 - largest, 1e-9)
    value = (accuracy - largest) / room
    error =
      (max(accuracy * (1 - accuracy), 0.25 / Double(max(count, 1)))
      / Double(max(count, 1))).squareRoot() / room
    text = "accuracy \(History.short(accuracy))"
  }

  init(squaredError: Double, variance: Double) {
    value = variance > 0 ? 1 - squaredError / variance : 0
    error = 0
    text = "R² \(History.short(value))"
  }
}

/// What the targets are, and what a constant answer to them costs.
struct Answers {
  /// Class numbers, when there are classes.
  let classes: [Int]?
  /// Rows of numbers otherwise, and 0 or 1 for binary outputs.
  let values: [Double]
  let width: Int
  /// The share of the most frequent class.
  let largest: Double
  let variance: Double

  /// The class numbers or values that a target holds.
  init(_ target: Target, loss: Loss?) {
    let tensor = target.tensor
    let count = tensor.shape.first ?? 0
    switch target {
    case .classes: classes = tensor.ints
    case .values:
      let width = count > 0 ? tensor.count / count : 1
      let values = tensor.doubles
      switch loss?.kind {
      case .categorical? where width > 1:
        classes = (0..<count).map { row in
          (0..<width).max { values[row * width + $0] < values[row * width + $1] } ?? 0
        }
      case .binary? where width == 1: classes = values.map { $0 > 0.5 ? 1 : 0 }
      default: classes = nil
      }
    }
    let values = tensor.doubles
    let width = max(1, count > 0 ? tensor.count / count : 1)
    self.values = values
    self.width = width
    var shares: [Int: Int] = [:]
    for label in classes ?? [] { shares[label, default: 0] += 1 }
    largest = Double(shares.values.max() ?? 0) / Double(max(classes?.count ?? 1, 1))
    var variance = 0.0
    for column in 0..<width {
      let part = stride(from: column, to: values.count, by: width).map { values[$0] }
      let mean = part.reduce(0, +) / Double(max(part.count, 1))
      variance += part.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    self.variance = variance / Double(max(values.count, 1))
  }

  var counts: [Int: Int] {
    (classes ?? []).reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  /// The loss of the best constant answer: the entropy of the classes, or the variance.
  var constantLoss: Double {
    guard let classes, !classes.isEmpty else { return variance }
    return counts.values.reduce(0) { sum, count in
      let share = Double(count) / Double(classes.count)
      return sum - share * Elementary.log(share)
    }
  }

  /// How well outputs answer; nil when they are judged in another way.
  func skill(of output: Tensor, isLogits: Bool, loss: Loss?) -> Skill? {
    let given = output.doubles
    guard given.allSatisfy(\.isFinite) else { return nil }
    if let classes {
      let width = max(1, classes.isEmpty ? 1 : given.count / classes.count)
      let edge = isLogits ? 0.0 : 0.5
      var right = 0
      for (row, label) in classes.enumerated() {
        let answer =
          width == 1
          ? (given[row] > edge ? 1 : 0)
          : (0..<width).max { given[row * width + $0] < given[row * width + $1] } ?? 0
        if answer == label { right += 1 }
      }
      return Skill(right: right, of: classes.count, largest: largest)
    }
    guard given.count == values.count, !values.isEmpty, !isLogits else { return nil }
    let squares = zip(given, values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return Skill(squaredError: squares / Double(values.count), variance: variance)
  }
}

/// Answers by looking up the nearest examples: what the data tells without any training.
enum Neighbours {
  static let count = 5
  /// Examples looked at; the cost grows with the square.
  static let limit = 500

  /// The skill of the mean or majority of the five nearest other examples.
  ///
  /// - Parameter features: `[examples, width]`, standardized.
  static func skill(_ features: Tensor, _ answers: Answers, context: Context) throws -> Skill? {
    let rows = features.shape.first ?? 0
    guard rows > 2 * count else { return nil }
    let products = try features.matmul(features.transposed).doubles
    var right = 0
    var squares = 0.0
    for row in 0..<rows {
      try context.check()
      var nearest: [(distance: Double, row: Int)] = []
      for other in 0..<rows where other != row {
        // |a - b|² without |a|², which is the same for all others.
        let distance = products[other * rows + other] - 2 * products[row * rows + other]
        if nearest.count == count, distance >= nearest[count - 1].distance { continue }
        let place = nearest.firstIndex { $0.distance > distance } ?? nearest.count
        nearest.insert((distance, other), at: place)
        if nearest.count > count { nearest.removeLast() }
      }
      if let classes = answers.classes {
        var votes: [Int: Int] = [:]
        for near in nearest { votes[classes[near.row], default: 0] += 1 }
        let best = votes.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key
        if best == classes[row] { right += 1 }
      } else {
        let width = answers.width
        for column in 0..<width {
          let mean =
            nearest.reduce(0) { $0 + answers.values[$1.row * width + column] }
            / Double(max(nearest.count, 1))
          let miss = mean - answers.values[row * width + column]
          squares += miss * miss
        }
      }
    }
    if answers.classes != nil {
      return Skill(right: right, of: rows, largest: answers.largest)
    }
    return Skill(
      squaredError: squares / Double(max(answers.values.count, 1)), variance: answers.variance)
  }
}

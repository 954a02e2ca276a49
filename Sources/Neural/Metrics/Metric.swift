internal import Catalog
internal import Tensors

/// `metrics=`: a name, a function of (y_true, y_pred), a loss, or an instance of `class M(Metric)`.
enum MetricChoice: Argument {
  /// Measured for classes anyway.
  case accuracy
  case loss(Loss)
  case builtIn(BuiltInMetric)
  case function(Function)
  case object(ScriptMetric)

  static var kind: String { "metric" }
  static var choices: [String] {
    ["accuracy"] + BuiltInMetric.all.map(\.name) + BuiltInMetric.aliases.keys.sorted()
      + LossChoice.choices.filter { BuiltInMetric.named($0) == nil }
  }

  static func read(_ value: Value) throws -> MetricChoice? {
    switch value {
    case .string("accuracy"), .string("acc"): return .accuracy
    case .string(let name):
      if let metric = BuiltInMetric.named(name) { return .builtIn(metric) }
      guard let loss = Loss.named(name) else { throw Failure.unknownOption(name, among: choices) }
      return .loss(loss)
    case .object(let metric as ScriptMetric): return .object(metric)
    case .object(let object as LossObject): return .loss(object.loss)
    case .object(let object as MetricObject): return .builtIn(object.metric)
    default: return Function.read(value).map { .function($0) }
    }
  }

  var shown: String { "\"\(name)\"" }

  var name: String {
    switch self {
    case .accuracy: "accuracy"
    case .loss(let loss): loss.name
    case .builtIn(let metric): metric.name
    case .function(let function): function.callable.name
    case .object(let metric): metric.name
    }
  }

  func visit(_ keep: (Value) -> Void) {
    switch self {
    case .function(let function): keep(function.held)
    case .object(let metric): keep(.object(metric))
    case .accuracy, .loss, .builtIn: break
    }
  }
}

/// One metric, or a list of them.
struct MetricList: Argument {
  let metrics: [MetricChoice]

  static var kind: String { "list of metrics" }
  static var choices: [String] { MetricChoice.choices }

  static func read(_ value: Value) throws -> MetricList? {
    switch value {
    case .none: return MetricList(metrics: [])
    case .list(let list):
      var all: [MetricChoice] = []
      for element in try list.elements() {
        guard let metric = try MetricChoice.read(element) else { return nil }
        all.append(metric)
      }
      return MetricList(metrics: all)
    default: return try MetricChoice.read(value).map { MetricList(metrics: [$0]) }
    }
  }

  var shown: String { "None" }
}

/// Metrics while they go over the batches of an epoch.
final class MetricTally {
  private let metrics: [MetricChoice]
  /// The sums over examples, of those that are means.
  private var sums: [Double]
  /// The built-in ones, by their place.
  private let counts: [Int: MetricCount]
  private var seen = 0

  init(_ metrics: [MetricChoice]) {
    self.metrics = metrics.filter { if case .accuracy = $0 { false } else { true } }
    sums = self.metrics.map { _ in 0 }
    var counts: [Int: MetricCount] = [:]
    for case (let place, .builtIn(let metric)) in self.metrics.enumerated() {
      counts[place] = MetricCount(metric)
    }
    self.counts = counts
  }

  var isEmpty: Bool { metrics.isEmpty }

  func reset() throws {
    sums = metrics.map { _ in 0 }
    seen = 0
    for count in counts.values { count.reset() }
    for case .object(let metric) in metrics { try metric.reset() }
  }

  /// - Parameter output: what the whole model gives, its last activation included.
  func update(_ output: Tensor, _ target: Target) throws {
    let count = output.shape.first ?? 0
    seen += count
    let plain = output.detached()
    for (index, metric) in metrics.enumerated() {
      switch metric {
      case .accuracy: break
      case .loss(let loss):
        let value = try loss(plain, target, isLogits: false).detached().mean().item()
        sums[index] += value * Double(count)
      case .builtIn: try counts[index]?.update(plain, target)
      case .function(let function):
        let result = try function(.object(target.tensor), .object(plain))
        sums[index] += try number(result, of: metric) * Double(count)
      case .object(let own): try own.update(target.tensor, plain)
      }
    }
  }

  func figures() throws -> [(name: String, value: Double)] {
    try metrics.enumerated().map { index, metric in
      if let count = counts[index] { return (metric.name, count.result) }
      guard case .object(let own) = metric else {
        return (metric.name, seen == 0 ? .nan : sums[index] / Double(seen))
      }
      return (metric.name, try number(own.result(), of: metric))
    }
  }

  private func number(_ value: Value, of metric: MetricChoice) throws -> Double {
    if let number = Double.read(value) { return number }
    if case .object(let tensor as Tensor) = value, tensor.count > 0 {
      return try tensor.astype(.f64).mean().item()
    }
    throw Failure(
      .type, "the metric \(metric.name) returned \(value.typeName), expected a number",
      code: "L105", help: value.isNone ? "end it with: return …" : nil)
  }
}

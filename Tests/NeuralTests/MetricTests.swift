import Catalog
import Data
import Neural
import Tensors
import Testing

/// Metrics as functions, as objects and beside a training run.
@Suite struct MetricTests {
  private func number(_ value: Value) throws -> Double {
    guard case .float(let number) = value else {
      throw Failure(.type, "expected a float, got \(value.typeName)")
    }
    return number
  }

  private func metric(
    _ name: String, _ truth: Tensor, _ output: Tensor,
    _ named: [(String, Value)] = []
  ) throws -> Double {
    guard case .object(let object) = try Lab.call(name, [], named) else { return .nan }
    let context = Lab.context()
    return try number(
      object.call(
        Arguments(positional: [.object(truth), .object(output)], context: context)))
  }

  @Test("Binary metrics agree with values worked out by hand")
  func binary() throws {
    let truth = try Tensor([0, 0, 1, 1])
    let scores = try Tensor([0.1, 0.4, 0.35, 0.8])
    let area = try Lab.call("roc_auc_score", [.object(truth), .object(scores)])
    #expect(try number(area) == 0.75)
    #expect(try metric("AUC", truth, scores) == 0.75)
    // Recall 1/2 at precision 1, recall 1 at precision 2/3.
    let precisions = try metric("AUC", truth, scores, [("curve", .string("PR"))])
    #expect(abs(precisions - 5.0 / 6) < 1e-15)
    #expect(try metric("Precision", truth, scores) == 1)
    #expect(try metric("Recall", truth, scores) == 0.5)
    #expect(try abs(metric("F1Score", truth, scores) - 2.0 / 3) < 1e-15)
    #expect(try metric("Precision", truth, scores, [("threshold", .float(0.3))]) == 2.0 / 3)
    #expect(try metric("BinaryAccuracy", truth, scores) == 0.75)
    #expect(try metric("AUC", Tensor([1, 1]), Tensor([0.2, 0.3])).isNaN)
  }

  @Test("Metrics of classes take numbers and one-hot rows")
  func classes() throws {
    let shares = try Tensor(
      [0.5, 0.3, 0.2, 0.2, 0.2, 0.6, 0.4, 0.35, 0.25], shape: [3, 3])
    let labels = try Tensor([0, 2, 1])
    for truth in [labels, try OneHot.encode(labels)] {
      #expect(try metric("CategoricalAccuracy", truth, shares) == 2.0 / 3)
      #expect(try metric("TopKCategoricalAccuracy", truth, shares, [("k", .int(2))]) == 1)
      // Classes 0 and 2 are found, class 1 is taken for 0: 2/3, 0, 1.
      let f1 = try metric("F1Score", truth, shares)
      #expect(abs(f1 - (2.0 / 3 + 0 + 1) / 3) < 1e-15)
      #expect(try metric("F1Score", truth, shares, [("class_id", .int(2))]) == 1)
    }
    let table = try Lab.call("confusion_matrix", [.object(labels), .object(shares)])
    guard case .object(let counts as Tensor) = table else { return }
    #expect(counts.ints == [1, 0, 0, 1, 0, 0, 0, 0, 1])
    let macro = try Lab.call(
      "precision_score", [.object(labels), .object(shares), .string("macro")])
    #expect(try number(macro) == 0.5)
    #expect(throws: Failure.self) {
      try Lab.call("confusion_matrix", [.object(labels), .object(Tensor([0, 1]))])
    }
  }

  @Test("Metrics of numbers")
  func numbers() throws {
    let truth = try Tensor([1.0, 2, 3])
    let output = try Tensor([1.0, 2, 2.5])
    let share = try Lab.call("r2_score", [.object(truth), .object(output)])
    #expect(try abs(number(share) - 0.875) < 1e-15)
    let root = try metric("RootMeanSquaredError", truth, output)
    #expect(abs(root - (0.25 / 3.0).squareRoot()) < 1e-15)
  }

  @Test("A run keeps every named metric over the whole epoch", arguments: BuiltInMetric.all)
  func fit(_ metric: BuiltInMetric) throws {
    let context = Lab.context()
    let data = try Lab.moons(50)
    let net = try Sequential(Dense(4, .tanh), Dense(2, .softmax))
    let fit = try #require(net.type.member("fit"))
    _ = try fit.call(
      Arguments(
        receiver: .object(net), positional: [.object(data.x), .object(data.y)],
        named: [
          (name: "epochs", value: .int(2)),
          (name: "metrics", value: .array([.string(metric.name)])),
          (name: "validation_data", value: .tuple([.object(data.x), .object(data.y)])),
        ], context: context))
    let history = try #require(net.history)
    #expect(history[metric.name]?.count == 2, "\(metric.name)")
    // On the validation data the figure is that of all outputs together.
    let measured = try #require(history["val_\(metric.name)"]?.last)
    let output = try net.predict(data.x, context: context)
    let whole = try metric(output, .classes(data.y.astype(.i64)))
    #expect(abs(measured - whole) < 1e-9, "\(metric.name): \(measured) \(whole)")
  }
}

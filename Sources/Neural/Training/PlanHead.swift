internal import Tensors

/// The end of a plan: the loss of a batch and its gradient.
final class PlanHead {
  private enum Kind {
    case categorical(labels: Tensor, batch: Tensor)
    case binary(targets: Tensor, batch: Tensor)
    case squared(targets: Tensor, batch: Tensor)
  }

  private let kind: Kind
  private let width: Int
  private let gradient: Tensor

  /// nil when the loss needs the tape.
  init?(_ lesson: Lesson, width: Int, capacity: Int, gradient: Tensor?) throws {
    guard let loss = lesson.targets.loss.builtIn, loss.isPlain, let gradient else {
      return nil
    }
    self.width = width
    self.gradient = gradient
    let dtype = lesson.model.dtype
    let rows = { try Tensor.zeros(Shape([capacity, width]), dtype: dtype) }
    switch loss.kind {
    case .categorical:
      guard lesson.targets.isLogits, let labels = try PlanHead.labels(lesson.target, width: width)
      else { return nil }
      kind = .categorical(labels: labels, batch: try Tensor.zeros(Shape([capacity]), dtype: .i64))
    case .binary:
      guard lesson.targets.isLogits, case .values(let values) = lesson.target else { return nil }
      let flat = try values.reshape(Shape([values.shape.first ?? 0, width]))
      kind = .binary(targets: flat, batch: try rows())
    case .squared:
      guard case .values(let values) = lesson.target else { return nil }
      let flat = try values.reshape(Shape([values.shape.first ?? 0, width]))
      kind = .squared(targets: flat, batch: try rows())
    default: return nil
    }
  }

  /// Class numbers, also from rows that are exactly one-hot; nil for other rows.
  private static func labels(_ target: Target, width: Int) throws -> Tensor? {
    switch target {
    case .classes(let labels): return try labels.reshape([labels.count])
    case .values(let rows):
      guard width > 0 else { return nil }
      let values = rows.doubles
      var labels: [Int] = []
      for start in stride(from: 0, to: values.count, by: width) {
        var label: Int?
        for column in 0..<width where values[start + column] != 0 {
          guard values[start + column] == 1, label == nil else { return nil }
          label = column
        }
        guard let label else { return nil }
        labels.append(label)
      }
      return try Tensor(labels)
    }
  }

  /// The mean loss and the right answers; leaves the gradient in the last stage's memory.
  func judge(_ output: Tensor, _ places: ArraySlice<Int>) throws -> (loss: Double, right: Int) {
    let rows = places.count
    let gradient = try gradient.piece(0, output.shape)
    switch kind {
    case .categorical(let labels, let batch):
      let part = try batch.piece(0, Shape([rows]))
      Fused.rows(labels, places, into: part)
      let (sum, right) = Fused.softmaxCrossEntropy(
        output, labels: part, scale: 1 / Double(rows), gradient: gradient)
      return (sum / Double(rows), right)
    case .binary(let targets, let batch):
      let part = try batch.piece(0, output.shape)
      Fused.rows(targets, places, into: part)
      let loss = try (output.softplus() - output * part).mean().item()
      Fused.activate(.sigmoid, output, into: gradient)
      Fused.copy(try (gradient - part) / Double(output.count), into: gradient)
      let right = try Accuracy.right(output, .values(part), isLogits: true, loss: .binary)
      return (loss, right)
    case .squared(let targets, let batch):
      let part = try batch.piece(0, output.shape)
      Fused.rows(targets, places, into: part)
      let sum = Fused.squaredError(
        output, part, scale: 2 / Double(output.count), gradient: gradient)
      return (sum / Double(output.count), 0)
    }
  }
}

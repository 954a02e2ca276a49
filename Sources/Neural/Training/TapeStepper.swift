internal import Tensors

/// Learns through the tape: works for every layer, also those a script defines.
final class TapeStepper: Stepper {
  private let lesson: Lesson
  private let weights: [Weight]
  private let blocks: [WeightBlock]
  private var hasLooked = false

  init(_ lesson: Lesson) throws {
    self.lesson = lesson
    weights = lesson.model.trainable
    let total = weights.reduce(0) { $0 + $1.tensor.count }
    let gradients = try Tensor.zeros(Shape([total]), dtype: lesson.model.dtype)
    var start = 0
    blocks = try weights.map { weight in
      defer { start += weight.tensor.count }
      return WeightBlock(
        weights: weight.tensor, gradient: try gradients.piece(start, weight.tensor.shape),
        factor: lesson.factor(of: weight))
    }
    try lesson.state.attach(blocks, keeping: true)
  }

  /// Nothing that learns has a part in the loss.
  private var lostGradient: Failure {
    Failure(
      .gradient,
      "the loss \(lesson.targets.loss.name) does not depend on the weights of model "
        + "'\(lesson.model.name)'", code: "L306",
      help: "compute it from the outputs alone with tensor operations; float(), item(), tolist() "
        + "and detach() leave the gradient behind")
  }

  /// Says once which weights have no part in the loss (L306).
  private func warn(ofUnused unused: [Weight]) {
    guard !hasLooked else { return }
    hasLooked = true
    guard !unused.isEmpty else { return }
    let names = unused.map { "'\($0.name)' of layer '\($0.owner)'" }
    let verb = unused.count == 1 ? "does" : "do"
    lesson.context.sink.emit(
      .stream(
        .error,
        "warning [L306]: \(names.joined(separator: ", ")) \(verb) not learn: the loss does not use "
          + "\(unused.count == 1 ? "it" : "them"), or only as a number that float() or item() gave\n"
      ))
  }

  func step(_ places: ArraySlice<Int>) throws -> (loss: Double, right: Int) {
    let (model, targets) = (lesson.model, lesson.targets)
    let batch = try lesson.x.rows(Array(places))
    let part = try lesson.target.examples(Array(places))
    var right = 0
    var outcome: Tensor?
    let (loss, gradients) = try lesson.drawMasks { stream in
      let pass = Pass(isTraining: true, stream: stream)
      pass.isCharged = true
      defer { stream = pass.stream }
      return try Tape.recording { tape in
        for weight in weights { try tape.watch(weight.tensor) }
        let output = try model.forward(batch, pass, beforeActivation: targets.isLogits)
        outcome = output.detached()
        if targets.countsRight, let loss = targets.loss.builtIn {
          right = try Accuracy.right(
            output.detached(), part, isLogits: targets.isLogits, loss: loss)
        }
        var loss = try targets.value(
          output, part, weights: lesson.weights?.rows(Array(places)), learns: true)
        guard loss.isTraced || weights.isEmpty else { throw lostGradient }
        for weight in model.weights {
          if let penalty = weight.penalty { loss = try loss + penalty(weight.tensor) }
        }
        if let charges = pass.takeCharges() { loss = try loss + charges }
        let value = try loss.detached().item()
        guard value.isFinite else { return (value, [Tensor]()) }
        let gradients = try tape.gradients(of: loss, for: weights.map(\.tensor))
        let unused = tape.unreached.map { weights[$0] }
        warn(ofUnused: unused.filter { weight in !pass.idle.contains { $0 === weight } })
        return (value, gradients)
      }
    }
    if let outcome, !lesson.tally.isEmpty {
      try lesson.tally.update(model.whole(outcome, targets), part)
    }
    guard loss.isFinite else { return (loss, right) }
    for (block, gradient) in zip(blocks, gradients) { Fused.copy(gradient, into: block.gradient) }
    guard try lesson.state.gather(lesson.accumulation) else { return (loss, right) }
    try lesson.state.step()
    try Constraint.apply(to: weights)
    return (loss, right)
  }
}

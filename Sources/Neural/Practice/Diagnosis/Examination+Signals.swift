internal import Catalog
internal import Tensors

extension Examination {
  /// What harms from the first step on: only told where the run did not learn.
  func examineStart() {
    examineSymmetry()
    guard let start else { return }
    let severity: Finding.Severity = hasLearnt ? .note : .warning
    examineActivations(start, severity)
    examineGradients(start, severity)
    examineInitialLoss(start)
  }

  /// Units of a layer that are copies of each other.
  private func examineSymmetry() {
    let last = trained.layers.last { !$0.weights.isEmpty }
    for layer in trained.layers where layer !== last {
      guard let kernel = layer.weights.first(where: { $0.tensor.rank > 1 })?.tensor,
        let units = kernel.shape.last, units > 1
      else { continue }
      let values = kernel.doubles
      let size = values.reduce(0) { max($0, abs($1)) }
      guard size.isFinite else { continue }
      var distance = 0.0
      for (index, value) in values.enumerated() {
        distance = max(distance, abs(value - values[index - index % units]))
      }
      guard distance <= Edge.symmetry * size else { continue }
      add(
        Finding(
          .symmetry, hasLearnt ? .warning : .error,
          "All units of a layer are the same: the symmetry was never broken.",
          evidence: [
            "in '\(layer.name)' the weights of the \(units) units differ by at most "
              + "\(History.short(distance)); the largest weight is \(History.short(size))",
            "equal units get equal gradients, so they stay equal and act as one unit",
          ],
          advice: [
            "start from random weights: init=\"he_normal\" for the ReLU family, "
              + "\"glorot_uniform\" else; zeros are right for biases alone"
          ]))
      return
    }
  }

  private func examineActivations(_ start: Signals, _ severity: Finding.Severity) {
    let layers = sample.count < Edge.examples ? [] : start.activated
    if let dead = layers.max(by: { $0.deadShare < $1.deadShare }), dead.units >= 4,
      dead.deadShare > Edge.deadShare
    {
      add(
        Finding(
          .deadAtStart, severity, "Many units are dead before the first step.",
          evidence: [
            "in '\(dead.layer)' \(dead.deadUnits) of \(dead.units) units are 0 for every example",
            "no gradient passes a dead unit, so it stays dead",
          ],
          advice: [
            "start biases at 0", "take init=\"he_normal\"",
            "take \"leaky_relu\" or \"elu\", whose slope is never 0", "scale the inputs",
          ]))
    }
    if let flat = layers.max(by: { $0.saturatedShare < $1.saturatedShare }),
      flat.saturatedShare > Edge.saturatedShare
    {
      add(
        Finding(
          .saturatedAtStart, severity, "Units are saturated before the first step.",
          evidence: [
            "in '\(flat.layer)' \(Examination.percent(flat.saturatedShare)) of the outputs lie "
              + "within 1 % of the bounds of \(flat.activation), where its slope is next to 0"
          ],
          advice: [
            "start from smaller weights: init=\"glorot_uniform\"", "scale the inputs",
            "put BatchNorm() before the activation",
          ]))
    }
    guard layers.count >= 2, let first = layers.first, let last = layers.last else { return }
    let reach = first.std > 0 ? last.std / first.std : 0
    if reach > Edge.signalRatio.upperBound || !last.std.isFinite {
      add(
        Finding(
          .signalExplodes, severity, "The signal explodes on its way through the layers.",
          evidence: [
            "deviation of the activations \(History.short(first.std)) in '\(first.layer)', "
              + "\(History.short(last.std)) in '\(last.layer)'"
          ],
          advice: [
            "start from smaller weights: init=\"he_normal\" for the ReLU family, "
              + "\"glorot_uniform\" else",
            "put BatchNorm() between the layers",
          ]))
    }
    // The outputs of a sigmoid differ from unit to unit even where no example makes a difference.
    let isOffset = last.activation == "sigmoid" || last.activation == "hard_sigmoid"
    if reach < Edge.signalRatio.lowerBound, !isOffset, last.deadShare < 1 {
      add(
        Finding(
          .signalVanishes, severity, "The signal dies away on its way through the layers.",
          evidence: [
            "deviation of the activations \(History.short(first.std)) in '\(first.layer)', "
              + "\(History.short(last.std)) in '\(last.layer)'"
          ],
          advice: [
            "start from larger weights: init=\"he_normal\" for the ReLU family, "
              + "\"glorot_uniform\" else",
            "put BatchNorm() between the layers",
          ]))
    }
  }

  private func examineGradients(_ start: Signals, _ severity: Finding.Severity) {
    let kernels = start.kernels
    guard kernels.count >= 3, let first = kernels.first, let last = kernels.last else { return }
    func perWeight(_ weight: WeightSignal) -> Double {
      weight.gradientNorm / Double(max(weight.count, 1)).squareRoot()
    }
    let back = perWeight(last)
    let front = perWeight(first)
    guard back > 0 || front > 0 else { return }
    let ratio = back > 0 ? front / back : .infinity
    let evidence = [
      "norm of the gradient \(History.short(first.gradientNorm)) at '\(first.name)', "
        + "\(History.short(last.gradientNorm)) at '\(last.name)'",
      "per weight the first is \(History.short(ratio)) times the last",
    ]
    if ratio < Edge.gradientRatio.lowerBound {
      add(
        Finding(
          .gradientVanishes, severity, "Gradients vanish on their way to the first layers.",
          evidence: evidence,
          advice: [
            "take \"relu\" with init=\"he_normal\", or \"elu\", in place of "
              + "\(start.activated.first?.activation ?? "sigmoid")",
            "put BatchNorm() between the layers", "take fewer layers",
          ]))
    } else if ratio > Edge.gradientRatio.upperBound || !ratio.isFinite {
      add(
        Finding(
          .gradientExplodes, severity, "Gradients explode on their way to the first layers.",
          evidence: evidence,
          advice: [
            "start from smaller weights", "clip them: clipnorm=1.0 at the optimizer",
            "put BatchNorm() between the layers",
          ]))
    }
  }

  private func examineInitialLoss(_ start: Signals) {
    guard let answers, let width = trained.outputShape?.last,
      let equal = equalLoss(answers, Double(width)), start.dataLoss.isFinite
    else { return }
    let ratio = start.dataLoss / equal
    guard ratio > Edge.initialLoss else { return }
    add(
      Finding(
        .initialLoss, hasLearnt ? .note : .warning,
        "The loss starts far above that of knowing nothing.",
        evidence: [
          "it starts at \(History.short(start.dataLoss)); equal shares for "
            + "\(max(width, 2)) classes give \(History.short(equal)), "
            + "\(History.short(ratio)) times less",
          "the model is sure of itself before it has seen anything",
        ],
        advice: [
          "start the last layer from smaller weights", "scale the inputs",
        ]))
  }

  /// What the run has done to the units.
  func examineNow() {
    guard let now, sample.count >= Edge.examples else { return }
    let before = start?.activated ?? []
    for layer in now.activated {
      let was = before.first { $0.layer == layer.layer }
      if layer.units >= 4, layer.deadShare > Edge.deadShare,
        (was?.deadShare ?? 0) <= Edge.deadShare
      {
        let isGrave = !hasLearnt || layer.deadShare > Edge.nearlyAllDead
        add(
          Finding(
            .deadUnits, isGrave ? .warning : .note, "Units have died.",
            evidence: [
              "in '\(layer.layer)' \(layer.deadUnits) of \(layer.units) units are 0 for every "
                + "example" + (was.map { "; at the start it was \($0.deadUnits)" } ?? ""),
              "a large step has pushed their biases so low that no gradient reaches them",
            ],
            advice: [
              "take a lower learning rate", "take \"leaky_relu\" or \"elu\"", "scale the inputs",
            ]))
        break
      }
    }
    for layer in now.activated where layer.saturatedShare > Edge.saturatedShare {
      let was = before.first { $0.layer == layer.layer }?.saturatedShare ?? 0
      guard was <= Edge.saturatedShare else { continue }
      add(
        Finding(
          .saturatedUnits, hasLearnt ? .note : .warning, "Units have become saturated.",
          evidence: [
            "in '\(layer.layer)' \(Examination.percent(layer.saturatedShare)) of the outputs lie "
              + "within 1 % of the bounds of \(layer.activation); at the start "
              + Examination.percent(was)
          ],
          advice: ["take a lower learning rate", "keep weights small: l2=1e-4", "scale the inputs"])
      )
      break
    }
  }
}

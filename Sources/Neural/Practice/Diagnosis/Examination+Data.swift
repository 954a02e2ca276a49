internal import Catalog
internal import Tensors

extension Examination {
  /// Inputs and targets before any model sees them.
  func examineData() throws {
    note("examples: \(examples.count), each of shape \(Array(examples.x.shape.dropFirst()))")
    for (name, tensor) in [("x", examples.x), ("y", examples.y)] where tensor.dtype.isFloating {
      guard let place = try Examination.firstNotFinite(tensor, context) else { continue }
      let rows = place.rows
      add(
        Finding(
          .dataNotFinite, .error,
          "\(name == "x" ? "the inputs hold" : "the targets hold") values that are not numbers.",
          evidence: [
            "\(rows) of \(examples.count) examples have a nan or inf in \(name), the first is "
              + "example \(place.first)"
          ],
          advice: [
            "leave those examples out, or fill the gaps with the mean of the training examples",
            "one of them is enough to turn the loss and then all weights into nan",
          ]))
    }
    guard !findings.contains(where: { $0.kind == .dataNotFinite }) else { return }
    try examineInputs()
  }

  /// How many rows hold a value that is not finite, and the first.
  private static func firstNotFinite(
    _ tensor: Tensor, _ context: Context
  ) throws -> (rows: Int, first: Int)? {
    let count = tensor.shape.first ?? 0
    let width = count > 0 ? max(tensor.count / count, 1) : 1
    var rows = 0
    var first: Int?
    for start in stride(from: 0, to: count, by: 1024) {
      try context.check()
      let values = try tensor.at([.range(start, min(start + 1024, count))]).doubles
      // One pass finds the usual case that all are finite: a sum with a nan or inf is not.
      if (values.reduce(0) { $0 + $1 * 0 }).isFinite { continue }
      var seen = -1
      for (index, value) in values.enumerated() where !value.isFinite {
        let row = start + index / width
        if row != seen { rows += 1 }
        seen = row
        first = first ?? row
      }
    }
    return first.map { (rows, $0) }
  }

  /// The inputs as rows of at most 512 examples.
  private var rows: (values: [Double], width: Int) {
    let values = sample.x.doubles
    return (values, max(values.count / max(sample.count, 1), 1))
  }

  /// Mean and deviation of each column.
  private func columns() -> [(mean: Double, std: Double, isBinary: Bool)] {
    let (values, width) = rows
    let count = Double(max(values.count / width, 1))
    return (0..<width).map { column in
      let part = stride(from: column, to: values.count, by: width).map { values[$0] }
      let mean = part.reduce(0, +) / count
      let variance = part.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      let low = part.min() ?? 0
      let high = part.max() ?? 0
      return (mean, variance.squareRoot(), part.allSatisfy { $0 == low || $0 == high })
    }
  }

  /// Standardized rows, as neighbours are looked up; pixels are only centred.
  func features() throws -> Tensor {
    let (values, width) = rows
    let flat = try Tensor(values, shape: Shape([values.count / width, width]), dtype: .f32)
    let centred = try flat - flat.mean(0)
    guard width <= Edge.features else { return centred }
    let sizes = columns().map { $0.std == 0 ? 1 : 1 / $0.std }
    return try centred * Tensor(sizes).astype(.f32)
  }

  private func examineInputs() throws {
    guard examples.x.dtype.isFloating else { return }
    let (values, width) = rows
    guard !values.isEmpty else { return }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let size = (values.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
    let std = (max(size * size - mean * mean, 0)).squareRoot()
    note("inputs: mean \(History.short(mean)), deviation \(History.short(std))")
    let first = model.layers.first { !($0 is Flatten) }?.type.name ?? ""
    let severity: Finding.Severity = first.hasSuffix("Norm") ? .note : .warning
    let remedy = [
      "scale them with statistics of the training part: d.scale(\"standard\")",
      "or let the model begin with BatchNorm()",
    ]
    if !Edge.inputSize.contains(size) {
      let isLarge = size > 1
      add(
        Finding(
          .inputsScale, severity,
          "The inputs are not scaled: they are \(isLarge ? "large" : "tiny").",
          evidence: [
            "their root mean square is \(History.short(size)), their mean \(History.short(mean)); "
              + "scaled inputs have about 1",
            isLarge
              ? "gradients of the first layer grow with them, so only tiny rates do not diverge"
              : "the first layer hardly tells the examples apart",
          ], advice: remedy))
      return
    }
    guard width <= Edge.features, width > 0 else {
      if abs(mean) > Edge.featureOffset * std, std > 0 {
        addOffset(mean, std, nil, severity, remedy)
      }
      return
    }
    let columns = columns().enumerated().filter { $0.element.std > 0 && !$0.element.isBinary }
    guard let narrow = columns.min(by: { $0.element.std < $1.element.std }),
      let wide = columns.max(by: { $0.element.std < $1.element.std })
    else { return }
    let ratio = wide.element.std / narrow.element.std
    if ratio > Edge.featureRatio {
      add(
        Finding(
          .inputsScale, severity, "The features have very different scales.",
          evidence: [
            "feature \(wide.offset) has the deviation \(History.short(wide.element.std)), feature "
              + "\(narrow.offset) \(History.short(narrow.element.std)): "
              + "\(History.short(ratio)) times less",
            "one learning rate cannot suit both",
          ], advice: remedy))
    }
    let far = columns.max {
      abs($0.element.mean) / $0.element.std < abs($1.element.mean) / $1.element.std
    }
    if let far, abs(far.element.mean) > Edge.featureOffset * far.element.std {
      addOffset(far.element.mean, far.element.std, far.offset, severity, remedy)
    }
  }

  private func addOffset(
    _ mean: Double, _ std: Double, _ feature: Int?, _ severity: Finding.Severity,
    _ remedy: [String]
  ) {
    let name = feature.map { "feature \($0) has" } ?? "the inputs have"
    add(
      Finding(
        .inputsOffset, severity, "The inputs are not centred.",
        evidence: [
          "\(name) the mean \(History.short(mean)) at a deviation of \(History.short(std)): "
            + "\(History.short(abs(mean) / std)) deviations from 0",
          "the gradients of a unit's weights then share one sign, and steps zigzag",
        ], advice: remedy))
  }

  /// Whether targets, last layer and loss fit together.
  func examineTargets(_ probe: Probe, _ answers: Answers) throws {
    let loss = probe.targets.loss.builtIn
    let last = model.lastActivation?.name ?? "a function"
    let values = answers.values
    let distinct = Set(values.prefix(4096))
    let width = probe.model.outputShape?.last ?? 1

    if answers.classes != nil, distinct.count == 1, values.count > 1 || answers.largest == 1 {
      add(
        Finding(
          .labelsMismatch, .warning, "All examples have the same label.",
          evidence: ["\(sample.count) examples looked at, one label"],
          advice: ["check how the labels were read, and whether the examples are sorted by class"]))
      return
    }
    if answers.classes == nil, answers.variance == 0, values.count > 1 {
      add(
        Finding(
          .labelsMismatch, .warning, "All targets are the same number.",
          evidence: ["every target looked at is \(History.short(values.first ?? 0))"],
          advice: ["check how the targets were read"]))
      return
    }
    let isSquared = [.squared, .absolute].contains(loss?.kind)
    let isWhole = sample.y.dtype.isInteger && sample.y.dtype != .bool || examples.hasClasses
    if isSquared, isWhole, sample.y.rank == 1 || width == 1, distinct.count <= 50,
      distinct.count >= 3 || examples.hasClasses
    {
      add(
        Finding(
          .labelsMismatch, .warning, "Class numbers are learnt as if they were quantities.",
          evidence: [
            "the targets are \(distinct.count) whole numbers, the loss is '\(probe.targets.loss.name)' "
              + "and the model gives \(width) \(width == 1 ? "number" : "numbers")",
            "an answer between classes 1 and 3 then counts as class 2",
          ],
          advice: [
            "end in Dense(\(max(distinct.count, 2)), \"softmax\"), which goes with cross-entropy"
          ]))
      return
    }
    examineRange(last, values, loss)
    if isSquared, last == "softmax" {
      add(
        Finding(
          .labelsMismatch, .warning, "Shares of classes are learnt with '\(loss?.name ?? "")'.",
          evidence: ["the slope of softmax vanishes where an answer is clearly wrong"],
          advice: ["leave the loss to the last layer, or give loss=\"categorical_crossentropy\""]))
    }
    if loss?.kind == .binary, width > 1, answers.width == width {
      let sums = stride(from: 0, to: values.count, by: width).map { row in
        values[row..<min(row + width, values.count)].reduce(0, +)
      }
      if sums.allSatisfy({ abs($0 - 1) < 1e-6 }) {
        add(
          Finding(
            .labelsMismatch, .warning,
            "Each example has exactly one label, but every output is judged by itself.",
            evidence: ["all \(sums.count) rows of targets add up to 1"],
            advice: ["end in Dense(\(width), \"softmax\")"]))
      }
    }
    guard let classes = answers.classes, width > 1, loss?.kind == .categorical else {
      addImbalance(answers)
      return
    }
    let present = Set(classes)
    if let least = present.min(), let most = present.max(), !examples.hasClasses,
      least == 1 && most == width - 1 && present.count == width - 1 || present.count * 2 < width
    {
      add(
        Finding(
          .labelsMismatch, present.count * 2 < width ? .warning : .note,
          "The model has outputs that no label names.",
          evidence: [
            "\(width) outputs; the labels go from \(least) to \(most), \(present.count) of them "
              + "occur"
          ],
          advice: [
            least == 1 ? "number the classes from 0: y - 1" : "give the last layer fewer units",
            "or check whether the examples are sorted and only some classes came along",
          ]))
    }
    addImbalance(answers)
  }

  private func addImbalance(_ answers: Answers) {
    guard answers.classes != nil, answers.largest > Edge.imbalance, answers.largest < 1 else {
      return
    }
    add(
      Finding(
        .imbalance, .note, "One class rules the data.",
        evidence: [
          "\(Examination.percent(answers.largest)) of the examples are of one class; always "
            + "naming it is that accurate"
        ],
        advice: ["judge by more than accuracy", "weigh the rare classes up"]))
  }

  /// Targets that the last activation can never give.
  private func examineRange(_ last: String, _ values: [Double], _ loss: Loss?) {
    guard [.squared, .absolute].contains(loss?.kind), !values.isEmpty else { return }
    let range: ClosedRange<Double>
    switch last {
    case "sigmoid", "softmax", "hard_sigmoid": range = 0...1
    case "tanh", "softsign", "hard_tanh": range = -1...1
    case "relu", "softplus": range = 0...(.infinity)
    default: return
    }
    let outside = Double(values.count { !range.contains($0) }) / Double(values.count)
    guard outside > 0.02 else { return }
    add(
      Finding(
        .labelsMismatch, .warning, "The last layer cannot give the targets.",
        evidence: [
          "\(last) gives \(range.upperBound.isFinite ? "\(range.lowerBound) to \(range.upperBound)" : "nothing below 0"), "
            + "\(Examination.percent(outside)) of the targets lie outside; they go from "
            + "\(History.short(values.min() ?? 0)) to \(History.short(values.max() ?? 0))"
        ],
        advice: [
          "end in a layer without activation: Dense(n)", "or scale the targets into that range",
        ]))
  }
}

internal import Catalog
internal import Neural

extension Operations {
  /// The loss of a kind with the settings of a case; a setting nobody reads is an error.
  private static func loss(
    _ kind: Loss.Kind, _ c: Case, reading own: Set<String> = []
  ) throws -> Loss {
    var reduction = Loss.Reduction.mean
    var clipping = Loss.Clipping.probability(1e-7)
    if case .object(let members) = c.parameters {
      for (key, value) in members where !own.contains(key) {
        switch key {
        case "reduction":
          let text = value.string ?? "mean"
          // "weighted mean: …" and "mean over kept" describe what the mean is with weights.
          let isMean = text == "mean" || text.hasPrefix("weighted mean") || text.hasPrefix("mean ")
          guard let named = isMean ? .mean : Loss.Reduction(rawValue: text) else {
            throw Unsupported("reduction \(text)")
          }
          reduction = named
        // What the library has no other form of.
        case "epsilon":
          if value.double != 1e-7 { throw Unsupported("epsilon \(value)") }
        case "renormalise":
          if value.bool != true { throw Unsupported("renormalise \(value)") }
        case "clip": clipping = .probability(value.double ?? 1e-7)
        case "label_smoothing", "pos_weight", "class_weights", "ignore_index": break
        default: throw Unsupported("setting '\(key)'")
        }
      }
    }
    return Loss(
      kind, smoothing: c.number("label_smoothing") ?? 0, reduction: reduction,
      positiveWeight: c.number("pos_weight") ?? 1,
      classWeights: c.parameters["class_weights"].flatMap(Case.numbers) ?? [],
      ignoring: c.parameters["ignore_index"]?.int, clipping: clipping)
  }

  /// Compares value, gradient and the single losses.
  private static func judge(
    _ kind: Loss.Kind, _ c: Case, output: String, isLogits: Bool = false,
    reading own: Set<String> = []
  ) throws {
    let loss = try loss(kind, c, reading: own)
    let target: Target =
      c.has("labels") ? .classes(try c.input("labels")) : .values(try c.input("target"))
    try c.differentiate([output]) { try loss($0[0], target, isLogits: isLogits) }
    guard c.json["outputs"]?["each"] != nil else { return }
    c.expect(try loss.each(c.input(output), target, isLogits: isLogits), "each")
  }

  static let losses: [String: Check] = {
    @Sendable func plain(_ kind: Loss.Kind, _ output: String = "pred") -> Check {
      { try judge(kind, $0, output: output) }
    }
    @Sendable func penalty(_ c: Case) throws {
      try c.know("l1", "l2", "lambda")
      let own = Penalty(
        l1: c.number("l1") ?? 0, l2: c.number("l2") ?? (c.number("lambda") ?? 0) / 2)
      try c.differentiate(["W"]) { try own($0[0]) }
    }
    return [
      "mse": plain(.squared), "mae": plain(.absolute), "log_cosh": plain(.logCosh),
      "mape": plain(.percentage), "msle": plain(.squaredLog), "cosine_similarity": plain(.cosine),
      "hinge": plain(.hinge), "squared_hinge": plain(.squaredHinge),
      "categorical_hinge": plain(.categoricalHinge), "kl": plain(.divergence, "prob"),
      "nll": plain(.likelihood, "log_prob"), "bce": plain(.binary, "prob"),
      "ce_prob": plain(.categorical, "prob"),
      "huber": {
        try judge(.huber($0.number("delta") ?? 1), $0, output: "pred", reading: ["delta"])
      },
      "smooth_l1": {
        try judge(.smoothL1($0.number("beta") ?? 1), $0, output: "pred", reading: ["beta"])
      },
      "poisson": {
        let epsilon = $0.number("epsilon") ?? 1e-7
        try judge(
          .poisson(isLog: false, isFull: $0.flag("full"), epsilon: epsilon), $0, output: "pred",
          reading: ["full", "epsilon"])
      },
      "poisson_nll": {
        let isLog = $0.parameters["log_input"]?.bool ?? true
        try judge(
          .poisson(isLog: isLog, isFull: $0.flag("full"), epsilon: $0.number("eps") ?? 1e-8), $0,
          output: "pred", reading: ["log_input", "full", "eps"])
      },
      "multiclass_hinge": {
        let divides = $0.parameters["divide_by_classes"]?.bool ?? true
        let kind = Loss.Kind.multiclassHinge(
          margin: $0.number("margin") ?? 1, power: $0.number("p") ?? 1, divides: divides)
        try judge(kind, $0, output: "logits", reading: ["margin", "p", "divide_by_classes"])
      },
      "bce_conventions": { c in
        let target = Target.values(try c.input("target"))
        for (clipping, name) in [
          (Loss.Clipping.logarithm(-100), "torch_log_clamped_at_-100"),
          (.probability(1e-7), "keras_prob_clipped_1e-7"),
        ] {
          let loss = Loss(.binary, clipping: clipping)
          let value = try loss(c.input("prob"), target, isLogits: false)
          c.expect(value, name, in: "expect")
          // Neither may become infinite on the way back.
          let slope = try Tape.recording { tape in
            let leaf = try tape.leaf(c.input("prob"))
            return try tape.gradients(of: loss(leaf, target, isLogits: false), for: [leaf])[0]
          }
          if !slope.doubles.allSatisfy(\.isFinite) { c.fail("\(name): gradient \(slope)") }
        }
      },
      "bce_logits": { try judge(.binary, $0, output: "logits", isLogits: true) },
      "binary_focal": {
        try judge(
          .binaryFocal(gamma: $0.number("gamma") ?? 2, alpha: $0.number("alpha")), $0,
          output: $0.has("logits") ? "logits" : "prob", isLogits: $0.has("logits"),
          reading: ["gamma", "alpha"])
      },
      "sparse_ce_logits": { try judge(.categorical, $0, output: "logits", isLogits: true) },
      "ce_logits": { try judge(.categorical, $0, output: "logits", isLogits: true) },
      "initial_loss": { c in
        let classes = c.parameters["classes"]?.int ?? 2
        let logits = try Tensor.zeros(Shape([4, classes]), dtype: c.dtype)
        let loss = try Loss.categorical(logits, .classes(Tensor([0, 0, 1, 1])), isLogits: true)
        c.expect(loss, "loss", in: "expect")
      },
      "metrics": metrics,
      "reg_orthogonal": { c in
        guard let mode = Penalty.Mode(rawValue: c.parameters["mode"]?.string ?? "rows") else {
          throw Unsupported("mode")
        }
        let own = Penalty(orthogonality: .init(c.number("factor") ?? 0.01, mode))
        try c.differentiate(["W"]) { try own($0[0]) }
      },
      "reg_l1": penalty, "reg_l2": penalty, "reg_elastic": penalty, "reg_half_l2": penalty,
    ]
  }()

  /// Accuracy, confusion and F1 from labels; errors of numbers.
  private static let metrics: Check = { c in
    guard c.has("labels") else {
      let (target, output) = (Target.values(try c.input("target")), try c.input("pred"))
      let figures: [(String, Double)] = [
        ("mse", try Loss.mse(output, target, isLogits: false).item()),
        ("mae", try Loss.mae(output, target, isLogits: false).item()),
        ("rmse", try metric("rmse")(output, target)),
        ("r2_column_mean", try metric("r2_score")(output, target)),
      ]
      for (name, value) in figures where c.json["expect"]?[name] != nil {
        c.expect(try Tensor(scalar: value), name, in: "expect")
      }
      return
    }
    for (name, entry) in [
      ("accuracy", "accuracy_score"), ("confusion", "confusion_matrix"), ("macro_f1", "f1_score"),
      ("macro_precision", "precision_score"), ("macro_recall", "recall_score"),
    ] where c.json["expect"]?[name] != nil {
      var arguments: [Value] = [.object(try c.input("labels")), .object(try c.input("predicted"))]
      if name.hasPrefix("macro") { arguments.append(.string("macro")) }
      // The table is as large as the expected one.
      if name == "confusion", let rows = c.json["expect"]?[name]?.array {
        arguments.append(.int(rows.count))
      }
      let value = try call(entry, arguments)
      switch value {
      case .float(let number): c.expect(try Tensor(scalar: number), name, in: "expect")
      case .object(let table as Tensor): c.expect(table, name, in: "expect")
      default: throw Unsupported("no \(name)")
      }
    }
  }

  private static func metric(_ name: String) throws -> BuiltInMetric {
    guard let metric = BuiltInMetric.named(name) else { throw Unsupported("metric \(name)") }
    return metric
  }

  /// A function of the library, called as a script calls it.
  static func call(_ name: String, _ arguments: [Value]) throws -> Value {
    guard let entry = NeuralCatalog.library.entries.first(where: { $0.name == name }) else {
      throw Unsupported("function \(name)")
    }
    return try entry.call(Arguments(positional: arguments, context: Context(sink: Recording())))
  }
}

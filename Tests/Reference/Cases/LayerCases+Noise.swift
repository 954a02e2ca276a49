internal import Catalog
internal import Neural

extension Operations {
  /// A layer of noise on many equal or normal numbers.
  private static func sample(
    _ c: Case, _ layer: any Layer, _ x: Tensor
  ) throws -> [Double] {
    let net = try Sequential([layer])
    return try net.predict(
      x, context: Context(sink: Recording(), seed: 3), isTraining: true
    ).doubles
  }

  private static func compareMoments(_ c: Case, _ values: [Double], kurtosis: Double) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let want = (c.json["expect"]?["mean"]?.double ?? .nan)
    let spread = (c.json["expect"]?["variance"]?.double ?? .nan)
    if !(abs(mean - want) <= 5 * (spread / count).squareRoot()) {
      c.fail("mean: got \(mean), expected \(want)")
    }
    // The second part counts where the first is nothing: a fair coin's variance.
    let slack = 5 * ((kurtosis - 1) / count).squareRoot() + 25 / count
    if !(abs(variance / spread - 1) <= slack) {
      c.fail("variance: got \(variance), expected \(spread)")
    }
  }

  private static func statistics(_ c: Case) throws {
    let rate = c.number("rate") ?? 0.5
    let count = 100_000
    let x = try Tensor.full(Shape([1, count]), c.number("x") ?? 1, dtype: c.dtype)
    let y = try sample(c, Dropout(rate), x)
    let zeros = Double(y.count { $0 == 0 }) / Double(count)
    let want = c.json["expect"]?["zero_fraction"]?.double ?? rate
    if abs(zeros - want) > 5 * (rate * (1 - rate) / Double(count)).squareRoot() {
      c.fail("share of zeros: got \(zeros), expected \(want)")
    }
    let kept = c.json["expect"]?["kept_value"]?.double ?? 0
    if let other = y.first(where: { $0 != 0 && abs($0 - kept) > 1e-6 * max(1, abs(kept)) }) {
      c.fail("a kept value: got \(other), expected \(kept)")
    }
    // The kurtosis of a number that is 0 or one other.
    compareMoments(c, y, kurtosis: 1 / (rate * (1 - rate)) - 3)
  }

  /// Samples of a model with given masks, their mean and deviation.
  private static func monteCarlo(
    _ c: Case, _ layers: [any Layer], _ noise: Dropout, weights: [String], samples: String
  ) throws {
    let x = try c.input("x")
    let masks = try c.input("masks")
    let net = try Sequential(layers)
    var stream = RandomStream(seed: 0, name: "init")
    try net.build([x.count], dtype: c.dtype, from: &stream)
    for (weight, name) in zip(net.weights, weights) {
      try weight.tensor.assign([.ellipsis], c.input(name).reshape(weight.tensor.shape))
    }
    noise.mask.replayed = try (0..<masks.shape[0]).map { try masks.at([.range($0, $0 + 1)]) }
    let count = c.parameters["samples"]?.int ?? masks.shape[0]
    let prediction = try net.predict(
      x.reshape([1, x.count]), samples: count, context: Context(sink: Recording()))
    c.expect(prediction.samples, samples)
    c.expect(try prediction.mean(), "mean")
    c.expect(try prediction.spread(), "std_population")
  }

  static let sampled: [String: Check] = [
    "mc_dropout": { c in
      try c.know("rate", "samples")
      let noise = Dropout(c.number("rate") ?? 0.5)
      try monteCarlo(
        c, [noise, Dense(1, .builtIn(.linear), usesBias: false)], noise, weights: ["w"],
        samples: "samples")
      // Over all masks: mean sum(x w), variance sum((x w)^2) rate / (1 - rate).
      let parts = try c.input("x") * c.input("w")
      let odds = noise.rate / (1 - noise.rate)
      for (name, got) in [
        ("analytic_mean", try parts.sum()), ("analytic_variance", try parts.square().sum() * odds),
      ] where c.json["expect"]?[name] != nil {
        c.expect(got, name, in: "expect")
      }
    },
    "mc_dropout_mlp": { c in
      try c.know("rate", "samples", "net")
      let shape = c.parameters["net"]?.string ?? ""
      guard shape == "softmax(dropout(relu(x W1)) W2)" else { throw Unsupported("net \(shape)") }
      let (hidden, out) = (try c.input("W1").shape[1], try c.input("W2").shape[1])
      let noise = Dropout(c.number("rate") ?? 0.5)
      try monteCarlo(
        c,
        [
          Dense(hidden, .builtIn(.relu), usesBias: false), noise,
          Dense(out, .builtIn(.softmax), usesBias: false),
        ], noise, weights: ["W1", "W2"], samples: "probabilities")
    },
  ]

  static let constraints: [String: Check] = [
    "max_norm": { c in
      try c.know("max_value", "axis")
      let axes = c.parameters["axis"] == nil ? nil : c.axes("axis")
      c.expect(
        try Constraint.maxNorm(c.number("max_value") ?? 2, axes: axes)(c.input("W")), "W")
    },
    "unit_norm_constraint": { c in
      try c.know("axis")
      let axes = c.parameters["axis"] == nil ? nil : c.axes("axis")
      c.expect(try Constraint(.unitNorm, axes: axes)(c.input("W")), "W")
    },
    "non_neg": { c in
      try c.know()
      c.expect(try Constraint(.nonNegative)(c.input("W")), "W")
    },
    "min_max_norm": { c in
      try c.know("min_value", "max_value", "rate", "axis")
      let axes = c.parameters["axis"] == nil ? nil : c.axes("axis")
      let rule = Constraint.Rule.minMaxNorm(
        low: c.number("min_value") ?? 0, high: c.number("max_value") ?? 1,
        rate: c.number("rate") ?? 1)
      c.expect(try Constraint(rule, axes: axes)(c.input("W")), "W")
    },
  ]

  static let noises: [String: Check] = [
    "dropout_given_mask": { c in
      try c.know("rate", "keep_probability", "scaling", "mask_shape")
      let form = c.parameters["scaling"]?.string ?? "inverted"
      guard let scaling = Dropout.Scaling(rawValue: form) else { throw Unsupported(form) }
      let rate = c.number("rate") ?? c.number("keep_probability").map { 1 - $0 } ?? 0.5
      let x = try c.input("x")
      var mask = try c.input("mask")
      if c.parameters["mask_shape"] != nil, x.rank == 3 || x.rank == 4 {
        // The mask of whole channels, as the layer draws it.
        let places: [Index] = Array(repeating: .range(0, 1), count: x.rank - 2)
        mask = try mask.at([.range(nil, nil)] + places)
        let layer = SpatialDropout(rate, dimensions: x.rank - 2)
        layer.mask.replayed = [mask]
        try c.run(layer)
      } else {
        let layer = Dropout(rate, scaling: scaling)
        layer.mask.replayed = [mask]
        try c.run(layer)
        try c.run(Dropout(rate), isTraining: false, result: "inference", onlyIfGiven: true)
      }
    },
    "dropout_classic": { c in
      try c.know("keep_probability", "rate")
      let layer = Dropout(
        c.number("rate") ?? (1 - (c.number("keep_probability") ?? 0.5)), scaling: .classic)
      layer.mask.replayed = [try c.input("mask")]
      try c.run(layer, result: "train")
      try c.run(layer, isTraining: false, result: "inference")
    },
    "dropout_stats": { c in
      try c.know("rate", "x")
      try statistics(c)
    },
    "alpha_dropout_given_mask": { c in
      try c.know("rate", "alpha_prime", "a", "b")
      let layer = AlphaDropout(c.number("rate") ?? 0.1)
      layer.mask.replayed = [try c.input("mask")]
      try c.run(layer)
    },
    "alpha_dropout_stats": { c in
      try c.know("rate", "input")
      var stream = RandomStream(seed: 5, name: "data")
      let rate = c.number("rate") ?? 0.1
      let x = try stream.normal(Shape([1, 100_000]), dtype: c.dtype)
      compareMoments(c, try sample(c, AlphaDropout(rate), x), kurtosis: 3)
    },
    "gaussian_dropout_stats": { c in
      try c.know("rate", "x")
      let x = try Tensor.full(Shape([1, 100_000]), c.number("x") ?? 1, dtype: c.dtype)
      compareMoments(c, try sample(c, GaussianDropout(c.number("rate") ?? 0.5), x), kurtosis: 3)
    },
    "gaussian_noise_stats": { c in
      try c.know("std", "stddev", "x")
      let x = try Tensor.full(Shape([1, 100_000]), c.number("x") ?? 0, dtype: c.dtype)
      let deviation = c.number("std") ?? c.number("stddev") ?? 0.1
      compareMoments(c, try sample(c, GaussianNoise(deviation), x), kurtosis: 3)
    },
  ]
}

internal import Catalog
internal import Neural

extension Operations {
  /// The initializer that a case describes.
  private static func initializer(_ name: String, _ p: JSON) throws -> Initializer {
    func n(_ name: String, _ other: Double) -> Double { p[name]?.double ?? other }
    let forms: [String: Initializer.Distribution] = [
      "uniform": .uniform, "normal": .normal, "truncated": .truncatedNormal,
    ]
    switch name {
    case "random_normal":
      return Initializer(name, "", .normal(mean: n("mean", 0), deviation: n("std", 0.05)))
    case "truncated_normal":
      return Initializer(name, "", .truncated(mean: n("mean", 0), deviation: n("sigma", 0.05)))
    case "random_uniform":
      return Initializer(name, "", .uniform(low: n("low", -0.05), high: n("high", 0.05)))
    case "variance_scaling":
      guard let fan = Initializer.Fan(rawValue: p["mode"]?.string ?? "") else { break }
      guard let form = forms[p["distribution"]?.string ?? ""] else { break }
      return Initializer(name, "", .scaled(scale: n("scale", 1), fan, form))
    default:
      guard let known = Initializer.named(name) else { break }
      // The same variance from another distribution.
      if case .scaled(let scale, let fan, _) = known.rule,
        let form = forms[p["distribution"]?.string ?? ""]
      {
        let mode = p["mode"]?.string.flatMap(Initializer.Fan.init(rawValue:)) ?? fan
        return Initializer(name, "", .scaled(scale: n("scale", scale), mode, form))
      }
      return known
    }
    throw Unsupported("initializer \(name)")
  }

  static let initializers: [String: Check] = [
    "init": { c in
      let p = c.parameters
      guard let shape = p["shape"]?.array?.compactMap(\.int), let name = p["name"]?.string else {
        throw Unsupported("no shape")
      }
      try c.know(
        "name", "distribution", "shape", "fan_in", "fan_out", "mode", "scale", "mean", "std",
        "sigma", "cut_in_sigmas", "low", "high")
      if let cut = c.number("cut_in_sigmas"), cut != 2 { throw Unsupported("a cut at \(cut)") }
      let made = try initializer(name, p)
      var stream = RandomStream(seed: 11, name: "init")
      let values = try made.make(shape, dtype: c.dtype, from: &stream).doubles
      c.statistics(values)
    },
    "init_constant": { c in
      let p = c.parameters
      let rule: Initializer.Rule =
        p["name"]?.string == "identity"
        ? .identity(gain: p["gain"]?.double ?? 1)
        : .constant(p["value"]?.double ?? (p["name"]?.string == "ones" ? 1 : 0))
      var stream = RandomStream(seed: 0, name: "init")
      let made = try Initializer("", "", rule).make(
        p["shape"]?.array?.compactMap(\.int) ?? [], dtype: c.dtype, from: &stream)
      c.expect(made, "W")
    },
    "init_property": { c in
      var stream = RandomStream(seed: 5, name: "init")
      let made = try Initializer.sameRandomValue.make(
        shape(c.parameters["shape"]), dtype: c.dtype, from: &stream
      ).doubles
      if Set(made).count != 1 || made.first == 0 { c.fail("not one value everywhere") }
    },
    "init_orthogonal": { c in
      var stream = RandomStream(seed: 5, name: "init")
      let rule = Initializer.Rule.orthogonal(gain: c.number("gain") ?? 1)
      let w = try Initializer("", "", rule).make(
        shape(c.parameters["shape"]), dtype: c.dtype, from: &stream)
      let turned = try w.swapAxes(0, 1)
      let isColumns = c.json["expect"]?["gram_side"]?.string == "Wt W"
      let gram = isColumns ? try turned.matmul(w) : try w.matmul(turned)
      c.expect(gram, "gram", in: "expect")
      // The singular values are the roots of the diagonal where the rest is 0.
      if let values = c.json["expect"]?["singular_values"].flatMap(Case.numbers) {
        let side = gram.shape[0]
        let products = gram.doubles
        let found = (0..<side).map { products[$0 * (side + 1)].squareRoot() }
        c.compare(found, values, "singular values")
      }
      c.expect(try w.square().sum(), "frobenius_squared", in: "expect")
    },
    "init_sparse": { c in
      var stream = RandomStream(seed: 5, name: "init")
      let deviation = c.number("std") ?? 0.01
      let rule = Initializer.Rule.connections(
        c.parameters["connections"]?.int ?? 10, deviation: deviation)
      let w = try Initializer("", "", rule).make(
        shape(c.parameters["shape"]), dtype: c.dtype, from: &stream)
      let perUnit = try w.equal(0).astype(.f64).sum(0).doubles.map { Double(w.shape[0]) - $0 }
      let want = c.json["expect"]
      for count in perUnit {
        c.compare([count], [want?["nonzero_per_output_unit"]?.double ?? .nan], "connections")
      }
      let values = w.doubles.filter { $0 != 0 }
      c.compare([Double(values.count)], [want?["nonzero_total"]?.double ?? .nan], "total")
      let count = Double(values.count)
      let spread = (values.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
      let mean = values.reduce(0, +) / count
      if let middle = want?["nonzero_mean"]?.double,
        abs(mean - middle) > 5 * deviation / count.squareRoot()
      {
        c.fail("mean: got \(mean), expected \(middle)")
      }
      if let said = want?["nonzero_std"]?.double, said != deviation {
        c.fail("expected deviation \(said), not \(deviation)")
      }
      if abs(spread / deviation - 1) > 5 / (2 * count).squareRoot() {
        c.fail("deviation: got \(spread), expected \(deviation)")
      }
    },
    "init_sparse_fraction": { c in
      var stream = RandomStream(seed: 5, name: "init")
      let (rows, columns) = (c.parameters["rows"]?.int ?? 0, c.parameters["cols"]?.int ?? 0)
      let rule = Initializer.Rule.sparse(
        share: c.number("sparsity") ?? 0, deviation: c.number("std") ?? 0.01)
      // PyTorch's matrix is [out, in].
      let w = try Initializer("", "", rule).make([columns, rows], dtype: c.dtype, from: &stream)
      for zeros in try w.equal(0).astype(.f64).sum(1).doubles {
        c.compare([zeros], [c.json["expect"]?["zeros_per_column"]?.double ?? .nan], "zeros")
      }
    },
    "gain_table": { c in
      guard case .object(let members)? = c.json["expect"] else { return c.fail("no gains") }
      for (name, want) in members {
        let slope =
          name == "leaky_relu_slope"
          ? c.number("leaky_slope") ?? 0.01
          : name.hasPrefix("leaky_relu_") ? Double(name.dropFirst(11)) ?? 0.01 : 0
        let activation =
          name.hasPrefix("leaky_relu") ? Activation.leakyReLU(slope) : Activation.named(name)
        guard let activation else { throw Unsupported("gain of \(name)") }
        c.compare([Initializer.gain(activation)], [want.double ?? .nan], name)
      }
    },
    "signal_propagation": propagation,
    "fans": { c in
      let fans = Initializer.fans(c.parameters["shape"]?.array?.compactMap(\.int) ?? [])
      let want = c.json["expect"]
      c.compare(
        [Double(fans.input), Double(fans.output)],
        [want?["fan_in"]?.double ?? .nan, want?["fan_out"]?.double ?? .nan], "fans")
      if let mean = want?["fan_avg"]?.double {
        c.compare([Double(fans.input + fans.output) / 2], [mean], "fan_avg")
      }
    },
  ]

  private static func shape(_ json: JSON?) -> [Int] { json?.array?.compactMap(\.int) ?? [] }

  /// `"N(0,1)"`, `"N(0,0.01^2)"` or `"N(0,2/fan_in)"`: what is after the comma is the variance.
  private static func normal(_ text: String) -> Initializer.Rule? {
    guard text.hasPrefix("N(0,"), text.hasSuffix(")") else { return nil }
    let variance = text.dropFirst(4).dropLast()
    if variance.hasSuffix("^2") {
      return Double(variance.dropLast(2)).map { .normal(mean: 0, deviation: $0) }
    }
    for fan in ["fan_in", "fan_out", "fan_avg"] where variance.hasSuffix("/" + fan) {
      guard let kind = Initializer.Fan(rawValue: fan) else { return nil }
      return Double(variance.dropLast(fan.count + 1)).map { .scaled(scale: $0, kind, .normal) }
    }
    return Double(variance).map { .normal(mean: 0, deviation: $0.squareRoot()) }
  }

  /// Mean and spread of the activations of each layer of a deep net, over three draws.
  private static let propagation: Check = { c in
    let p = c.parameters
    let (depth, width) = (p["depth"]?.int ?? 10, p["width"]?.int ?? 300)
    let batch = p["batch"]?.int ?? 400
    guard let activation = Activation.named(p["activation"]?.string ?? ""),
      let rule = normal(p["weights"]?.string ?? ""), p["input"]?.string == "N(0,1)"
    else { throw Unsupported("this propagation") }
    let initializer = Initializer("", "", rule)
    var means = Array(repeating: 0.0, count: depth)
    var spreads = means
    for draw in 0..<3 {
      var stream = RandomStream(seed: UInt64(draw), name: "init")
      var x = try stream.normal(Shape([batch, width]), dtype: c.dtype)
      for layer in 0..<depth {
        let w = try initializer.make([width, width], dtype: c.dtype, from: &stream)
        x = try activation(x.matmul(w))
        means[layer] += try x.mean().item() / 3
        spreads[layer] += try x.deviation().item() / 3
      }
    }
    func bound(_ name: String, _ other: Double) -> Double {
      c.json["tol"]?[name]?.double ?? other
    }
    let want = c.json["expect"]
    guard let wantedMeans = want?["layer_mean"].flatMap(Case.numbers),
      let wantedSpreads = want?["layer_std"].flatMap(Case.numbers), wantedMeans.count == depth,
      wantedSpreads.count == depth
    else { return c.fail("no figures of \(depth) layers") }
    for layer in 0..<depth {
      if abs(means[layer] - wantedMeans[layer]) > bound("mean_abs", 0.08) {
        c.fail("mean of layer \(layer): got \(means[layer]), expected \(wantedMeans[layer])")
      }
      let slack = bound("std_abs", 0.01) + bound("std_rel", 0.15) * wantedSpreads[layer]
      if abs(spreads[layer] - wantedSpreads[layer]) > slack {
        c.fail("spread of layer \(layer): got \(spreads[layer]), expected \(wantedSpreads[layer])")
      }
    }
  }
}

extension Case {
  /// Compares a sample with a distribution.
  func statistics(_ values: [Double]) {
    guard let want = json["expect"], let variance = want["variance"]?.double,
      let kurtosis = want["kurtosis"]?.double
    else { return fail("no statistics") }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let middle = want["mean"]?.double ?? 0
    if abs(mean - middle) > 5 * variance.squareRoot() / count.squareRoot() {
      fail("mean: got \(mean), expected \(middle)")
    }
    if abs(spread / variance - 1) > 5 * ((kurtosis - 1) / count).squareRoot() {
      fail("variance: got \(spread), expected \(variance)")
    }
    if let deviation = want["std"]?.double {
      compare([variance.squareRoot()], [deviation], "std against variance")
    }
    // The fourth moment tells a uniform, a normal and a truncated sample of one variance apart.
    let fourth = values.reduce(0) { $0 + pow4($1 - mean) } / count / (spread * spread)
    if abs(fourth - kurtosis) > 5 * (24 / count).squareRoot() + 0.01 {
      fail("kurtosis: got \(fourth), expected \(kurtosis)")
    }
    let slack = 1e-6 * variance.squareRoot()
    if let low = want["low"]?.double, let least = values.min(), least < low - slack {
      fail("smallest: got \(least), expected at least \(low)")
    }
    if let high = want["high"]?.double, let largest = values.max(), largest > high + slack {
      fail("largest: got \(largest), expected at most \(high)")
    }
    // A sample of thousands comes near its bounds: the expected ones are not too wide.
    if let low = want["low"]?.double, let high = want["high"]?.double, high > low,
      let least = values.min(), let largest = values.max()
    {
      let gap = 150 / count * (high - low)
      if least > low + gap || largest < high - gap {
        fail("the sample spans \(least) to \(largest), expected \(low) to \(high)")
      }
    }
  }
}

private func pow4(_ x: Double) -> Double { x * x * x * x }

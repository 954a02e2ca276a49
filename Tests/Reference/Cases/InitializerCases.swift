internal import Catalog
internal import Neural

extension Operations {
  /// The initializer that a case describes.
  private static func initializer(_ name: String, _ p: JSON) throws -> Initializer {
    func n(_ name: String, _ other: Double) -> Double { p[name]?.double ?? other }
    switch name {
    case "random_normal":
      return Initializer(name, "", .normal(mean: n("mean", 0), deviation: n("std", 0.05)))
    case "truncated_normal":
      return Initializer(name, "", .truncated(mean: n("mean", 0), deviation: n("sigma", 0.05)))
    case "random_uniform":
      return Initializer(name, "", .uniform(low: n("low", -0.05), high: n("high", 0.05)))
    case "variance_scaling":
      guard let fan = Initializer.Fan(rawValue: p["mode"]?.string ?? "") else { break }
      let forms: [String: Initializer.Distribution] = [
        "uniform": .uniform, "normal": .normal, "truncated": .truncatedNormal,
      ]
      guard let form = forms[p["distribution"]?.string ?? ""] else { break }
      return Initializer(name, "", .scaled(scale: n("scale", 1), fan, form))
    default:
      if let known = Initializer.named(name) { return known }
    }
    throw Unsupported("initializer \(name)")
  }

  static let initializers: [String: Check] = [
    "init": { c in
      let p = c.parameters
      guard let shape = p["shape"]?.array?.compactMap(\.int), let name = p["name"]?.string else {
        throw Unsupported("no shape")
      }
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
    "fans": { c in
      let fans = Initializer.fans(c.parameters["shape"]?.array?.compactMap(\.int) ?? [])
      let want = c.json["expect"]
      c.compare(
        [Double(fans.input), Double(fans.output)],
        [want?["fan_in"]?.double ?? .nan, want?["fan_out"]?.double ?? .nan], "fans")
    },
  ]
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
    let slack = 1e-6 * variance.squareRoot()
    if let low = want["low"]?.double, let least = values.min(), least < low - slack {
      fail("smallest: got \(least), expected at least \(low)")
    }
    if let high = want["high"]?.double, let largest = values.max(), largest > high + slack {
      fail("largest: got \(largest), expected at most \(high)")
    }
  }
}

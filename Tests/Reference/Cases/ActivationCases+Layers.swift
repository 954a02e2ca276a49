internal import Catalog
internal import Neural

// Activations that are layers, because they learn or draw something.

extension Case {
  /// The inputs with an axis of examples in front where there is only one axis.
  func batch() throws -> Tensor {
    let x = try input("x")
    return x.rank == 1 ? try x.reshape([1, x.count]) : x
  }

  /// The slopes of a layer that computes each number by itself.
  func compareSlopes(_ layer: any Layer, isTraining: Bool) throws {
    guard json["outputs"]?["dydx"] != nil else { return }
    let x = try batch()
    let slopes = try Tape.recording { tape in
      let leaf = try tape.leaf(x)
      let stream = RandomStream(seed: 0, name: "dropout")
      let y = try layer.forward(leaf, Pass(isTraining: isTraining, stream: stream))
      return try tape.gradients(of: y.sum(), for: [leaf])[0]
    }
    expect(slopes, "dydx")
  }
}

extension Operations {
  private static func rrelu(_ c: Case) -> RReLU {
    RReLU(lower: c.number("lower") ?? 1.0 / 8, upper: c.number("upper") ?? 1.0 / 3)
  }

  static let activating: [String: Check] = [
    "rrelu_eval": { c in
      try c.know("lower", "upper")
      try c.run(rrelu(c), on: c.batch(), isTraining: false)
      try c.compareSlopes(rrelu(c), isTraining: false)
    },
    "rrelu_train": { c in
      try c.know("lower", "upper")
      let layer = rrelu(c)
      layer.replayed = [try c.input("slope").reshape(c.batch().shape)]
      try c.run(layer, on: c.batch())
    },
    "rrelu_train_stats": { c in
      try c.know("lower", "upper", "x")
      let count = 100_000
      let x = try Tensor.full(Shape([1, count]), c.number("x") ?? -1, dtype: c.dtype)
      let y = try Sequential([rrelu(c)]).predict(
        x, context: Context(sink: Recording(), seed: 3), isTraining: true
      ).doubles
      func want(_ name: String) -> Double { c.json["expect"]?[name]?.double ?? .nan }
      let mean = y.reduce(0, +) / Double(count)
      let variance = y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
      let slack = 5 * (want("var_y") / Double(count)).squareRoot()
      if !(abs(mean - want("mean_y")) <= slack) { c.fail("mean: got \(mean)") }
      // The kurtosis of a uniform distribution is 1.8.
      if !(abs(variance / want("var_y") - 1) <= 5 * (0.8 / Double(count)).squareRoot()) {
        c.fail("variance: got \(variance)")
      }
      let (least, most) = (y.min() ?? .nan, y.max() ?? .nan)
      let rim = 1e-6 + 1e-3 * (want("max_y") - want("min_y"))
      if !(least >= want("min_y") - 1e-6 && least <= want("min_y") + rim) {
        c.fail("least: got \(least)")
      }
      if !(most <= want("max_y") + 1e-6 && most >= want("max_y") - rim) {
        c.fail("most: got \(most)")
      }
    },
    "prelu": { c in
      try c.know("axis")
      let x = try c.batch()
      let count = try c.input("alpha").count
      var shared = Array(1..<x.rank)
      if let axis = c.parameters["axis"]?.int {
        shared.removeAll { $0 == (axis < 0 ? axis + x.rank : axis) }
      } else if count == x.count / max(x.shape[0], 1), count != 1 {
        shared = []
      }
      try c.run(PReLU(sharedAxes: shared), on: x, weights: ["alpha"])
    },
    "maxout": { c in
      try c.know("pieces")
      let kernel = try c.input("W")
      let layer = Maxout(kernel.shape[2], pieces: kernel.shape[0], usesBias: c.has("b"))
      try c.run(layer, weights: c.has("b") ? ["W", "b"] : ["W"])
    },
  ]
}

internal import Catalog
internal import Tensors

/// Declarations of the made data sets.
enum MakerEntries {
  /// The session's stream, or the one of a seed that was given.
  private static func drawing<R>(
    _ context: Context, _ seed: Int?, _ name: String, _ body: (inout RandomStream) throws -> R
  ) throws -> R {
    guard let seed else { return try context.draw(from: name, body) }
    var stream = RandomStream(seed: UInt64(bitPattern: Int64(seed)), name: name)
    return try body(&stream)
  }

  private static let seed = Parameter(
    "seed", Int?.self, "own seed; None: the session's", passing: .keywordOnly, default: { nil })
  private static let examples = "\n\nEvery call draws new examples; `seed(n)` starts again."

  static let digits = Entry(
    "digits", "Drawn 28 x 28 images of the ten digits, made from the seed.",
    Parameter("n", Int.self, "how many", where: .within(1, 10_000_000)) { 5000 },
    Parameter("noise", Double.self, "deviation of the noise on each pixel", where: .within(0, 10)) {
      0.08
    },
    Parameter("hard", Double.self, "scales all distortions", where: .within(0, 4)) { 1 },
    seed, .context, returns: "Dataset", example: "digits(1000).split(train=800, val=200)",
    details: """
      Each digit is one or two pen strokes; the control points, rotation, scale, shear, shift, \
      width and ink vary from image to image. Shapes: x (n, 28, 28) from 0 to 1, y (n,) from 0 to 9.
      """ + examples
  ) { n, noise, hard, seed, context in
    .object(
      try drawing(context, seed, "data") { stream in
        try Digits.make(
          n, noise: noise, hard: hard, from: &stream, check: { try context.check() })
      })
  }

  static let moons = Entry(
    "moons", "Two half moons in the plane, one per class.",
    Parameter("n", Int.self, "how many points", where: .within(1, 10_000_000)) { 500 },
    Parameter("noise", Double.self, "deviation of the points", where: .atLeast(0)) { 0.1 },
    seed, .context, returns: "Dataset", example: "moons(200, noise=0.2)",
    details: """
      `(cos a, sin a)` and `(1 - cos a, ½ - sin a)` with `a = U(0, π)`, plus `noise * N(0, 1)`. \
      Shapes: x (n, 2), y (n,). Peers: scikit-learn's make_moons has even angles and no noise by \
      default.
      """ + examples
  ) { n, noise, seed, context in
    .object(
      try drawing(context, seed, "data") { try Points.moons(n, noise: noise, from: &$0) })
  }

  static let circles = Entry(
    "circles", "Two circles around one point, one per class.",
    Parameter("n", Int.self, "how many points", where: .within(1, 10_000_000)) { 500 },
    Parameter("noise", Double.self, "deviation of the points", where: .atLeast(0)) { 0.1 },
    Parameter("factor", Double.self, "radius of the inner circle", where: .within(0, 1)) { 0.5 },
    seed, .context, returns: "Dataset", example: "circles(200)",
    details: """
      `r * (cos a, sin a)` with `a = U(0, 2π)`, r 1 or factor, plus `noise * N(0, 1)`. Shapes: x (n, \
      2), y (n,). Peers: scikit-learn's make_circles has factor 0.8, even angles and no noise.
      """ + examples
  ) { n, noise, factor, seed, context in
    .object(
      try drawing(context, seed, "data") {
        try Points.circles(n, noise: noise, factor: factor, from: &$0)
      })
  }

  static let spirals = Entry(
    "spirals", "Arms that wind around the middle of the plane, one per class.",
    Parameter("n", Int.self, "how many points", where: .within(1, 10_000_000)) { 600 },
    Parameter("classes", Int.self, "how many arms", where: .within(1, 1000)) { 3 },
    Parameter("noise", Double.self, "deviation of the angle", where: .atLeast(0)) { 0.2 },
    Parameter("turns", Double?.self, "how often an arm winds around; None: 4 radians") { nil },
    seed, .context, returns: "Dataset", example: "spirals(300, classes=2, turns=1.75)",
    details: """
      `r * (sin a, cos a)`, `r = U(0, 1)`, `a = 2π * j / classes + 4 * r + noise * N(0, 1)` for class \
      j, as in CS231n, whose r is even. Shapes: x (n, 2), y (n,). Source: the notes of CS231n.
      """ + examples
  ) { n, classes, noise, turns, seed, context in
    .object(
      try drawing(context, seed, "data") {
        try Points.spirals(n, classes: classes, noise: noise, turns: turns, from: &$0)
      })
  }

  static let blobs = Entry(
    "blobs", "Round clouds of points, one per class.",
    Parameter("n", Int.self, "how many points", where: .within(1, 10_000_000)) { 500 },
    Parameter("classes", Int.self, "how many clouds", where: .within(1, 1000)) { 3 },
    Parameter("noise", Double.self, "deviation of the points", where: .atLeast(0)) { 1 },
    Parameter("apart", Double.self, "distance of the centres from the middle") { 4 },
    seed, .context, returns: "Dataset", example: "blobs(300, classes=4)",
    details: """
      `apart * (cos a, sin a) + noise * N(0, 1)` with `a = 2π * j / classes` for class j. Shapes: x \
      (n, 2), y (n,). Peers: scikit-learn's make_blobs draws the centres, too.
      """ + examples
  ) { n, classes, noise, apart, seed, context in
    .object(
      try drawing(context, seed, "data") {
        try Points.blobs(n, classes: classes, noise: noise, apart: apart, from: &$0)
      })
  }

  private static let count = Parameter(
    "n", Int.self, "how many points", where: .within(1, 10_000_000), default: { 500 })

  private static func deviation(_ value: Double, of what: String) -> Parameter<Double> {
    Parameter("noise", Double.self, "deviation of \(what)", where: .atLeast(0), default: { value })
  }

  static let xor = Entry(
    "xor", "Four squares in the plane; those across the middle are one class.",
    count, deviation(0.1, of: "the points"), seed, .context, returns: "Dataset",
    example: "xor(200)",
    details: """
      `(±U(0.1, 1), ±U(0.1, 1)) + noise * N(0, 1)`; class 1 where the signs differ before the noise. \
      No line parts them. Shapes: x (n, 2), y (n,). Source: Minsky and Papert 1969.
      """ + examples
  ) { n, noise, seed, context in
    .object(try drawing(context, seed, "data") { try Points.xor(n, noise: noise, from: &$0) })
  }

  static let checker = Entry(
    "checker", "The fields of a chess board in the plane, one class black, the other white.",
    count, Parameter("cells", Int.self, "fields on a side", where: .within(2, 1000)) { 4 },
    deviation(0, of: "the points"), seed, .context, returns: "Dataset",
    example: "checker(400, cells=3)",
    details: """
      `y = (row + column) mod 2`, the board reaching from -1 to 1; noise moves the points. Shapes: x \
      (n, 2), y (n,).
      """ + examples
  ) { n, cells, noise, seed, context in
    .object(
      try drawing(context, seed, "data") {
        try Points.checker(n, cells: cells, noise: noise, from: &$0)
      })
  }

  static let plane = Entry(
    "plane", "Heights over a square that rise evenly: numbers to predict.",
    count, deviation(0.05, of: "the heights"), seed, .context, returns: "Dataset",
    example: "plane(200)",
    details: """
      `y = (x1 + x2) / 2 + noise * N(0, 1)`, x1 and x2 from `U(-1, 1)`. Shapes: x (n, 2), y (n,).
      """ + examples
  ) { n, noise, seed, context in
    .object(try drawing(context, seed, "data") { try Numbers.plane(n, noise: noise, from: &$0) })
  }

  static let bumps = Entry(
    "bumps", "Two hills and two valleys over a square: numbers to predict.",
    count, deviation(0.05, of: "the heights"), seed, .context, returns: "Dataset",
    example: "bumps(200)",
    details: """
      `y = Σ ± exp(-((x1 - a)² + (x2 - b)²) / (2 * 0.25²)) + noise * N(0, 1)`, with hills at (-½, \
      -½) and (½, ½), valleys at the other two; x1 and x2 from `U(-1, 1)`. Shapes: x (n, 2), y (n,).
      """ + examples
  ) { n, noise, seed, context in
    .object(try drawing(context, seed, "data") { try Numbers.bumps(n, noise: noise, from: &$0) })
  }

  static let sine = Entry(
    "sine", "One wave with noise: numbers to predict from one feature.",
    Parameter("n", Int.self, "how many points", where: .within(1, 10_000_000)) { 100 },
    deviation(0.1, of: "y"),
    Parameter("gap", [Double]?.self, "where no point lies: its two ends") { nil },
    seed, .context, returns: "Dataset", example: "sine(80, gap=(0.4, 0.6))",
    details: """
      `y = sin(2πx) + noise * N(0, 1)`, x from `U(0, 1)` but for the gap, which shows what a model \
      says of what it never saw. Shapes: x (n, 1), y (n,).
      """ + examples
  ) { n, noise, gap, seed, context in
    if let gap, gap.count != 2 || !(gap[0] < gap[1]) || !gap.allSatisfy(\.isFinite) {
      throw Failure(.value, "gap needs two numbers, the smaller first")
    }
    return .object(
      try drawing(context, seed, "data") {
        try Numbers.sine(n, noise: noise, gap: gap.map { ($0[0], $0[1]) }, from: &$0)
      })
  }

  static let stretched = Entry(
    "stretched", "A long narrow cloud of points, turned: what normalisation is for.",
    count,
    Parameter("kappa", Double.self, "long variance over short", where: .within(1, 1e12)) { 100 },
    deviation(0.1, of: "y"), seed, .context, returns: "Dataset",
    example: "stretched(200, kappa=25)",
    details: """
      `x = R · diag(1, √κ) · z` with z from `N(0, 1)` and R a turn by 30°; `y = z1 + z2 + noise * \
      N(0, 1)`. The condition number of the covariance is κ. Shapes: x (n, 2), y (n,).
      """ + examples
  ) { n, kappa, noise, seed, context in
    .object(
      try drawing(context, seed, "data") {
        try Numbers.stretched(n, kappa: kappa, noise: noise, from: &$0)
      })
  }

  static let houses = Entry(
    "houses", "Made houses and their prices: features in very different units.",
    count, deviation(0.1, of: "the logarithm of the price"), seed, .context, returns: "Dataset",
    example: "houses(200).scale().scale_targets()",
    details: """
      `price = (area * max(1500 + 0.04 * income - 12 * age + 1500 * exp(-distance / 6), 300) + 120 * \
      garden) * exp(noise * N(0, 1))`. Stands in for `load("california-housing")`. Shapes: x (n, 6), \
      y (n,).
      """ + examples
  ) { n, noise, seed, context in
    .object(try drawing(context, seed, "data") { try Numbers.houses(n, noise: noise, from: &$0) })
  }

  static let flowers = Entry(
    "flowers", "Made flowers of three kinds with four lengths each.",
    Parameter("n", Int.self, "how many flowers", where: .within(1, 10_000_000)) { 150 },
    Parameter("noise", Double.self, "scales all deviations", where: .atLeast(0)) { 1 },
    seed, .context, returns: "Dataset", example: "flowers(150).split(val=0.3)",
    details: """
      The lengths of a flower grow with its size; two kinds overlap, the third stands apart. Own \
      figures; stands in for `load("penguins")`. Shapes: x (n, 4), y (n,) from 0 to 2.
      """ + examples
  ) { n, noise, seed, context in
    .object(try drawing(context, seed, "data") { try Flowers.make(n, noise: noise, from: &$0) })
  }

  static let shapes = Entry(
    "shapes", "Drawn pictures of five shapes, filled or as outlines: ten classes.",
    Parameter("n", Int.self, "how many", where: .within(1, 10_000_000)) { 2000 },
    Parameter("noise", Double.self, "deviation of the noise on each pixel", where: .within(0, 10)) {
      0.08
    },
    Parameter("hard", Double.self, "scales all distortions", where: .within(0, 4)) { 1 },
    Parameter("color", Bool.self, "32 x 32 pixels in colour instead of 28 x 28 in grey") { false },
    seed, .context, returns: "Dataset", example: "shapes(100, color=True)",
    details: """
      Circle, square, triangle, cross and star; size, place, angle, pen and ink vary. In colour a \
      stand-in for CIFAR-10. Shapes: x (n, 28, 28), in colour (n, 32, 32, 3), from 0 to 1; y (n,) \
      from 0 to 9.
      """ + examples
  ) { n, noise, hard, color, seed, context in
    .object(
      try drawing(context, seed, "data") {
        try Shapes.make(
          n, noise: noise, hard: hard, color: color, from: &$0, check: { try context.check() })
      })
  }

  static var all: [Entry] {
    [
      digits, shapes, moons, circles, spirals, xor, blobs, checker, plane, bumps, sine, stretched,
      houses, flowers,
    ]
  }
}

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
  private static let examples = "\nEvery call draws new examples; `seed(n)` starts again."

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
      width and ink vary from image to image.
      """ + examples
  ) { n, noise, hard, seed, context in
    .object(
      try drawing(context, seed, "data") { stream in
        try Digits.make(n, noise: noise, hard: hard, from: &stream)
      })
  }

  static let moons = Entry(
    "moons", "Two half moons in the plane, one per class.",
    Parameter("n", Int.self, "how many points", where: .within(1, 10_000_000)) { 500 },
    Parameter("noise", Double.self, "deviation of the points", where: .atLeast(0)) { 0.1 },
    seed, .context, returns: "Dataset", example: "moons(200, noise=0.2)", details: examples
  ) { n, noise, seed, context in
    .object(
      try drawing(context, seed, "data") { try Points.moons(n, noise: noise, from: &$0) })
  }

  static let circles = Entry(
    "circles", "Two circles around one point, one per class.",
    Parameter("n", Int.self, "how many points", where: .within(1, 10_000_000)) { 500 },
    Parameter("noise", Double.self, "deviation of the points", where: .atLeast(0)) { 0.1 },
    Parameter("factor", Double.self, "radius of the inner circle", where: .within(0, 1)) { 0.5 },
    seed, .context, returns: "Dataset", example: "circles(200)", details: examples
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
    seed, .context, returns: "Dataset", example: "spirals(300, classes=2)", details: examples
  ) { n, classes, noise, seed, context in
    .object(
      try drawing(context, seed, "data") {
        try Points.spirals(n, classes: classes, noise: noise, from: &$0)
      })
  }

  static let blobs = Entry(
    "blobs", "Round clouds of points, one per class.",
    Parameter("n", Int.self, "how many points", where: .within(1, 10_000_000)) { 500 },
    Parameter("classes", Int.self, "how many clouds", where: .within(1, 1000)) { 3 },
    Parameter("noise", Double.self, "deviation of the points", where: .atLeast(0)) { 1 },
    Parameter("apart", Double.self, "distance of the centres from the middle") { 4 },
    seed, .context, returns: "Dataset", example: "blobs(300, classes=4)", details: examples
  ) { n, classes, noise, apart, seed, context in
    .object(
      try drawing(context, seed, "data") {
        try Points.blobs(n, classes: classes, noise: noise, apart: apart, from: &$0)
      })
  }

  static var all: [Entry] { [digits, moons, circles, spirals, blobs] }
}

internal import Catalog
public import Tensors

/// Made sets whose targets are numbers.
public enum Numbers {
  /// y = (x1 + x2) / 2 over the square from -1 to 1, plus noise.
  public static func plane(
    _ count: Int, noise: Double = 0.05, from stream: inout RandomStream
  ) throws -> Dataset {
    try square("plane", count, noise: noise, from: &stream) { ($0 + $1) / 2 }
  }

  /// Four hills and valleys in turn over the square from -1 to 1, plus noise.
  ///
  /// y = Σ ± exp(-((x1 ± 1/2)² + (x2 ± 1/2)²) / (2 · 0.25²)).
  public static func bumps(
    _ count: Int, noise: Double = 0.05, from stream: inout RandomStream
  ) throws -> Dataset {
    try square("bumps", count, noise: noise, from: &stream) { x, y in
      var sum = 0.0
      for (a, b, sign) in [(-0.5, -0.5, 1.0), (0.5, -0.5, -1), (-0.5, 0.5, -1), (0.5, 0.5, 1)] {
        let (dx, dy) = (x - a, y - b)
        sum += sign * Elementary.exp(-8 * (dx * dx + dy * dy))
      }
      return sum
    }
  }

  private static func square(
    _ title: String, _ count: Int, noise: Double, from stream: inout RandomStream,
    _ height: (Double, Double) -> Double
  ) throws -> Dataset {
    try reserve(count, width: 2)
    var inputs: [Double] = []
    var targets: [Double] = []
    for _ in 0..<count {
      let (x, y) = (stream.uniform(-1, 1), stream.uniform(-1, 1))
      inputs += [x, y]
      targets.append(height(x, y))
    }
    return try regression(
      title, inputs, targets, noise: noise, names: ["x1", "x2"], from: &stream)
  }

  /// y = sin(2πx) + noise for x from 0 to 1.
  ///
  /// - Parameter gap: where no example lies, for what a model says of what it never saw.
  public static func sine(
    _ count: Int, noise: Double = 0.1, gap: (Double, Double)? = nil,
    from stream: inout RandomStream
  ) throws -> Dataset {
    try reserve(count, width: 1)
    var (low, width) = (1.0, 0.0)
    if let gap { (low, width) = (min(max(gap.0, 0), 1), min(max(gap.1, 0), 1) - gap.0) }
    width = max(width, 0)
    guard width < 1 else {
      throw Failure(.value, "the gap leaves no room for examples between 0 and 1")
    }
    let inputs = stream.uniforms(count).map { share -> Double in
      let x = share * (1 - width)
      return x < low ? x : x + width
    }
    let targets = inputs.map { Elementary.sin(6.283_185_307_179_586 * $0) }
    return try regression("sine", inputs, targets, noise: noise, names: ["x"], from: &stream)
  }

  /// Two features of variances 1 and `kappa`, turned by 30 degrees; what they were adds up to y.
  ///
  /// The condition number of their covariance is `kappa`: the longer the valley of the squared
  /// error, the more steps down it zig-zag.
  public static func stretched(
    _ count: Int, kappa: Double = 100, noise: Double = 0.1, from stream: inout RandomStream
  ) throws -> Dataset {
    try reserve(count, width: 2)
    let drawn = stream.normals(2 * count)
    let (cosine, sine, long) = (0.866_025_403_784_438_6, 0.5, kappa.squareRoot())
    var inputs: [Double] = []
    var targets: [Double] = []
    for index in 0..<count {
      let (a, b) = (drawn[2 * index], drawn[2 * index + 1])
      let (x, y) = (a, long * b)
      inputs += [cosine * x - sine * y, sine * x + cosine * y]
      targets.append(a + b)
    }
    return try regression(
      "stretched", inputs, targets, noise: noise, names: ["x1", "x2"], from: &stream)
  }

  /// Made houses and their prices: features whose units differ by factors of a thousand.
  ///
  /// price = area · max(1500 + 0.04 income - 12 age + 1500 exp(-distance / 6), 300) + 120 garden,
  /// times exp(noise · N(0, 1)).
  public static func houses(
    _ count: Int, noise: Double = 0.1, from stream: inout RandomStream
  ) throws -> Dataset {
    try reserve(count, width: 6)
    var inputs: [Double] = []
    var targets: [Double] = []
    for _ in 0..<count {
      let rooms = 1 + stream.integer(below: 8)
      let area = Double(rooms) * 16 + 30 * stream.uniform()
      let age = 80 * stream.uniform()
      let distance = 30 * stream.uniform() * stream.uniform()
      let income = 20_000 * Elementary.exp(0.5 * stream.normal() + 0.5)
      let garden = stream.uniform() < 0.4 ? 100 + 900 * stream.uniform() : 0
      inputs += [area, Double(rooms), age, distance, income, garden]
      let square =
        1500 + 0.04 * income - 12 * age + 1500 * Elementary.exp(-distance / 6)
      targets.append(area * max(square, 300) + 120 * garden)
    }
    let grain = noise > 0 ? stream.normals(count) : []
    for index in grain.indices { targets[index] *= Elementary.exp(noise * grain[index]) }
    return try regression(
      "houses", inputs, targets, noise: 0,
      names: ["area_m2", "rooms", "age_years", "distance_km", "income", "garden_m2"],
      from: &stream)
  }

  private static func reserve(_ count: Int, width: Int) throws {
    let (size, overflow) = count.multipliedReportingOverflow(by: 16 * (width + 2))
    guard !overflow else { throw Failure(.memory, "\(count) examples do not fit in memory") }
    try StoragePool.shared.reserve(size)
  }

  private static func regression(
    _ title: String, _ inputs: [Double], _ targets: [Double], noise: Double, names: [String],
    from stream: inout RandomStream
  ) throws -> Dataset {
    var targets = targets
    if noise > 0 {
      let grain = stream.normals(targets.count)
      for index in targets.indices { targets[index] += noise * grain[index] }
    }
    return try Dataset(
      x: Tensor(inputs, shape: Shape([targets.count, names.count]), dtype: .f32),
      y: Tensor(targets, dtype: .f32), title: title, names: names)
  }
}

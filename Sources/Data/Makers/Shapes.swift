internal import Catalog
public import Tensors

/// Drawn shapes: five outlines, each filled or as a line.
///
/// Grey pictures of 28 x 28 pixels, or colour ones of 32 x 32.
public enum Shapes {
  typealias Point = (x: Double, y: Double)

  static let names = ["circle", "square", "triangle", "cross", "star"]
  static let classes = names.map { "filled \($0)" } + names.map { "\($0) outline" }

  /// The corners of a shape in the circle of radius 1, counter-clockwise.
  static func corners(_ shape: Int) -> [Point] {
    func ring(_ count: Int, start: Double, _ radius: (Int) -> Double) -> [Point] {
      (0..<count).map { corner in
        let angle = start + 6.283_185_307_179_586 * Double(corner) / Double(count)
        return (radius(corner) * Elementary.cos(angle), radius(corner) * Elementary.sin(angle))
      }
    }
    let up = -1.570_796_326_794_896_6
    switch shape {
    case 0: return ring(40, start: 0) { _ in 0.9 }
    case 1: return [(-0.75, -0.75), (0.75, -0.75), (0.75, 0.75), (-0.75, 0.75)]
    case 2: return ring(3, start: up) { _ in 1 }
    case 3:
      let (a, b) = (0.3, 0.95)
      return [
        (-a, -b), (a, -b), (a, -a), (b, -a), (b, a), (a, a), (a, b), (-a, b), (-a, a), (-b, a),
        (-b, -a), (-a, -a),
      ]
    default: return ring(10, start: up) { $0 % 2 == 0 ? 1 : 0.42 }
    }
  }

  /// - Parameters:
  ///   - noise: standard deviation of the noise added to each pixel.
  ///   - hard: scales every distortion; 0 draws the bare shapes.
  ///   - color: `[count, 32, 32, 3]` instead of `[count, 28, 28]`.
  /// - Returns: images from 0 to 1 and their classes, balanced, in random order.
  public static func make(
    _ count: Int, noise: Double = 0.08, hard: Double = 1, color: Bool = false,
    from stream: inout RandomStream,
    check: () throws -> Void = {}
  ) throws -> Dataset {
    let side = color ? 32 : 28
    let channels = color ? 3 : 1
    let shape = try Shape(color ? [count, side, side, 3] : [count, side, side])
    let (bytes, overflow) = shape.elements.multipliedReportingOverflow(by: 8)
    guard !overflow else { throw Failure(.memory, "\(count) pictures do not fit in memory") }
    try StoragePool.shared.reserve(bytes)
    let order = stream.permutation(count)
    var images = [Float](repeating: 0, count: shape.elements)
    for (place, index) in order.enumerated() {
      if place & 0x3F == 0 { try check() }
      let coverage = draw(index % 10, side: side, hard: hard, from: &stream)
      let (ink, paper) = color ? colors(from: &stream) : ([1], [0])
      let strength = color ? 1 : 1 - 0.3 * stream.uniform() * min(hard, 2)
      let grain = noise > 0 ? stream.normals(side * side * channels) : []
      let start = place * side * side * channels
      for pixel in 0..<side * side {
        for channel in 0..<channels {
          let part = coverage[pixel] * strength
          var value = paper[channel] + (ink[channel] - paper[channel]) * part
          if noise > 0 { value += noise * grain[pixel * channels + channel] }
          images[start + pixel * channels + channel] = Float(min(max(value, 0), 1))
        }
      }
    }
    return try Dataset(
      x: Tensor(images, shape: shape), y: Tensor(order.map { $0 % 10 }), title: "shapes",
      classes: classes)
  }

  /// The share of each pixel that the shape covers.
  private static func draw(
    _ label: Int, side: Int, hard: Double, from stream: inout RandomStream
  ) -> [Double] {
    let chance = stream.uniforms(3)
    let spread = stream.normals(3).map { $0 * hard }
    // 8 degrees, in radians: a square stays no diamond.
    let angle = 0.139_626_340_159_546_4 * spread[0]
    let (sine, cosine) = (Elementary.sin(angle), Elementary.cos(angle))
    let radius = Double(side) / 28 * (9.5 + 4 * (chance[0] - 0.5) * hard)
    let flat = 1 + 0.2 * (chance[1] - 0.5) * hard
    let middle: Point = (Double(side) / 2 + 1.5 * spread[1], Double(side) / 2 + 1.5 * spread[2])
    let path = corners(label % 5).map { corner -> Point in
      let (x, y) = (corner.x * flat, corner.y / flat)
      return (
        middle.x + radius * (cosine * x - sine * y), middle.y + radius * (sine * x + cosine * y)
      )
    }
    let pen = 0.9 + 0.5 * chance[2] * min(hard, 2)
    let isFilled = label < 5
    return (0..<side * side).map { pixel in
      let at: Point = (Double(pixel % side) + 0.5, Double(pixel / side) + 0.5)
      let (distance, isInside) = place(at, in: path)
      let edge = isFilled ? 0.5 + (isInside ? distance : -distance) : pen + 0.5 - distance
      return min(max(edge, 0), 1)
    }
  }

  /// How far a point is from a closed path, and whether it lies inside.
  private static func place(
    _ point: Point, in path: [Point]
  ) -> (distance: Double, isInside: Bool) {
    var nearest = Double.infinity
    var isInside = false
    var a = path[path.count - 1]
    for b in path {
      let (dx, dy) = (b.x - a.x, b.y - a.y)
      let along = ((point.x - a.x) * dx + (point.y - a.y) * dy) / max(dx * dx + dy * dy, 1e-12)
      let share = min(max(along, 0), 1)
      let (ex, ey) = (point.x - a.x - share * dx, point.y - a.y - share * dy)
      nearest = min(nearest, ex * ex + ey * ey)
      // Even-odd rule: how many edges lie to the right.
      if (a.y > point.y) != (b.y > point.y), point.x < a.x + dx * (point.y - a.y) / dy {
        isInside.toggle()
      }
      a = b
    }
    return (nearest.squareRoot(), isInside)
  }

  /// A colour for the shape and another for what is behind it, far enough apart to be seen.
  private static func colors(
    from stream: inout RandomStream
  ) -> (ink: [Double], paper: [Double]) {
    while true {
      let (ink, paper) = (stream.uniforms(3), stream.uniforms(3))
      let apart = zip(ink, paper).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      if apart > 0.3 { return (ink, paper) }
    }
  }
}

public import Tensors

/// Drawn digits: 28 x 28 grey images that differ as handwriting does.
///
/// Each is one or two strokes of a pen, with jitter of the control points, rotation, scale,
/// shear, shift, pen width and ink, and noise on the pixels. Drawn here, from a seed.
public enum Digits {
  static let side = 28

  /// - Parameters:
  ///   - noise: standard deviation of the noise added to each pixel.
  ///   - hard: scales every distortion; 0 draws the bare shapes.
  /// - Returns: images `[count, 28, 28]` from 0 to 1 and their classes, balanced, in random order.
  public static func make(
    _ count: Int, noise: Double = 0.08, hard: Double = 1, from stream: inout RandomStream,
    check: () throws -> Void = {}
  ) throws -> Dataset {
    let pixels = side * side
    let shape = try Shape([count, side, side])
    try StoragePool.shared.reserve(shape.elements * MemoryLayout<Float>.size)
    let order = stream.permutation(count)
    var images = [Float](repeating: 0, count: shape.elements)
    var canvas = Canvas(side: side)
    for (place, index) in order.enumerated() {
      if place & 0x3F == 0 { try check() }
      canvas.clear()
      draw(index % 10, hard: hard, on: &canvas, from: &stream)
      let grain = noise > 0 ? stream.normals(pixels) : []
      let start = place * pixels
      for pixel in 0..<pixels {
        var value = canvas.coverage[pixel]
        if noise > 0 { value += noise * grain[pixel] }
        images[start + pixel] = Float(min(max(value, 0), 1))
      }
    }
    return try Dataset(
      x: Tensor(images, shape: shape), y: Tensor(order.map { $0 % 10 }), title: "digits",
      classes: (0..<10).map(String.init))
  }

  private static func draw(
    _ digit: Int, hard: Double, on canvas: inout Canvas, from stream: inout RandomStream
  ) {
    let chance = stream.uniforms(6)
    let spread = stream.normals(4).map { $0 * hard }
    let strokes = Glyphs.strokes(digit, isVariant: chance[5] < 0.3 * min(hard, 1))
    // 9 degrees, in radians.
    let angle = 0.157_079_632_679_489_66 * spread[0]
    let (sine, cosine) = (Elementary.sin(angle), Elementary.cos(angle))
    let shear = 0.15 * spread[1]
    let shift = (x: 1.2 * spread[2], y: 1.2 * spread[3])
    func size(_ chance: Double) -> Double { 0.915 + 0.27 * (chance - 0.5) * hard }
    let scale = (x: size(chance[0]), y: size(chance[1]))
    let radius = 1.45 + 0.9 * (chance[2] - 0.5) * min(hard, 2)
    let ink = 1 - 0.25 * chance[3] * min(hard, 2)
    let box = 20.0
    let middle = Double(side) / 2

    for stroke in strokes {
      let jitter = stream.normals(2 * stroke.points.count)
      let moved = stroke.points.enumerated().map { index, point in
        (
          x: point.x + 0.018 * hard * jitter[2 * index],
          y: point.y + 0.018 * hard * jitter[2 * index + 1]
        )
      }
      let path = stroke.path(moved).map { point -> (x: Double, y: Double) in
        let y = (point.y - 0.5) * scale.y
        let x = (point.x - 0.5) * scale.x - shear * y
        return (
          middle + box * (cosine * x - sine * y) + shift.x,
          middle + box * (sine * x + cosine * y) + shift.y
        )
      }
      for index in 1..<max(path.count, 1) {
        canvas.approach(from: path[index - 1], to: path[index], reach: radius + 1)
      }
    }
    canvas.ink(radius: radius, strength: ink)
  }
}

/// Pixels that know how far the nearest stroke is.
struct Canvas {
  let side: Int
  private var squares: [Double]
  private(set) var coverage: [Double]
  private static let far = 1e9

  init(side: Int) {
    self.side = side
    squares = Array(repeating: Canvas.far, count: side * side)
    coverage = Array(repeating: 0, count: side * side)
  }

  mutating func clear() {
    for index in squares.indices { squares[index] = Canvas.far }
  }

  /// Brings the pixels within `reach` of a segment closer to it.
  mutating func approach(
    from a: (x: Double, y: Double), to b: (x: Double, y: Double), reach: Double
  ) {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let length = dx * dx + dy * dy
    let columns = pixels(min(a.x, b.x) - reach, max(a.x, b.x) + reach)
    let rows = pixels(min(a.y, b.y) - reach, max(a.y, b.y) + reach)
    for row in rows {
      let y = Double(row) + 0.5
      for column in columns {
        let x = Double(column) + 0.5
        var along = length > 0 ? ((x - a.x) * dx + (y - a.y) * dy) / length : 0
        along = min(max(along, 0), 1)
        let (ex, ey) = (x - a.x - along * dx, y - a.y - along * dy)
        let square = ex * ex + ey * ey
        let index = row * side + column
        if square < squares[index] { squares[index] = square }
      }
    }
  }

  private func pixels(_ low: Double, _ high: Double) -> Range<Int> {
    let bounds = 0.0...Double(side)
    let first = Int(exactly: min(max(low.rounded(.down), bounds.lowerBound), bounds.upperBound))
    let last = Int(exactly: min(max(high.rounded(.up), bounds.lowerBound), bounds.upperBound))
    guard let first, let last, first < last else { return 0..<0 }
    return first..<last
  }

  /// Turns distances into grey: a round pen of this radius, its edge one pixel wide.
  mutating func ink(radius: Double, strength: Double) {
    for index in squares.indices {
      let square = squares[index]
      let edge = square < Canvas.far ? radius + 0.5 - square.squareRoot() : 0
      coverage[index] = strength * min(max(edge, 0), 1)
    }
  }
}

internal import Tensors

/// A stroke of a pen through control points in the unit square, y pointing down.
struct Stroke: Sendable {
  enum Form: Sendable {
    case straight
    /// A smooth curve through the points (Catmull and Rom).
    case smooth
    /// A smooth curve that ends where it began.
    case closed
  }

  let form: Form
  let points: [(x: Double, y: Double)]

  init(_ form: Form, _ points: [(x: Double, y: Double)]) {
    self.form = form
    self.points = points
  }

  /// The corners of the line that is drawn; `moved` are the control points after jitter.
  func path(_ moved: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    guard form != .straight, moved.count > 2 else { return moved }
    let isClosed = form == .closed
    let count = moved.count
    func point(_ index: Int) -> (x: Double, y: Double) {
      isClosed ? moved[(index + count) % count] : moved[min(max(index, 0), count - 1)]
    }
    let pieces = 5
    var path = [point(0)]
    for index in 0..<(isClosed ? count : count - 1) {
      let (a, b, c, d) = (point(index - 1), point(index), point(index + 1), point(index + 2))
      for piece in 1...pieces {
        let t = Double(piece) / Double(pieces)
        func blend(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double {
          let linear = c - a
          let square = 2 * a - 5 * b + 4 * c - d
          let cube = 3 * b - a - 3 * c + d
          return 0.5 * (2 * b + t * (linear + t * (square + t * cube)))
        }
        path.append((blend(a.x, b.x, c.x, d.x), blend(a.y, b.y, c.y, d.y)))
      }
    }
    return path
  }

  /// A closed curve near an ellipse.
  static func oval(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> Stroke {
    let half = 0.707_106_781_186_547_5
    let corners: [(Double, Double)] = [
      (0, -1), (half, -half), (1, 0), (half, half), (0, 1), (-half, half), (-1, 0), (-half, -half),
    ]
    return Stroke(.closed, corners.map { (x + width * $0.0, y + height * $0.1) })
  }
}

/// How the ten digits are written: own shapes, one or two strokes each.
enum Glyphs {
  /// The strokes of a digit; some have a second way of writing.
  static func strokes(_ digit: Int, isVariant: Bool) -> [Stroke] {
    switch digit {
    case 0: return [.oval(0.5, 0.5, 0.29, 0.41)]
    case 1:
      return [Stroke(.straight, [(0.36, 0.28), (0.55, 0.09), (0.55, 0.91)])]
    case 2:
      return [
        Stroke(
          .smooth,
          [
            (0.22, 0.30), (0.32, 0.14), (0.52, 0.09), (0.72, 0.18), (0.74, 0.36), (0.60, 0.56),
            (0.40, 0.74), (0.21, 0.90),
          ]),
        Stroke(.straight, [(0.21, 0.90), (0.80, 0.90)]),
      ]
    case 3:
      return [
        Stroke(
          .smooth,
          [
            (0.23, 0.17), (0.46, 0.08), (0.70, 0.17), (0.71, 0.34), (0.56, 0.45), (0.42, 0.47),
          ]),
        Stroke(
          .smooth,
          [
            (0.42, 0.47), (0.64, 0.50), (0.78, 0.66), (0.70, 0.84), (0.47, 0.92), (0.21, 0.82),
          ]),
      ]
    case 4:
      return [
        Stroke(.straight, [(0.54, 0.08), (0.17, 0.64), (0.85, 0.64)]),
        Stroke(.straight, [(0.65, 0.34), (0.65, 0.93)]),
      ]
    case 5:
      return [
        Stroke(.straight, [(0.76, 0.10), (0.30, 0.10), (0.27, 0.46)]),
        Stroke(
          .smooth,
          [
            (0.27, 0.46), (0.50, 0.39), (0.73, 0.49), (0.77, 0.67), (0.67, 0.85), (0.45, 0.92),
            (0.22, 0.83),
          ]),
      ]
    case 6:
      return [
        Stroke(
          .smooth,
          [
            (0.68, 0.09), (0.45, 0.22), (0.29, 0.45), (0.23, 0.68), (0.33, 0.87), (0.53, 0.92),
            (0.72, 0.83), (0.76, 0.67), (0.65, 0.53), (0.46, 0.51), (0.27, 0.64),
          ])
      ]
    case 7:
      let hook = Stroke(.straight, [(0.20, 0.11), (0.80, 0.11), (0.42, 0.92)])
      return isVariant ? [hook, Stroke(.straight, [(0.36, 0.50), (0.74, 0.50)])] : [hook]
    case 8:
      return [.oval(0.5, 0.29, 0.20, 0.19), .oval(0.5, 0.70, 0.26, 0.22)]
    default:
      return [
        .oval(0.48, 0.33, 0.24, 0.23),
        Stroke(.smooth, [(0.72, 0.33), (0.72, 0.54), (0.66, 0.74), (0.48, 0.92)]),
      ]
    }
  }
}

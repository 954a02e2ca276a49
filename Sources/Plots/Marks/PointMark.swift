internal import Catalog

/// A dot for each point; beyond 3,000 points squares shaded by how many lie in them.
struct PointMark: Mark {
  private static let densityLimit = 3000

  func draw(_ series: PlottedSeries, on frame: Frame, in drawing: inout Drawing) {
    guard series.count <= PointMark.densityLimit else {
      return drawDensity(series, on: frame, in: &drawing)
    }
    let opacity = series.count > 500 ? ".35" : ".8"
    let radius = series.count > 500 ? 2.5 : 3.0
    var path = ""
    var whiskers = ""
    for sample in series.samples {
      let place = frame.place(sample)
      path += PointMark.shape(series.hue, place.x, place.y, radius)
      if sample.error > 0 {
        let top = frame.place(Sample(x: sample.x, y: sample.y + sample.error)).y
        let bottom = frame.place(Sample(x: sample.x, y: sample.y - sample.error)).y
        whiskers += Thinning.path([(place.x, top), (place.x, bottom)])
      }
    }
    drawing.path(whiskers, fill: nil, stroke: .series(series.hue), more: "stroke-width=\"1.25\"")
    drawing.path(path, fill: .series(series.hue), more: "fill-opacity=\"\(opacity)\"")
  }

  /// Circle, square, triangle and diamond in turn, of equal area.
  static func shape(_ hue: Int, _ x: Double, _ y: Double, _ radius: Double) -> String {
    func n(_ value: Double) -> String { NumberText.coordinate(value) }
    switch hue % 4 {
    case 1:
      let side = radius * 0.9
      return "M\(n(x - side)) \(n(y - side))h\(n(2 * side))v\(n(2 * side))h\(n(-2 * side))z"
    case 2:
      let side = radius * 1.2
      return "M\(n(x)) \(n(y - side))l\(n(side)) \(n(side * 1.8))h\(n(-2 * side))z"
    case 3:
      let side = radius * 1.3
      return "M\(n(x)) \(n(y - side))l\(n(side)) \(n(side))\(n(-side)) \(n(side))"
        + "\(n(-side)) \(n(-side))z"
    default:
      let r = n(radius)
      return "M\(n(x - radius)) \(n(y))a\(r) \(r) 0 1 0 \(n(2 * radius)) 0"
        + "a\(r) \(r) 0 1 0 \(n(-2 * radius)) 0"
    }
  }

  private func drawDensity(_ series: PlottedSeries, on frame: Frame, in drawing: inout Drawing) {
    let side = 6.0
    let columns = max(1, Int(exactly: (frame.width / side).rounded(.up)) ?? 1)
    let rows = max(1, Int(exactly: (frame.height / side).rounded(.up)) ?? 1)
    var counts = [Int](repeating: 0, count: columns * rows)
    for segment in series.segments {
      for sample in segment {
        let place = frame.place(sample)
        guard let column = Int(exactly: ((place.x - frame.left) / side).rounded(.down)),
          let row = Int(exactly: ((place.y - frame.top) / side).rounded(.down)),
          (0..<columns).contains(column), (0..<rows).contains(row)
        else { continue }
        counts[row * columns + column] += 1
      }
    }
    // Five shades, each twice as many points as the one before or more.
    let most = Double(counts.max() ?? 1)
    let shades = [".18", ".36", ".54", ".76", "1"]
    var paths = [String](repeating: "", count: shades.count)
    func shade(_ count: Int) -> Int {
      guard count > 0 else { return -1 }
      var limit = most
      var level = shades.count - 1
      let ratio = max(2, Scale(.log, 1, max(most, 2), to: 0, 5).value(at: 1))
      while level > 0, Double(count) <= limit / ratio {
        limit /= ratio
        level -= 1
      }
      return level
    }
    for row in 0..<rows {
      var column = 0
      while column < columns {
        let level = shade(counts[row * columns + column])
        let first = column
        while column < columns, shade(counts[row * columns + column]) == level { column += 1 }
        guard level >= 0 else { continue }
        let x = NumberText.coordinate(frame.left + Double(first) * side)
        let y = NumberText.coordinate(frame.top + Double(row) * side)
        let width = NumberText.coordinate(Double(column - first) * side)
        paths[level] += "M\(x) \(y)h\(width)v6h-\(width)z"
      }
    }
    for (path, opacity) in zip(paths, shades) {
      drawing.path(path, fill: .series(series.hue), more: "fill-opacity=\"\(opacity)\"")
    }
  }

  func write(_ series: PlottedSeries, on frame: inout TextFrame) {
    for segment in series.segments {
      for sample in segment {
        if let letter = frame.letter {
          if let cell = frame.cell(sample) { frame.grid.put(letter, cell.row, cell.column) }
          continue
        }
        let place = frame.place(sample)
        if let column = Int(exactly: place.x.rounded()), let row = Int(exactly: place.y.rounded()) {
          frame.canvas.set(column, row)
        }
      }
    }
  }

  var keyWidth: Double { 8 }

  func drawKey(_ series: PlottedSeries, _ x: Double, _ y: Double, in drawing: inout Drawing) {
    drawing.path(PointMark.shape(series.hue, x + 4, y, 3.5), fill: .series(series.hue))
  }

  func key(_ series: PlottedSeries) -> String { "⠶ " }
}

internal import Catalog

/// A curve through the points, or steps that hold each value until the next.
struct LineMark: Mark {
  var isStepped = false

  private func corners(_ segment: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    guard isStepped else { return segment }
    var all: [(x: Double, y: Double)] = []
    for place in segment {
      if let last = all.last, last.y != place.y { all.append((place.x, last.y)) }
      all.append(place)
    }
    return all
  }

  private func attributes(_ series: PlottedSeries) -> String {
    let width = series.emphasis == .faint ? 1.5 : 1.75
    var text = "stroke-width=\"\(width)\" stroke-linejoin=\"round\" stroke-linecap=\"round\""
    switch series.emphasis {
    case .derived: text += " stroke-dasharray=\"5 4\""
    case .faint: text += " stroke-opacity=\".6\""
    case .normal:
      let dash = Palette.dashes[series.hue % Palette.dashes.count]
      if !dash.isEmpty { text += " stroke-dasharray=\"\(dash)\"" }
    }
    return text
  }

  func draw(_ series: PlottedSeries, on frame: Frame, in drawing: inout Drawing) {
    var path = ""
    var lonely: [Sample] = []
    for segment in series.segments {
      if segment.count == 1 { lonely += segment }
      let places = Thinning.reduce(corners(segment.map { frame.place($0) }))
      if places.count > 1 { path += Thinning.path(Thinning.straighten(places)) }
    }
    drawing.path(path, fill: nil, stroke: .series(series.hue), more: attributes(series))
    // Few points are shown as what they are.
    let dots =
      series.emphasis == .derived || series.count > 12 || isStepped ? lonely : series.samples
    let opensAt = series.jumps.map(\.right.x)
    let visible = dots.filter { !opensAt.contains($0.x) || series.count <= 12 }
    if !visible.isEmpty {
      let radius = series.emphasis == .faint ? 2.25 : 2.5
      let path = visible.map { sample in
        let place = frame.place(sample)
        return PointMark.shape(0, place.x, place.y, radius)
      }.joined()
      drawing.path(
        path, fill: .series(series.hue),
        more: series.emphasis == .faint ? "fill-opacity=\".6\"" : "")
    }
    guard series.jumps.count <= 12 else { return }
    for jump in series.jumps {
      let (left, right) = (frame.place(jump.left), frame.place(jump.right))
      drawing.circle(left.x, left.y, 3, fill: .series(series.hue))
      drawing.circle(
        right.x, right.y, 3, fill: .surface, stroke: .series(series.hue), width: 1.5)
    }
  }

  func write(_ series: PlottedSeries, on frame: inout TextFrame) {
    let (columns, rows) = (Double(frame.canvas.width), Double(frame.canvas.height))
    for segment in series.segments {
      let places = Thinning.reduce(corners(segment.map { frame.place($0) }))
      var travelled = 0.0
      for (from, to) in zip(places, places.dropFirst()) {
        guard max(from.x, to.x) >= 0, min(from.x, to.x) <= columns,
          max(from.y, to.y) >= -rows, min(from.y, to.y) <= 2 * rows
        else { continue }
        frame.canvas.line(from.x, from.y, to.x, to.y, travelled: &travelled) { place in
          switch series.emphasis {
          case .normal: true
          case .faint: place % 4 == 0
          case .derived: place % 8 < 4
          }
        }
      }
      if places.count == 1, let column = Int(exactly: places[0].x.rounded()),
        let row = Int(exactly: places[0].y.rounded())
      {
        frame.canvas.set(column, row)
      }
    }
  }

  func drawKey(_ series: PlottedSeries, _ x: Double, _ y: Double, in drawing: inout Drawing) {
    drawing.path(
      Thinning.path([(x, y), (x + 18, y)]), fill: nil, stroke: .series(series.hue),
      more: attributes(series))
  }

  func key(_ series: PlottedSeries) -> String {
    switch series.emphasis {
    case .normal: "⠤⠤"
    case .faint: "⠄⠄"
    case .derived: "⠤ "
    }
  }
}

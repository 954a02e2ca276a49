internal import Catalog

/// The area between two curves.
struct BandMark: Mark {
  func draw(_ series: PlottedSeries, on frame: Frame, in drawing: inout Drawing) {
    var path = ""
    for segment in series.segments {
      let lower = Thinning.reduce(segment.map { frame.place($0) })
      let upper = Thinning.reduce(segment.map { frame.place(Sample(x: $0.x, y: $0.upper)) })
      guard lower.count > 1 else { continue }
      path += Thinning.path(lower + upper.reversed()) + "z"
    }
    drawing.path(path, fill: .series(series.hue), more: "fill-opacity=\".18\"")
  }

  func write(_ series: PlottedSeries, on frame: inout TextFrame) {
    for segment in series.segments {
      for (left, right) in zip(segment, segment.dropFirst()) {
        guard let from = frame.cell(left), let to = frame.cell(right) else { continue }
        let first = max(0, min(from.column, to.column))
        let last = min(frame.grid.width - 1, max(from.column, to.column))
        guard first <= last else { continue }
        for column in first...last {
          let share =
            from.column == to.column
            ? 0 : Double(column - from.column) / Double(to.column - from.column)
          let x = left.x
          let bottom = Sample(x: x, y: left.y + (right.y - left.y) * share)
          let top = Sample(x: x, y: left.upper + (right.upper - left.upper) * share)
          guard let low = frame.cell(bottom)?.row, let high = frame.cell(top)?.row else { continue }
          let from = max(0, min(low, high))
          let to = min(frame.grid.height - 1, max(low, high))
          guard from <= to else { continue }
          for row in from...to { frame.grid.put("░", row, column) }
        }
      }
    }
  }

  func drawKey(_ series: PlottedSeries, _ x: Double, _ y: Double, in drawing: inout Drawing) {
    drawing.rectangle(
      x, y - 5, 18, 10, fill: .series(series.hue), more: "fill-opacity=\".25\"")
  }

  func key(_ series: PlottedSeries) -> String { "░░" }
}

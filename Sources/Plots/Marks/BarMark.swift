internal import Catalog

/// Bars from zero to each value, side by side or, with long names, one below the other.
struct BarMark: Mark {
  func draw(_ series: PlottedSeries, on frame: Frame, in drawing: inout Drawing) {
    let samples = series.samples
    guard !samples.isEmpty else { return }
    let step = abs(frame.x(samples[0].x + series.spacing) - frame.x(samples[0].x))
    let isTight =
      frame.barGroups == 1 && series.total > 0 && isEven(samples, series.spacing)
      && samples.count > 12
    let room = isTight ? step : min(step * 0.72, 80 * Double(frame.barGroups))
    let gap = isTight && step > 4 ? 1.0 : 0
    let thickness = max(0.5, room / Double(frame.barGroups) - gap)
    let base = frame.y.kind == .log ? frame.y.lower : 0
    var path = ""
    var whiskers = ""
    for sample in samples {
      let middle = frame.x(sample.x)
      let near =
        middle - room / 2 + room / Double(frame.barGroups) * Double(frame.barGroup) + gap / 2
      let from = Frame.limit(frame.y(base))
      let to = Frame.limit(frame.y(sample.y))
      let (low, high) = (min(from, to), max(from, to))
      let (a, b) = (NumberText.coordinate(near), NumberText.coordinate(low))
      let (t, l) = (NumberText.coordinate(thickness), NumberText.coordinate(high - low))
      path += frame.isTransposed ? "M\(b) \(a)h\(l)v\(t)h-\(l)z" : "M\(a) \(b)h\(t)v\(l)h-\(t)z"
      if sample.error > 0 {
        let across = near + thickness / 2
        let lower = Frame.limit(frame.y(sample.y - sample.error))
        let upper = Frame.limit(frame.y(sample.y + sample.error))
        for run in [
          [(lower, across), (upper, across)], [(lower, across - 3), (lower, across + 3)],
          [(upper, across - 3), (upper, across + 3)],
        ] {
          whiskers += Thinning.path(
            frame.isTransposed ? run.map { (x: $0.0, y: $0.1) } : run.map { (x: $0.1, y: $0.0) })
        }
      }
    }
    drawing.path(path, fill: .series(series.hue), more: "fill-opacity=\".9\"")
    drawing.path(whiskers, fill: nil, stroke: .text, more: "stroke-width=\"1.25\"")
    guard frame.barGroups == 1, !isTight, samples.count <= 40 else { return }
    for sample in samples {
      let label = NumberText.typographic(NumberText.label(sample.y, digits: 3))
      let middle = frame.x(sample.x)
      let isDown = sample.y < 0
      let edge = Frame.limit(frame.y(sample.y + (isDown ? -sample.error : sample.error)))
      if frame.isTransposed {
        let width = TextWidth.of(label, size: 11)
        let isInside = !isDown && edge + 6 + width > frame.right + 44
        drawing.text(
          label, isDown ? edge - 6 : isInside ? edge - 6 : edge + 6, middle + 4,
          fill: isInside ? .surface : .text, anchor: isDown || isInside ? .end : .start)
      } else if TextWidth.of(label, size: 11) <= step {
        drawing.text(
          label, middle, isDown ? edge + 13 : edge - 5, fill: .text, anchor: .middle)
      }
    }
  }

  private func isEven(_ samples: [Sample], _ spacing: Double) -> Bool {
    zip(samples, samples.dropFirst()).allSatisfy { abs($1.x - $0.x - spacing) < spacing * 1e-6 }
  }

  func write(_ series: PlottedSeries, on frame: inout TextFrame) {
    let eighths = Array(" ▁▂▃▄▅▆▇█")
    let samples = series.samples
    guard !samples.isEmpty else { return }
    let step = abs(frame.x(samples[0].x + series.spacing) - frame.x(samples[0].x)) / 2
    let room = step / Double(frame.barGroups)
    let base = frame.y.kind == .log ? frame.y.lower : 0
    let zero = frame.y(base) / 4
    for sample in samples {
      let start = frame.x(sample.x) / 2 - step / 2 + room * Double(frame.barGroup)
      guard let first = Int(exactly: start.rounded()),
        let next = Int(exactly: (start + room * (step >= 3 ? 0.8 : 1)).rounded())
      else { continue }
      let top = Frame.limit(frame.y(sample.y) / 4)
      for column in first..<max(first + 1, next) where column >= 0 && column < frame.grid.width {
        for row in 0..<frame.grid.height {
          // The share of this cell, from its lower edge, that the bar fills.
          let lower = Double(row + 1)
          let filled =
            top <= zero
            ? min(1, lower - top) - max(0, lower - zero)
            : min(1, lower - zero) - max(0, lower - top)
          guard filled > 0.06, let level = Int(exactly: (filled * 8).rounded()) else { continue }
          frame.grid.put(eighths[min(8, max(1, level))], row, column)
        }
      }
    }
  }

  var keyWidth: Double { 12 }

  func drawKey(_ series: PlottedSeries, _ x: Double, _ y: Double, in drawing: inout Drawing) {
    drawing.rectangle(x, y - 5, 12, 10, fill: .series(series.hue))
  }

  func key(_ series: PlottedSeries) -> String { "█ " }
}

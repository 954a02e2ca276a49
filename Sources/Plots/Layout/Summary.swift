internal import Catalog

/// Words for what a picture shows, made from its numbers.
enum Summary {
  private static func number(_ value: Double) -> String { NumberText.label(value, digits: 3) }

  /// One sentence for a graph.
  static func sentence(_ graph: Graph, _ plans: [PanelPlan]) -> String {
    if !graph.summary.isEmpty { return graph.summary }
    if plans.isEmpty { return "Empty figure." }
    if plans.count == 1 { return capitalised(panel(plans[0])) + "." }
    let shown = plans.prefix(4).map { panel($0) }
    let more = plans.count > 4 ? "; and \(plans.count - 4) more" : ""
    return "\(plans.count) panels: " + shown.joined(separator: "; ") + more + "."
  }

  private static func capitalised(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }

  /// The first few series of a panel and what each does.
  static func panel(_ plan: PanelPlan) -> String {
    let subject = plan.title.isEmpty ? plan.y.title : plan.title
    guard !plan.isEmpty else { return subject.isEmpty ? "no data" : "\(subject): no data" }
    if case .categories(let names) = plan.x.kind { return categories(plan, names, subject) }
    let curves = plan.series.filter { $0.count > 0 }
    let first = curves.prefix(4).map { movement($0, isAlone: curves.count == 1, subject) }
    let more = curves.count > 4 ? ", and \(curves.count - 4) more series" : ""
    let x = plan.x.title.isEmpty ? "x" : plan.x.title
    let range =
      PanelPlan.union(curves.map(\.xRange))
      .map { " over \(x) \(number($0.lowerBound)) to \(number($0.upperBound))" } ?? ""
    let lead = curves.count > 1 && !subject.isEmpty ? "\(subject): " : ""
    let notes = plan.notes.isEmpty ? "" : " (\(plan.notes.joined(separator: "; ")))"
    return lead + first.joined(separator: ", ") + more + range + notes
  }

  private static func categories(_ plan: PanelPlan, _ names: [String], _ subject: String) -> String
  {
    var parts: [String] = []
    for series in plan.series {
      let samples = series.samples
      if samples.count <= 12 {
        let values = samples.compactMap { sample -> String? in
          guard let index = Int(exactly: sample.x), names.indices.contains(index) else {
            return nil
          }
          return "\(names[index]) \(number(sample.y))"
        }
        parts.append(
          (series.name.isEmpty ? "" : series.name + ": ") + values.joined(separator: ", "))
      } else if let range = series.yRange {
        parts.append(
          "\(samples.count) bars from \(number(range.lowerBound)) to \(number(range.upperBound))")
      }
    }
    return "bars" + (subject.isEmpty ? "" : " of \(subject)") + ": " + parts.joined(separator: "; ")
  }

  /// `loss falls from 2.3 to 0.44, lowest 0.41 at 7`.
  private static func movement(_ series: PlottedSeries, isAlone: Bool, _ subject: String) -> String
  {
    let name =
      !series.name.isEmpty ? series.name : isAlone && !subject.isEmpty ? subject : "y"
    let samples = series.samples
    guard let first = samples.first, let last = samples.last, let range = series.yRange else {
      return "\(name): no data"
    }
    let (low, high) = (number(range.lowerBound), number(range.upperBound))
    switch series.form {
    case .points:
      let correlation = correlation(samples).map { ", correlation \(number($0))" } ?? ""
      return "\(samples.count) points of \(name) from \(low) to \(high)\(correlation)"
    case .bars:
      let top = samples.max { $0.y < $1.y } ?? first
      return "\(samples.count) bars of \(name) from \(low) to \(high), highest at \(number(top.x))"
    case .band: return "band \(name) from \(low) to \(high)"
    case .line, .steps: break
    }
    if samples.count == 1 { return "\(name) is \(number(first.y)) at \(number(first.x))" }
    if range.lowerBound == range.upperBound { return "\(name) stays at \(low)" }
    let spread = range.upperBound - range.lowerBound
    var text: String
    if abs(last.y - first.y) < 0.05 * spread {
      return "\(name) lies between \(low) and \(high)"
    }
    text =
      "\(name) \(last.y > first.y ? "rises" : "falls") from \(number(first.y)) to \(number(last.y))"
    if let mark = series.mark {
      let value = mark.label.contains { $0.isNumber } ? "" : " \(number(mark.sample.y))"
      text += ", \(mark.label)\(value) at \(number(mark.sample.x))"
    } else if last.y < first.y, range.lowerBound < last.y - 0.1 * spread,
      let least = samples.min(by: { $0.y < $1.y })
    {
      text += ", lowest \(low) at \(number(least.x))"
    } else if last.y > first.y, range.upperBound > last.y + 0.1 * spread,
      let most = samples.max(by: { $0.y < $1.y })
    {
      text += ", highest \(high) at \(number(most.x))"
    }
    return text
  }

  /// Pearson's correlation; nil when one side does not vary.
  static func correlation(_ samples: [Sample]) -> Double? {
    guard samples.count > 2 else { return nil }
    let count = Double(samples.count)
    let meanX = samples.reduce(0) { $0 + $1.x / count }
    let meanY = samples.reduce(0) { $0 + $1.y / count }
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for sample in samples {
      let (dx, dy) = (sample.x - meanX, sample.y - meanY)
      xx += dx * dx
      yy += dy * dy
      xy += dx * dy
    }
    let size = (xx * yy).squareRoot()
    guard size > 0, size.isFinite else { return nil }
    return (xy / size * 100).rounded() / 100
  }

  /// Ranges, extremes and last values of every series.
  static func details(_ plans: [PanelPlan]) -> String {
    var lines: [String] = []
    for plan in plans.prefix(24) {
      for series in plan.series.prefix(12) {
        guard let x = series.xRange, let y = series.yRange, let last = series.last else { continue }
        let names = [plan.title, plan.y.title, series.name].filter { !$0.isEmpty }
        var seen: [String] = []
        for name in names where !seen.contains(name) { seen.append(name) }
        let name = seen.isEmpty ? "y" : seen.joined(separator: ", ")
        lines.append(
          "\(name): \(series.count) points, x \(number(x.lowerBound)) to \(number(x.upperBound)), "
            + "y \(number(y.lowerBound)) to \(number(y.upperBound)), last \(number(last.y))")
      }
    }
    return lines.joined(separator: ". ")
  }
}

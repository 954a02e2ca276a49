internal import Catalog

extension PlotsCatalog {
  static let hist = Entry(
    "hist", "Shows how numbers are distributed.",
    Parameter("values", Value.self, "numbers of any shape, or a dict of names and numbers"),
    Parameter(
      "bins", Int?.self, "how many intervals; None: by the rule of Freedman and Diaconis",
      where: Parameter.Range("from 1 to 500") { $0.map { (1...500).contains($0) } ?? true },
      default: { nil }),
    PlotOptions.title, PlotOptions.xlabel, PlotOptions.ylabel, PlotOptions.xlim,
    PlotOptions.width, PlotOptions.height, PlotOptions.theme,
    returns: "Figure", example: "hist([1, 2, 2, 3, 3, 3, 4], bins=4)"
  ) { values, bins, title, xlabel, ylabel, xlim, width, height, theme in
    let options = PlotOptions(
      title: title, xlabel: xlabel ?? "value", ylabel: ylabel ?? "count", xlim: xlim, width: width,
      height: height, theme: theme)
    var groups: [(name: String, values: [Double])] = []
    if case .dict(let view) = values {
      for item in try view.items() {
        groups.append((Reading.label(item.key), try Reading.flat(item.value, "values")))
      }
    } else {
      groups = [("", try Reading.flat(values, "values"))]
    }
    return try options.figure(.graph(Histogram.graph(groups, bins: bins)))
  }
}

/// Counts of numbers in even intervals.
enum Histogram {
  static func graph(_ groups: [(name: String, values: [Double])], bins wanted: Int?) -> Graph {
    let finite = groups.map { $0.values.filter(\.isFinite) }
    let all = finite.flatMap { $0 }
    let total = groups.reduce(0) { $0 + $1.values.count }
    guard let least = all.min(), let most = all.max() else {
      return Graph(panels: [Panel(y: Axis(includesZero: true), series: [])])
    }
    let range =
      least == most ? Scale.drawable(least, most) : max(least, -1e300)...min(most, 1e300)
    let bins = wanted ?? count(all, range)
    let step = range.upperBound / Double(bins) - range.lowerBound / Double(bins)
    var series: [Series] = []
    for (group, values) in zip(groups, finite) {
      var counts = [Double](repeating: 0, count: bins)
      for value in values {
        let place = (value / 2 - range.lowerBound / 2) / (step / 2)
        guard let index = Int(exactly: place.rounded(.down)) else { continue }
        counts[min(bins - 1, max(0, index))] += 1
      }
      if groups.count == 1 {
        let centres = (0..<bins).map { range.lowerBound + (Double($0) + 0.5) * step }
        series.append(Series(group.name, x: centres, y: counts, form: .bars))
      } else {
        let edges = (0...bins).map { range.lowerBound + Double($0) * step }
        series.append(Series(group.name, x: edges, y: counts + [0], form: .steps))
      }
    }
    var panel = Panel(y: Axis(includesZero: true), series: series)
    panel.x.range = range
    var summary = "Histogram of \(total) values"
    if groups.count > 1 { summary += " in \(groups.count) groups" }
    func number(_ value: Double) -> String { NumberText.label(value, digits: 3) }
    let mean = all.reduce(0) { $0 + $1 / Double(all.count) }
    let variance = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / Double(all.count) }
    summary += " from \(number(least)) to \(number(most)), mean \(number(mean))"
    summary += ", standard deviation \(number(variance.squareRoot()))"
    let zeros = all.count { $0 == 0 }
    if zeros * 50 > all.count {
      summary += ", \(number(Double(zeros) / Double(all.count) * 100)) % exactly zero"
    }
    if all.count < total { summary += "; \(total - all.count) not finite" }
    return Graph(panels: [panel], summary: summary + ".")
  }

  /// Freedman and Diaconis (1981): width 2 IQR / n^(1/3), between 5 and 60 intervals.
  private static func count(_ values: [Double], _ range: ClosedRange<Double>) -> Int {
    let sorted = values.sorted()
    let quarter = sorted[sorted.count / 4]
    let three = sorted[min(sorted.count - 1, sorted.count * 3 / 4)]
    var root = 1.0
    while root * root * root < Double(sorted.count) { root += 0.5 }
    let width = 2 * (three - quarter) / root
    guard width > 0 else { return min(30, max(5, sorted.count)) }
    let wanted = ((range.upperBound / 2 - range.lowerBound / 2) / (width / 2)).rounded(.up)
    guard wanted < 60, let bins = Int(exactly: wanted) else { return 60 }
    return max(5, bins)
  }
}

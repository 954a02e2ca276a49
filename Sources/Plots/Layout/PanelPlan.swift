internal import Catalog

/// A panel ready to be drawn: safe series and axes whose ranges are settled.
struct PanelPlan {
  var title: String
  var x: AxisPlan
  var y: AxisPlan
  var series: [PlottedSeries]
  var rules: [Panel.Rule]
  /// Bars that run to the right because their names are long.
  var isTransposed = false
  /// What was left out, for the reader: "3 of 400 values not finite".
  var notes: [String] = []

  var isEmpty: Bool { series.allSatisfy { $0.count == 0 } }

  init(_ panel: Panel) {
    title = panel.title
    rules = panel.rules.filter { $0.at.isFinite }
    let isLogX = if case .log = panel.x.scale { true } else { false }
    let isLogY = if case .log = panel.y.scale { true } else { false }
    let used = Set(panel.series.compactMap(\.hue))
    var next = 0
    var prepared: [PlottedSeries] = []
    for series in panel.series {
      let hue: Int
      if let given = series.hue {
        hue = given
      } else {
        while used.contains(next) { next += 1 }
        hue = next
        next += 1
      }
      prepared.append(PlottedSeries(series, hue: hue, isLogX: isLogX, isLogY: isLogY))
    }
    series = prepared
    var hasBars = false
    for one in prepared {
      if case .bars = one.form { hasBars = true }
    }
    var xRange = PanelPlan.union(prepared.map(\.xRange))
    if hasBars, let range = xRange {
      let half = (prepared.map(\.spacing).min() ?? 1) / 2
      xRange = (range.lowerBound - half)...(range.upperBound + half)
    }
    var yRange = PanelPlan.union(prepared.map(\.yRange))
    if !isLogY {
      for rule in rules where rule.direction == .horizontal && panel.y.range == nil {
        yRange = PanelPlan.union([yRange, rule.at...rule.at])
      }
    }
    x = AxisPlan(panel.x, values: xRange)
    var yAxis = panel.y
    if case .categories = yAxis.scale { yAxis.scale = .linear }
    y = AxisPlan(yAxis, values: yRange, hasSolidBase: hasBars && !isLogY)
    if hasBars, case .categories(let names) = x.kind {
      let lengths = names.map { TextWidth.columns($0) }
      isTransposed = lengths.contains { $0 > 6 } || lengths.reduce(0, +) > 60
    }
    let missing = prepared.reduce(0) { $0 + $1.missingCount }
    let total = prepared.reduce(0) { $0 + $1.total }
    if missing > 0 {
      let why = isLogX || isLogY ? "not finite or not above 0" : "not finite"
      notes.append("\(missing) of \(total) values \(why)")
    }
  }

  static func union(_ ranges: [ClosedRange<Double>?]) -> ClosedRange<Double>? {
    var all: ClosedRange<Double>?
    for case let range? in ranges {
      if let known = all {
        all =
          min(known.lowerBound, range.lowerBound)...max(known.upperBound, range.upperBound)
      } else {
        all = range
      }
    }
    return all
  }

  /// Leaves air around the data, given how many ticks each axis has room for.
  mutating func widen(xTarget: Int, yTarget: Int) {
    var hasPoints = false
    var isSolid = false
    for one in series {
      if case .points = one.form { hasPoints = true }
      if case .bars = one.form { isSolid = true }
    }
    if hasPoints { x.widen(target: xTarget, air: 0.03) }
    if case .log = y.kind, isSolid {
      y.lower = NumberText.power(Int(exactly: log10Floor(y.lower)) ?? 0)
      y.upper *= 1.5
    } else {
      y.widen(target: yTarget, air: isSolid ? 0.06 : 0.04)
    }
  }

  /// Series with a name, in order.
  var named: [PlottedSeries] { series.filter { !$0.name.isEmpty } }

  /// Whether something tells the series apart, so that names have to be shown.
  var needsNames: Bool { !named.isEmpty && (series.count > 1 || named[0].name != y.title) }
}

/// The exponent of the power of ten at or below a positive number.
func log10Floor(_ value: Double) -> Double {
  guard value > 0, value.isFinite else { return 0 }
  var decimal = Decimal(value)
  decimal.round(to: 15)
  return Double(decimal.exponent - 1)
}

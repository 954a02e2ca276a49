internal import Catalog

/// The measures of one panel: margins, ticks, and where the names of its series stand.
struct PanelLayout {
  enum Names {
    case none
    /// Beside the ends of the curves.
    case direct([PlottedSeries])
    /// In rows above the panel.
    case legend([PlottedSeries])
  }

  static let tickSize = 11.0
  static let titleSize = 12.0

  var plan: PanelPlan
  let width: Double
  let height: Double
  var left: Double
  var right: Double
  let top: Double
  let bottom: Double
  let names: Names
  let showsXLabels: Bool
  let leftTicks: [Tick]
  let bottomTicks: [Tick]
  let yTitle: String
  let xTitle: String

  /// - Parameters:
  ///   - showsXLabels: false when the panel below has the same axis.
  ///   - showsNames: false when a legend stands elsewhere.
  init(
    _ panel: PanelPlan, width: Double, height: Double, showsXLabels: Bool, showsNames: Bool
  ) {
    var plan = panel
    self.width = width
    self.height = height
    self.showsXLabels = showsXLabels
    let xTarget = max(2, Int(exactly: (width * 0.85 / 80).rounded()) ?? 2)
    let yTarget = max(3, Int(exactly: ((height - 50) / (height < 260 ? 40 : 50)).rounded()) ?? 3)
    plan.widen(xTarget: xTarget, yTarget: yTarget)

    let bottomAxis = plan.isTransposed ? plan.y : plan.x
    let leftAxis = plan.isTransposed ? plan.x : plan.y
    // Names of bars stand at the left, so the values' title belongs below them.
    yTitle = leftAxis.title
    xTitle = showsXLabels ? bottomAxis.title : ""
    leftTicks = leftAxis.ticks(target: yTarget)
    bottomTicks = bottomAxis.ticks(target: xTarget)

    let labelWidth = leftTicks.map { TextWidth.of($0.typographic, size: Self.tickSize) }.max() ?? 0
    left = min(labelWidth, width * 0.4) + 10
    let lastLabel = bottomTicks.last.map { TextWidth.of($0.typographic, size: Self.tickSize) } ?? 0
    right = max(12, min(lastLabel / 2 + 4, 40))
    if plan.isTransposed { right = 48 }

    var head = plan.title.isEmpty ? 0 : 18.0
    if !yTitle.isEmpty, yTitle != plan.title { head += 24 } else { head += 8 }
    bottom = (showsXLabels ? 22 : 8) + (xTitle.isEmpty ? 0 : 18)

    guard showsNames, plan.needsNames else {
      names = .none
      top = head
      self.plan = plan
      return
    }
    let listed = plan.named
    let room = height - head - bottom
    if PanelLayout.canLabelEnds(plan, listed, height: room, width: width) {
      names = .direct(listed)
      let widest = listed.map { TextWidth.of($0.name, size: Self.titleSize) }.max() ?? 0
      right = max(right, widest + 12)
      top = head
    } else {
      names = .legend(listed)
      let rows = PanelLayout.legendRows(listed, width: width - 8).count
      top = head + Double(rows) * 18
    }
    self.plan = plan
  }

  /// Whether the curves end apart enough at the right edge to be named there.
  private static func canLabelEnds(
    _ plan: PanelPlan, _ listed: [PlottedSeries], height: Double, width: Double
  ) -> Bool {
    guard listed.count <= 6 else { return false }
    let scale = plan.y.scale(height, 0)
    let xScale = plan.x.scale(0, 1)
    var wanted: [Double] = []
    for series in listed {
      switch series.form {
      case .line, .steps: break
      case .band: continue
      default: return false
      }
      guard let last = series.last, xScale(last.x) > 0.93,
        TextWidth.of(series.name, size: titleSize) < width * 0.3
      else { return false }
      wanted.append(Frame.limit(scale(last.y)))
    }
    guard !wanted.isEmpty, wanted.count == listed.count,
      let placed = EndLabels.pushApart(wanted, gap: 14, lower: 4, upper: height - 4)
    else { return false }
    return zip(wanted, placed).allSatisfy { abs($0 - $1) < 30 }
  }

  /// The entries of a legend, broken into rows that fit.
  static func legendRows(_ listed: [PlottedSeries], width: Double) -> [[(PlottedSeries, Double)]] {
    var rows: [[(PlottedSeries, Double)]] = [[]]
    var used = 0.0
    for series in listed {
      let name = TextWidth.fit(series.name, size: titleSize, within: width - 30)
      let need = series.form.mark.keyWidth + 6 + TextWidth.of(name, size: titleSize) + 18
      if used + need > width, !rows[rows.count - 1].isEmpty {
        rows.append([])
        used = 0
      }
      rows[rows.count - 1].append((series, used))
      used += need
    }
    return rows
  }

  static func drawLegend(
    _ listed: [PlottedSeries], _ x: Double, _ y: Double, width: Double, in drawing: inout Drawing
  ) {
    for (index, row) in legendRows(listed, width: width).enumerated() {
      let line = y + Double(index) * 18 + 9
      for (series, offset) in row {
        series.form.mark.drawKey(series, x + offset, line, in: &drawing)
        let name = TextWidth.fit(series.name, size: titleSize, within: width - 30)
        drawing.text(
          name, x + offset + series.form.mark.keyWidth + 6, line + 4, size: titleSize, fill: .text)
      }
    }
  }
}

internal import Catalog

/// Panels of axes, one below the other or in a grid.
struct GraphPicture: Picture {
  /// Beyond this many panels a figure is no longer readable.
  static let mostPanels = 24

  private let graph: Graph
  private let plans: [PanelPlan]
  private let columns: Int
  private let hidden: Int

  /// - Parameter isShared: whether all panels show the same ranges.
  init(_ graph: Graph, isShared: Bool = false) {
    self.graph = graph
    hidden = max(0, graph.panels.count - GraphPicture.mostPanels)
    var plans = graph.panels.prefix(GraphPicture.mostPanels).map { PanelPlan($0) }
    if isShared {
      GraphPicture.share(\.x, in: &plans)
      GraphPicture.share(\.y, in: &plans)
    }
    self.plans = plans
    columns = max(1, min(graph.columns, max(1, plans.count)))
  }

  private static func share(
    _ axis: WritableKeyPath<PanelPlan, AxisPlan>, in plans: inout [PanelPlan]
  ) {
    guard let first = plans.first?[keyPath: axis],
      plans.allSatisfy({ $0[keyPath: axis].kind == first.kind })
    else { return }
    let lower = plans.map { $0[keyPath: axis].lower }.min() ?? 0
    let upper = plans.map { $0[keyPath: axis].upper }.max() ?? 1
    for index in plans.indices {
      plans[index][keyPath: axis].lower = lower
      plans[index][keyPath: axis].upper = upper
    }
  }

  var title: String { graph.title }
  var sentence: String { Summary.sentence(graph, plans) }
  var details: String { Summary.details(plans) }

  private var rows: Int { (max(1, plans.count) + columns - 1) / columns }

  func size(width: Double?, height: Double?) -> (width: Double, height: Double) {
    let wide = width ?? (columns == 1 ? 640 : columns == 2 ? 720 : min(960, Double(columns) * 290))
    if let height { return (wide, height) }
    let panel = wide / Double(columns)
    if rows == 1, columns == 1 {
      guard let plan = plans.first, plan.isTransposed else { return (wide, 400) }
      let bars = Double(plan.series.count) * (plan.x.upper - plan.x.lower)
      return (wide, min(900, max(120, 84 + bars * 26)))
    }
    let each = columns == 1 ? (rows == 2 ? 230 : 190) : max(170, panel * 0.72)
    return (wide, Double(rows) * each + (title.isEmpty ? 0 : Self.titleHeight) + 24)
  }

  /// Series that all panels have under the same names, so that one legend serves all.
  private var commonNames: [PlottedSeries]? {
    guard plans.count > 1, columns > 1, let first = plans.first, !first.named.isEmpty else {
      return nil
    }
    let keys = first.named.map { "\($0.name)\u{0}\($0.hue)" }
    for plan in plans where plan.named.map({ "\($0.name)\u{0}\($0.hue)" }) != keys { return nil }
    return first.named
  }

  func draw(in drawing: inout Drawing, width: Double, height: Double) {
    let margin = 14.0
    drawTitle(in: &drawing, margin, width: width)
    var top = title.isEmpty ? 10 : Self.titleHeight + 8
    let common = commonNames
    if let common {
      let room = width - 2 * margin
      PanelLayout.drawLegend(common, margin, top - 2, width: room, in: &drawing)
      top += Double(PanelLayout.legendRows(common, width: room).count) * 18 + 6
    }
    if plans.isEmpty {
      drawing.rectangle(margin, top, width - 28, height - top - 12, fill: nil, stroke: .grid)
      drawing.text("no data", width / 2, (top + height) / 2, size: 12, anchor: .middle)
      return
    }
    // A grid says once what all its panels have in common.
    var plans = plans
    var foot = 10.0
    if columns > 1, plans.count > 1 {
      if let title = shared(plans.map(\.y.title)), plans.allSatisfy({ !$0.isTransposed }) {
        drawing.text(TextWidth.fit(title, size: 12, within: width - 28), margin, top + 9, size: 12)
        top += 18
        for index in plans.indices { plans[index].y.title = "" }
      }
      if let title = shared(plans.map(\.x.title)), plans.allSatisfy({ !$0.isTransposed }) {
        drawing.text(
          TextWidth.fit(title, size: 12, within: width - 28), width / 2, height - 9, size: 12,
          anchor: .middle)
        foot += 12
        for index in plans.indices { plans[index].x.title = "" }
      }
    }
    let gap = columns > 1 ? 22.0 : 0
    let panelWidth = (width - 2 * margin - gap * Double(columns - 1)) / Double(columns)
    let rowGap = columns > 1 ? 16.0 : 6
    let room = height - top - foot - rowGap * Double(rows - 1)
    // A panel without labels below it is as tall inside as one with them.
    let isStacked = columns == 1 && rows > 1 && sharesX
    let extra = isStacked ? (plans.last?.x.title.isEmpty ?? true) ? 14.0 : 32.0 : 0
    let panelHeight = (room - extra) / Double(rows)
    var layouts: [PanelLayout] = []
    for (index, plan) in plans.enumerated() {
      let isLast = index + columns >= plans.count
      let hides = isStacked && !isLast
      layouts.append(
        PanelLayout(
          plan, width: panelWidth, height: panelHeight + (isStacked && isLast ? extra : 0),
          showsXLabels: !hides, showsNames: common == nil))
    }
    for column in 0..<columns {
      let members = layouts.indices.filter { $0 % columns == column }
      let left = members.map { layouts[$0].left }.max() ?? 0
      let right = members.map { layouts[$0].right }.max() ?? 0
      for member in members {
        layouts[member].left = left
        layouts[member].right = right
      }
    }
    for (index, layout) in layouts.enumerated() {
      let x = margin + Double(index % columns) * (panelWidth + gap)
      let y = top + Double(index / columns) * (panelHeight + rowGap)
      PanelDrawing(layout, x: x, y: y).draw(in: &drawing)
    }
    if hidden > 0 {
      drawing.text(
        "\(hidden) more panels not shown", width - margin, height - 4, size: 10, anchor: .end)
    }
  }

  /// What all of them are; nil: they differ, or are empty.
  private func shared(_ titles: [String]) -> String? {
    guard let first = titles.first, !first.isEmpty else { return nil }
    return titles.allSatisfy { $0 == first } ? first : nil
  }

  private var sharesX: Bool {
    guard let first = plans.first?.x else { return false }
    return plans.allSatisfy { plan in
      plan.x.kind == first.kind && plan.x.lower == first.lower && plan.x.upper == first.upper
        && plan.x.title == first.title && !plan.isTransposed
    }
  }

  func text(width: Int, height: Int) -> [String] {
    var lines: [String] = title.isEmpty ? [] : [TextWidth.fit(title, columns: width)]
    if plans.isEmpty { return lines + ["no data"] }
    if columns == 1 || plans.count == 1 {
      let each = plans.count == 1 ? height - lines.count : 13
      for plan in plans { lines += TextPanel(plan, width: width, height: each).lines }
    } else {
      let gap = 2
      let half = (width - gap) / 2
      for first in stride(from: 0, to: plans.count, by: 2) {
        let left = TextPanel(plans[first], width: half, height: 12).lines
        let right =
          first + 1 < plans.count
          ? TextPanel(plans[first + 1], width: half, height: 12).lines : []
        lines += TextBlocks.beside(left, right, width: half, gap: gap)
      }
    }
    if hidden > 0 { lines.append("\(hidden) more panels not shown") }
    return lines
  }
}

/// Puts pieces of text side by side.
enum TextBlocks {
  static func beside(_ left: [String], _ right: [String], width: Int, gap: Int) -> [String] {
    (0..<max(left.count, right.count)).map { index in
      let first = index < left.count ? left[index] : ""
      guard index < right.count, !right[index].isEmpty else { return first }
      return TextWidth.pad(first, columns: width + gap) + right[index]
    }
  }
}

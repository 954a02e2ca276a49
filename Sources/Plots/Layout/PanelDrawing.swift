internal import Catalog

/// Draws one panel: axes, grid, rules, series, names.
struct PanelDrawing {
  let layout: PanelLayout
  let frame: Frame
  private var plan: PanelPlan { layout.plan }

  /// - Parameters:
  ///   - x, y: the panel's upper left corner in the picture.
  init(_ layout: PanelLayout, x: Double, y: Double) {
    self.layout = layout
    let width = max(10, layout.width - layout.left - layout.right)
    let height = max(10, layout.height - layout.top - layout.bottom)
    let left = x + layout.left
    let top = y + layout.top
    let plan = layout.plan
    // Transposed names run from the top down, as one reads them.
    frame = Frame(
      left: left, top: top, width: width, height: height,
      x: plan.isTransposed
        ? plan.x.scale(top, top + height) : plan.x.scale(left, left + width),
      y: plan.isTransposed
        ? plan.y.scale(left, left + width) : plan.y.scale(top + height, top),
      isTransposed: plan.isTransposed)
  }

  func draw(in drawing: inout Drawing) {
    drawHead(in: &drawing)
    drawAxes(in: &drawing)
    if plan.isEmpty {
      drawing.text(
        "no data", frame.left + frame.width / 2, frame.top + frame.height / 2 + 4, size: 12,
        anchor: .middle)
      return
    }
    drawRules(in: &drawing)
    let isClipped = plan.x.isFixed || plan.y.isFixed
    if isClipped {
      drawing.clip(frame.left - 4, frame.top - 4, frame.width + 8, frame.height + 8)
    }
    let bars = plan.series.filter { if case .bars = $0.form { true } else { false } }.count
    var bar = 0
    for series in plan.series {
      var place = frame
      if case .bars = series.form {
        place.barGroups = max(1, bars)
        place.barGroup = bar
        bar += 1
      }
      series.form.mark.draw(series, on: place, in: &drawing)
    }
    if isClipped { drawing.close() }
    drawMissing(in: &drawing)
    drawMarks(in: &drawing)
    drawNames(in: &drawing)
  }

  private func drawHead(in drawing: inout Drawing) {
    var line = frame.top - layout.top
    let x = frame.left - layout.left
    if !plan.title.isEmpty {
      let title = TextWidth.fit(
        plan.title, size: PanelLayout.titleSize, within: layout.width, isBold: true)
      drawing.text(title, x, line + 12, size: 12, fill: .text, isBold: true)
      line += 18
    }
    if case .legend(let listed) = layout.names {
      let room = layout.width - 8
      PanelLayout.drawLegend(listed, x, line - 2, width: room, in: &drawing)
      line += Double(PanelLayout.legendRows(listed, width: room).count) * 18
    }
    let note = plan.notes.joined(separator: "; ")
    let noteWidth = note.isEmpty ? 0 : TextWidth.of(note, size: 10) + 12
    if !layout.yTitle.isEmpty, layout.yTitle != plan.title {
      drawing.text(
        TextWidth.fit(layout.yTitle, size: 12, within: layout.width - 8 - noteWidth), x, line + 11,
        size: 12, fill: .muted)
    }
    if !note.isEmpty {
      drawing.text(
        TextWidth.fit(note, size: 10, within: layout.width), frame.right, line + 11, size: 10,
        anchor: .end)
    }
  }

  private func crisp(_ value: Double) -> Double { value.rounded(.down) + 0.5 }

  private func drawAxes(in drawing: inout Drawing) {
    var grid = ""
    let valueScale = frame.y
    if frame.isTransposed {
      for tick in layout.bottomTicks {
        let x = crisp(valueScale(tick.value))
        grid += "M\(text(x)) \(text(frame.top))V\(text(frame.bottom))"
      }
    } else {
      for tick in layout.leftTicks {
        let y = crisp(valueScale(tick.value))
        grid += "M\(text(frame.left)) \(text(y))H\(text(frame.right))"
      }
    }
    drawing.path(grid, fill: nil, stroke: .grid)

    // Zero lines, and the foot of the panel.
    var axes = ""
    if frame.isTransposed {
      let x = crisp(valueScale(plan.y.kind == .log ? plan.y.lower : max(plan.y.lower, 0)))
      axes += "M\(text(x)) \(text(frame.top))V\(text(frame.bottom))"
    } else {
      let isSplit = plan.y.kind != .log && plan.y.lower < 0 && plan.y.upper > 0
      if isSplit {
        let y = crisp(valueScale(0))
        axes += "M\(text(frame.left)) \(text(y))H\(text(frame.right))"
      }
      let y = crisp(frame.bottom)
      var ticks = ""
      ticks += "M\(text(frame.left)) \(text(y))H\(text(frame.right))"
      if case .categories = plan.x.kind {
      } else {
        for tick in layout.bottomTicks {
          ticks += "M\(text(crisp(frame.x(tick.value)))) \(text(y))v4"
        }
      }
      if isSplit { drawing.path(ticks, fill: nil, stroke: .grid) } else { axes += ticks }
      let isNumeric = if case .categories = plan.x.kind { false } else { true }
      let hasBars = plan.series.contains { if case .bars = $0.form { true } else { false } }
      if isNumeric, !hasBars, plan.x.kind != .log, plan.x.lower < 0, plan.x.upper > 0 {
        axes += "M\(text(crisp(frame.x(0)))) \(text(frame.top))V\(text(frame.bottom))"
      }
    }
    drawing.path(axes, fill: nil, stroke: .axis)
    drawTickLabels(in: &drawing)
  }

  private func drawTickLabels(in drawing: inout Drawing) {
    drawing.open("text-anchor=\"end\"", fill: .muted, inherits: false)
    for tick in layout.leftTicks {
      let place = frame.isTransposed ? frame.x(tick.value) : frame.y(tick.value)
      let label = TextWidth.fit(tick.typographic, size: 11, within: layout.left - 8)
      drawing.label(label, frame.left - 8, place + 3.5)
    }
    drawing.close()
    guard layout.showsXLabels else { return }
    let y = frame.bottom + 17
    drawing.open("text-anchor=\"middle\"", fill: .muted, inherits: false)
    var free = -Double.infinity
    let isCategories = if case .categories = plan.x.kind { !frame.isTransposed } else { false }
    let step = isCategories ? frame.width / max(1, plan.x.upper - plan.x.lower) : .infinity
    for tick in layout.bottomTicks {
      let x = frame.isTransposed ? frame.y(tick.value) : frame.x(tick.value)
      var label = isCategories ? tick.label : tick.typographic
      if isCategories { label = TextWidth.fit(label, size: 11, within: step - 4) }
      let half = TextWidth.of(label, size: 11) / 2
      guard x - half >= free else { continue }
      drawing.label(label, x, y)
      free = x + half + (isCategories ? 0 : 6)
    }
    drawing.close()
    if !layout.xTitle.isEmpty {
      drawing.text(
        TextWidth.fit(layout.xTitle, size: 12, within: frame.width),
        frame.left + frame.width / 2, y + 18, size: 12, anchor: .middle)
    }
  }

  /// Whether a rule is the zero line, which the axes draw already.
  private func isZeroLine(_ rule: Panel.Rule) -> Bool {
    rule.at == 0 && rule.label.isEmpty
  }

  private func drawRules(in drawing: inout Drawing) {
    for rule in plan.rules where !isZeroLine(rule) {
      let isAcross = (rule.direction == .horizontal) != frame.isTransposed
      let place = rule.direction == .horizontal ? frame.y(rule.at) : frame.x(rule.at)
      let width = TextWidth.of(rule.label, size: 11)
      if isAcross {
        guard place >= frame.top - 1, place <= frame.bottom + 1 else { continue }
        drawing.line(frame.left, place, frame.right, place, stroke: .muted, dash: "3 3")
        guard !rule.label.isEmpty else { continue }
        // At the end, and on the side, where fewest curves run through the word.
        var best = (hits: Int.max, x: 0.0, y: 0.0)
        for (x, y) in [
          (frame.left + 6, place - 5), (frame.right - width - 6, place - 5),
          (frame.left + 6, place + 13), (frame.right - width - 6, place + 13),
        ] where y - 10 > frame.top - 12 && y < frame.bottom {
          let hits = hits(x, x + width, y - 10, y + 3)
          if hits < best.hits { best = (hits, x, y) }
        }
        drawing.text(rule.label, best.x, best.y, size: 11, fill: .muted, hasHalo: true)
      } else {
        guard place >= frame.left - 1, place <= frame.right + 1 else { continue }
        drawing.line(place, frame.top, place, frame.bottom, stroke: .muted, dash: "3 3")
        let isNearRight = place + 6 + width > frame.right
        drawing.text(
          rule.label, isNearRight ? place - 5 : place + 5, frame.top + 10, size: 11, fill: .muted,
          anchor: isNearRight ? .end : .start, hasHalo: true)
      }
    }
  }

  /// A small cross at the foot where a value could not be drawn.
  private func drawMissing(in drawing: inout Drawing) {
    guard !frame.isTransposed else { return }
    var crosses = ""
    for series in plan.series {
      for value in series.missing {
        let x = Frame.limit(frame.x(value))
        guard x >= frame.left - 1, x <= frame.right + 1 else { continue }
        crosses += "M\(text(x - 3)) \(text(frame.bottom - 8))l6 6m0-6l-6 6"
      }
    }
    drawing.path(crosses, fill: nil, stroke: .muted, more: "stroke-width=\"1.25\"")
  }

  /// Rings around marked points, each with its word and value.
  private func drawMarks(in drawing: inout Drawing) {
    for series in plan.series {
      guard let mark = series.mark else { continue }
      let place = frame.place(mark.sample)
      guard place.x >= frame.left - 1, place.x <= frame.right + 1 else { continue }
      drawing.circle(place.x, place.y, 5, fill: nil, stroke: .series(series.hue), width: 1.5)
      let value = NumberText.typographic(NumberText.label(mark.sample.y, digits: 3))
      let label = mark.label.contains { $0.isNumber } ? mark.label : "\(mark.label) \(value)"
      let half = TextWidth.of(label, size: 11) / 2
      let x = min(max(place.x, frame.left + half + 2), frame.right + layout.right - half - 2)
      // Above or below, wherever fewer curves run through the words.
      let isLow = mark.sample.y < series.samples.reduce(0) { $0 + $1.y } / Double(series.count)
      let above = (y: place.y - 11, hits: hits(x - half, x + half, place.y - 22, place.y - 7))
      let below = (y: place.y + 19, hits: hits(x - half, x + half, place.y + 7, place.y + 22))
      let canRise = place.y - 22 > frame.top - layout.top
      let canSink = place.y + 22 < frame.bottom
      let prefersBelow = below.hits == above.hits ? isLow : below.hits < above.hits
      let sinks = prefersBelow ? canSink || !canRise : canSink && !canRise
      drawing.text(
        label, x, sinks ? below.y : above.y, fill: .text, anchor: .middle, hasHalo: true)
    }
  }

  /// How many pixels of curves run through a rectangle.
  private func hits(_ left: Double, _ right: Double, _ top: Double, _ bottom: Double) -> Int {
    var count = 0
    for series in plan.series {
      for segment in series.segments {
        for (from, to) in zip(segment, segment.dropFirst()) {
          let (a, b) = (frame.place(from), frame.place(to))
          guard b.x >= left, a.x <= right, b.x > a.x else { continue }
          var x = max(left, a.x)
          while x <= min(right, b.x) {
            let y = a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x)
            if y >= top, y <= bottom { count += 1 }
            x += 1
          }
        }
      }
    }
    return count
  }

  private func drawNames(in drawing: inout Drawing) {
    guard case .direct(let listed) = layout.names else { return }
    let ends = listed.map { series in series.last.map { frame.place($0) } ?? (0, 0) }
    let placed =
      EndLabels.pushApart(
        ends.map(\.1), gap: 14, lower: frame.top + 4, upper: frame.bottom - 4) ?? ends.map(\.1)
    for (index, series) in listed.enumerated() {
      let (x, y) = ends[index]
      if abs(placed[index] - y) > 8 {
        drawing.path(
          Thinning.path([(x + 3, y), (frame.right + 7, placed[index])]), fill: nil,
          stroke: .series(series.hue), more: "stroke-opacity=\".6\"")
      }
      drawing.text(
        series.name, frame.right + 9, placed[index] + 4, size: 12, fill: .series(series.hue))
    }
  }

  private func text(_ value: Double) -> String { NumberText.coordinate(value) }
}

extension Drawing {
  /// Text that takes its colour, size and anchor from the group around it.
  mutating func label(_ text: String, _ x: Double, _ y: Double) {
    guard !text.isEmpty else { return }
    raw(
      "<text x=\"\(NumberText.coordinate(x))\" y=\"\(NumberText.coordinate(y))\">"
        + "\(Drawing.escape(text))</text>\n")
  }
}

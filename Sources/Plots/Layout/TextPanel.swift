internal import Catalog

/// Writes one panel as lines of text.
struct TextPanel {
  let plan: PanelPlan
  let width: Int
  let height: Int

  init(_ panel: PanelPlan, width: Int, height: Int) {
    var plan = panel
    plan.widen(xTarget: max(2, width / 12), yTarget: max(2, height / 4))
    self.plan = plan
    self.width = width
    self.height = height
  }

  var lines: [String] {
    if case .categories(let names) = plan.x.kind, !plan.series.isEmpty,
      plan.series.allSatisfy({ if case .bars = $0.form { true } else { false } })
    {
      return head + TextBars(plan: plan, names: names, width: width).lines
    }
    return head + body
  }

  private var letters: [Character?] {
    let curves = plan.series.filter { series in
      switch series.form {
      case .line, .steps, .points: series.emphasis == .normal
      default: false
      }
    }
    guard curves.count > 1 else { return plan.series.map { _ in nil } }
    let alphabet = Array("abcdefghijklmnopqrstuvwxyz")
    var next = 0
    return plan.series.map { series in
      switch series.form {
      case .line, .steps, .points:
        guard series.emphasis == .normal else { return nil }
        next += 1
        return alphabet[(next - 1) % alphabet.count]
      default: return nil
      }
    }
  }

  /// The titles and the legend.
  private var head: [String] {
    var lines: [String] = []
    if !plan.title.isEmpty { lines.append(TextWidth.fit(plan.title, columns: width)) }
    var parts: [String] = []
    if !plan.y.title.isEmpty, plan.y.title != plan.title { parts.append(plan.y.title) }
    if plan.needsNames {
      for (index, (series, letter)) in zip(plan.series, letters).enumerated()
      where !series.name.isEmpty {
        var key = letter.map { String($0) } ?? series.form.mark.key(series)
        if case .bars = series.form { key = String(TextBars.fill(index)) }
        parts.append("\(key) \(series.name)")
      }
    }
    for series in plan.series {
      if let mark = series.mark {
        let value = NumberText.label(mark.sample.y, digits: 3)
        parts.append(
          "● \(mark.label.contains { $0.isNumber } ? mark.label : "\(mark.label) \(value)")")
      }
    }
    parts += plan.notes.map { "(\($0))" }
    var line = ""
    for part in parts {
      let added = line.isEmpty ? part : line + "   " + part
      if TextWidth.columns(added) > width, !line.isEmpty {
        lines.append(line)
        line = TextWidth.fit(part, columns: width)
      } else {
        line = TextWidth.fit(added, columns: width)
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }

  private var body: [String] {
    let xTitle = plan.x.title
    let rows = max(3, height - head.count - 2 - (xTitle.isEmpty ? 0 : 1))
    let yTicks = plan.y.ticks(target: max(2, rows > 10 ? rows / 3 : rows / 2))
    let labelWidth = min(width / 3, yTicks.map { TextWidth.columns($0.label) }.max() ?? 0)
    let left = labelWidth + 1
    let columns = max(4, width - left - 1)
    var frame = TextFrame(
      grid: CharacterGrid(width: columns, height: rows),
      canvas: BrailleCanvas(columns: columns, rows: rows),
      x: plan.x.scale(0, Double(columns * 2 - 1)), y: plan.y.scale(Double(rows * 4 - 1), 0))
    var rules = CharacterGrid(width: columns, height: rows)
    writeRules(on: &rules, frame)
    var marks = CharacterGrid(width: columns, height: rows)
    let bars = plan.series.filter { if case .bars = $0.form { true } else { false } }.count
    var bar = 0
    for (index, (series, letter)) in zip(plan.series, letters).enumerated() {
      frame.letter = letter
      if case .bars = series.form {
        frame.barGroups = bars
        frame.barGroup = bar
        bar += 1
      }
      series.form.mark.write(series, on: &frame)
      if let letter { write(letter, of: series, index, on: &marks, frame) }
      if let mark = series.mark, let cell = frame.cell(mark.sample) {
        marks.put("●", cell.row, cell.column)
      }
    }
    if plan.isEmpty { marks.put("no data", rows / 2, around: columns / 2) }

    var page = CharacterGrid(width: width, height: rows + 2 + (xTitle.isEmpty ? 0 : 1))
    for row in 0..<rows {
      page.put("│", row, labelWidth)
      for column in 0..<columns {
        let place = left + column
        if let mark = marks.character(row, column) {
          page.put(mark, row, place)
        } else if let dots = frame.canvas.character(row, column) {
          page.put(dots, row, place)
        } else if let under = frame.grid.character(row, column) {
          page.put(under, row, place)
        } else if let rule = rules.character(row, column) {
          page.put(rule, row, place)
        }
      }
    }
    for tick in yTicks {
      guard let row = cell(frame.y(tick.value) / 4), row < rows else { continue }
      page.put(TextWidth.fit(tick.label, columns: labelWidth), row, endingAt: labelWidth)
      page.put("┤", row, labelWidth)
    }
    page.put("└" + String(repeating: "─", count: columns), rows, labelWidth)
    var free = 0
    for tick in plan.x.ticks(target: max(2, columns / 12)) {
      guard let column = cell(frame.x(tick.value) / 2), column < columns else { continue }
      page.put("┬", rows, left + column)
      let size = TextWidth.columns(tick.label)
      let start = max(0, min(width - size, left + column - size / 2))
      guard start >= free else { continue }
      page.put(tick.label, rows + 1, start)
      free = start + size + 1
    }
    if !xTitle.isEmpty {
      page.put(TextWidth.fit(xTitle, columns: columns), rows + 2, around: left + columns / 2)
    }
    return page.lines
  }

  private func cell(_ value: Double) -> Int? {
    guard value >= -0.5 else { return nil }
    return Int(exactly: max(0, value).rounded(.down))
  }

  /// Zero lines and the panel's own rules, below everything else.
  private func writeRules(on rules: inout CharacterGrid, _ frame: TextFrame) {
    func isInside(_ axis: AxisPlan, _ value: Double) -> Bool {
      axis.lower < value && axis.upper > value
    }
    var across: [(Double, Character)] = []
    var down: [(Double, Character)] = []
    if plan.y.kind == .linear, isInside(plan.y, 0) { across.append((0, "─")) }
    let hasBars = plan.series.contains { if case .bars = $0.form { true } else { false } }
    if plan.x.kind == .linear, !hasBars, isInside(plan.x, 0) { down.append((0, "│")) }
    for rule in plan.rules where rule.at != 0 || !rule.label.isEmpty {
      switch rule.direction {
      case .horizontal: across.append((rule.at, "╌"))
      case .vertical: down.append((rule.at, "╎"))
      }
    }
    for (value, sign) in across {
      guard let row = cell(frame.y(value) / 4), row < rules.height else { continue }
      for column in 0..<rules.width { rules.put(sign, row, column) }
    }
    for (value, sign) in down {
      guard let column = cell(frame.x(value) / 2), column < rules.width else { continue }
      for row in 0..<rules.height {
        rules.put(rules.character(row, column) == "─" ? "┼" : sign, row, column)
      }
    }
  }

  /// Puts a series' letter on its curve at a few places, where no other letter is.
  private func write(
    _ letter: Character, of series: PlottedSeries, _ index: Int, on marks: inout CharacterGrid,
    _ frame: TextFrame
  ) {
    if case .points = series.form { return }
    var next = 3 + index * 3
    let period = max(14, 4 * plan.series.count)
    for segment in series.segments {
      for (from, to) in zip(segment, segment.dropFirst()) {
        let (a, b) = (frame.place(from), frame.place(to))
        while b.x > a.x, Double(next * 2) >= a.x, Double(next * 2) <= b.x, next < marks.width {
          let share = (Double(next * 2) - a.x) / (b.x - a.x)
          if let row = cell((a.y + (b.y - a.y) * share) / 4), marks.isEmpty(row, next) {
            marks.put(letter, row, next)
          }
          next += period
        }
      }
    }
    if let last = series.last, let cell = frame.cell(last) {
      marks.put(letter, cell.row, min(cell.column, marks.width - 1))
    }
  }
}

/// Bars with names, one to a line.
struct TextBars {
  let plan: PanelPlan
  let names: [String]
  let width: Int

  var lines: [String] {
    guard !plan.isEmpty else { return ["no data"] }
    let labelWidth = min(width / 3, names.map { TextWidth.columns($0) }.max() ?? 0)
    let values = plan.series.flatMap(\.samples)
    func label(_ sample: Sample) -> String {
      let value = NumberText.label(sample.y, digits: 4)
      return sample.error > 0 ? value + " ± " + NumberText.label(sample.error, digits: 2) : value
    }
    let valueWidth = values.map { label($0).count }.max() ?? 0
    let room = max(4, width - labelWidth - valueWidth - 4)
    let scale = plan.y.scale(0, Double(room * 8))
    let base = plan.y.kind == .log ? plan.y.lower : min(max(0, plan.y.lower), plan.y.upper)
    let zero = scale(base)
    var lines: [String] = []
    for (place, name) in names.enumerated() {
      for (index, series) in plan.series.enumerated() {
        let found = series.samples.first { $0.x == Double(place) }
        let title = index == 0 ? TextWidth.fit(name, columns: labelWidth) : ""
        var line = TextWidth.pad(title, columns: labelWidth, toLeft: true) + " │"
        if let sample = found {
          line += bar(
            from: zero, to: Frame.limit(scale(sample.y)), within: Double(room * 8), shade: index)
          line += " " + label(sample)
        }
        while line.last == " " { line.removeLast() }
        lines.append(line)
      }
    }
    return lines
  }

  /// What the bars of a series are made of.
  static func fill(_ index: Int) -> Character { ["█", "▒", "▓", "░"][index % 4] }

  private func bar(from zero: Double, to end: Double, within limit: Double, shade: Int) -> String {
    let eighths = Array(" ▏▎▍▌▋▊▉█")
    let fill = TextBars.fill(shade)
    // A requested range may end before the bar does.
    let low = min(max(min(zero, end), 0), limit)
    let high = min(max(max(zero, end), 0), limit)
    guard let start = Int(exactly: (low / 8).rounded()),
      let units = Int(exactly: (high - low).rounded())
    else { return "" }
    var text = String(repeating: " ", count: max(0, start))
    text += String(repeating: fill, count: max(0, units / 8))
    if units % 8 > 0, shade == 0 { text.append(eighths[units % 8]) }
    if units == 0 { text.append("▏") }
    return text
  }
}

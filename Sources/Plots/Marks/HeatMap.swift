internal import Catalog

/// A matrix as coloured cells with a colour bar.
struct HeatMap: Picture {
  private let matrix: Matrix
  private let rows: Int
  private let columns: Int
  /// Row-major; `nan` where a number is missing.
  private let values: [Double]
  private let lower: Double
  private let upper: Double
  private let isDiverging: Bool
  /// Cells averaged into one, per side; 1: none.
  private let block: Int

  init(_ matrix: Matrix) {
    self.matrix = matrix
    let wanted = max(0, matrix.rows).multipliedReportingOverflow(by: max(0, matrix.columns))
    let isWhole = !wanted.overflow && wanted.partialValue <= matrix.values.count
    let fullRows = isWhole ? max(0, matrix.rows) : 0
    let fullColumns = isWhole ? max(0, matrix.columns) : 0
    let block = max(1, (max(fullRows, fullColumns) + 511) / 512)
    self.block = block
    rows = (fullRows + block - 1) / block
    columns = (fullColumns + block - 1) / block
    if block == 1 {
      values = Array(matrix.values.prefix(rows * columns))
    } else {
      var means: [Double] = []
      for row in 0..<rows {
        for column in 0..<columns {
          var (sum, count) = (0.0, 0.0)
          for i in (row * block)..<min(fullRows, (row + 1) * block) {
            for j in (column * block)..<min(fullColumns, (column + 1) * block) {
              let value = matrix.values[i * fullColumns + j]
              if value.isFinite {
                sum += value
                count += 1
              }
            }
          }
          means.append(count > 0 ? sum / count : .nan)
        }
      }
      values = means
    }
    let finite = values.filter(\.isFinite)
    let least = finite.min() ?? 0
    let most = finite.max() ?? 1
    isDiverging = least < 0 && most > 0
    if isDiverging {
      let reach = max(-least, most)
      (lower, upper) = (-reach, reach)
    } else if least == most {
      let range = Scale.drawable(least, most)
      (lower, upper) = (range.lowerBound, range.upperBound)
    } else {
      (lower, upper) = (least, most)
    }
  }

  var title: String { matrix.title }

  private var isEmpty: Bool { rows == 0 || columns == 0 }

  var sentence: String {
    let size = "\(max(0, matrix.rows)) by \(max(0, matrix.columns)) numbers"
    let subject = title.isEmpty ? "Heat map of " + size : title + ", heat map of " + size
    let finite = values.indices.filter { values[$0].isFinite }
    guard let least = finite.min(by: { values[$0] < values[$1] }),
      let most = finite.max(by: { values[$0] < values[$1] })
    else { return subject + ": no data." }
    func place(_ index: Int) -> String {
      let (row, column) = (index / columns * block, index % columns * block)
      let rowName = row < matrix.rowLabels.count ? matrix.rowLabels[row] : "row \(row)"
      let columnName =
        column < matrix.columnLabels.count ? matrix.columnLabels[column] : "column \(column)"
      return "\(NumberText.label(values[index], digits: 3)) (\(rowName), \(columnName))"
    }
    var text = "\(subject), from \(place(least)) to \(place(most))"
    let missing = values.count - finite.count
    if missing > 0 { text += "; \(missing) not finite" }
    if block > 1 { text += "; cells are means of \(block) by \(block)" }
    return text + "."
  }

  var details: String { sentence }

  private func share(_ value: Double) -> Double {
    // Halves keep ranges near the largest double from overflowing.
    value.isFinite ? (value / 2 - lower / 2) / (upper / 2 - lower / 2) : .nan
  }

  private func colour(_ value: Double) -> Colour {
    Palette.colour(isDiverging ? Palette.diverging : Palette.sequential, at: share(value))
  }

  private var rowLabelWidth: Double {
    min(140, matrix.rowLabels.map { TextWidth.of($0, size: 11) }.max() ?? 0)
  }

  private var showsNumbers: Bool { matrix.showsValues && block == 1 && columns <= 20 && rows <= 20 }

  private func cellSize(_ width: Double?, _ height: Double?) -> (Double, Double) {
    guard !isEmpty else { return (24, 24) }
    let left = 14 + (matrix.rowLabels.isEmpty ? 0 : rowLabelWidth + 8)
    let roomX = (width ?? 640) - left - 84
    let roomY = (height ?? 480) - top - foot
    let side = max(0.5, min(roomX / Double(columns), roomY / Double(rows), showsNumbers ? 46 : 34))
    // Long and thin matrices stretch rather than become a hairline.
    if Double(columns) * side < 120, columns < rows {
      return (min(46, roomX / Double(columns)), side)
    }
    if Double(rows) * side < 60, rows < columns { return (side, min(46, 60 / Double(rows))) }
    return (side, side)
  }

  private var top: Double {
    (title.isEmpty ? 12 : Self.titleHeight + 8) + (matrix.columnLabels.isEmpty ? 0 : 18)
  }

  /// Space below the cells.
  private var foot: Double { block > 1 ? 28 : 14 }

  private var left: Double { 14 + (matrix.rowLabels.isEmpty ? 0 : rowLabelWidth + 8) }

  func size(width: Double?, height: Double?) -> (width: Double, height: Double) {
    if isEmpty { return (width ?? 320, height ?? 120) }
    let cell = cellSize(width, height)
    let titled = TextWidth.of(title, size: 14, isBold: true) + 28
    let needed = left + Double(columns) * cell.0 + 84
    return (
      width ?? max(needed, min(640, titled)),
      height ?? max(top + Double(rows) * cell.1 + foot, top + 90)
    )
  }

  func draw(in drawing: inout Drawing, width: Double, height: Double) {
    drawTitle(in: &drawing, 14, width: width)
    if isEmpty {
      drawing.rectangle(14, top, width - 28, height - top - 12, fill: nil, stroke: .grid)
      drawing.text("no data", width / 2, (top + height) / 2, size: 12, anchor: .middle)
      return
    }
    let (cellWidth, cellHeight) = cellSize(width, height)
    if rows * columns > 400 {
      drawImage(in: &drawing, cellWidth, cellHeight)
    } else {
      let gap = cellWidth > 12 && cellHeight > 12 ? 1.0 : 0
      for row in 0..<rows {
        for column in 0..<columns {
          let value = values[row * columns + column]
          let shade = colour(value)
          let x = left + Double(column) * cellWidth
          let y = top + Double(row) * cellHeight
          drawing.rectangle(
            x, y, cellWidth - gap, cellHeight - gap, fill: .fixed(shade.hex))
          guard showsNumbers else { continue }
          let label = NumberText.typographic(NumberText.label(value, digits: 3))
          let size = TextWidth.of(label, size: 11) > cellWidth - 4 ? 10.0 : 11.0
          drawing.text(
            TextWidth.fit(label, size: size, within: cellWidth), x + (cellWidth - gap) / 2,
            y + (cellHeight - gap) / 2 + 4, size: size,
            fill: .fixed(shade.isLight ? "#1F2328" : "#FFFFFF"), anchor: .middle)
        }
      }
    }
    drawLabels(in: &drawing, cellWidth, cellHeight)
    drawBar(in: &drawing, left + Double(columns) * cellWidth + 16, cellHeight)
    if block > 1 {
      drawing.text("each cell is the mean of \(block) × \(block)", left, height - 8, size: 10)
    }
  }

  private func drawImage(in drawing: inout Drawing, _ cellWidth: Double, _ cellHeight: Double) {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(values.count * 3)
    for value in values {
      let shade = colour(value)
      pixels += [shade.red, shade.green, shade.blue]
    }
    let factor = max(1, min(6, Int(exactly: min(cellWidth, cellHeight).rounded()) ?? 1))
    guard
      let png = PNG.encode(
        width: columns, height: rows, format: .colour, pixels: pixels, enlarged: factor)
    else { return }
    drawing.image(
      png, left, top, Double(columns) * cellWidth, Double(rows) * cellHeight)
  }

  private func drawLabels(in drawing: inout Drawing, _ cellWidth: Double, _ cellHeight: Double) {
    var free = -Double.infinity
    for (row, label) in matrix.rowLabels.prefix(matrix.rows).enumerated() {
      let y = top + (Double(row / block) + 0.5) * cellHeight
      guard y - 6 >= free else { continue }
      drawing.text(
        TextWidth.fit(label, size: 11, within: rowLabelWidth + 1), left - 8, y + 4, anchor: .end)
      free = y + 6
    }
    free = -Double.infinity
    for (column, label) in matrix.columnLabels.prefix(matrix.columns).enumerated() {
      let x = left + (Double(column / block) + 0.5) * cellWidth
      let short = TextWidth.fit(label, size: 11, within: max(cellWidth * 1.6, 24))
      let half = TextWidth.of(short, size: 11) / 2
      guard x - half >= free else { continue }
      drawing.text(short, x, top - 6, anchor: .middle)
      free = x + half + 2
    }
  }

  private func drawBar(in drawing: inout Drawing, _ x: Double, _ cellHeight: Double) {
    let tall = max(70, min(220, Double(rows) * cellHeight))
    let steps = 48
    var pixels: [UInt8] = []
    for step in 0..<steps {
      let shade = Palette.colour(
        isDiverging ? Palette.diverging : Palette.sequential,
        at: 1 - (Double(step) + 0.5) / Double(steps))
      pixels += [shade.red, shade.green, shade.blue]
    }
    if let png = PNG.encode(width: 1, height: steps, format: .colour, pixels: pixels) {
      drawing.image(png, x, top, 10, tall)
    }
    let scale = Scale(.linear, lower, upper, to: top + tall, top)
    let range = Scale.drawable(lower, upper)
    for tick in Ticks.linear(range.lowerBound, range.upperBound, target: tall > 120 ? 5 : 3)
    where tick.value >= lower && tick.value <= upper {
      let y = scale(tick.value)
      drawing.line(x + 10, y, x + 14, y, stroke: .axis)
      drawing.text(TextWidth.fit(tick.typographic, size: 11, within: 48), x + 18, y + 4)
    }
  }

  func text(width: Int, height: Int) -> [String] {
    var lines: [String] = title.isEmpty ? [] : [TextWidth.fit(title, columns: width)]
    if isEmpty { return lines + ["no data"] }
    let shades = Array(" ░▒▓█")
    let labelWidth = min(16, matrix.rowLabels.map { TextWidth.columns($0) }.max() ?? 0)
    let room = max(1, width - labelWidth - (labelWidth > 0 ? 1 : 0))
    if showsNumbers {
      let numbers = values.map { NumberText.label($0, digits: 3) }
      let heads = matrix.columnLabels.map { TextWidth.fit($0, columns: 10) }
      let cell = max(
        numbers.map(\.count).max() ?? 1, heads.map { TextWidth.columns($0) }.max() ?? 0)
      if (cell + 3) * columns <= room {
        if !heads.isEmpty {
          var line = String(repeating: " ", count: labelWidth)
          for head in heads.prefix(columns) {
            line += "  " + TextWidth.pad(head, columns: cell, toLeft: true) + " "
          }
          lines.append(line)
        }
        for row in 0..<rows {
          let label = row < matrix.rowLabels.count ? matrix.rowLabels[row] : ""
          var line = TextWidth.pad(
            TextWidth.fit(label, columns: labelWidth), columns: labelWidth, toLeft: true)
          for column in 0..<columns {
            let index = row * columns + column
            let place = min(4, max(0, Int(exactly: (share(values[index]) * 4).rounded()) ?? 0))
            line +=
              "  " + TextWidth.pad(numbers[index], columns: cell, toLeft: true)
              + String(shades[place])
          }
          lines.append(line)
        }
        return lines
      }
    }
    let acrossBlock = max(1, (columns + room - 1) / room)
    let isWide = acrossBlock == 1 && columns * 2 <= room
    let downBlock = max(1, max((rows + 23) / 24, acrossBlock / 2))
    for first in stride(from: 0, to: rows, by: downBlock) {
      let label = first < matrix.rowLabels.count ? matrix.rowLabels[first] : ""
      var line =
        labelWidth > 0
        ? TextWidth.pad(
          TextWidth.fit(label, columns: labelWidth), columns: labelWidth, toLeft: true) + " " : ""
      for start in stride(from: 0, to: columns, by: acrossBlock) {
        var (sum, count) = (0.0, 0.0)
        for row in first..<min(rows, first + downBlock) {
          for column in start..<min(columns, start + acrossBlock) {
            let part = share(values[row * columns + column])
            if part.isFinite {
              sum += part
              count += 1
            }
          }
        }
        let place = count > 0 ? Int(exactly: (sum / count * 4).rounded()) ?? 0 : 0
        let sign: Character = count > 0 ? shades[min(4, max(0, place))] : "?"
        line += String(repeating: sign, count: isWide ? 2 : 1)
      }
      lines.append(line)
    }
    lines.append(
      "scale:"
        + shades.enumerated().map { index, shade in
          let value = lower / 2 + (upper / 2 - lower / 2) * Double(index) / 4
          return " \(shade)\(shade) \(NumberText.label(value * 2, digits: 3))"
        }.joined())
    return lines
  }
}

internal import Catalog

/// Small pictures in rows, each pixel square, with a word below each.
struct ImageGrid: Picture {
  /// More than these are not shown at once.
  static let most = 400

  private let sheet: ImageSheet
  private let count: Int
  private let columns: Int
  private let scale: Int
  private let gap = 2

  init(_ sheet: ImageSheet) {
    self.sheet = sheet
    let pixels = max(0, sheet.width).multipliedReportingOverflow(by: max(0, sheet.height))
    let bytes = pixels.partialValue.multipliedReportingOverflow(by: sheet.channels == 3 ? 3 : 1)
    let isSound =
      !pixels.overflow && !bytes.overflow && bytes.partialValue > 0
      && sheet.width <= 8192 && sheet.height <= 8192
    let held = isSound ? sheet.pixels.count / bytes.partialValue : 0
    count = min(max(0, sheet.count), held, ImageGrid.most)
    columns = max(1, min(sheet.columns, max(1, count)))
    let widest = 700 / max(1, columns) - gap
    scale = max(1, min(isSound ? 56 / max(1, sheet.width) : 1, widest / max(1, sheet.width)))
  }

  var title: String { sheet.title }
  private var channels: Int { sheet.channels == 3 ? 3 : 1 }
  private var rows: Int { (count + columns - 1) / columns }
  private var hasLabels: Bool { !sheet.labels.isEmpty }

  var sentence: String {
    let subject = title.isEmpty ? "" : title + ": "
    guard count > 0 else { return subject + "no images." }
    let kind = channels == 3 ? "colour" : "grey"
    var text =
      "\(subject)\(count) \(kind) image\(count == 1 ? "" : "s") of "
      + "\(sheet.width) by \(sheet.height) pixels"
    if rows > 1 { text += " in \(rows) rows of \(columns)" }
    if hasLabels {
      text += ": " + sheet.labels.prefix(min(count, 40)).joined(separator: " ")
      if count > 40 { text += " …" }
    }
    if sheet.count > count { text += " (\(sheet.count - count) more not shown)" }
    return text + (text.hasSuffix("…") ? "" : ".")
  }

  var details: String { sentence }

  /// The cell in sheet pixels: image, gap, and space for the label's text.
  private var cell: (width: Int, height: Int) {
    let label = hasLabels ? (15 + scale - 1) / scale : 0
    return (sheet.width + gap, sheet.height + gap + label)
  }

  private func shrink(_ width: Double?) -> Double {
    let natural = Double(columns * cell.width * scale)
    return min(1, ((width ?? 960) - 28) / max(1, natural))
  }

  private var top: Double { title.isEmpty ? 12 : Self.titleHeight + 6 }

  func size(width: Double?, height: Double?) -> (width: Double, height: Double) {
    guard count > 0 else { return (width ?? 320, height ?? 120) }
    let factor = Double(scale) * shrink(width)
    let titled = min(640, TextWidth.of(title, size: 14, isBold: true) + 28)
    return (
      width ?? max(titled, Double(columns * cell.width) * factor + 28),
      height ?? top + Double(rows * cell.height) * factor + 10
    )
  }

  func draw(in drawing: inout Drawing, width: Double, height: Double) {
    drawTitle(in: &drawing, 14, width: width)
    guard count > 0 else {
      drawing.rectangle(14, top, width - 28, height - top - 12, fill: nil, stroke: .grid)
      drawing.text("no data", width / 2, (top + height) / 2, size: 12, anchor: .middle)
      return
    }
    let factor = Double(scale) * shrink(width)
    let (across, down) = (columns * cell.width, rows * cell.height)
    let bytes = channels + 1
    var pixels = [UInt8](repeating: 0, count: across * down * bytes)
    for index in 0..<count {
      let x = index % columns * cell.width
      let y = index / columns * cell.height
      let source = index * sheet.width * sheet.height * channels
      for row in 0..<sheet.height {
        var target = ((y + row) * across + x) * bytes
        var from = source + row * sheet.width * channels
        for _ in 0..<sheet.width {
          for channel in 0..<channels { pixels[target + channel] = sheet.pixels[from + channel] }
          pixels[target + channels] = 255
          target += bytes
          from += channels
        }
      }
    }
    let format: PNG.Format = channels == 3 ? .colourAlpha : .greyAlpha
    // Not every viewer keeps pixels square, so they are made larger here.
    let enlarged = across * down <= 400_000 ? min(scale, 4) : 1
    if let png = PNG.encode(
      width: across, height: down, format: format, pixels: pixels, enlarged: enlarged)
    {
      drawing.image(png, 14, top, Double(across) * factor, Double(down) * factor)
    }
    guard hasLabels else { return }
    drawing.open("text-anchor=\"middle\"", fill: .text, inherits: false)
    let room = Double(cell.width) * factor
    for (index, label) in sheet.labels.prefix(count).enumerated() {
      let x = 14 + (Double(index % columns * cell.width) + Double(sheet.width) / 2) * factor
      let y = top + Double(index / columns * cell.height + sheet.height) * factor + 12
      drawing.label(TextWidth.fit(label, size: 11, within: room), x, y)
    }
    drawing.close()
  }

  func text(width: Int, height: Int) -> [String] {
    var lines: [String] = title.isEmpty ? [] : [TextWidth.fit(title, columns: width)]
    guard count > 0 else { return lines + ["no data"] }
    // Dots stand for pixels as they are up to a width of 34; larger pictures are sampled.
    let dotsWide = min(sheet.width, max(8, min(68, 2 * (width / min(columns, 5) - 2))))
    let dotsHigh = max(4, sheet.height * dotsWide / max(1, sheet.width))
    let (blockWidth, blockHeight) = ((dotsWide + 1) / 2, (dotsHigh + 3) / 4)
    guard blockHeight <= 40 else { return lines + ["(too tall for text)"] }
    let perRow = max(1, min(columns, (width + 2) / (blockWidth + 2)))
    let shown = min(count, perRow * max(1, min(2, 20 / blockHeight)))
    for first in stride(from: 0, to: shown, by: perRow) {
      var block: [String] = []
      for index in first..<min(shown, first + perRow) {
        var part = dots(index, wide: dotsWide, high: dotsHigh)
        if index < sheet.labels.count {
          let label = TextWidth.fit(sheet.labels[index], columns: blockWidth)
          let indent = (blockWidth - TextWidth.columns(label)) / 2
          part.append(String(repeating: " ", count: max(0, indent)) + label)
        }
        block =
          index == first
          ? part
          : TextBlocks.beside(
            block, part, width: (index - first) * (blockWidth + 2) - 2, gap: 2)
      }
      lines += block.map { line in
        var line = line
        while line.last == " " { line.removeLast() }
        return line
      }
    }
    if shown < sheet.count { lines.append("… and \(sheet.count - shown) more") }
    return lines
  }

  /// Light parts as dots, grey ones by an ordered pattern.
  private func dots(_ index: Int, wide: Int, high: Int) -> [String] {
    let pattern = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5]
    var canvas = BrailleCanvas(columns: (wide + 1) / 2, rows: (high + 3) / 4)
    let source = index * sheet.width * sheet.height * channels
    for y in 0..<high {
      for x in 0..<wide {
        let row = y * sheet.height / high
        let column = x * sheet.width / wide
        var level = 0
        for channel in 0..<channels {
          level += Int(sheet.pixels[source + (row * sheet.width + column) * channels + channel])
        }
        level /= channels
        if level > 24 + pattern[y % 4 * 4 + x % 4] * 13 { canvas.set(x, y) }
      }
    }
    return (0..<canvas.rows).map { row in
      String((0..<canvas.columns).map { canvas.character(row, $0) ?? " " })
    }
  }
}

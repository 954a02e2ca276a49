internal import Catalog

/// Pictures of any kind side by side, each drawn in its own size.
struct PictureGrid: Picture {
  let title: String
  private let pictures: [any Picture]
  private let columns: Int
  private let gap = 8.0

  init(_ pictures: [any Picture], columns: Int, title: String) {
    self.pictures = Array(pictures.prefix(GraphPicture.mostPanels))
    self.columns = max(1, min(columns, max(1, pictures.count)))
    self.title = title
  }

  var sentence: String {
    if pictures.isEmpty { return "Empty figure." }
    let parts = pictures.prefix(4).map { picture in
      let text = picture.sentence
      return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
    let more = pictures.count > 4 ? "; and \(pictures.count - 4) more" : ""
    return "\(pictures.count) pictures: " + parts.joined(separator: "; ") + more + "."
  }

  var details: String { pictures.map(\.details).joined(separator: ". ") }

  /// Each picture's size, scaled to its column; rows are as tall as their tallest.
  private func sizes(_ width: Double?) -> (cells: [(Double, Double)], total: (Double, Double)) {
    let wide = width ?? (columns == 1 ? 640 : min(1080, 420 * Double(columns)))
    let each = (wide - gap * Double(columns - 1)) / Double(columns)
    let cells = pictures.map { picture -> (Double, Double) in
      if picture is GraphPicture {
        let natural = picture.size(width: each, height: columns > 1 ? max(200, each * 0.72) : nil)
        return (natural.width, natural.height)
      }
      let natural = picture.size(width: nil, height: nil)
      if natural.width <= each { return (natural.width, natural.height) }
      let fitted = picture.size(width: each, height: nil)
      return (fitted.width, fitted.height)
    }
    var total = title.isEmpty ? 0.0 : Self.titleHeight
    for first in stride(from: 0, to: cells.count, by: columns) {
      total += cells[first..<min(cells.count, first + columns)].map(\.1).max() ?? 0
      total += first > 0 ? gap : 0
    }
    return (cells, (wide, max(60, total)))
  }

  func size(width: Double?, height: Double?) -> (width: Double, height: Double) {
    let total = sizes(width).total
    return (total.0, total.1)
  }

  func draw(in drawing: inout Drawing, width: Double, height: Double) {
    drawTitle(in: &drawing, 14, width: width)
    let cells = sizes(width).cells
    var y = title.isEmpty ? 0.0 : Self.titleHeight
    let each = (width - gap * Double(columns - 1)) / Double(columns)
    for first in stride(from: 0, to: cells.count, by: columns) {
      var tallest = 0.0
      for index in first..<min(cells.count, first + columns) {
        let x = Double(index - first) * (each + gap)
        drawing.open(
          "transform=\"translate(\(NumberText.coordinate(x)) \(NumberText.coordinate(y)))\"")
        pictures[index].draw(in: &drawing, width: cells[index].0, height: cells[index].1)
        drawing.close()
        tallest = max(tallest, cells[index].1)
      }
      y += tallest + gap
    }
  }

  func text(width: Int, height: Int) -> [String] {
    var lines: [String] = title.isEmpty ? [] : [title]
    for (index, picture) in pictures.enumerated() {
      if index > 0 { lines.append("") }
      lines += picture.text(width: width, height: height)
    }
    return lines.isEmpty ? ["no data"] : lines
  }
}

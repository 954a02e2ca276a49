internal import Catalog

/// A curve the size of a word.
struct Sparkline: Picture {
  private let values: [Double]
  private let missing: Int

  init(_ values: [Double]) {
    self.values = values.filter(\.isFinite)
    missing = values.count - self.values.count
  }

  var title: String { "" }

  var sentence: String {
    guard let first = values.first, let last = values.last else { return "no data" }
    func number(_ value: Double) -> String { NumberText.label(value, digits: 3) }
    let lost = missing > 0 ? ", \(missing) not finite" : ""
    if first == last { return "\(values.count) values, from and to \(number(first))\(lost)" }
    return "\(first < last ? "rises" : "falls") from \(number(first)) to \(number(last))\(lost)"
  }

  var details: String { sentence }

  func size(width: Double?, height: Double?) -> (width: Double, height: Double) {
    (width ?? 160, height ?? 32)
  }

  func draw(in drawing: inout Drawing, width: Double, height: Double) {
    guard let least = values.min(), let most = values.max() else {
      drawing.text("no data", width / 2, height / 2 + 4, anchor: .middle)
      return
    }
    let range = Scale.drawable(least, most)
    let y = Scale(.linear, range.lowerBound, range.upperBound, to: height - 5, 5)
    let x = Scale(.linear, 0, Double(max(1, values.count - 1)), to: 5, width - 6)
    let places = values.enumerated().map {
      (x: x(Double($0.offset)), y: Frame.limit(y($0.element)))
    }
    drawing.path(
      Thinning.path(Thinning.reduce(places)), fill: nil, stroke: .series(0),
      more: "stroke-width=\"1.5\" stroke-linejoin=\"round\"")
    if let last = places.last { drawing.circle(last.x, last.y, 2.5, fill: .series(0)) }
  }

  func text(width: Int, height: Int) -> [String] { [Sparkline.line(values, width: min(40, width))] }

  /// `▁▃▇▅`, at most `width` characters; longer series are averaged in groups.
  static func line(_ values: [Double], width: Int) -> String {
    let finite = values.filter(\.isFinite)
    guard width > 0, !finite.isEmpty else { return "" }
    let count = min(width, finite.count)
    let groups = (0..<count).map { index in
      let group = finite[(index * finite.count / count)..<((index + 1) * finite.count / count)]
      return group.reduce(0) { $0 + $1 / Double(group.count) }
    }
    let range = Scale.drawable(groups.min() ?? 0, groups.max() ?? 1)
    let scale = Scale(.linear, range.lowerBound, range.upperBound, to: 0, 7)
    let blocks = Array("▁▂▃▄▅▆▇█")
    return String(
      groups.map { blocks[min(7, max(0, Int(exactly: scale($0).rounded()) ?? 0))] })
  }
}

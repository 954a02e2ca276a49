/// Something that can be drawn, written as text and put into words.
protocol Picture {
  /// Shown above it; may be empty.
  var title: String { get }
  /// What it says, in one sentence; the first line of its text form.
  var sentence: String { get }
  /// More than the sentence: ranges, extremes, last values.
  var details: String { get }
  /// The size in pixels it wants, given what was asked for.
  func size(width: Double?, height: Double?) -> (width: Double, height: Double)
  /// Draws it, its upper left corner at 0, 0.
  func draw(in drawing: inout Drawing, width: Double, height: Double)
  /// Its lines of text.
  func text(width: Int, height: Int) -> [String]
}

extension Picture {
  /// Space taken by a title.
  static var titleHeight: Double { 28 }

  func drawTitle(in drawing: inout Drawing, _ x: Double, width: Double) {
    guard !title.isEmpty else { return }
    drawing.text(
      TextWidth.fit(title, size: 14, within: width - 2 * x, isBold: true), x, 21, size: 14,
      fill: .text, isBold: true)
  }
}

internal import Catalog

/// How wide text will be, without knowing the font: Helvetica's advances with some slack.
enum TextWidth {
  /// Advances of U+0020 … U+007E in thousandths of the size.
  private static let advances: [UInt16] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
  ]

  /// Width in pixels at a font size, 8 % slack included.
  static func of(_ text: String, size: Double, isBold: Bool = false) -> Double {
    var thousandths = 0
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x20...0x7E: thousandths += Int(advances[Int(scalar.value - 0x20)])
      case 0x2009: thousandths += 180
      case 0x2070...0x209F, 0xB2, 0xB3, 0xB9: thousandths += 350
      case 0x300...0x36F: break
      default: thousandths += scalar.isWide ? 1000 : 600
      }
    }
    return Double(thousandths) / 1000 * size * 1.08 * (isBold ? 1.06 : 1)
  }

  /// The text, shortened with an ellipsis so that it fits.
  static func fit(_ text: String, size: Double, within width: Double, isBold: Bool = false)
    -> String
  {
    if of(text, size: size, isBold: isBold) <= width { return text }
    var kept = text
    while !kept.isEmpty, of(kept + "…", size: size, isBold: isBold) > width { kept.removeLast() }
    return kept.isEmpty ? "" : kept + "…"
  }

  /// Columns a terminal needs for a text.
  static func columns(_ text: String) -> Int {
    text.reduce(0) { $0 + columns($1) }
  }

  static func columns(_ character: Character) -> Int {
    character.unicodeScalars.first.map { $0.isWide ? 2 : 1 } ?? 0
  }

  /// The text shortened to so many terminal columns.
  static func fit(_ text: String, columns limit: Int) -> String {
    if columns(text) <= limit { return text }
    var kept = ""
    var used = 0
    for character in text {
      let width = columns(character)
      if used + width > limit - 1 { break }
      kept.append(character)
      used += width
    }
    return limit > 0 ? kept + "…" : ""
  }

  /// The text with spaces to its right, or to its left, up to so many columns.
  static func pad(_ text: String, columns limit: Int, toLeft: Bool = false) -> String {
    let spaces = String(repeating: " ", count: max(0, limit - columns(text)))
    return toLeft ? spaces + text : text + spaces
  }
}

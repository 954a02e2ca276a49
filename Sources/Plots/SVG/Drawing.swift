internal import Catalog

/// SVG elements in the making; the same calls give the same bytes.
///
/// Colours are presentation attributes; a class beside them lets the one media query of the
/// document recolour them. Identifiers stand as a marker until the content is known.
struct Drawing {
  enum Anchor: String {
    case start
    case middle
    case end
  }

  /// Stands for the document's identifier until the content has been hashed.
  static let marker: Character = "\u{1}"

  private(set) var body = ""
  /// Inks used as fill and as stroke.
  private(set) var fills: Set<Ink> = []
  private(set) var strokes: Set<Ink> = []
  private var clips = 0
  let theme: Context.Theme

  init(theme: Context.Theme) {
    self.theme = theme
  }

  private mutating func paint(fill: Ink?, stroke: Ink?) -> String {
    let (fill, stroke) = (fill.map(plain), stroke.map(plain))
    var classes: [String] = []
    if theme == .auto {
      if let fill, let name = fill.name {
        classes.append("f\(name)")
        fills.insert(fill)
      }
      if let stroke, let name = stroke.name {
        classes.append("s\(name)")
        strokes.insert(stroke)
      }
    }
    func colour(_ ink: Ink) -> String { theme == .dark ? ink.dark : ink.light }
    var text = classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
    text += " fill=\"\(fill.map(colour) ?? "none")\""
    if let stroke { text += " stroke=\"\(colour(stroke))\"" }
    return text
  }

  /// All grey series share one ink.
  private func plain(_ ink: Ink) -> Ink {
    if case .series(let index) = ink, index > 8 { .series(8) } else { ink }
  }

  mutating func open(
    _ attributes: String = "", fill: Ink? = nil, stroke: Ink? = nil, inherits: Bool = true
  ) {
    let colours = inherits ? "" : paint(fill: fill, stroke: stroke)
    body += "<g\(colours)\(attributes.isEmpty ? "" : " " + attributes)>\n"
  }

  mutating func close() { body += "</g>\n" }

  /// Adds an element as it is.
  mutating func raw(_ element: String) { body += element }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, stroke: Ink, width: Double = 1,
    dash: String = ""
  ) {
    let colours = paint(fill: nil, stroke: stroke)
    body += "<path d=\"M\(n(x1)) \(n(y1))L\(n(x2)) \(n(y2))\"\(colours)"
    if width != 1 { body += " stroke-width=\"\(n(width))\"" }
    if !dash.isEmpty { body += " stroke-dasharray=\"\(dash)\"" }
    body += "/>\n"
  }

  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: Ink?, stroke: Ink? = nil,
    more: String = ""
  ) {
    let colours = paint(fill: fill, stroke: stroke)
    body += "<rect x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\""
    body += "\(colours)\(more.isEmpty ? "" : " " + more)/>\n"
  }

  mutating func circle(
    _ x: Double, _ y: Double, _ radius: Double, fill: Ink?, stroke: Ink? = nil, width: Double = 1
  ) {
    let colours = paint(fill: fill, stroke: stroke)
    body += "<circle cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"\(n(radius))\"\(colours)"
    if stroke != nil, width != 1 { body += " stroke-width=\"\(n(width))\"" }
    body += "/>\n"
  }

  mutating func path(_ data: String, fill: Ink?, stroke: Ink? = nil, more: String = "") {
    guard !data.isEmpty else { return }
    let colours = paint(fill: fill, stroke: stroke)
    body += "<path d=\"\(data)\"\(colours)\(more.isEmpty ? "" : " " + more)/>\n"
  }

  /// - Parameter hasHalo: whether the ground shows around the letters, over lines.
  mutating func text(
    _ text: String, _ x: Double, _ y: Double, size: Double = 11, fill: Ink = .muted,
    anchor: Anchor = .start, isBold: Bool = false, hasHalo: Bool = false
  ) {
    guard !text.isEmpty else { return }
    let colours = paint(fill: fill, stroke: hasHalo ? .surface : nil)
    body += "<text x=\"\(n(x))\" y=\"\(n(y))\"\(colours)"
    if size != 11 { body += " font-size=\"\(n(size))\"" }
    if isBold { body += " font-weight=\"600\"" }
    if anchor != .start { body += " text-anchor=\"\(anchor.rawValue)\"" }
    if hasHalo {
      body += " stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\""
    }
    body += ">\(Drawing.escape(text))</text>\n"
  }

  /// A PNG file inside the picture, its pixels kept square.
  mutating func image(_ png: [UInt8], _ x: Double, _ y: Double, _ width: Double, _ height: Double) {
    body += "<image x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\""
    body += " preserveAspectRatio=\"none\" image-rendering=\"pixelated\""
    body += " style=\"image-rendering:pixelated\""
    body += " href=\"data:image/png;base64,\(Base64.encode(png))\"/>\n"
  }

  /// Opens a group that shows only what lies in the rectangle.
  mutating func clip(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
    let name = "\(Drawing.marker)-c\(clips)"
    clips += 1
    body += "<clipPath id=\"\(name)\"><rect x=\"\(n(x))\" y=\"\(n(y))\""
    body += " width=\"\(n(width))\" height=\"\(n(height))\"/></clipPath>\n"
    body += "<g clip-path=\"url(#\(name))\">\n"
  }

  private func n(_ value: Double) -> String { NumberText.coordinate(value) }

  /// Text safe between tags and in attributes; what XML cannot hold is left out.
  static func escape(_ text: String) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": safe += "&amp;"
      case "<": safe += "&lt;"
      case ">": safe += "&gt;"
      case "\"": safe += "&quot;"
      case "'": safe += "&#39;"
      case "\t", "\n", "\r": safe += " "
      default:
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: break
        default: safe.unicodeScalars.append(scalar)
        }
      }
    }
    return safe
  }
}

extension Drawing {
  /// The whole document.
  func document(width: Double, height: Double, title: String, description: String) -> String {
    let family =
      "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', sans-serif"
    let (w, h) = (NumberText.coordinate(width), NumberText.coordinate(height))
    let mark = Drawing.marker
    var text = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"\(mark)\" width=\"\(w)\""
    text += " height=\"\(h)\" viewBox=\"0 0 \(w) \(h)\" role=\"img\""
    text += " aria-labelledby=\"\(mark)-t \(mark)-d\""
    text += " font-family=\"\(family)\" font-size=\"11\">\n"
    text += "<title id=\"\(mark)-t\">\(Drawing.escape(Drawing.shorten(title, to: 100)))</title>\n"
    text += "<desc id=\"\(mark)-d\">\(Drawing.escape(description))</desc>\n"
    text += style
    let ground = theme == .dark ? Ink.surface.dark : Ink.surface.light
    text += "<rect\(theme == .auto ? " class=\"fw\"" : "") width=\"\(w)\" height=\"\(h)\""
    text += " fill=\"\(ground)\"/>\n"
    text += body
    text += "</svg>"
    let name = "g" + Drawing.hash(text)
    return text.split(separator: mark, omittingEmptySubsequences: false).joined(separator: name)
  }

  private var style: String {
    guard theme == .auto else { return "" }
    var rules = ""
    for ink in Ink.themed {
      guard let name = ink.name else { continue }
      if fills.contains(ink) || ink == .surface {
        rules += ".\(Drawing.marker) .f\(name){fill:\(ink.dark)}"
      }
      if strokes.contains(ink) { rules += ".\(Drawing.marker) .s\(name){stroke:\(ink.dark)}" }
    }
    return "<style>@media (prefers-color-scheme:dark){\(rules)}</style>\n"
  }

  static func shorten(_ text: String, to limit: Int) -> String {
    text.count <= limit ? text : text.prefix(limit - 1) + "…"
  }

  /// Seven hexadecimal digits of an FNV-1a hash.
  static func hash(_ text: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash >> 36, radix: 16)
    return String(repeating: "0", count: 7 - digits.count) + digits
  }
}

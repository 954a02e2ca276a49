/// One thing to show, in several forms; plain text is always among them.
public struct Media: Sendable {
  /// What every front end can show; never empty of meaning.
  public var text: String
  public var svg: String?
  public var html: String?
  public var markdown: String?
  /// A PNG file's bytes.
  public var png: [UInt8]?
  /// Further forms by MIME type, such as a widget's view.
  public var others: [(type: String, value: JSON)]
  /// The text alternative of the picture.
  public var alternative: String?
  /// Whether it shows something a clock measured, so that two runs differ.
  public var isVolatile: Bool

  public init(
    _ text: String, svg: String? = nil, html: String? = nil, markdown: String? = nil,
    png: [UInt8]? = nil, others: [(type: String, value: JSON)] = [], alternative: String? = nil,
    isVolatile: Bool = false
  ) {
    self.text = text
    self.svg = svg
    self.html = html
    self.markdown = markdown
    self.png = png
    self.others = others
    self.alternative = alternative
    self.isVolatile = isVolatile
  }

  /// The MIME bundle of the Jupyter protocol and of notebook files: strings, PNG in base64.
  public var bundle: JSON {
    var members: [(key: String, value: JSON)] = [("text/plain", .string(text))]
    if let svg { members.append(("image/svg+xml", .string(svg))) }
    if let html { members.append(("text/html", .string(html))) }
    if let markdown { members.append(("text/markdown", .string(markdown))) }
    if let png { members.append(("image/png", .string(Base64.encode(png)))) }
    for other in others { members.append((other.type, other.value)) }
    return .object(members)
  }

  /// The metadata that goes with `bundle`.
  public var metadata: JSON {
    var members: [(key: String, value: JSON)] = []
    if let alternative, svg != nil {
      members.append(("image/svg+xml", .object([("alt", .string(alternative))])))
    }
    if isVolatile { members.append(("gradus", .object([("volatile", .bool(true))]))) }
    return .object(members)
  }
}

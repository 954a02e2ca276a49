public import Catalog

/// A picture or table: facts, and how they are to be shown.
///
/// A value; drawing it twice gives the same bytes.
public struct Figure: Sendable {
  public enum Content: Sendable {
    case facts(Facts)
    case spark([Double])
    /// Several figures in one; `isShared`: their axes show the same ranges.
    indirect case grid([Figure], columns: Int, isShared: Bool)
  }

  public var content: Content
  /// Shown above a grid; the facts of other figures carry their own.
  public var title: String
  /// In pixels; nil: what suits the content.
  public var width: Double?
  public var height: Double?
  /// nil: the session's.
  public var theme: Context.Theme?

  /// The size of pictures in text.
  public static let textWidth = 72
  public static let textHeight = 18

  public init(
    _ content: Content, title: String = "", width: Double? = nil, height: Double? = nil,
    theme: Context.Theme? = nil
  ) {
    self.content = content
    self.title = title
    self.width = width
    self.height = height
    self.theme = theme
  }

  public init(_ facts: Facts) {
    self.init(.facts(facts))
  }

  /// nil: a table, which is not drawn.
  private var picture: (any Picture)? {
    switch content {
    case .facts(.graph(let graph)): return GraphPicture(graph)
    case .facts(.images(let sheet)): return ImageGrid(sheet)
    case .facts(.matrix(let matrix)): return HeatMap(matrix)
    case .facts(.table): return nil
    case .spark(let values): return Sparkline(values)
    case .grid(let figures, let columns, let isShared):
      let panels = figures.compactMap(\.onlyPanel)
      if panels.count == figures.count, !panels.isEmpty {
        let graph = Graph(title: title, panels: panels, columns: columns)
        return GraphPicture(graph, isShared: isShared)
      }
      return PictureGrid(figures.compactMap(\.picture), columns: columns, title: title)
    }
  }

  /// The panel of a figure that has only one, titled by the figure.
  private var onlyPanel: Panel? {
    guard case .facts(.graph(let graph)) = content, graph.panels.count == 1 else { return nil }
    var panel = graph.panels[0]
    if panel.title.isEmpty { panel.title = graph.title }
    return panel
  }

  private var table: TableView? {
    if case .facts(.table(let table)) = content { TableView(table) } else { nil }
  }

  /// What it shows, in a sentence.
  public var alternative: String {
    picture?.sentence ?? table?.sentence ?? ""
  }

  /// The sentence with ranges, extremes and last values.
  public var description: String {
    guard let picture else { return alternative }
    let details = picture.details
    return details.isEmpty || details == picture.sentence
      ? picture.sentence : picture.sentence + " " + details + "."
  }

  /// The picture as an SVG document; nil for a table.
  public func svg(theme session: Context.Theme = .auto) -> String? {
    guard let picture else { return nil }
    var drawing = Drawing(theme: theme ?? session)
    let size = picture.size(width: width, height: height)
    picture.draw(in: &drawing, width: size.width, height: size.height)
    let sentence = picture.sentence
    return drawing.document(
      width: size.width, height: size.height,
      title: picture.title.isEmpty ? sentence : picture.title, description: description)
  }

  /// The table as HTML; nil for a picture.
  public var html: String? { table?.html }

  /// The picture in characters.
  public var text: String {
    let lines =
      picture?.text(width: Figure.textWidth, height: Figure.textHeight) ?? table?.lines ?? []
    return lines.joined(separator: "\n")
  }

  /// All its forms; the text starts with the sentence.
  public func media(theme session: Context.Theme = .auto, isVolatile: Bool = false) -> Media {
    if let table {
      return Media(
        table.lines.joined(separator: "\n"), html: table.html, isVolatile: isVolatile)
    }
    return Media(
      alternative + "\n" + text, svg: svg(theme: session), alternative: alternative,
      isVolatile: isVolatile)
  }
}

public import Catalog

/// A figure in the hands of a script: shown as a cell's result, saved, asked for its text.
public final class FigureObject: Object {
  public static let type = ObjectType(
    "Figure", "A picture or table, shown as SVG or HTML and as text."
  ) {
    [
      .attribute(
        of: FigureObject.self, "svg", "The picture as an SVG document; None for a table.",
        returns: "str or None", example: "plot([1, 3, 2]).svg[:4]"
      ) { $0.figure.svg(theme: .light).map { .string($0) } ?? .none },
      .attribute(
        of: FigureObject.self, "html", "The table as HTML; None for a picture.",
        returns: "str or None", example: "table([[1, 2]]).html"
      ) { $0.figure.html.map { .string($0) } ?? .none },
      .attribute(
        of: FigureObject.self, "text", "The picture in characters.", returns: "str",
        example: "spark([3, 1, 2]).text"
      ) { .string($0.figure.text) },
      .attribute(
        of: FigureObject.self, "description",
        "What the picture shows, with ranges, extremes and last values.", returns: "str",
        example: "plot([1, 3, 2]).description"
      ) { .string($0.figure.description) },
      .method(
        of: FigureObject.self, "save",
        "Writes the figure to a file: .svg, .png, .pdf, .txt, and .html for tables.",
        Parameter("path", String.self, "where to; relative paths start at the working directory"),
        Parameter(
          "scale", Double.self, "pixels of a PNG per pixel of the figure",
          where: .within(0.1, 20), default: { 2 }),
        .context, returns: "None", example: "plot([1, 3, 2]).save(\"curve.svg\")"
      ) { object, path, scale, context in
        try Export.save(object.figure, to: path, scale: scale, context: context)
        return .none
      },
    ]
  }

  public let figure: Figure

  public init(_ figure: Figure) {
    self.figure = figure
  }

  public var type: ObjectType { FigureObject.type }
  public var text: String { "<Figure: \(figure.alternative)>" }
  public var brief: String { "figure" }

  public func display(_ context: Context) -> Media {
    figure.media(theme: context.theme)
  }

  public func facts() -> Facts? {
    if case .facts(let facts) = figure.content { facts } else { nil }
  }
}

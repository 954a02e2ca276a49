internal import Catalog

/// What all plots can be told: titles, logarithmic axes, ranges, size, theme.
struct PlotOptions {
  /// Which axes are logarithmic.
  enum Log: String, Choice {
    case no = ""
    case x
    case y
    case xy
  }

  var title: String?
  var xlabel: String?
  var ylabel: String?
  var log = Log.no
  var xlim: [Double]?
  var ylim: [Double]?
  var width: Int?
  var height: Int?
  var theme: Context.Theme?

  static let title = Parameter(
    "title", String?.self, "above the figure", passing: .keywordOnly, default: { nil })
  static let xlabel = Parameter(
    "xlabel", String?.self, "what runs along the x axis, with its unit", also: ["x_label"],
    passing: .keywordOnly, default: { nil })
  static let ylabel = Parameter(
    "ylabel", String?.self, "what runs along the y axis, with its unit", also: ["y_label"],
    passing: .keywordOnly, default: { nil })
  static let log = Parameter(
    "log", Log.self, "axes with a logarithmic scale", passing: .keywordOnly, default: { .no })
  static let xlim = Parameter(
    "xlim", [Double]?.self, "lower and upper end of the x axis", passing: .keywordOnly,
    default: { nil })
  static let ylim = Parameter(
    "ylim", [Double]?.self, "lower and upper end of the y axis", passing: .keywordOnly,
    default: { nil })
  static let width = Parameter(
    "width", Int?.self, "in pixels", passing: .keywordOnly,
    where: Parameter.Range("from 60 to 4000") { $0.map { (60...4000).contains($0) } ?? true },
    default: { nil })
  static let height = Parameter(
    "height", Int?.self, "in pixels", passing: .keywordOnly,
    where: Parameter.Range("from 40 to 4000") { $0.map { (40...4000).contains($0) } ?? true },
    default: { nil })
  static let theme = Parameter(
    "theme", Context.Theme?.self, "light or dark ground; None: the session's",
    passing: .keywordOnly, default: { nil })

  /// The panel with the options that concern it.
  func applied(to panel: Panel) throws -> Panel {
    var panel = panel
    if let xlabel { panel.x.title = xlabel }
    if let ylabel { panel.y.title = ylabel }
    if let range = try Reading.range(xlim, "xlim") { panel.x.range = range }
    if let range = try Reading.range(ylim, "ylim") { panel.y.range = range }
    let isNamed = if case .categories = panel.x.scale { true } else { false }
    if log == .x || log == .xy, !isNamed { panel.x.scale = .log }
    if log == .y || log == .xy { panel.y.scale = .log }
    return panel
  }

  /// A figure of the facts with the options applied.
  func figure(_ facts: Facts) throws -> Value {
    .object(FigureObject(try applied(to: Figure(facts))))
  }

  func applied(to figure: Figure) throws -> Figure {
    var figure = figure
    if case .facts(let facts) = figure.content { figure.content = .facts(try applied(to: facts)) }
    if let title { figure.title = title }
    if let width { figure.width = Double(width) }
    if let height { figure.height = Double(height) }
    if let theme { figure.theme = theme }
    return figure
  }

  private func applied(to facts: Facts) throws -> Facts {
    switch facts {
    case .graph(var graph):
      if let title { graph.title = title }
      graph.panels = try graph.panels.map { try applied(to: $0) }
      return .graph(graph)
    case .table(var table):
      if let title { table.title = title }
      return .table(table)
    case .images(var sheet):
      if let title { sheet.title = title }
      return .images(sheet)
    case .matrix(var matrix):
      if let title { matrix.title = title }
      return .matrix(matrix)
    }
  }
}

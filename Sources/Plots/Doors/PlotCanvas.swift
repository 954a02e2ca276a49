internal import Catalog

/// A figure while it is drawn, part by part, in Matplotlib's way.
final class PlotCanvas: Object {
  static let type = ObjectType("Figure", "A figure that is being drawn.") {
    [
      .method(
        of: PlotCanvas.self, "suptitle", "A title above all parts.",
        Parameter("t", String.self, "the title"), PyplotDoor.looks,
        example: "fig.suptitle(\"Results\")"
      ) { canvas, title, _ in
        canvas.title = title
        return .none
      },
      .method(
        of: PlotCanvas.self, "tight_layout", "Does nothing: parts never overlap.",
        PyplotDoor.looks, example: "fig.tight_layout()"
      ) { _, _ in .none },
      .method(
        of: PlotCanvas.self, "colorbar", "Does nothing: a matrix has its scale beside it.",
        Parameter("values", Rest<Value>.self, "any", passing: .rest), PyplotDoor.looks,
        example: "fig.colorbar(None)"
      ) { _, _, _ in .none },
      .method(
        of: PlotCanvas.self, "show", "Shows the figure.", .context, example: "fig.show()"
      ) { _, context in
        try PlotCanvas.finish(context)
        return .none
      },
      .method(
        of: PlotCanvas.self, "savefig", "Writes the figure to a file: .svg, .png, .pdf or .txt.",
        Parameter("fname", String.self, "where to"), PyplotDoor.looks, .context,
        example: "fig.savefig(\"figure.svg\")"
      ) { canvas, path, _, context in
        try Export.save(canvas.figure(), to: path, scale: 2, context: context)
        return .none
      },
      .method(
        of: PlotCanvas.self, "add_subplot", "The part of the figure with that number.",
        Parameter("rows", Int.self, "rows", where: .within(1, 12)) { 1 },
        Parameter("columns", Int.self, "columns", where: .within(1, 12)) { 1 },
        Parameter("number", Int.self, "from 1") { 1 }, PyplotDoor.looks, returns: "Axes",
        example: "fig.add_subplot(1, 2, 1)"
      ) { canvas, rows, columns, number, _ in
        canvas.divide(rows, columns)
        guard canvas.all.indices.contains(number - 1) else {
          throw Failure(.value, "num must be an integer with 1 <= num <= \(canvas.all.count)")
        }
        canvas.chosen = number - 1
        return .object(canvas.axes())
      },
    ]
  }

  var title = ""
  private(set) var all = [PlotAxes()]
  private var columns = 1
  private var rows = 1
  /// The part that is drawn on next.
  var chosen = 0
  private let width: Double?
  private let height: Double?

  init(inches: [Double]?) throws {
    guard let inches else {
      (width, height) = (nil, nil)
      return
    }
    guard inches.count == 2, inches.allSatisfy({ $0 > 0 }) else {
      throw Failure(.value, "figsize must be width and height in inches")
    }
    width = min(max(inches[0] * 96, 60), 4000)
    height = min(max(inches[1] * 96, 40), 4000)
  }

  var type: ObjectType { Self.type }
  var text: String { "<Figure with \(all.count) Axes>" }

  func visit(_ keep: (Value) -> Void) {}

  /// The session's figure, begun when there is none.
  static func current(_ context: Context) throws -> PlotCanvas {
    try context.kept["pyplot"] as? PlotCanvas ?? begin(nil, context)
  }

  /// A new figure; the one before is shown first.
  static func begin(_ inches: [Double]?, _ context: Context) throws -> PlotCanvas {
    let canvas = try PlotCanvas(inches: inches)
    try finish(context)
    context.kept["pyplot"] = canvas
    context.whenCellEnds["pyplot"] = { [unowned context] in try finish(context) }
    return canvas
  }

  /// Shows what has been drawn.
  static func finish(_ context: Context) throws {
    guard let canvas = context.kept["pyplot"] as? PlotCanvas else { return }
    context.kept["pyplot"] = nil
    guard canvas.all.contains(where: { !$0.isEmpty }) else { return }
    context.sink.emit(.display(try canvas.figure().media(theme: context.theme)))
  }

  /// Cuts the figure into parts, as it is cut already or anew.
  func divide(_ rows: Int, _ columns: Int) {
    guard (rows, columns) != (self.rows, self.columns) else { return }
    (self.rows, self.columns) = (rows, columns)
    all = (0..<rows * columns).map { _ in PlotAxes() }
    chosen = 0
  }

  func axes() -> PlotAxes { all[chosen] }

  func figure() throws -> Figure {
    let drawn = all.filter { !$0.isEmpty }
    var figure: Figure
    if drawn.count == 1, all.count == 1 || title.isEmpty {
      figure = drawn[0].figure
      if !title.isEmpty, drawn[0].panel.title.isEmpty { drawn[0].panel.title = title }
      if !title.isEmpty { figure = drawn[0].figure }
    } else {
      figure = Figure(.grid(drawn.map(\.figure), columns: columns, isShared: false), title: title)
    }
    figure.width = width
    figure.height = height
    return figure
  }
}

/// What `plt.subplots(2, 3)` gives beside the figure: axes in rows and columns.
final class AxesGrid: Object {
  static let type = ObjectType("AxesGrid", "Axes in rows and columns.") {
    [
      .attribute(
        of: AxesGrid.self, "flat", "All axes in order.", returns: "list", example: "axes.flat"
      ) { .array($0.all.map { .object($0) }) },
      .attribute(
        of: AxesGrid.self, "shape", "Rows and columns.", returns: "tuple", example: "axes.shape"
      ) { .tuple(($0.isRow ? [$0.all.count] : [$0.rows, $0.columns]).map { .int($0) }) },
      .method(
        of: AxesGrid.self, "flatten", "All axes in order.", returns: "list",
        example: "axes.flatten()"
      ) { .array($0.all.map { .object($0) }) },
      .method(
        of: AxesGrid.self, "ravel", "All axes in order.", returns: "list", example: "axes.ravel()"
      ) { .array($0.all.map { .object($0) }) },
    ]
  }

  let all: [PlotAxes]
  let rows: Int
  let columns: Int

  init(_ all: [PlotAxes], _ rows: Int, _ columns: Int) {
    (self.all, self.rows, self.columns) = (all, rows, columns)
  }

  var type: ObjectType { Self.type }
  var text: String { "<\(rows) x \(columns) Axes>" }
  private var isRow: Bool { rows == 1 || columns == 1 }

  func length() -> Int { isRow ? all.count : rows }

  private func place(_ index: Int, _ count: Int) throws -> Int {
    let place = index < 0 ? index + count : index
    guard (0..<count).contains(place) else {
      throw Failure(.index, "index \(index) is out of bounds for axis 0 with size \(count)")
    }
    return place
  }

  private func row(_ index: Int) -> Value {
    .object(AxesGrid(Array(all[(index * columns)..<((index + 1) * columns)]), 1, columns))
  }

  func index(_ key: Value, context: Context) throws -> Value {
    if case .list(let list) = key, !isRow, let pair = try list.integers(), pair.count == 2 {
      return .object(all[try place(pair[0], rows) * columns + place(pair[1], columns)])
    }
    guard let number = Int.read(key) else {
      throw Failure(.index, "axes are indexed with numbers: axes[0], axes[0, 1]")
    }
    return isRow ? .object(all[try place(number, all.count)]) : row(try place(number, rows))
  }

  func iterate() -> any ObjectIterator {
    Walk(isRow ? all.map { .object($0) } : (0..<rows).map { row($0) })
  }

  private final class Walk: ObjectIterator {
    var rest: ArraySlice<Value>
    init(_ values: [Value]) { rest = values[...] }
    func next() -> Value? { rest.popFirst() }
  }
}

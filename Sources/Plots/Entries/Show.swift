internal import Catalog

extension PlotsCatalog {
  static let show = Entry(
    "show", "Shows things at once: figures, tables, images, anything.",
    Parameter("things", Rest<Value>.self, "what to show, in order", passing: .rest),
    Parameter(
      "labels", Value.self, "a text for each image", passing: .keywordOnly,
      default: { Value.none }),
    Parameter(
      "cols", Int.self, "images in a row", also: ["columns"], passing: .keywordOnly,
      where: .within(1, 100), default: { 10 }),
    PlotOptions.title, .context,
    returns: "None", example: "show(plot([1, 2, 3]), plot([3, 2, 1]))",
    "show([[[0, 1], [1, 0]]], labels=[\"check\"])"
  ) { things, labels, cols, title, context in
    let options = PlotOptions(title: title)
    for thing in things.values {
      let media: Media
      switch thing {
      case .string(let text): media = Media(text)
      default:
        if let figure = try Showing.figure(
          thing, labels: try Reading.labels(labels), columns: cols)
        {
          media = try options.applied(to: figure).media(theme: context.theme)
        } else if case .object(let object) = thing {
          media = try object.display(context)
        } else {
          media = Media(thing.brief(limit: 10_000))
        }
      }
      context.sink.emit(.display(media))
    }
    return .none
  }

  static let grid = Entry(
    "grid", "Puts several figures into one.",
    Parameter("figures", Value.self, "a list of figures, or of what plot() draws"),
    Parameter(
      "cols", Int.self, "figures in a row", also: ["columns"], where: .within(1, 12),
      default: { 3 }),
    Parameter(
      "free", Bool.self, "whether each figure has its own ranges", passing: .keywordOnly,
      default: { false }),
    PlotOptions.title, PlotOptions.width, PlotOptions.height, PlotOptions.theme, .context,
    returns: "Figure", example: "grid([plot([1, 2]), plot([2, 1])], cols=2)"
  ) { figures, cols, free, title, width, height, theme, context in
    guard case .list(let view) = figures else {
      throw Failure(
        .type, "grid() needs a list of figures, not \(figures.typeName)",
        help: "write grid([plot(a), plot(b)])")
    }
    var all: [Figure] = []
    for element in try view.elements() {
      guard let figure = try Showing.figure(element, labels: [], columns: 10, context: context)
      else {
        throw Failure(
          .type, "grid() cannot draw \(element.typeName)", notes: ["it is \(element.brief())"])
      }
      if figure.html != nil {
        throw Failure(
          .type, "grid() draws figures, and one of these is a table",
          help: "show(table) shows it below")
      }
      all.append(figure)
    }
    let options = PlotOptions(title: title, width: width, height: height, theme: theme)
    let figure = Figure(.grid(all, columns: cols, isShared: !free))
    return .object(FigureObject(try options.applied(to: figure)))
  }

  static let describe = Entry(
    "describe", "Prints in words what a figure shows.",
    Parameter("figure", Value.self, "a figure, or what plot() draws"), .context,
    returns: "None", example: "describe(plot([1, 4, 9]))"
  ) { value, context in
    guard let figure = try Showing.figure(value, labels: [], columns: 10, context: context) else {
      throw Failure(.type, "describe() needs a figure, not \(value.typeName)")
    }
    context.sink.emit(.stream(.standard, figure.description + "\n"))
    return .none
  }
}

/// Any value as a figure, where it has one.
enum Showing {
  static func figure(
    _ value: Value, labels: [String], columns: Int, context: Context? = nil
  ) throws -> Figure? {
    if case .object(let object) = value {
      if let figure = object as? FigureObject { return figure.figure }
      if let facts = try object.facts() { return Figure(facts) }
    }
    if case .function(let function) = value, let context {
      var series = try Sampling.series(function, over: -5...5, context: context)
      series.name = ""
      let panel = Panel(x: Axis("x"), series: [series])
      return Figure(.graph(Graph(title: function.name, panels: [panel])))
    }
    switch value {
    case .list, .object: break
    default: return nil
    }
    guard let numbers = try? Reading.numbers(value) else { return nil }
    let shape = numbers.shape
    switch shape.count {
    case 3, 4:
      guard shape.count == 3 || shape[3] == 1 || shape[3] == 3 else { return nil }
      return Figure(
        .images(try Pictures.sheet(numbers, size: nil, labels: labels, columns: columns)))
    case 2 where !labels.isEmpty:
      return Figure(
        .images(try Pictures.sheet(numbers, size: nil, labels: labels, columns: columns)))
    case 2:
      return Figure(
        .matrix(try Pictures.matrix(numbers, rows: [], columns: [], showsValues: nil)))
    case 1:
      guard context != nil else { return nil }
      let axis = numbers.values.indices.map { Double($0) }
      return Figure(.graph(Graph(panels: [Panel(series: [Series(x: axis, y: numbers.values)])])))
    default: return nil
    }
  }
}

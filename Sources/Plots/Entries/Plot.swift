internal import Catalog

extension PlotsCatalog {
  static let plot = Entry(
    "plot",
    "Draws anything that has a picture: numbers, functions, training histories, models.",
    Parameter(
      "values", Rest<Value>.self,
      "y; or x and y; or a function; or an object; or a dict of names and any of these",
      passing: .rest),
    Parameter(
      "label", Value.self, "the name of the series, or a list of names", also: ["labels"],
      passing: .keywordOnly, default: { Value.none }),
    Parameter(
      "range", [Double]?.self, "where a function is drawn", passing: .keywordOnly,
      default: { [-5, 5] }),
    Parameter(
      "points", Bool.self, "dots instead of lines", passing: .keywordOnly, default: { false }),
    PlotOptions.title, PlotOptions.xlabel, PlotOptions.ylabel, PlotOptions.log, PlotOptions.xlim,
    PlotOptions.ylim, PlotOptions.width, PlotOptions.height, PlotOptions.theme, .context,
    returns: "Figure", example: "plot([1, 2, 3, 4], [1, 4, 9, 16], label=\"square\")",
    "plot(lambda x: x**2, range=[-2, 2])", "plot({\"a\": [1, 2, 3], \"b\": [3, 2, 1]}, log=\"y\")"
  ) {
    values, label, range, points, title, xlabel, ylabel, log, xlim, ylim, width, height, theme,
    context in
    let options = PlotOptions(
      title: title, xlabel: xlabel, ylabel: ylabel, log: log, xlim: xlim, ylim: ylim,
      width: width, height: height, theme: theme)
    var reader = SeriesReader(
      range: try Reading.range(range, "range") ?? -5...5, form: points ? .points : .line,
      context: context)
    if values.values.count == 1, case .object(let object) = values.values[0] {
      if let figure = object as? FigureObject {
        return .object(FigureObject(try options.applied(to: figure.figure)))
      }
      if let facts = try object.facts() { return try options.figure(facts) }
    }
    var panel = Panel(series: try reader.read(values.values))
    if let (x, y) = reader.axes {
      (panel.x, panel.y) = (x, y)
    } else if reader.countsPlaces {
      panel.x.scale = .whole
    }
    let labels = try Reading.labels(label)
    for (index, name) in labels.enumerated() where index < panel.series.count {
      panel.series[index].name = name
    }
    let isFunction = values.values.count == 1 && panel.series.count == 1 && labels.isEmpty
    var graph = Graph(panels: [panel])
    if isFunction, case .function = values.values[0] {
      graph.title = panel.series[0].name
      graph.panels[0].x.title = "x"
      graph.panels[0].series[0].name = ""
    }
    return try options.figure(.graph(graph))
  }
}

/// Reads series out of the arguments of `plot`.
struct SeriesReader {
  let range: ClosedRange<Double>
  let form: Series.Form
  let context: Context
  /// The axes of the first object that brought its own.
  private(set) var axes: (x: Axis, y: Axis)?
  /// Whether x is only the place of each number in its list.
  private(set) var countsPlaces = false
  /// How many objects have been read; each has a hue of its own.
  private var objects = 0

  init(range: ClosedRange<Double>, form: Series.Form, context: Context) {
    self.range = range
    self.form = form
    self.context = context
  }

  /// `y`, `x y`, `x y "o" x y …`, functions, dicts.
  mutating func read(_ values: [Value]) throws -> [Series] {
    var all: [Series] = []
    var index = 0
    while index < values.count {
      var some: [Series]
      if index + 1 < values.count, let x = try axis(values[index]), !isFormat(values[index + 1]) {
        some = try pair(x, values[index + 1])
        index += 2
      } else {
        some = try alone(values[index])
        index += 1
      }
      if index < values.count, case .string(let format) = values[index] {
        some = some.map { styled($0, format) }
        index += 1
      }
      all += some
    }
    return all
  }

  private func isFormat(_ value: Value) -> Bool {
    if case .string = value { true } else { false }
  }

  private func axis(_ value: Value) throws -> [Double]? {
    switch value {
    case .list, .object:
      guard let numbers = try Reading.numbers(value), numbers.shape.count == 1 else { return nil }
      return numbers.values
    default: return nil
    }
  }

  /// Matplotlib's short formats, as far as they say line or dots.
  private func styled(_ series: Series, _ format: String) -> Series {
    var series = series
    if format.contains("--") || format.contains(":") || format.contains("-.") {
      series.emphasis = .derived
    } else if !format.contains("-"), format.contains(where: { "ox.s^v+*D".contains($0) }) {
      series.form = .points
    }
    return series
  }

  private mutating func pair(_ x: [Double], _ value: Value) throws -> [Series] {
    if case .function(let function) = value {
      var y: [Double] = []
      for place in x {
        try context.check()
        y.append(try Reading.number(function.call([.float(place)], named: []), from: function.name))
      }
      return [Series(function.name, x: x, y: y, form: form)]
    }
    if case .dict(let view) = value {
      var all: [Series] = []
      for item in try view.items() {
        all += try pair(x, item.value).map { named($0, Reading.label(item.key)) }
      }
      return all
    }
    guard let numbers = try Reading.numbers(value) else {
      throw Failure(
        .type, "plot() cannot draw y of type \(value.typeName)",
        notes: ["the value is \(value.brief())"])
    }
    return try columns(numbers, x: x)
  }

  /// The curves of an object beside those of others: one hue, no derivatives, its name in front.
  private mutating func merged(_ panel: Panel, title: String) -> [Series] {
    if axes == nil { axes = (panel.x, panel.y) }
    let hue = objects
    objects += 1
    let main = panel.series.filter { $0.emphasis != .derived }
    return main.map { series in
      var series = named(
        series, main.count == 1 || series.name.isEmpty ? title : "\(title) \(series.name)")
      series.hue = hue
      series.mark = nil
      return series
    }
  }

  private func named(_ series: Series, _ name: String) -> Series {
    var series = series
    series.name = name
    return series
  }

  private mutating func alone(_ value: Value) throws -> [Series] {
    switch value {
    case .function(let function):
      var series = try Sampling.series(function, over: range, context: context)
      series.form = form
      return [series]
    case .dict(let view):
      var all: [Series] = []
      for item in try view.items() {
        let name = Reading.label(item.key)
        if case .object(let object) = item.value, case .graph(let graph)? = try object.facts(),
          let panel = graph.panels.first
        {
          all += merged(panel, title: name)
          continue
        }
        let some = try alone(item.value)
        all += some.map {
          named($0, some.count == 1 || $0.name.isEmpty ? name : "\(name) \($0.name)")
        }
      }
      return all
    case .list(let view):
      if try view.doubles() == nil {
        let elements = try view.elements()
        let isDrawable = elements.allSatisfy { element in
          switch element {
          case .function, .dict: true
          case .object(let object): (try? object.facts()) != nil
          default: false
          }
        }
        if isDrawable {
          var all: [Series] = []
          for element in elements { all += try alone(element) }
          return all
        }
      }
    case .object(let object):
      if case .graph(let graph)? = try object.facts(), let panel = graph.panels.first {
        return merged(panel, title: graph.title)
      }
    default: break
    }
    guard let numbers = try Reading.numbers(value) else {
      throw Failure(
        .type, "plot() cannot draw \(value.typeName)", notes: ["the value is \(value.brief())"],
        help: "it draws numbers, functions, figures and what has a picture of its own")
    }
    return try columns(numbers, x: nil)
  }

  /// One series of a vector, one for each column of a matrix.
  private mutating func columns(_ numbers: Numbers, x: [Double]?) throws -> [Series] {
    let shape = numbers.shape
    let rows = shape.first ?? numbers.values.count
    guard shape.count <= 2 else {
      throw Failure(
        .shape, "plot() draws vectors and matrices, not shape \(shape)",
        help: "show(x) shows images, heatmap(x) a matrix")
    }
    if let x, x.count != rows {
      throw Failure(
        .shape, "x has \(x.count) numbers and y has \(rows)", code: "L301",
        help: "x and y need the same length")
    }
    if x == nil { countsPlaces = true }
    let axis = x ?? (0..<rows).map { Double($0) }
    let width = shape.count == 2 ? shape[1] : 1
    guard width <= 64 else {
      throw Failure(
        .shape, "plot() of a matrix draws its columns, and this one has \(width)",
        help: "heatmap(x) shows a whole matrix")
    }
    return (0..<width).map { column in
      Series(
        width > 1 ? "\(column)" : "", x: axis,
        y: (0..<rows).map { numbers.values[$0 * width + column] }, form: form)
    }
  }
}

internal import Catalog

/// One part of a figure in Matplotlib's way: what is drawn on it, and its titles and ranges.
final class PlotAxes: Object {
  static let type = ObjectType("Axes", "One part of a figure, drawn on step by step.") { members }

  var panel = Panel(series: [])
  /// A matrix or a picture in place of curves.
  private var picture: Facts?
  private var summary = ""

  var type: ObjectType { Self.type }
  var text: String { "<Axes: \(panel.title)>" }
  var isEmpty: Bool { picture == nil && panel.series.isEmpty && panel.rules.isEmpty }

  var figure: Figure {
    switch picture {
    case .matrix(var matrix)?:
      matrix.title = panel.title
      return Figure(.matrix(matrix))
    case .images(var sheet)?:
      sheet.title = panel.title
      return Figure(.images(sheet))
    default: return Figure(.graph(Graph(panels: [panel], summary: summary)))
    }
  }

  /// Takes over what another function of the library has drawn.
  private func add(_ drawn: Value, label: String? = nil) throws {
    guard case .object(let object as FigureObject) = drawn,
      case .graph(let graph)? = object.facts(),
      let new = graph.panels.first
    else { return }
    let isFirst = panel.series.isEmpty
    var series = new.series
    if let label { for index in series.indices { series[index].name = label } }
    panel.series += series
    guard isFirst else { return }
    if case .categories = new.x.scale { panel.x.scale = new.x.scale }
    if case .whole = new.x.scale { panel.x.scale = .whole }
    if new.y.includesZero { panel.y.includesZero = true }
  }

  // MARK: Looks

  /// Matplotlib's names of arguments that say how a thing looks.
  private static let looks: Set<String> = [
    "color", "c", "linewidth", "lw", "linestyle", "ls", "marker", "markersize", "ms", "alpha", "s",
    "cmap", "edgecolor", "edgecolors", "facecolor", "facecolors", "markeredgecolor",
    "markerfacecolor", "mec", "mfc", "zorder", "fontsize", "fontweight", "size", "loc", "pad",
    "labelpad", "rotation", "ha", "va", "interpolation", "vmin", "vmax", "origin", "extent",
    "aspect", "linewidths", "width", "align", "histtype", "rwidth", "density", "which", "axis",
    "visible", "frameon", "ncol", "bbox_to_anchor", "drawstyle", "capsize", "fmt", "title", "norm",
    "log", "bottom", "stacked", "dpi", "bbox_inches", "sharex", "sharey", "constrained_layout",
    "layout", "gridspec_kw", "subplot_kw", "fontdict", "weight", "antialiased", "clip_on",
    "markevery", "hatch", "tight_layout", "projection", "block", "which_axis", "ax", "shrink",
    "fraction", "label", "orientation", "hspace", "wspace", "top", "left", "right", "h_pad",
    "w_pad",
    "transparent", "y", "x", "ticks", "labels", "handles", "shadow", "fancybox", "borderaxespad",
  ]

  /// Refuses what is neither a look nor known.
  private static func check(_ options: RestNamed<Value>, _ function: String) throws {
    for option in options.values where !looks.contains(option.name) {
      throw Failure(
        .type, "\(function)() got an unexpected keyword argument '\(option.name)'", code: "L105",
        help: Nearest.question(option.name, among: looks.sorted()))
    }
  }

  private static func text(_ options: RestNamed<Value>, _ names: String...) -> String? {
    for (name, value) in options.values where names.contains(name) {
      if case .string(let text) = value { return text }
    }
    return nil
  }

  /// Dashes become a derived line, markers without a line become dots.
  private func dress(from first: Int, _ options: RestNamed<Value>) {
    let line = Self.text(options, "linestyle", "ls")
    for index in panel.series.indices where index >= first {
      switch line {
      case "--", ":", "-.", "dashed", "dotted", "dashdot": panel.series[index].emphasis = .derived
      case "", " ", "none", "None": panel.series[index].form = .points
      default: break
      }
    }
  }

  // MARK: Members

  private static let label = Parameter(
    "label", String?.self, "its name in the legend", passing: .keywordOnly, default: { nil })

  private static func title(
    _ name: String, _ sentence: String, _ set: @escaping @Sendable (PlotAxes, String) -> Void
  ) -> Entry {
    .method(
      of: PlotAxes.self, name, sentence, Parameter("label", String.self, "the text", also: ["s"]),
      PyplotDoor.looks, example: "ax.\(name)(\"loss\")"
    ) { axes, text, options in
      try check(options, name)
      set(axes, text)
      return .none
    }
  }

  private static func range(
    _ name: String, _ low: String, _ high: String,
    _ axis: any WritableKeyPath<Panel, Axis> & Sendable
  ) -> Entry {
    .method(
      of: PlotAxes.self, name, "The ends of an axis.",
      Parameter(low, Value.self, "the lower end, or both") { .none },
      Parameter(high, Double?.self, "the upper end") { nil }, example: "ax.\(name)(0, 1)"
    ) { axes, low, high in
      var ends: [Double]?
      if let first = Double.read(low), let high { ends = [first, high] }
      if case .list = low { ends = try [Double].read(low) }
      let series = axes.panel.series
      let all = (name == "set_xlim" ? series.flatMap(\.x) : series.flatMap(\.y)).filter(\.isFinite)
      if ends == nil, let first = Double.read(low) {
        ends = [first, max(all.max() ?? 1, first + 1)]
      }
      if ends == nil, let high { ends = [min(all.min() ?? 0, high - 1), high] }
      guard let ends else { return .none }
      axes.panel[keyPath: axis].range = try Reading.range(ends.sorted(), name)
      return .none
    }
  }

  private static func scale(_ name: String, _ axis: any WritableKeyPath<Panel, Axis> & Sendable)
    -> Entry
  {
    .method(
      of: PlotAxes.self, name, "The scale of an axis: linear or log.",
      Parameter("value", String.self, "linear or log"), PyplotDoor.looks,
      example: "ax.\(name)(\"log\")"
    ) { axes, value, _ in
      guard ["linear", "log"].contains(value) else {
        throw Failure.unknownOption(value, among: ["linear", "log"])
      }
      axes.panel[keyPath: axis].scale = value == "log" ? .log : .linear
      return .none
    }
  }

  private static func curve(_ name: String, _ sentence: String, x: Bool, y: Bool) -> Entry {
    .method(
      of: PlotAxes.self, name, sentence,
      Parameter(
        "values", Rest<Value>.self, "y; or x and y; then a format such as \"o-\"", passing: .rest),
      label, PyplotDoor.looks, .context, example: "ax.\(name)([1, 2, 3], [1, 4, 9], \"o-\")"
    ) { axes, values, label, options, context in
      try check(options, name)
      let first = axes.panel.series.count
      try axes.add(
        PlotsCatalog.plot.call(Arguments(positional: values.values, context: context)),
        label: label)
      axes.dress(from: first, options)
      if x { axes.panel.x.scale = .log }
      if y { axes.panel.y.scale = .log }
      return .none
    }
  }

  private static func rule(_ name: String, _ sentence: String, _ way: Panel.Rule.Direction)
    -> Entry
  {
    .method(
      of: PlotAxes.self, name, sentence,
      Parameter("at", Double.self, "where", also: ["x", "y"]) { 0 }, label, PyplotDoor.looks,
      example: "ax.\(name)(0.5)"
    ) { axes, place, label, options in
      try check(options, name)
      axes.panel.rules.append(Panel.Rule(way, at: place, label: label ?? ""))
      return .none
    }
  }

  private static func nothing(_ name: String, _ sentence: String) -> Entry {
    .method(
      of: PlotAxes.self, name, sentence,
      Parameter("values", Rest<Value>.self, "any", passing: .rest),
      PyplotDoor.looks, example: "ax.\(name)()"
    ) { _, _, options in
      try check(options, name)
      return .none
    }
  }

  private static var members: [Entry] {
    curves + [
      title("set_title", "The title.") { $0.panel.title = $1 },
      title("set_xlabel", "What runs along the x axis.") { $0.panel.x.title = $1 },
      title("set_ylabel", "What runs along the y axis.") { $0.panel.y.title = $1 },
      range("set_xlim", "left", "right", \.x), range("set_ylim", "bottom", "top", \.y),
      scale("set_xscale", \.x), scale("set_yscale", \.y),
      rule("axhline", "A line across the panel.", .horizontal),
      rule("axvline", "A line up the panel.", .vertical),
      ticks("set_xticks", \.x), ticks("set_yticks", \.y),
      nothing("grid", "Does nothing: a panel has its lines."),
      nothing("axis", "Takes \"off\" and such; pictures have no axes here."),
      .method(
        of: PlotAxes.self, "legend", "Names the series; labels given to plot() do it already.",
        Parameter("labels", [String]?.self, "a name for each") { nil }, PyplotDoor.looks,
        example: "ax.legend()"
      ) { axes, labels, options in
        try check(options, "legend")
        for (index, name) in (labels ?? []).enumerated()
        where axes.panel.series.indices.contains(index) { axes.panel.series[index].name = name }
        return .none
      },
      .method(
        of: PlotAxes.self, "set", "Titles by name.",
        Parameter("title", String?.self, "the title", passing: .keywordOnly) { nil },
        Parameter("xlabel", String?.self, "along x", passing: .keywordOnly) { nil },
        Parameter("ylabel", String?.self, "along y", passing: .keywordOnly) { nil },
        example: "ax.set(title=\"loss\", xlabel=\"epoch\")"
      ) { axes, title, xlabel, ylabel in
        if let title { axes.panel.title = title }
        if let xlabel { axes.panel.x.title = xlabel }
        if let ylabel { axes.panel.y.title = ylabel }
        return .none
      },
    ]
  }

  private static func ticks(_ name: String, _ axis: any WritableKeyPath<Panel, Axis> & Sendable)
    -> Entry
  {
    .method(
      of: PlotAxes.self, name, "Names for the places 0, 1, 2, …; other ticks come by themselves.",
      Parameter("ticks", Value.self, "the places") { .none },
      Parameter("labels", Value.self, "their names") { .none }, PyplotDoor.looks,
      example: "ax.\(name)([0, 1], [\"no\", \"yes\"])"
    ) { axes, ticks, labels, options in
      try check(options, name)
      let names = try Reading.labels(labels)
      guard !names.isEmpty else { return .none }
      let places = try Reading.flat(ticks, "ticks")
      guard places == names.indices.map(Double.init) else {
        throw Failure(
          .value, "names can stand at the places 0, 1, 2, … only", help: "leave \(name) out")
      }
      axes.panel[keyPath: axis].scale = .categories(names)
      return .none
    }
  }

  private static let curves: [Entry] = [
    curve("plot", "Draws curves.", x: false, y: false),
    curve("semilogy", "Draws curves over a logarithmic y axis.", x: false, y: true),
    curve("semilogx", "Draws curves over a logarithmic x axis.", x: true, y: false),
    curve("loglog", "Draws curves over two logarithmic axes.", x: true, y: true),
    .method(
      of: PlotAxes.self, "scatter", "Draws a dot for each pair of numbers.",
      Parameter("x", Value.self, "numbers"), Parameter("y", Value.self, "as many numbers"),
      Parameter("s", Value.self, "sizes: taken, and chosen here") { .none },
      Parameter("c", Value.self, "the group of each point; a colour's name changes nothing") {
        .none
      }, label, PyplotDoor.looks, .context, example: "ax.scatter([1, 2], [2, 1], c=[0, 1])"
    ) { axes, x, y, _, c, label, options, context in
      try check(options, "scatter")
      var named: [(name: String, value: Value)] = []
      var group = c
      if case .string = c { group = .none }
      if case .none = group {
      } else if (try Reading.numbers(group)) != nil {
        named.append(("group", group))
      }
      try axes.add(
        PlotsCatalog.scatter.call(
          Arguments(positional: [x, y], named: named, context: context)), label: label)
      return .none
    },
    .method(
      of: PlotAxes.self, "bar", "Draws a bar for each name or place.",
      Parameter("x", Value.self, "names or places"), Parameter("height", Value.self, "how long"),
      Parameter("width", Value.self, "taken, and chosen here") { .none },
      Parameter("yerr", Value.self, "half the length of each error bar", passing: .keywordOnly) {
        .none
      }, label, PyplotDoor.looks, .context, example: "ax.bar([\"a\", \"b\"], [3, 5])"
    ) { axes, names, values, _, error, label, options, context in
      try check(options, "bar")
      try axes.add(
        PlotsCatalog.bar.call(
          Arguments(
            positional: [names, values], named: [("error", error)], context: context)),
        label: label)
      return .none
    },
    .method(
      of: PlotAxes.self, "hist", "Shows how numbers are distributed.",
      Parameter("x", Value.self, "numbers"),
      Parameter("bins", Int?.self, "how many intervals; None: 10") { nil }, label,
      PyplotDoor.looks, .context, example: "ax.hist([1, 2, 2, 3], bins=3)"
    ) { axes, x, bins, label, options, context in
      try check(options, "hist")
      let drawn = try PlotsCatalog.hist.call(
        Arguments(
          positional: [x], named: [("bins", .int(bins ?? 10))], context: context))
      let isFirst = axes.isEmpty
      try axes.add(drawn, label: label)
      if case .object(let object as FigureObject) = drawn, case .graph(let graph)? = object.facts()
      {
        axes.summary = isFirst ? graph.summary : ""
      }
      return .none
    },
    .method(
      of: PlotAxes.self, "imshow", "Shows a matrix by colour, or a picture.",
      Parameter("X", Value.self, "a matrix, or rows, columns and three colours"),
      Parameter("cmap", String?.self, "\"gray\" shows a picture") { nil }, PyplotDoor.looks,
      example: "ax.imshow([[0, 1], [1, 0]], cmap=\"gray\")"
    ) { axes, x, cmap, options in
      try check(options, "imshow")
      guard let numbers = try Reading.numbers(x) else {
        throw Failure(.type, "imshow() needs numbers, not \(x.typeName)")
      }
      let isGray = ["gray", "grey", "binary", "Greys", "gray_r", "bone"].contains(cmap ?? "")
      if numbers.shape.count == 3 || isGray {
        let shape = numbers.shape.count == 3 && numbers.shape[2] == 3 ? [1] + numbers.shape : nil
        axes.picture = .images(
          try Pictures.sheet(
            Numbers(shape: shape ?? numbers.shape, values: numbers.values), size: nil, labels: [],
            columns: 1))
      } else {
        axes.picture = .matrix(
          try Pictures.matrix(numbers, rows: [], columns: [], showsValues: nil))
      }
      return .none
    },
    .method(
      of: PlotAxes.self, "fill_between", "Fills the space between two curves.",
      Parameter("x", Value.self, "numbers"), Parameter("y1", Value.self, "one edge"),
      Parameter("y2", Value.self, "the other edge") { .float(0) }, label, PyplotDoor.looks,
      example: "ax.fill_between([1, 2], [0, 1], [2, 3])"
    ) { axes, x, low, high, label, options in
      try check(options, "fill_between")
      let across = try Reading.flat(x, "x")
      func edge(_ value: Value, _ name: String) throws -> [Double] {
        let all = try Reading.flat(value, name)
        if all.count == 1 { return Array(repeating: all[0], count: across.count) }
        guard all.count == across.count else {
          throw Failure(
            .shape, "x has \(across.count) numbers and \(name) has \(all.count)", code: "L301")
        }
        return all
      }
      axes.panel.series.append(
        Series(
          label ?? "", x: across, y: try edge(low, "y1"), form: .band,
          upper: try edge(high, "y2")))
      return .none
    },
    .method(
      of: PlotAxes.self, "errorbar", "Draws a curve with error bars.",
      Parameter("x", Value.self, "numbers"), Parameter("y", Value.self, "as many numbers"),
      Parameter("yerr", Value.self, "half the length of each error bar") { .none }, label,
      PyplotDoor.looks, example: "ax.errorbar([1, 2], [2, 3], yerr=[0.1, 0.2])"
    ) { axes, x, y, error, label, options in
      try check(options, "errorbar")
      let (across, up) = (try Reading.flat(x, "x"), try Reading.flat(y, "y"))
      guard across.count == up.count else {
        throw Failure(
          .shape, "x has \(across.count) numbers and y has \(up.count)", code: "L301")
      }
      var series = Series(label ?? "", x: across, y: up)
      if case .none = error {
      } else {
        let all = try Reading.flat(error, "yerr")
        guard all.count == 1 || all.count == up.count else {
          throw Failure(.shape, "y has \(up.count) numbers and yerr has \(all.count)", code: "L301")
        }
        series.error = all.count == 1 ? up.map { _ in all[0] } : all
      }
      axes.panel.series.append(series)
      return .none
    },
  ]
}

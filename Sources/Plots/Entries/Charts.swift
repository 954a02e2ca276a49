internal import Catalog

extension PlotsCatalog {
  static let scatter = Entry(
    "scatter", "Draws a dot for each pair of numbers.",
    Parameter("x", Value.self, "numbers, or pairs of numbers when y is left out"),
    Parameter("y", Value.self, "as many numbers", default: { Value.none }),
    Parameter(
      "group", Value.self, "the group of each point: numbers or names",
      also: ["c", "hue", "labels"],
      passing: .keywordOnly, default: { Value.none }),
    Parameter(
      "names", Value.self, "names for groups 0, 1, 2, …", also: ["classes"], passing: .keywordOnly,
      default: { Value.none }),
    PlotOptions.title, PlotOptions.xlabel, PlotOptions.ylabel, PlotOptions.log, PlotOptions.xlim,
    PlotOptions.ylim, PlotOptions.width, PlotOptions.height, PlotOptions.theme,
    returns: "Figure", example: "scatter([1, 2, 3], [2, 1, 3], group=[\"a\", \"b\", \"a\"])"
  ) { x, y, group, names, title, xlabel, ylabel, log, xlim, ylim, width, height, theme in
    let options = PlotOptions(
      title: title, xlabel: xlabel, ylabel: ylabel, log: log, xlim: xlim, ylim: ylim,
      width: width, height: height, theme: theme)
    var (across, up): ([Double], [Double])
    if case .none = y {
      guard let pairs = try Reading.numbers(x), pairs.shape.count == 2, pairs.shape[1] >= 2 else {
        throw Failure(
          .shape, "scatter() needs x and y, or pairs of numbers",
          notes: ["it got \(x.brief())"])
      }
      let step = pairs.shape[1]
      across = (0..<pairs.shape[0]).map { pairs.values[$0 * step] }
      up = (0..<pairs.shape[0]).map { pairs.values[$0 * step + 1] }
    } else {
      across = try Reading.flat(x, "x")
      up = try Reading.flat(y, "y")
    }
    guard across.count == up.count else {
      throw Failure(
        .shape, "x has \(across.count) numbers and y has \(up.count)", code: "L301",
        help: "x and y need the same length")
    }
    let groups = try Reading.labels(group)
    guard groups.isEmpty || groups.count == across.count else {
      throw Failure(
        .shape, "there are \(across.count) points and \(groups.count) groups", code: "L301",
        help: "group needs one entry for each point")
    }
    let known = try Reading.labels(names)
    var order: [String] = []
    var members: [String: [Int]] = [:]
    for index in across.indices {
      let key = groups.isEmpty ? "" : groups[index]
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(index)
    }
    // Numbered groups stand in the order of their numbers.
    if order.allSatisfy({ Int($0) != nil }) { order.sort { (Int($0) ?? 0) < (Int($1) ?? 0) } }
    let series = order.map { key in
      let own = members[key] ?? []
      let place = Int(key) ?? -1
      return Series(
        known.indices.contains(place) ? known[place] : key, x: own.map { across[$0] },
        y: own.map { up[$0] }, form: .points)
    }
    return try options.figure(.graph(Graph(panels: [Panel(series: series)])))
  }

  static let bar = Entry(
    "bar", "Draws a bar for each name, from zero to its value.",
    Parameter("names", Value.self, "names; or a dict of names and values; or the values alone"),
    Parameter("values", Value.self, "a number for each name", default: { Value.none }),
    Parameter(
      "error", Value.self, "half the length of each error bar", also: ["yerr", "xerr"],
      passing: .keywordOnly, default: { Value.none }),
    Parameter(
      "sort", Bool.self, "longest first", passing: .keywordOnly, default: { false }),
    PlotOptions.title, PlotOptions.xlabel, PlotOptions.ylabel, PlotOptions.log, PlotOptions.ylim,
    PlotOptions.width, PlotOptions.height, PlotOptions.theme,
    returns: "Figure", example: "bar([\"relu\", \"elu\"], [0.87, 0.88], ylabel=\"accuracy\")",
    "bar({\"relu\": 0.87, \"elu\": 0.88}, sort=True)"
  ) { names, values, error, sort, title, xlabel, ylabel, log, ylim, width, height, theme in
    let options = PlotOptions(
      title: title, xlabel: xlabel, ylabel: ylabel, log: log, ylim: ylim, width: width,
      height: height, theme: theme)
    var labels: [String] = []
    var groups: [(name: String, values: [Double])] = []
    switch (names, values) {
    case (.dict(let view), .none):
      var numbers: [Double] = []
      for item in try view.items() {
        labels.append(Reading.label(item.key))
        numbers.append(try Reading.number(item.value, from: "the value of a bar"))
      }
      groups = [("", numbers)]
    case (_, .none):
      let numbers = try Reading.flat(names, "values")
      labels = numbers.indices.map { String($0) }
      groups = [("", numbers)]
    case (_, .dict(let view)):
      labels = try Reading.labels(names)
      for item in try view.items() {
        groups.append((Reading.label(item.key), try Reading.flat(item.value, "values")))
      }
    default:
      labels = try Reading.labels(names)
      groups = [("", try Reading.flat(values, "values"))]
    }
    for group in groups where group.values.count != labels.count {
      throw Failure(
        .shape, "there are \(labels.count) names and \(group.values.count) values", code: "L301",
        help: "names and values need the same length")
    }
    var errors: [Double]?
    if case .none = error {} else { errors = try Reading.flat(error, "error") }
    if sort, groups.count == 1 {
      let all = groups[0].values
      let order = all.indices.sorted { (-all[$0], $0) < (-all[$1], $1) }
      labels = order.map { labels[$0] }
      groups[0].values = order.map { all[$0] }
      if let given = errors, given.count == all.count { errors = order.map { given[$0] } }
    }
    let most = 40
    let hidden = max(0, labels.count - most)
    let places = (0..<min(most, labels.count)).map { Double($0) }
    let panel = Panel(
      x: Axis(scale: .categories(Array(labels.prefix(most)))),
      series: groups.map { group in
        Series(
          group.name, x: places, y: Array(group.values.prefix(most)), form: .bars,
          error: errors)
      })
    var graph = Graph(panels: [panel])
    if hidden > 0 { graph.panels[0].x.title = "\(hidden) more not shown" }
    graph.summary = ""
    return try options.figure(.graph(graph))
  }

  static let heatmap = Entry(
    "heatmap", "Shows a matrix by colour.",
    Parameter("matrix", Value.self, "rows of numbers"),
    Parameter(
      "rows", Value.self, "a name for each row", passing: .keywordOnly, default: { Value.none }),
    Parameter(
      "columns", Value.self, "a name for each column", passing: .keywordOnly,
      default: { Value.none }),
    Parameter(
      "values", Bool?.self, "whether the numbers stand in the cells; None: when they fit",
      passing: .keywordOnly, default: { nil }),
    PlotOptions.title, PlotOptions.width, PlotOptions.height, PlotOptions.theme,
    returns: "Figure", example: "heatmap([[1, 0], [0.2, 0.8]], rows=[\"a\", \"b\"])"
  ) { matrix, rows, columns, values, title, width, height, theme in
    guard let numbers = try Reading.numbers(matrix) else {
      throw Failure(.type, "heatmap() needs rows of numbers, not \(matrix.typeName)")
    }
    let options = PlotOptions(title: title, width: width, height: height, theme: theme)
    return try options.figure(
      .matrix(
        try Pictures.matrix(
          numbers, rows: try Reading.labels(rows), columns: try Reading.labels(columns),
          showsValues: values)))
  }
}

public import Catalog

/// `import matplotlib.pyplot as plt`: Matplotlib's names for the figures that are here.
///
/// Oracle: Matplotlib 3, in what is drawn: series, ranges, titles. Colours, widths and fonts are
/// the library's own, so arguments for them are taken and change nothing.
enum PyplotDoor {
  static let module: ModuleFacts = ModuleFacts(
    "matplotlib", "Figures under Matplotlib's names.",
    modules: [
      ModuleFacts(
        "matplotlib.pyplot", "Figures under Matplotlib's names: they are drawn as plot() draws.",
        modules: [
          ModuleFacts("matplotlib.pyplot.style", "Looks of figures.") { [style.value] }
        ], hints: hints
      ) { entries.value }
    ],
    hints: ["use": "leave it out", "rcParams": "leave it out: figures have one look"]
  ) { [] }

  private static let style = Lazy {
    Entry(
      "use", "Takes a style's name; figures have one look here.",
      Parameter("style", Value.self, "its name"), returns: "None",
      example: "plt.style.use(\"ggplot\")", in: "matplotlib.pyplot.style"
    ) { _ in .none }
  }

  static let hints: [String: String] = [
    "pie": "write plt.bar(names, values): lengths are read better than angles",
    "boxplot": "write plt.hist(x), or describe the quartiles: np.percentile(x, [25, 50, 75])",
    "violinplot": "write plt.hist(x)", "contour": "write heatmap(z)",
    "contourf": "write heatmap(z)", "pcolormesh": "write heatmap(z)",
    "quiver": "write plt.plot for each arrow", "step": "write plt.plot(x, y)",
    "stem": "write plt.bar(x, y)", "stackplot": "write plt.plot for each sum",
    "text": "say it in the title or a label", "annotate": "say it in the title or a label",
    "arrow": "say it in the title or a label", "twinx": "draw a second figure below",
    "imread": "there are no picture files to read; load(\"…\") reads IDX images",
    "rcParams": "leave it out: figures have one look",
    "tick_params": "leave it out: ticks are placed by themselves", "pause": "leave it out",
    "plot_surface": "write heatmap(z)", "hist2d": "write heatmap(counts)",
    "cm": "leave it out: colours are chosen by themselves", "clim": "leave it out",
    "polar": "write plt.plot(r * np.cos(t), r * np.sin(t))",
  ]

  // MARK: Entries

  /// What the functions on the current axes are called where the axes' own methods differ.
  private static let shortNames: [String: String] = [
    "set_title": "title", "set_xlabel": "xlabel", "set_ylabel": "ylabel", "set_xlim": "xlim",
    "set_ylim": "ylim", "set_xscale": "xscale", "set_yscale": "yscale", "set_xticks": "xticks",
    "set_yticks": "yticks",
  ]

  private static let entries: Lazy<[Entry]> = Lazy {
    PlotAxes.type.ownMembers.filter { $0.kind == .method && $0.name != "set" }.map { member in
      let name = shortNames[member.name] ?? member.name
      return Entry(
        name, member.sentence, kind: .function, parameters: member.parameters,
        returns: member.returns,
        examples: member.examples.map { "plt.\(name)" + $0.dropFirst(3 + member.name.count) },
        place: "matplotlib.pyplot",
        body: .library { entry, arguments in
          var inner = arguments
          inner.receiver = .object(try PlotCanvas.current(arguments.context).axes())
          return try member.call(inner)
        })
    } + figureEntries
  }

  /// Arguments for looks.
  static let looks = Parameter(
    "looks", RestNamed<Value>.self, "colours, widths and such: taken, and chosen here",
    passing: .restNamed)

  private static let figureEntries: [Entry] = [
    Entry(
      "figure", "Begins a new figure.", Parameter("num", Value.self, "its number") { .none },
      Parameter("figsize", [Double]?.self, "width and height in inches") { nil }, looks, .context,
      returns: "Figure", example: "plt.figure(figsize=(8, 4))", in: place
    ) { _, size, _, context in .object(try PlotCanvas.begin(size, context)) },
    Entry(
      "subplots", "A new figure and its axes: one, a row, or a grid of them.",
      Parameter("nrows", Int.self, "rows", where: .within(1, 12)) { 1 },
      Parameter("ncols", Int.self, "columns", where: .within(1, 12)) { 1 },
      Parameter("figsize", [Double]?.self, "width and height in inches") { nil }, looks, .context,
      returns: "tuple", example: "fig, ax = plt.subplots()", in: place
    ) { rows, columns, size, _, context in
      let canvas = try PlotCanvas.begin(size, context)
      canvas.divide(rows, columns)
      if rows == 1, columns == 1 { return .tuple([.object(canvas), .object(canvas.axes())]) }
      return .tuple([.object(canvas), .object(AxesGrid(canvas.all, rows, columns))])
    },
    Entry(
      "subplot", "The part of the figure that is drawn on next.",
      Parameter(
        "place", Rest<Int>.self, "rows, columns and number; or 231 for 2, 3, 1", passing: .rest),
      looks, .context, returns: "Axes", example: "plt.subplot(1, 2, 1)", in: place
    ) { place, _, context in
      var parts = place.values
      if parts.count == 1, (111...999).contains(parts[0]) {
        parts = [parts[0] / 100, parts[0] / 10 % 10, parts[0] % 10]
      }
      guard parts.count == 3, (1...12).contains(parts[0]), (1...12).contains(parts[1]),
        (1...parts[0] * parts[1]).contains(parts[2])
      else {
        throw Failure(
          .value, "subplot() takes rows, columns and a number from 1 to rows * columns")
      }
      let canvas = try PlotCanvas.current(context)
      canvas.divide(parts[0], parts[1])
      canvas.chosen = parts[2] - 1
      return .object(canvas.axes())
    },
    Entry(
      "gca", "The axes that are drawn on.", .context, returns: "Axes", example: "plt.gca()",
      in: place
    ) { context in .object(try PlotCanvas.current(context).axes()) },
    Entry(
      "gcf", "The current figure.", .context, returns: "Figure", example: "plt.gcf()", in: place
    ) { context in .object(try PlotCanvas.current(context)) },
    Entry(
      "suptitle", "A title above all parts.", Parameter("t", String.self, "the title"), looks,
      .context, returns: "None", example: "plt.suptitle(\"Results\")", in: place
    ) { title, _, context in
      try PlotCanvas.current(context).title = title
      return .none
    },
    Entry(
      "show", "Shows the figure; what is drawn after it is the next one.", looks, .context,
      returns: "None", example: "plt.show()", in: place
    ) { _, context in
      try PlotCanvas.finish(context)
      return .none
    },
    Entry(
      "savefig", "Writes the figure to a file: .svg, .png, .pdf or .txt.",
      Parameter("fname", String.self, "where to"), looks, .context, returns: "None",
      example: "plt.savefig(\"figure.svg\")", in: place
    ) { path, _, context in
      let figure = try PlotCanvas.current(context).figure()
      try Export.save(figure, to: path, scale: 2, context: context)
      return .none
    },
    nothing("tight_layout", "Does nothing: parts never overlap."),
    nothing("subplots_adjust", "Does nothing: parts never overlap."),
    nothing("colorbar", "Does nothing: a matrix has its scale beside it."),
    nothing("ion", "Does nothing: figures are shown at once."),
    Entry(
      "close", "Drops the figure without showing it.",
      Parameter("fig", Value.self, "any") { .none },
      .context, returns: "None", example: "plt.close()", in: place
    ) { _, context in
      context.kept["pyplot"] = nil
      return .none
    },
    Entry(
      "clf", "Drops what is drawn.", .context, returns: "None", example: "plt.clf()", in: place
    ) { context in
      context.kept["pyplot"] = nil
      return .none
    },
  ]

  private static let place = "matplotlib.pyplot"

  private static func nothing(_ name: String, _ sentence: String) -> Entry {
    Entry(
      name, sentence, Parameter("values", Rest<Value>.self, "any", passing: .rest), looks,
      returns: "None", example: "plt.\(name)()", in: place
    ) { _, _ in .none }
  }
}

extension PlotsCatalog {
  /// The modules that lead here under the names of other libraries.
  public static let doors: [ModuleFacts] = [PyplotDoor.module]
}

public import Catalog
internal import Tensors

extension Dataset: Object {
  public static let type = ObjectType(
    "Dataset", "Examples to learn from: inputs x, targets y, names, and parts after a split."
  ) {
    [
      .attribute(
        of: Dataset.self, "x", "The inputs, one per position on the first axis.",
        returns: "Tensor", example: "digits(100).x.shape"
      ) { .object($0.x) },
      .attribute(
        of: Dataset.self, "y", "The targets: class numbers, or numbers to predict.",
        returns: "Tensor", example: "digits(100).y[:10]"
      ) { .object($0.y) },
      .attribute(
        of: Dataset.self, "images", "The inputs as pictures, as they were before scaling.",
        returns: "Tensor", example: "digits(100).images[:20]"
      ) { .object(try $0.images()) },
      .attribute(
        of: Dataset.self, "labels", "The class name of each example.", returns: "list of str",
        example: "digits(100).labels"
      ) { dataset in
        let classes = dataset.classes
        guard !classes.isEmpty, dataset.y.rank == 1 else {
          throw Failure(.value, "'\(dataset.title)' has no classes; its targets are in .y")
        }
        return .array(dataset.y.ints.map { .string(classes[$0]) })
      },
      .attribute(
        of: Dataset.self, "classes", "The names of the classes.", returns: "list of str",
        example: "digits(100).classes"
      ) { .array($0.classes.map { .string($0) }) },
      .attribute(
        of: Dataset.self, "names", "The names of the features.", returns: "list of str",
        example: "moons(100).names"
      ) { .array($0.names.map { .string($0) }) },
      .attribute(
        of: Dataset.self, "train", "The part to train on.", returns: "Dataset",
        example: "digits(100).split(val=0.2).train"
      ) { .object($0.train) },
      .attribute(
        of: Dataset.self, "val", "The part to watch while training.", returns: "Dataset",
        example: "digits(100).split(val=0.2).val"
      ) { .object(try $0.part($0.validation, "val")) },
      .attribute(
        of: Dataset.self, "test", "The part to judge with at the end.", returns: "Dataset",
        example: "digits(100).split(val=0.2, test=0.2).test"
      ) { .object(try $0.part($0.test, "test")) },
      .method(
        of: Dataset.self, "split",
        "Cuts into parts to train on, to watch and to test; shuffled before, unless told not to.",
        Parameter("train", Double?.self, "examples or share to train on; None: what is left") {
          nil
        },
        Parameter("val", Double?.self, "examples or share to watch while training") { nil },
        Parameter("test", Double?.self, "examples or share to judge with") { nil },
        Parameter("shuffle", Bool.self, "whether the order is random") { true },
        .context, returns: "Dataset", example: "digits(1000).split(train=800, val=200)",
        details: "Numbers from 1 count examples, numbers below 1 are shares of the whole."
      ) { dataset, train, val, test, shuffle, context in
        .object(
          try context.draw(from: "split") { stream in
            try dataset.split(
              train: train, validation: val, test: test, shuffle: shuffle, from: &stream)
          })
      },
    ] + preparingMembers
  }

  public var type: ObjectType { Self.type }
  public func length() -> Int { count }
  public var brief: String { "Dataset \(count) x \(inputShape)" }

  public func iterate() throws -> any ObjectIterator {
    throw Failure(
      .type, "'Dataset' object is not iterable", code: "L106",
      help: "with the data set in a variable, data.x are its inputs and data.y its targets")
  }

  private func part(_ part: Dataset?, _ name: String) throws -> Dataset {
    guard let part else {
      throw Failure(
        .attribute, "'\(title)' has no part '\(name)'",
        help: parts == nil
          ? "split it first: .split(train=0.8, val=0.2)" : "give \(name)= to split")
    }
    return part
  }

  /// `d[3]` is the pair of input and target; `d[10:20]` and `d[places]` are data sets.
  public func index(_ key: Value, context: Context) throws -> Value {
    let inputs = try x.index(key, context: context)
    let targets = try y.index(key, context: context)
    if case .object(let object) = inputs, let inputs = object as? Tensor,
      case .object(let object) = targets, let targets = object as? Tensor,
      inputs.rank == x.rank, targets.rank == y.rank
    {
      return .object(try with(x: inputs, y: targets))
    }
    return .tuple([inputs, targets])
  }

  public var text: String { "<Dataset '\(title)': \(summary)>" }

  /// What it holds, in a line.
  public var summary: String {
    var line = "\(count) examples"
    let shape = inputShape
    if holdsImages {
      line = "\(count) images of " + shape.map(String.init).joined(separator: " x ")
    } else if shape.count == 1 {
      line += " of \(shape[0]) \(shape[0] == 1 ? "feature" : "features")"
    } else if !shape.isEmpty {
      line += " of shape \(shape)"
    }
    if !classes.isEmpty { line += ", \(classes.count) classes" }
    if let parts {
      line += "; train \(parts.train.count)"
      if let validation = parts.validation { line += ", val \(validation.count)" }
      if let test = parts.test { line += ", test \(test.count)" }
    }
    if let scaling { line += "; scaled: \(scaling.title)" }
    if let targetScaling { line += "; targets scaled: \(targetScaling.title)" }
    return line
  }

  public func display(_ context: Context) throws -> Media {
    var lines = ["\(title): \(summary)"]
    if !names.isEmpty { lines.append("features: " + names.joined(separator: ", ")) }
    if let counts = classCounts {
      lines.append("classes: " + counts.map { "\($0.name) \($0.count)" }.joined(separator: ", "))
    }
    return Media(lines.joined(separator: "\n"), try markup)
  }

  /// How many examples each class has; nil when numbers are predicted.
  private var classCounts: [(name: String, count: Int)]? {
    guard !classes.isEmpty, y.rank == 1 else { return nil }
    var counts = [Int](repeating: 0, count: classes.count)
    for label in y.ints where counts.indices.contains(label) { counts[label] += 1 }
    return zip(classes, counts).map { ($0, $1) }
  }

  /// The size, the classes, and the first rows of features.
  private var markup: Markup {
    get throws {
      var markup = Markup()
      markup.heading(title, summary)
      if let classCounts {
        markup.table(
          Table(
            columns: [Table.Column("class")]
              + classCounts.map { Table.Column($0.name, isNumeric: true) },
            rows: [[.text("examples")] + classCounts.map { .whole($0.count) }]))
      }
      if inputShape.count == 1, count > 0 {
        var table = try firstRows(5)
        table.title = ""
        table.notes = count > 5 ? ["the first 5 of \(count)"] : []
        markup.table(table)
      }
      return markup
    }
  }

  /// The first images, or the points by class, or a table of the first rows.
  public func facts() throws -> Facts? {
    if holdsImages { return .images(try sheet(limit: 40)) }
    let shape = inputShape
    if shape == [2] {
      let points = x.doubles
      let (labels, groups) = pointGroups()
      let series = groups.enumerated().map { code, name in
        let places = labels.indices.filter { labels[$0] == code }
        return Series(
          name, x: places.map { points[2 * $0] }, y: places.map { points[2 * $0 + 1] },
          form: .points)
      }
      let axes = names.count == 2 ? names : ["x1", "x2"]
      return .graph(
        Graph(
          title: title, panels: [Panel(x: Axis(axes[0]), y: Axis(axes[1]), series: series)]))
    }
    if shape == [1], classes.isEmpty, y.rank == 1 {
      return .graph(
        Graph(
          title: title,
          panels: [
            Panel(
              x: Axis(names.first ?? "x"), y: Axis("y"),
              series: [Series(x: x.doubles, y: y.doubles, form: .points)])
          ]))
    }
    return shape.count == 1 ? .table(try firstRows(10)) : nil
  }

  /// Features and target of the first examples; each has one axis.
  private func firstRows(_ limit: Int) throws -> Table {
    let rows = min(limit, count)
    let values = try x.rows(0..<rows).doubles
    let labels = try y.rows(0..<rows)
    let width = inputShape[0]
    let titles = names.count == width ? names : (0..<width).map { "x\($0 + 1)" }
    let targets = y.rank == 1 ? labels.doubles : []
    return Table(
      title: title,
      columns: titles.map { Table.Column($0, isNumeric: true) } + [Table.Column("y")],
      rows: (0..<rows).map { row in
        let cells = (0..<width).map { Table.Cell.number(values[row * width + $0]) }
        guard targets.indices.contains(row) else { return cells + [.missing] }
        if let code = Int(exactly: targets[row]), classes.indices.contains(code) {
          return cells + [.text(classes[code])]
        }
        return cells + [.number(targets[row])]
      }, notes: [summary])
  }

  /// Which group of a picture each point belongs to: its class, or a quarter of the targets.
  private func pointGroups() -> (labels: [Int], names: [String]) {
    if y.rank == 1, !classes.isEmpty { return (y.ints, classes) }
    let targets = y.rank == 1 ? y.doubles : []
    guard targets.count >= 8, !targets.contains(where: \.isNaN) else {
      return (Array(repeating: 0, count: count), [""])
    }
    let sorted = targets.sorted()
    let bounds = (1...3).map { sorted[$0 * (sorted.count - 1) / 4] }
    return (
      targets.map { target in bounds.count { target > $0 } },
      ["lowest quarter of y", "second", "third", "highest quarter"]
    )
  }

  /// The first images with their classes.
  public func sheet(limit: Int) throws -> ImageSheet {
    let shown = min(limit, count)
    let first = try examples(0..<shown)
    let values = try first.images().doubles
    let low = values.min() ?? 0
    let high = values.max() ?? 1
    // Pixels that fit 0...1 keep their grey; others are stretched.
    let (base, span) = low >= 0 && high <= 1 ? (0, 1) : (low, max(high - low, 1e-12))
    let shape = inputShape
    return ImageSheet(
      title: title, count: shown, height: shape[0], width: shape[1],
      channels: shape.count == 3 ? shape[2] : 1,
      pixels: values.map { value in
        let grey = ((value - base) / span * 255).rounded()
        return UInt8(exactly: min(max(grey, 0), 255)) ?? 0
      },
      labels: classes.isEmpty || first.y.rank != 1 ? [] : first.y.ints.map { classes[$0] })
  }
}

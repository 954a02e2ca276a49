public import Catalog
internal import Tensors

extension History: Object {
  public static let type = ObjectType("History", "What a training run measured.") {
    [
      .attribute(
        of: History.self, "epochs", "How many epochs were finished.", returns: "int",
        example: "run.epochs"
      ) { .int($0.epochs) },
      .attribute(
        of: History.self, "steps", "How many batches were learnt from.", returns: "int",
        example: "run.steps"
      ) { .int($0.steps) },
      .attribute(
        of: History.self, "stopped",
        "Why it ended: finished, early, interrupted, diverged or failed.", returns: "str",
        example: "run.stopped"
      ) { .string($0.ending.rawValue) },
      .attribute(
        of: History.self, "reason", "More about the ending, in a sentence.", returns: "str",
        example: "run.reason"
      ) { .string($0.reason) },
      .attribute(
        of: History.self, "lr", "The learning rate at the end of each epoch.", returns: "Tensor",
        example: "run.lr"
      ) { .object(try Tensor($0.rates)) },
      .attribute(
        of: History.self, "best", "The figures of the epoch with the lowest validation loss.",
        returns: "Epoch", example: "run.best.epoch"
      ) { history in history.best.map { .object(Epoch(history, $0)) } ?? .none },
      .attribute(
        of: History.self, "final", "The figures of the last epoch.", returns: "Epoch",
        example: "run.final.loss"
      ) { history in
        history.epochs > 0 ? .object(Epoch(history, history.epochs - 1)) : .none
      },
      .attribute(
        of: History.self, "history", "All figures by name, as Keras has them.", returns: "dict",
        example: "run.history[\"loss\"]"
      ) { history in
        .dictionary(
          history.columns.map { (.string($0.name), .array($0.values.map { .float($0) })) })
      },
      .attribute(
        of: History.self, "seconds", "How long it took by the clock.", returns: "float",
        example: "run.seconds"
      ) { .float($0.seconds) },
    ]
  }

  public var type: ObjectType { Self.type }
  public var text: String { "<History: \(summary)>" }
  public var brief: String { summary }
  public var contents: [String] { columns.map(\.name) }
  public func length() -> Int { epochs }

  /// A row per epoch: `epoch`, the figures by name, `lr`.
  public func table() -> Table? {
    Table(
      title: title,
      columns: (["epoch"] + columns.map(\.name) + ["lr"]).map { Table.Column($0, isNumeric: true) },
      rows: (0..<epochs).map { epoch in
        [.whole(epoch + 1)]
          + columns.map { column in
            guard column.values.indices.contains(epoch) else { return .missing }
            let value = column.values[epoch]
            return value.isNaN ? .missing : .number(value)
          } + [.number(rates[epoch])]
      }, notes: [summary], best: epochs > 1 ? best : nil)
  }

  public func attribute(_ name: String) throws -> Value? {
    if let values = self[name] { return .object(try Tensor(values)) }
    let known = ["loss", "accuracy", "val_loss", "val_accuracy"]
    guard known.contains(name) else { return nil }
    throw Failure(
      .attribute, "this run measured no '\(name)'",
      notes: ["it has: " + columns.map(\.name).joined(separator: ", ")],
      help: name.hasPrefix("val_") ? "give validation data: fit(…, validation_split=0.2)" : nil)
  }

  public func index(_ key: Value, context: Context) throws -> Value {
    guard case .string(let name) = key else {
      throw Failure(.type, "a History is indexed with a figure's name, such as \"loss\"")
    }
    guard let values = self[name] else {
      throw Failure(
        .key, "'\(name)'", notes: ["figures: " + columns.map(\.name).joined(separator: ", ")],
        help: Nearest.question(name, among: columns.map(\.name)))
    }
    return .object(try Tensor(values))
  }

  public func display(_ context: Context) -> Media {
    var lines: [String] = title.isEmpty ? [] : [title]
    let names = ["epoch"] + columns.map(\.name)
    var rows = (0..<epochs).map { row in
      ["\(row + 1)"] + columns.map { History.short($0.values[row]) }
    }
    if rows.count > 20 {
      rows = rows.prefix(5) + [names.map { _ in "…" }] + rows.suffix(10)
    }
    let widths = names.indices.map { column in
      max(names[column].count, rows.map { $0[column].count }.max() ?? 0)
    }
    for row in [names] + rows {
      lines.append(
        zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }
          .joined(separator: "  "))
    }
    lines.append(summary)
    var markup = Markup()
    if let table = table() { markup.table(table) }
    return Media(lines.joined(separator: "\n"), markup)
  }

  /// The curves: loss, and accuracy beside it where it was measured.
  public func facts() -> Facts? { .graph(graph) }

  public var graph: Graph {
    let epochs = (0..<self.epochs).map { Double($0 + 1) }
    func panel(_ name: String, _ axis: Axis) -> Panel? {
      guard let training = self[name] else { return nil }
      let validation = self["val_\(name)"]
      var series = [
        Series(
          "training", x: epochs, y: training,
          emphasis: validation == nil ? .normal : .faint, hue: 0)
      ]
      if let validation {
        let mark = best.map { (index: $0, label: "best") }
        series.append(Series("validation", x: epochs, y: validation, hue: 0, mark: mark))
      }
      return Panel(x: Axis("epoch", scale: .whole), y: axis, series: series)
    }
    let panels = [
      panel("loss", Axis("loss", includesZero: true)), panel("accuracy", Axis("accuracy")),
    ]
    .compactMap { $0 }
    return Graph(title: title, panels: panels, columns: 1, summary: summary)
  }
}

/// One epoch's figures as a script sees them.
final class Epoch: Object {
  static let type = ObjectType("Epoch", "The figures of one epoch.")
  let figures: [(name: String, value: Double)]
  let number: Int

  init(_ history: History, _ index: Int) {
    number = index + 1
    figures = history.columns.map { ($0.name, $0.values[index]) }
  }

  var type: ObjectType { Self.type }
  var contents: [String] { ["epoch"] + figures.map(\.name) }

  func attribute(_ name: String) -> Value? {
    if name == "epoch" { return .int(number) }
    return figures.first { $0.name == name }.map { .float($0.value) }
  }

  func index(_ key: Value, context: Context) throws -> Value {
    guard case .string(let name) = key, let value = attribute(name) else {
      throw Failure(.key, key.brief())
    }
    return value
  }

  var text: String {
    let all = figures.map { "\($0.name)=\(History.short($0.value))" }
    return "Epoch(epoch=\(number), \(all.joined(separator: ", ")))"
  }
}

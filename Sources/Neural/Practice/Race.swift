public import Catalog
internal import Tensors

/// Training runs side by side over the same effort.
public final class Race: Object {
  /// What the effort is measured in.
  public enum Effort: String, Choice {
    case epochs
    case steps
    /// By the clock, so that it differs from run to run.
    case seconds
  }

  public static let type = ObjectType("Race", "Training runs side by side.") {
    [
      .attribute(
        of: Race.self, "order", "The names, the best at the end first.", returns: "list of str",
        example: "race({\"a\": run}).order"
      ) { .array($0.order.map { .string($0.name) }) }
    ]
  }

  public let runners: [(name: String, run: History)]
  public let effort: Effort
  public let figure: String

  /// - Parameters:
  ///   - effort: what the runs are drawn over.
  ///   - figure: a column that all runs have, such as `val_accuracy`.
  /// - Throws: a `Failure` that names a run without the figure.
  public init(
    _ runners: [(name: String, run: History)], effort: Effort = .epochs, figure: String = "loss"
  ) throws {
    for (name, run) in runners where run[figure] == nil && run.epochs > 0 {
      let names = run.columns.map(\.name)
      throw Failure(
        .value, "'\(name)' measured no '\(figure)'",
        notes: ["it has: " + names.joined(separator: ", ")],
        help: Nearest.question(figure, among: names))
    }
    self.runners = runners
    self.effort = effort
    self.figure = figure
  }

  public var type: ObjectType { Self.type }
  public func length() -> Int { runners.count }
  public var text: String {
    "<Race in \(figure): "
      + order.map { "\($0.name) \(History.short(end($0.run)))" }.joined(separator: ", ") + ">"
  }

  public func visit(_ keep: (Value) -> Void) {
    for (_, run) in runners { keep(.object(run)) }
  }

  private func end(_ run: History) -> Double {
    run.ending == .diverged ? .nan : line(run).y.last ?? .nan
  }

  /// The best at the end first; runs that diverged last.
  var order: [(name: String, run: History)] {
    let isMoreBetter = Comparing.isMoreBetter(figure)
    return runners.sorted { left, right in
      let (a, b) = (end(left.run), end(right.run))
      guard a.isFinite, b.isFinite else { return a.isFinite && !b.isFinite }
      return isMoreBetter ? a > b : a < b
    }
  }

  /// The losses of all steps where steps are counted, else a figure for each epoch.
  private func line(_ run: History) -> (x: [Double], y: [Double]) {
    if effort == .steps, figure == "loss" {
      return (run.stepLosses.indices.map { Double($0 + 1) }, run.stepLosses)
    }
    let values = run[figure] ?? []
    let count = Double(max(run.epochs, 1))
    let x = values.indices.map { epoch -> Double in
      let share = Double(epoch + 1) / count
      return switch effort {
      case .epochs: Double(epoch + 1)
      case .steps: share * Double(run.steps)
      case .seconds: share * run.seconds
      }
    }
    return (x, values)
  }

  public func table() -> Table? { orderTable }

  private var orderTable: Table {
    Table(
      title: "\(figure) at the end",
      columns: [Table.Column("name")]
        + ["epochs", "steps", figure].map { Table.Column($0, isNumeric: true) }
        + [Table.Column("ended")],
      rows: order.map { name, run in
        [
          .text(name), .whole(run.epochs), .whole(run.steps), .number(end(run)),
          .text(run.ending.rawValue),
        ]
      }, best: order.count > 1 && end(order[0].run).isFinite ? 0 : nil)
  }

  public func display(_ context: Context) -> Media { TableText.media(orderTable) }

  public func facts() -> Facts? {
    let series = runners.enumerated().map { hue, runner in
      let (x, y) = line(runner.run)
      return Series(runner.name, x: x, y: y, hue: hue)
    }
    return .graph(
      Graph(
        panels: [
          Panel(
            x: Axis(effort.rawValue, scale: effort == .seconds ? .linear : .whole),
            y: Axis(figure), series: series)
        ], summary: text))
  }

  static let entry = Entry(
    "race", "Training runs side by side over epochs, steps or seconds.",
    Parameter("runs", Value.self, "a dict from names to what fit returned"),
    Parameter("x", Effort.self, "the effort they are drawn over") { .epochs },
    Parameter("y", String.self, "the figure, such as \"val_accuracy\"") { "loss" },
    returns: "Race",
    example: """
      d = moons(60)
      runs = {o: mlp(8, 2).fit(d, epochs=3, optimizer=o, verbose=0) for o in ["sgd", "adam"]}
      race(runs).order
      """,
    details: "plot() draws the lines; for several seeds of each take `compare`."
  ) { runs, effort, figure in
    guard case .dict(let view) = runs, view.count > 0 else {
      throw Failure(
        .type, "race() takes a dict from names to runs, got \(runs.brief())", code: "L105")
    }
    let runners = try view.items().map { key, value -> (name: String, run: History) in
      guard case .object(let object) = value, let run = object as? History else {
        throw Failure(
          .type, "'\(key.brief())' is \(value.brief()), expected what fit returned", code: "L105")
      }
      return (String.read(key) ?? key.brief(), run)
    }
    return .object(try Race(runners, effort: effort, figure: figure))
  }
}

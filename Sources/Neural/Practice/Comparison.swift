internal import Catalog

/// Several answers to one question, each tried with several seeds.
public final class Trials {
  /// One answer: a model's settings, or what a function returns.
  public struct Answer {
    public let name: String
    /// The figure compared, one for each seed.
    public let values: [Double]
    /// The training runs; empty when a function returned numbers.
    public let runs: [History]

    public var mean: Double { values.reduce(0, +) / Double(max(values.count, 1)) }

    public var median: Double {
      let sorted = values.sorted()
      guard !sorted.isEmpty else { return .nan }
      let middle = sorted.count / 2
      return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// Of a sample: divided by n - 1; nil for one value.
    public var std: Double? {
      guard values.count > 1 else { return nil }
      let mean = mean
      let sum = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (sum / Double(values.count - 1)).squareRoot()
    }
  }

  public let answers: [Answer]
  public let seeds: [UInt64]
  /// The figure that is compared, and whether more of it is better.
  public let figure: String
  public let isMoreBetter: Bool

  init(_ answers: [Answer], seeds: [UInt64], figure: String, isMoreBetter: Bool) {
    self.answers = answers
    self.seeds = seeds
    self.figure = figure
    self.isMoreBetter = isMoreBetter
  }

  /// The best mean first; those with values that are no numbers last.
  public var ranked: [Answer] {
    answers.sorted { left, right in
      guard left.mean.isFinite else { return false }
      guard right.mean.isFinite else { return true }
      return isMoreBetter ? left.mean > right.mean : left.mean < right.mean
    }
  }

  /// Two-sided 95 % points of Student's t for 1, 2, … degrees of freedom.
  private static let student = [
    12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13,
  ]

  /// Whether the first two differ by more than their spread explains, said honestly.
  ///
  /// Welch's test at 95 %; two looks at one question are not a proof.
  public var verdict: String {
    let order = ranked
    guard let best = order.first else { return "nothing was compared" }
    guard best.mean.isFinite else { return "no answer gave a finite \(figure)" }
    guard order.count > 1 else {
      return "\(best.name): \(figure) \(Trials.shown(best))"
    }
    let second = order[1]
    guard second.mean.isFinite else {
      return "\(best.name) is the only one with a finite \(figure): \(Trials.shown(best))"
    }
    let pair = "\(best.name) \(Trials.shown(best)), \(second.name) \(Trials.shown(second))"
    guard let a = best.std, let b = second.std else {
      return "one seed each tells nothing about chance: \(pair); give seeds=3 or more"
    }
    let count = Double(seeds.count)
    let error = ((a * a + b * b) / count).squareRoot()
    let freedom =
      a + b > 0
      ? (a * a + b * b) * (a * a + b * b) * (count - 1) / (a * a * a * a + b * b * b * b)
      : 2 * (count - 1)
    let place = min(
      max(Int(exactly: (freedom + 1e-9).rounded(.down)) ?? 1, 1), Trials.student.count)
    let wanted = Trials.student[place - 1] * error
    let gap = abs(best.mean - second.mean)
    if gap == 0 { return "no difference in \(figure): \(pair)" }
    guard gap > wanted else {
      return "no clear difference in \(figure): \(pair); the gap \(History.short(gap)) lies within "
        + "the spread of \(seeds.count) seeds (\(History.short(wanted)) would be needed)"
    }
    return "\(best.name) is better in \(figure): \(pair); the gap \(History.short(gap)) is more "
      + "than the spread of \(seeds.count) seeds explains (\(History.short(wanted)))"
  }

  private static func shown(_ answer: Answer) -> String {
    History.short(answer.mean) + (answer.std.map { " ± \(History.short($0))" } ?? "")
  }
}

/// Runs answers with seeds.
enum Comparing {
  /// The first of these that all runs measured is compared.
  static let figures = ["val_accuracy", "val_loss", "accuracy", "loss"]

  static func isMoreBetter(_ figure: String) -> Bool {
    !(figure.hasSuffix("loss") || figure.contains("error") || figure.hasSuffix("mse")
      || figure.hasSuffix("mae"))
  }

  /// A figure of the whole run: of its best epoch when it kept that, else of the last.
  static func value(_ figure: String, of run: History) throws -> Double {
    guard let values = run[figure] else {
      throw Failure(
        .value, "the run measured no '\(figure)'",
        notes: ["it has: " + run.columns.map(\.name).joined(separator: ", ")],
        help: Nearest.question(figure, among: run.columns.map(\.name)))
    }
    guard run.ending != .diverged else { return .nan }
    if run.reason.contains("restored"), let best = run.best, values.indices.contains(best) {
      return values[best]
    }
    return values.last ?? .nan
  }

  /// What one answer gives for one seed.
  enum Result {
    case run(History)
    case number(Double)
  }

  /// Trains a model's settings anew, or calls a function, with a seed of its own.
  static func result(
    _ answer: Value, name: String, seed: UInt64, data: [Value], options: [(String, Value)],
    _ context: Context
  ) throws -> Result {
    switch answer {
    case .object(let model as Sequential):
      let quiet = Probe.quiet(context, seed: seed)
      return .run(try fit(fresh(model), data, options, quiet))
    case .function, .object:
      guard let function = Function.read(answer) else { break }
      let made = try withSeed(seed, context) {
        function.callable.parameters.isEmpty
          ? try function() : try function(.int(Int(exactly: seed) ?? 0))
      }
      if let number = Double.read(made) { return .number(number) }
      if case .object(let run as History) = made { return .run(run) }
      if case .object(let model as Sequential) = made {
        let quiet = Probe.quiet(context, seed: seed)
        return .run(try fit(model, data, options, quiet))
      }
      throw Failure(
        .type, "'\(name)' returned \(made.typeName), expected a model, a History or a number",
        code: "L105")
    default: break
    }
    throw Failure(
      .type, "'\(name)' is \(answer.typeName), expected a model or a function", code: "L105",
      help: "a function may take the seed and returns a model, a History or a number")
  }

  /// The same settings with weights to be drawn.
  static func fresh(_ model: Sequential) throws -> Sequential {
    do { return try model.redrawn() } catch {
      throw Failure(
        .value, "model '\(model.name)' cannot be made anew: \(Failure(error).message)",
        help: "give a function that makes it: lambda: Net()")
    }
  }

  /// `model.fit(…)` as a script would call it, told to nobody.
  static func fit(
    _ model: Sequential, _ data: [Value], _ options: [(String, Value)], _ context: Context
  ) throws -> History {
    var named = options.map { (name: $0.0, value: $0.1) }
    if !named.contains(where: { $0.name == "verbose" }) { named.append(("verbose", .int(0))) }
    let result = try ModelEntries.fit.call(
      Arguments(receiver: .object(model), positional: data, named: named, context: context))
    guard case .object(let run as History) = result else {
      throw Failure(.runtime, "fit returned no History")
    }
    return run
  }

  /// Runs what a script does with the session's streams started from a seed, and restores them.
  static func withSeed<R>(_ seed: UInt64, _ context: Context, _ body: () throws -> R) rethrows -> R
  {
    let (before, drawn) = (context.seed, context.drawn)
    defer {
      context.seed = before
      context.drawn = drawn
    }
    context.seed = seed
    context.drawn = [:]
    return try context.enclosing(nil, body)
  }
}

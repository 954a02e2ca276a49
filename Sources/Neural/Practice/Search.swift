internal import Catalog
internal import Data
internal import Tensors

/// How points of a space are chosen.
public enum SearchMethod: String, Choice {
  /// Every combination of a few values of each setting.
  case grid
  /// Points drawn at random, which try more values of each setting (Bergstra and Bengio 2012).
  case random
  /// Random rounds in ranges that close in on the best, with more epochs from round to round.
  case coarseToFine = "coarse_to_fine"
  /// Many with few epochs; the best third goes on with three times as many (Jamieson and
  /// Talwalkar 2016).
  case halving
}

/// Tries points of a space of settings and writes down what they give.
final class Search {
  let build: Value
  let space: [(name: String, setting: Setting)]
  let data: ExamplesArgument?
  let targets: Tensor?
  let folded: FoldedData?
  let options: [(String, Value)]
  let figure: String?
  let epochs: Int
  let path: String?
  let results: SearchResults
  private let context: Context
  private var stream: RandomStream
  private let forBuild: Set<String>

  init(
    _ build: Value, _ space: [(name: String, setting: Setting)], _ data: ExamplesArgument?,
    _ targets: Tensor?, folds: Int, scale: TransformChoice?, options: [(String, Value)],
    figure: String?,
    epochs: Int, path: String?, results: SearchResults, context: Context
  ) throws {
    self.build = build
    self.space = space
    self.data = data
    self.targets = targets
    self.options = options
    self.figure = figure
    self.epochs = epochs
    self.path = path
    self.results = results
    self.context = context
    stream = RandomStream(seed: context.seed, name: "search")
    forBuild = try Search.parameters(of: build, among: space.map(\.name))
    if let data, folds > 1 {
      var stream = RandomStream(seed: context.seed, name: "folds")
      folded = try FoldedData(
        data, targets, folds: folds, isStratified: nil, scale: scale, from: &stream)
    } else if let data, Search.needsWatching(data, options) {
      // A fifth is held out, the same for every trial; otherwise trials would be judged by what
      // they have learnt by heart.
      var stream = RandomStream(seed: context.seed, name: "folds")
      let count = (try? data.examples(targets, in: "search").count) ?? 0
      guard count >= 5 else { throw Failure(.value, "search() needs at least 5 examples") }
      folded = try FoldedData(
        data, targets, folds: 5, isStratified: nil, scale: scale, from: &stream)
      judgesOneFold = true
    } else {
      folded = nil
      guard scale == nil else {
        throw Failure(
          .value, "scale= belongs to folds that search makes itself",
          help: "scale the parts of the data set: d.scale(\"standard\")")
      }
    }
    results.logarithmic = Set(
      space.compactMap { name, setting in
        if case .range(let range) = setting, range.isLog { name } else { nil }
      })
    for trial in results.trials { results.known[trial.key] = trial }
    if let path { try results.load(path, context: context) }
    results.trials = []
    results.advice = []
  }

  private var judgesOneFold = false

  private static func needsWatching(_ data: ExamplesArgument, _ options: [(String, Value)]) -> Bool
  {
    if case .dataset(let set) = data, set.validation != nil { return false }
    return !options.contains { ["validation_data", "val", "validation_split"].contains($0.0) }
  }

  /// Settings that the function takes; the others must be some of `fit`'s.
  private static func parameters(of build: Value, among names: [String]) throws -> Set<String> {
    var own: [ParameterFacts] = []
    if case .object(let object) = build, object is Sequential {
      own = []
    } else if let function = Function.read(build) {
      own = function.callable.parameters
    } else {
      throw Failure(
        .type, "search() takes a function that makes a model, or a model; got \(build.brief())",
        code: "L105")
    }
    let takesAll = own.contains { $0.passing == .restNamed }
    let trained = ModelEntries.fit.parameters.flatMap { [$0.name] + $0.aliases }
    let taken = own.map(\.name)
    for name in names where !takesAll && !taken.contains(name) && !trained.contains(name) {
      throw Failure(
        .type, "setting '\(name)' is a parameter neither of the function nor of fit", code: "L105",
        notes: ["the function takes: " + taken.joined(separator: ", ")],
        help: Nearest.question(name, among: taken + trained))
    }
    return Set(names.filter { taken.contains($0) || takesAll && !trained.contains($0) })
  }

  /// Tries `count` points in the way asked for.
  func run(_ method: SearchMethod, trials count: Int, rounds: Int) throws {
    switch method {
    case .random:
      for _ in 0..<count { try attempt(drawn(space), epochs, round: 1) }
    case .grid:
      for point in try grid(count) { try attempt(point, epochs, round: 1) }
    case .coarseToFine: try closeIn(count, rounds)
    case .halving: try halve(count)
    }
    results.advice = adviceOnEdges()
  }

  private func drawn(
    _ space: [(name: String, setting: Setting)]
  ) -> [(name: String, value: Value)] {
    space.map { ($0.name, $0.setting.draw(from: &stream)) }
  }

  /// As many values per range as the number of trials allows.
  private func grid(_ count: Int) throws -> [[(name: String, value: Value)]] {
    func size(_ side: Int) -> Int {
      var product = 1
      for (_, setting) in space {
        var length = side
        if case .choice(let values) = setting { length = values.count }
        let (next, overflow) = product.multipliedReportingOverflow(by: length)
        if overflow { return .max }
        product = next
      }
      return product
    }
    let hasRanges = space.contains { if case .range = $0.setting { true } else { false } }
    var side = 1
    while hasRanges, size(side + 1) <= count { side += 1 }
    guard size(side) <= 100_000 else {
      throw Failure(
        .value, "the grid has more than 100000 points", help: "take method=\"random\"")
    }
    return space.reduce([[]]) { points, next in
      let values = next.setting.points(side)
      return points.flatMap { point in values.map { point + [(next.name, $0)] } }
    }
  }

  private func closeIn(_ count: Int, _ rounds: Int) throws {
    var ranges = space
    let each = max(count / max(rounds, 1), 1)
    for round in 1...max(rounds, 1) {
      let effort = max(epochs * round / max(rounds, 1), 1)
      for _ in 0..<each { try attempt(drawn(ranges), effort, round: round) }
      guard let best = results.best else { continue }
      var width = 1.0
      for _ in 0..<round { width /= 2 }
      ranges = try space.map { name, setting in
        guard let value = best.settings.first(where: { $0.name == name })?.value else {
          return (name, setting)
        }
        return (name, try setting.narrowed(around: value, by: width))
      }
    }
  }

  private func halve(_ count: Int) throws {
    var points = (0..<count).map { _ in drawn(space) }
    var stages = 1
    var left = count
    while left >= 3 {
      left /= 3
      stages += 1
    }
    var divisor = 1
    for _ in 1..<stages { divisor *= 3 }
    for round in 1...stages {
      let effort = max(epochs / divisor, 1)
      divisor = max(divisor / 3, 1)
      var scored: [(point: [(name: String, value: Value)], trial: SearchResults.Trial)] = []
      for point in points {
        scored.append((point, try attempt(point, effort, round: round)))
      }
      let order = scored.filter { $0.trial.score?.isFinite ?? false }.sorted { left, right in
        let (a, b) = (left.trial.score ?? 0, right.trial.score ?? 0)
        return results.isMoreBetter ? a > b : a < b
      }
      results.deciding = round
      points = order.prefix(max(points.count / 3, 1)).map(\.point)
      guard !points.isEmpty else { return }
    }
  }

  /// One point: known from before, or tried now; an error in it is written down, an interrupt is
  /// not caught.
  @discardableResult
  private func attempt(
    _ settings: [(name: String, value: Value)], _ epochs: Int, round: Int
  ) throws -> SearchResults.Trial {
    try context.check()
    let key = SearchResults.encoded(settings).text() + " \(epochs)"
    var trial: SearchResults.Trial
    if let known = results.known[key], known.score != nil || known.error != nil {
      trial = SearchResults.Trial(
        settings: settings, epochs: epochs, round: round, score: known.score, error: known.error)
      if !results.figure.isEmpty {
        results.isMoreBetter = Comparing.isMoreBetter(results.figure)
      }
    } else {
      do {
        let score = try evaluate(settings, epochs)
        trial = SearchResults.Trial(
          settings: settings, epochs: epochs, round: round, score: score.isFinite ? score : nil,
          error: score.isFinite ? nil : "the figure is no finite number")
      } catch let error where !Search.isInterrupt(error) {
        let failure = Failure(error)
        trial = SearchResults.Trial(
          settings: settings, epochs: epochs, round: round, score: nil,
          error: "\(failure.exception): \(failure.message)")
      }
    }
    results.trials.append(trial)
    if let path { try results.save(path) }
    return trial
  }

  static func isInterrupt(_ error: any Error) -> Bool {
    if error is Interrupted { return true }
    let name = Failure(error).exception
    return name == Failure.Exception.keyboardInterrupt.rawValue
      || name == Failure.Exception.systemExit.rawValue
  }

  /// The mean figure of one point over its folds.
  private func evaluate(
    _ settings: [(name: String, value: Value)], _ epochs: Int
  ) throws -> Double {
    let given = settings.filter { forBuild.contains($0.name) }
    var named =
      options + settings.filter { !forBuild.contains($0.name) }.map { ($0.name, $0.value) }
    if data != nil { named.append(("epochs", .int(epochs))) }
    let answer: Value
    if case .object(let object) = build, object is Sequential {
      answer = build
    } else if let function = Function.read(build) {
      answer = .function(Prefilled(function.callable, given))
    } else {
      answer = build
    }
    var scores: [Double] = []
    let numbers = folded.map { judgesOneFold ? [0] : Array($0.places.indices) } ?? [0]
    for number in numbers {
      let part = try folded?.fold(number)
      let result = try Comparing.result(
        answer, name: "the function", seed: context.seed,
        data: part?.data ?? PracticeData.values(data, targets),
        options: named + (part?.options ?? []), context)
      switch result {
      case .number(let value):
        note(figure ?? "score")
        return value
      case .run(let run):
        let chosen =
          figure
          ?? (results.figure.isEmpty
            ? Comparing.figures.first { run[$0] != nil } ?? "loss" : results.figure)
        note(chosen)
        scores.append(try Comparing.value(chosen, of: run))
      }
    }
    return scores.reduce(0, +) / Double(max(scores.count, 1))
  }

  private func note(_ figure: String) {
    results.figure = figure
    results.isMoreBetter = Comparing.isMoreBetter(figure)
  }

  /// A best point on the edge of its range says that a better one may lie beyond.
  private func adviceOnEdges() -> [String] {
    guard let best = results.best else { return [] }
    return space.compactMap { name, setting in
      guard case .range(let range) = setting,
        let value = best.settings.first(where: { $0.name == name })?.value,
        let edge = setting.edge(value)
      else { return nil }
      let end = edge == "lower" ? range.low : range.high
      return
        "the best \(name) lies at the \(edge) edge \(History.short(end)) of its range: widen it"
    }
  }
}

/// A script's function with some arguments given.
private final class Prefilled: Callable {
  private let callable: any Callable
  private let given: [(name: String, value: Value)]

  init(_ callable: any Callable, _ given: [(name: String, value: Value)]) {
    self.callable = callable
    self.given = given
  }

  var name: String { callable.name }
  var parameters: [ParameterFacts] { [] }

  func call(_ positional: [Value], named: [(name: String, value: Value)]) throws -> Value {
    try callable.call(positional, named: given + named)
  }
}

enum SearchEntries {
  static let search = Entry(
    "search", "Looks for good settings: tries points of a space and keeps a table of them.",
    Parameter("build", Value.self, "a function of settings that makes a model; or a model"),
    Parameter("space", Value.self, "a dict: for each setting a list of values or between(…)"),
    Parameter("x", ExamplesArgument?.self, "a data set, or inputs", also: ["data", "on"]) { nil },
    Parameter("y", Tensor?.self, "targets, when x are inputs") { nil },
    Parameter("method", SearchMethod.self, "how points are chosen") { .random },
    Parameter("trials", Int.self, "how many points", where: .within(1, 100_000)) { 20 },
    Parameter("epochs", Int.self, "of each trial, at most", where: .within(1, 1 << 30)) { 10 },
    Parameter("folds", Int.self, "parts held out in turn; 0: one part", where: .within(0, 1000)) {
      0
    },
    Parameter("scale", TransformChoice?.self, "fitted inside each fold, as in cross_validate") {
      nil
    },
    Parameter("figure", String?.self, "what counts; None: validation accuracy or loss") { nil },
    Parameter("rounds", Int.self, "of coarse_to_fine", where: .within(1, 100)) { 3 },
    Parameter("file", String?.self, "where results are kept; an interrupted search goes on there") {
      nil
    },
    Parameter("results", SearchResultsArgument?.self, "SearchResults() to fill or to go on with") {
      nil
    },
    Parameter("options", RestNamed<Value>.self, "for fit: optimizer=, …", passing: .restNamed),
    .context, returns: "SearchResults",
    example: """
      search(lambda units: Sequential(Dense(units, "relu"), Dense(2, "softmax")), \
      {"units": [4, 8], "lr": between(1e-3, 1e-1, log=True)}, moons(60), trials=3, epochs=2).best
      """,
    details: """
      Settings that the function does not take go to `fit`: lr, batch_size, …. Methods: "random"; \
      "grid" (as many values per range as the trials allow); "coarse_to_fine" (rounds that halve \
      the ranges around the best, with more epochs each); "halving" (the best third goes on with \
      three times the epochs). Judged is a fifth that is held out, or the validation part of the \
      data set, or the mean over folds. All trials start from the session's seed. An error in one \
      trial stands in the table and does not end the search; an interrupt leaves what was done in \
      `file` and in `results`. A best point at the edge of its range says: widen it. \
      Source: Bergstra and Bengio 2012; halving: Jamieson and Talwalkar 2016.
      """
  ) {
    build, space, data, y, method, trials, epochs, folds, scale, figure, rounds, file, results,
    options, context in
    guard case .dict(let view) = space, view.count > 0 else {
      throw Failure(
        .type, "space is a dict from settings to lists or between(…), got \(space.brief())",
        code: "L105")
    }
    let settings = try view.items().map { key, value -> (name: String, setting: Setting) in
      guard let name = String.read(key) else {
        throw Failure(.type, "a setting's name is a str, not \(key.typeName)")
      }
      return (name, try Setting(value, name: name, context))
    }
    let search = try Search(
      build, settings, data, y, folds: folds, scale: scale,
      options: options.values.map { ($0.name, $0.value) }, figure: figure, epochs: epochs,
      path: file.map { context.resolve($0) }, results: results?.results ?? SearchResults(),
      context: context)
    try Probe.noting({
      "search had done \(search.results.trials.count) trials"
        + (file.map { "; a search with the same file=\"\($0)\" goes on from there" }
          ?? (results == nil
            ? "; with results=SearchResults() or file= they would be kept"
            : "; a search with the same results= goes on from there"))
    }) {
      try search.run(method, trials: trials, rounds: rounds)
    }
    return .object(search.results)
  }
}

/// `results=`.
struct SearchResultsArgument: Argument {
  let results: SearchResults

  static var kind: String { "SearchResults" }

  static func read(_ value: Value) throws -> SearchResultsArgument? {
    guard case .object(let object) = value, let results = object as? SearchResults else {
      return nil
    }
    return SearchResultsArgument(results: results)
  }

  var shown: String { "results" }
}

public import Catalog
internal import Data
internal import Tensors

extension Trials: Object {
  public static let type = ObjectType("Trials", "Several answers, each with several seeds.") {
    [
      .attribute(
        of: Trials.self, "verdict", "Whether the best differs clearly from the next.",
        returns: "str", example: "compare({\"a\": net, \"b\": wide}, d).verdict"
      ) { .string($0.verdict) },
      .attribute(
        of: Trials.self, "best", "The name of the answer with the best mean.", returns: "str",
        example: "compare({\"a\": net, \"b\": wide}, d).best"
      ) { .string($0.ranked.first?.name ?? "") },
      .attribute(
        of: Trials.self, "figure", "The figure that is compared.", returns: "str",
        example: "compare({\"a\": net, \"b\": wide}, d).figure"
      ) { .string($0.figure) },
      .attribute(
        of: Trials.self, "names", "The names of the answers.", returns: "list of str",
        example: "compare({\"a\": net, \"b\": wide}, d).names"
      ) { .array($0.answers.map { .string($0.name) }) },
    ]
  }

  public var type: ObjectType { Self.type }
  public var text: String { "<Trials: \(verdict)>" }
  public var brief: String { verdict }
  public func length() -> Int { answers.count }
  public var contents: [String] { answers.map(\.name) }

  public func attribute(_ name: String) throws -> Value? {
    answers.first { $0.name == name }.map { .object(AnswerObject($0)) }
  }

  public func index(_ key: Value, context: Context) throws -> Value {
    if case .string(let name) = key {
      guard let answer = try attribute(name) else {
        throw Failure(
          .key, "'\(name)'", notes: ["answers: " + contents.joined(separator: ", ")],
          help: Nearest.question(name, among: contents))
      }
      return answer
    }
    guard let place = Int.read(key), answers.indices.contains(place) else {
      throw Failure(.key, "answers are indexed with their names")
    }
    return .object(AnswerObject(answers[place]))
  }

  /// A row per answer, the best first.
  public func table() -> Table? { summaryTable }

  private var summaryTable: Table {
    Table(
      title: "\(figure), \(seeds.count) \(seeds.count == 1 ? "seed" : "seeds")",
      columns: [Table.Column("name")]
        + ["mean", "std", "median", "min", "max"].map { Table.Column($0, isNumeric: true) },
      rows: ranked.map { answer in
        [
          .text(answer.name), .number(answer.mean), answer.std.map { .number($0) } ?? .missing,
          .number(answer.median), .number(answer.values.min() ?? .nan),
          .number(answer.values.max() ?? .nan),
        ]
      }, notes: [verdict], best: ranked.count > 1 && ranked[0].mean.isFinite ? 0 : nil)
  }

  public func display(_ context: Context) -> Media { TableText.media(summaryTable) }

  /// The median of the seeds over the epochs with the range of all, or bars of the means.
  public func facts() -> Facts? {
    let curves = answers.enumerated().flatMap { hue, answer -> [Series] in
      let lines = answer.runs.compactMap { $0[figure] }.filter { !$0.isEmpty }
      guard let length = lines.map(\.count).min() else { return [] }
      let x = (0..<length).map { Double($0 + 1) }
      let columns = (0..<length).map { epoch in lines.map { $0[epoch] }.sorted() }
      let middle = Series(
        answer.name, x: x, y: columns.map { $0[$0.count / 2] }, hue: hue)
      guard lines.count > 1 else { return [middle] }
      return [
        Series(
          x: x, y: columns.map { $0.first ?? .nan }, form: .band, hue: hue,
          upper: columns.map { $0.last ?? .nan }), middle,
      ]
    }
    if !curves.isEmpty {
      return .graph(
        Graph(
          panels: [Panel(x: Axis("epoch", scale: .whole), y: Axis(figure), series: curves)],
          summary: verdict))
    }
    return .graph(
      Graph(
        panels: [
          Panel(
            x: Axis("", scale: .categories(answers.map(\.name))),
            y: Axis(figure, includesZero: true),
            series: [
              Series(
                figure, x: answers.indices.map(Double.init), y: answers.map(\.mean), form: .bars,
                error: answers.map { $0.std ?? 0 })
            ])
        ], summary: verdict))
  }

  static let entry = Entry(
    "compare", "Tries several answers to one question, each with several seeds.",
    Parameter(
      "answers", Value.self,
      "a dict from names to models, or to functions that return a model, a History or a number"),
    Parameter("x", ExamplesArgument?.self, "a data set, or inputs", also: ["data", "on"]) { nil },
    Parameter("y", Tensor?.self, "targets, when x are inputs") { nil },
    Parameter("seeds", SeedList.self, "how many, or which") { SeedList(count: 3) },
    Parameter("figure", String?.self, "what is compared; None: validation accuracy or loss") {
      nil
    },
    Parameter("options", RestNamed<Value>.self, "for fit: epochs=, lr=, …", passing: .restNamed),
    .context, returns: "Trials",
    example: """
      compare({"narrow": Sequential(Dense(4, "relu"), Dense(2, "softmax")), \
      "wide": Sequential(Dense(16, "relu"), Dense(2, "softmax"))}, moons(60), seeds=2, epochs=2)
      """,
    details: """
      For each seed a model is drawn anew and trained by `fit` with the options given; a function \
      is called with the session's streams started from the seed (and gets it, if it takes one). \
      The table shows mean, deviation (n - 1), median and range. `verdict` says whether the best \
      two differ by more than their spread explains (Welch's test at 95 %), or that no clear \
      difference was found: `t = (m1 - m2) / sqrt(s1**2 / n1 + s2**2 / n2)`. Models given, and the \
      session's streams, stay as they are. Source: Welch 1947.
      """
  ) { answers, data, y, seeds, figure, options, context in
    var named: [(name: String, answer: Value)] = []
    switch answers {
    case .dict(let view):
      for (key, value) in try view.items() {
        named.append((String.read(key) ?? key.brief(), value))
      }
    case .list(let view):
      for (place, value) in try view.elements().enumerated() {
        named.append(("\(place)", value))
      }
    default: break
    }
    guard !named.isEmpty else {
      throw Failure(
        .type, "compare() takes a dict from names to models or functions, got \(answers.brief())",
        code: "L105", help: "compare({\"relu\": net, \"elu\": other}, d, seeds=3)")
    }
    return .object(
      try Trials.compared(
        named, PracticeData.values(data, y), seeds: seeds.seeds, figure: figure,
        options: options.values.map { ($0.name, $0.value) }, context))
  }

  /// Every answer with every seed.
  static func compared(
    _ named: [(name: String, answer: Value)], _ values: [Value], seeds: [UInt64], figure: String?,
    options: [(String, Value)], _ context: Context
  ) throws -> Trials {
    var results: [(name: String, values: [Comparing.Result])] = []
    for (name, answer) in named {
      if case .object(let model as Sequential) = answer, values.isEmpty {
        throw Failure(
          .type, "compare() needs data to train '\(model.name)' with: compare(…, d)", code: "L105")
      }
      let all = try Probe.noting({ "compare was at '\(name)'; the models given are as they were" })
      {
        try seeds.map { seed in
          try context.check()
          return try Comparing.result(
            answer, name: name, seed: seed, data: values,
            options: options, context)
        }
      }
      results.append((name, all))
    }
    return try Trials(results, seeds: seeds, figure: figure)
  }

  convenience init(
    _ results: [(name: String, values: [Comparing.Result])], seeds: [UInt64], figure: String?
  ) throws {
    let runs = results.flatMap { $0.values }.compactMap { result -> History? in
      if case .run(let run) = result { run } else { nil }
    }
    let chosen =
      figure
      ?? Comparing.figures.first { name in !runs.isEmpty && runs.allSatisfy { $0[name] != nil } }
      ?? (runs.isEmpty ? "score" : "loss")
    let answers = try results.map { name, values in
      Answer(
        name: name,
        values: try values.map { result in
          switch result {
          case .number(let number): number
          case .run(let run): try Comparing.value(chosen, of: run)
          }
        },
        runs: values.compactMap { result in
          if case .run(let run) = result { run } else { nil }
        })
    }
    self.init(
      answers, seeds: seeds, figure: chosen, isMoreBetter: Comparing.isMoreBetter(chosen))
  }
}

/// What the practice tools hand on to `fit`.
enum PracticeData {
  /// The training part of a data set with its validation part; or the examples given.
  static func sets(
    _ data: ExamplesArgument, _ y: Tensor?, _ validation: Examples?, in function: String
  ) throws -> (Examples, Examples?) {
    if case .dataset(let set) = data, y == nil, set.parts != nil {
      return (Examples(set.train), validation ?? set.validation.map { Examples($0) })
    }
    return (try data.examples(y, in: function), validation)
  }

  static func values(_ data: ExamplesArgument?, _ y: Tensor?) -> [Value] {
    guard let data else { return [] }
    let first: Value =
      switch data {
      case .dataset(let data): .object(data)
      case .inputs(let x): .object(x)
      }
    return [first] + (y.map { [.object($0)] } ?? [])
  }
}

/// `seeds=`: how many, from 0, or a list of them.
struct SeedList: Argument {
  let seeds: [UInt64]

  init(count: Int) { seeds = (0..<UInt64(max(count, 0))).map { $0 } }

  private init(_ seeds: [UInt64]) { self.seeds = seeds }

  static var kind: String { "int or list of int" }

  static func read(_ value: Value) throws -> SeedList? {
    if let count = Int.read(value) {
      guard (1...10_000).contains(count) else {
        throw Failure(.value, "seeds must be from 1 to 10000, got \(count)")
      }
      return SeedList(count: count)
    }
    guard let list = try [Int].read(value) else { return nil }
    guard !list.isEmpty else { throw Failure(.value, "seeds must not be empty") }
    return SeedList(list.map { UInt64(bitPattern: Int64($0)) })
  }

  var shown: String { "\(seeds.count)" }
}

/// One answer as a script sees it.
final class AnswerObject: Object {
  static let type = ObjectType("Answer", "One answer with its seeds.") {
    [
      .attribute(
        of: AnswerObject.self, "values", "The figure for each seed.", returns: "Tensor",
        example: "r[\"relu\"].values"
      ) { .object(try Tensor($0.answer.values)) },
      .attribute(
        of: AnswerObject.self, "mean", "Their mean.", returns: "float",
        example: "r[\"relu\"].mean"
      ) { .float($0.answer.mean) },
      .attribute(
        of: AnswerObject.self, "median", "Their median.", returns: "float",
        example: "r[\"relu\"].median"
      ) { .float($0.answer.median) },
      .attribute(
        of: AnswerObject.self, "std", "Their deviation, divided by n - 1; None for one.",
        returns: "float or None", example: "r[\"relu\"].std"
      ) { $0.answer.std.map { .float($0) } ?? .none },
      .attribute(
        of: AnswerObject.self, "runs", "The training runs.", returns: "list of History",
        example: "r[\"relu\"].runs[0]"
      ) { .array($0.answer.runs.map { .object($0) }) },
    ]
  }

  let answer: Trials.Answer

  init(_ answer: Trials.Answer) {
    self.answer = answer
  }

  var type: ObjectType { Self.type }
  var text: String {
    "<Answer '\(answer.name)': \(History.short(answer.mean))"
      + (answer.std.map { " ± \(History.short($0))" } ?? "") + ">"
  }

  func visit(_ keep: (Value) -> Void) {
    for run in answer.runs { keep(.object(run)) }
  }
}

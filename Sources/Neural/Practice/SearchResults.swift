public import Catalog
internal import Data
internal import FoundationEssentials
internal import Tensors

/// What a search has tried so far; kept in a file when one is given.
public final class SearchResults {
  /// One point of the space.
  public struct Trial {
    public let settings: [(name: String, value: Value)]
    public let epochs: Int
    /// From 1.
    public let round: Int
    /// nil when it failed.
    public let score: Double?
    /// What went wrong, as a user would see it.
    public let error: String?

    /// The same point and effort; what a resumed search recognizes.
    var key: String { SearchResults.encoded(settings).text() + " \(epochs)" }
  }

  public internal(set) var trials: [Trial] = []
  public internal(set) var figure = ""
  public internal(set) var isMoreBetter = true
  /// What the edges of ranges say about the best point.
  public internal(set) var advice: [String] = []
  /// The round among whose trials the best is chosen, where earlier ones had less effort.
  var deciding: Int?
  /// Settings whose axis is to be logarithmic.
  var logarithmic: Set<String> = []
  /// Trials that an earlier search left in the file, by key.
  var known: [String: Trial] = [:]

  public init() {}

  /// The best first; failed ones last.
  public var ranked: [Trial] {
    trials.enumerated().sorted { left, right in
      guard let a = left.element.score, a.isFinite else { return false }
      guard let b = right.element.score, b.isFinite else { return true }
      return a == b ? left.offset < right.offset : isMoreBetter ? a > b : a < b
    }.map(\.element)
  }

  public var best: Trial? { bestRank.map { ranked[$0] } }

  /// The place of the best among `ranked`.
  private var bestRank: Int? {
    let rank = ranked
    let places = rank.indices.filter { rank[$0].score?.isFinite ?? false }
    guard let deciding else { return places.first }
    return places.first { rank[$0].round == deciding } ?? places.first
  }

  static func encoded(_ settings: [(name: String, value: Value)]) -> JSON {
    .object(
      settings.map { name, value in
        let json: JSON =
          switch value {
          case .none: .null
          case .bool(let bool): .bool(bool)
          case .int(let int): .int(int)
          case .float(let double): .number(double)
          case .string(let string): .string(string)
          default: .string(value.brief(limit: 200))
          }
        return (name, json)
      })
  }

  /// Reads what an earlier search wrote; a file that is not there yet is fine.
  func load(_ path: String, context: Context) throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    let bytes = try FileBytes.read(path, check: context.check)
    guard let json = try? JSON(parsing: bytes), let kept = json["trials"]?.array else {
      throw Failure(
        .value, "'\(path)' is no file of a search",
        help: "give another name, or remove it to start anew")
    }
    for item in kept {
      guard let settings = item["settings"]?.members, let epochs = item["epochs"]?.int else {
        continue
      }
      let values = settings.map { name, json -> (name: String, value: Value) in
        switch json {
        case .bool(let bool): (name, .bool(bool))
        case .int(let int): (name, .int(int))
        case .number(let double): (name, .float(double))
        case .string(let string): (name, .string(string))
        default: (name, .none)
        }
      }
      let trial = Trial(
        settings: values, epochs: epochs, round: item["round"]?.int ?? 1,
        score: item["score"]?.double, error: item["error"]?.string)
      known[SearchResults.encoded(values).text() + " \(epochs)"] = trial
    }
    if let name = json["figure"]?.string { figure = name }
  }

  /// Writes all trials beside the file's place and renames, so that no half file is ever there.
  func save(_ path: String) throws {
    let json = JSON.object([
      ("figure", .string(figure)),
      (
        "trials",
        .array(
          trials.map { trial in
            .object([
              ("settings", SearchResults.encoded(trial.settings)), ("epochs", .int(trial.epochs)),
              ("round", .int(trial.round)), ("score", trial.score.map { .number($0) } ?? .null),
              ("error", trial.error.map { .string($0) } ?? .null),
            ])
          })
      ),
    ])
    do {
      try FoundationEssentials.Data(json.encoded()).write(
        to: URL(filePath: path), options: .atomic)
    } catch {
      throw Failure(
        .os, "cannot write '\(path)'", help: "check that the folder exists and may be written to")
    }
  }

  var summary: String {
    guard let best, let score = best.score else {
      return "\(trials.count) trials, none gave a finite figure"
    }
    let settings = best.settings.map { "\($0.name)=\(SearchResults.shown($0.value))" }
      .joined(separator: ", ")
    let failed = trials.count { $0.error != nil }
    return "\(trials.count) trials\(failed > 0 ? ", \(failed) failed" : ""); best \(figure) "
      + "\(History.short(score)) with \(settings)"
      + (advice.isEmpty ? "" : "; " + advice.joined(separator: "; "))
  }

  static func shown(_ value: Value) -> String {
    if case .float(let number) = value { return History.short(number) }
    return value.brief()
  }
}

extension SearchResults: Object {
  public static let type = ObjectType("SearchResults", "What a search has tried.") {
    [
      .attribute(
        of: SearchResults.self, "best", "The settings of the best trial.", returns: "dict or None",
        example: "search(build, space, d).best"
      ) { results in
        results.best.map { trial in
          .dictionary(trial.settings.map { (.string($0.name), $0.value) })
        } ?? .none
      },
      .attribute(
        of: SearchResults.self, "score", "The figure of the best trial.", returns: "float or None",
        example: "search(build, space, d).score"
      ) { $0.best?.score.map { .float($0) } ?? .none },
      .attribute(
        of: SearchResults.self, "scores", "The figure of each trial; nan where it failed.",
        returns: "Tensor", example: "search(build, space, d).scores"
      ) { .object(try Tensor($0.trials.map { $0.score ?? .nan })) },
      .attribute(
        of: SearchResults.self, "errors", "What went wrong in trials that failed.",
        returns: "list of str", example: "search(build, space, d).errors"
      ) { .array($0.trials.compactMap(\.error).map { .string($0) }) },
      .attribute(
        of: SearchResults.self, "advice", "What the edges of the ranges say about the best.",
        returns: "list of str", example: "search(build, space, d).advice"
      ) { .array($0.advice.map { .string($0) }) },
    ]
  }

  public var type: ObjectType { Self.type }
  public var text: String { "<SearchResults: \(summary)>" }
  public var brief: String { summary }
  public func length() -> Int { trials.count }

  public func visit(_ keep: (Value) -> Void) {
    for trial in trials { for setting in trial.settings { keep(setting.value) } }
  }

  /// A row per trial, the best first.
  public func table() -> Table? { trialTable }

  private var trialTable: Table {
    let names = trials.first?.settings.map(\.name) ?? []
    return Table(
      title: "search",
      columns: names.map { Table.Column($0, isNumeric: true) } + [
        Table.Column("epochs", isNumeric: true), Table.Column("round", isNumeric: true),
        Table.Column(figure.isEmpty ? "score" : figure, isNumeric: true), Table.Column("error"),
      ],
      rows: ranked.map { trial in
        trial.settings.map { setting -> Table.Cell in
          switch setting.value {
          case .int(let int): .whole(int)
          case .float(let double): .number(double)
          case .string(let string): .text(string)
          default: .text(setting.value.brief())
          }
        } + [
          .whole(trial.epochs), .whole(trial.round), trial.score.map { .number($0) } ?? .missing,
          trial.error.map { .text($0) } ?? .missing,
        ]
      }, notes: [summary], best: bestRank)
  }

  public func display(_ context: Context) -> Media { TableText.media(trialTable) }

  /// The figure over each setting that is a number.
  public func facts() -> Facts? {
    let names = trials.first?.settings.map(\.name) ?? []
    let panels = names.compactMap { name -> Panel? in
      let points = trials.compactMap { trial -> (Double, Double)? in
        guard let score = trial.score, score.isFinite,
          let value = trial.settings.first(where: { $0.name == name })?.value,
          let number = Double.read(value)
        else { return nil }
        return (number, score)
      }
      guard !points.isEmpty else { return nil }
      return Panel(
        x: Axis(name, scale: logarithmic.contains(name) ? .log : .linear), y: Axis(figure),
        series: [Series(figure, x: points.map(\.0), y: points.map(\.1), form: .points, hue: 0)])
    }
    guard !panels.isEmpty else { return .table(trialTable) }
    return .graph(Graph(panels: panels, columns: min(panels.count, 2), summary: summary))
  }

  static let entry = Entry(
    "SearchResults", "A place for what a search tries; it stays when the search is interrupted.",
    returns: "SearchResults", example: "SearchResults()",
    details: "Hand it to `search(…, results=r)`; a later search with it goes on from there.",
    makes: type
  ) { .object(SearchResults()) }
}

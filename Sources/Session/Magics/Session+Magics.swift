internal import Catalog
internal import Language

extension Session {
  /// Runs a line that is meant for the session.
  ///
  /// - Parameter run: runs code that stands in the line, and shows its value when it is the last.
  func run(
    magic name: String, _ argument: String, code: String, run: (String) throws -> Void
  ) throws {
    guard let magic = Magic(rawValue: name) else {
      throw Failure(
        .syntax, "there is no magic '%\(name)'",
        help: Nearest.question(name, among: Magic.allCases.map(\.rawValue))
          ?? "there are " + Magic.allCases.map { "%" + $0.rawValue }.joined(separator: ", "))
    }
    switch magic {
    case .time: try time(code, run)
    case .timeit: try measure(argument, code, run)
    case .who: show(names())
    case .reset: try reset(argument)
    case .history: try showHistory(argument)
    }
  }

  private func time(_ code: String, _ run: (String) throws -> Void) throws {
    let (wall, processor) = (Clock.seconds, Clock.processor)
    defer {
      let text =
        "time: \(Duration.text(Clock.seconds - wall)), "
        + "of the processors: \(Duration.text(Clock.processor - processor))"
      context.sink.emit(.display(Media(text, isVolatile: true)))
    }
    try run(code)
  }

  /// Runs a statement in a loop that takes about a fifth of a second, five times.
  private func measure(_ argument: String, _ code: String, _ run: (String) throws -> Void) throws {
    guard !argument.isEmpty else {
      throw Failure(.syntax, "%timeit needs a statement", help: "%timeit sum(range(100))")
    }
    // The statement keeps its line; the loop stands before it.
    let lines = code.prefix { $0 == "\n" }
    func seconds(_ count: Int) throws -> Double {
      let start = Clock.seconds
      try run(lines + "for __round in range(\(count)): \(argument)")
      return Clock.seconds - start
    }
    var count = 1
    var taken = try seconds(1)
    while taken < 0.05, count < 100_000_000 {
      count *= 10
      taken = try seconds(count)
    }
    if taken > 0 {
      let wanted = (Double(count) * 0.2 / taken).rounded(.up)
      count = max(1, min(count * 10, Int(exactly: wanted) ?? count))
    }
    var rounds: [Double] = []
    for _ in 0..<(taken > 2 ? 1 : 5) { rounds.append(try seconds(count) / Double(count)) }
    rounds.sort()
    let median = rounds[rounds.count / 2]
    let spread = "\(Duration.text(rounds[0])) to \(Duration.text(rounds[rounds.count - 1]))"
    let times = rounds.count == 1 ? "once" : "\(rounds.count) times"
    context.sink.emit(
      .display(
        Media(
          "\(Duration.text(median)) per run (\(spread); \(count) runs, \(times))",
          isVolatile: true)))
  }

  /// The names of the session in a table.
  private func names() -> Media {
    let items = Directory(of: machine).items.sorted { $0.name < $1.name }
    guard !items.isEmpty else { return Media("no names yet") }
    let rows = items.map { item in
      let shape = item.shape.map { "(\($0.map(String.init).joined(separator: ", ")))" }
      let what = item.signature ?? (item.text.count > 50 ? item.text.prefix(49) + "…" : item.text)
      return [item.name, item.typeName, shape ?? item.length.map { "\($0)" } ?? "", what]
    }
    let heads = ["name", "type", "size", "value"]
    let widths = heads.indices.map { column in
      ([heads] + rows).map { $0[column].count }.max() ?? 0
    }
    let lines = ([heads] + rows).map { row in
      let cells = zip(row, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.count)
      }
      return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }
    return Media(lines.joined(separator: "\n"))
  }

  private func show(_ media: Media) { context.sink.emit(.stream(.standard, media.text + "\n")) }

  private func reset(_ argument: String) throws {
    let names = argument.split(separator: " ").map(String.init)
    let known = machine.globalNames().map(\.name)
    for name in names where !known.contains(name) {
      throw Failure(
        .name, "name '\(name)' is not defined", code: "L101",
        help: Nearest.question(name, among: known))
    }
    machine.forget(names.isEmpty ? known : names)
  }

  private func showHistory(_ argument: String) throws {
    guard let history = options.history else {
      throw Failure(.runtime, "this session keeps no history")
    }
    var query = History.Query.range(session: 0, start: 0, stop: nil)
    if !argument.isEmpty {
      guard let count = Int(argument), count > 0 else {
        throw Failure(.value, "%history takes how many cells to show, not '\(argument)'")
      }
      query = .tail(count: count)
    }
    let records = history.find(query)
    context.sink.emit(.stream(.standard, records.map { $0.input + "\n" }.joined()))
  }
}

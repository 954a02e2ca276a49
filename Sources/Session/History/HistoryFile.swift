internal import FoundationEssentials
internal import Glibc

/// The table of inputs; it belongs to the history thread.
///
/// WAL where the file system allows it, else SQLite's rollback journal; when the file cannot be
/// used at all, a database in memory takes its place, with one line on stderr.
final class HistoryFile {
  private let database: Database?
  private let session: Int
  /// How many inputs a file keeps.
  static let limit = 100_000

  init(path: String?) {
    do throws(Database.Problem) {
      let opened = try Self.open(path)
      session = try Self.begin(opened)
      database = opened
    } catch {
      Self.complain("the history cannot be kept in \(path ?? "memory"): \(error)")
      let fallback = try? Self.open(nil)
      session = fallback.flatMap { try? Self.begin($0) } ?? 1
      database = fallback
    }
  }

  private static func open(_ path: String?) throws(Database.Problem) -> Database {
    if let path {
      let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        .joined(separator: "/")
      try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      // Made first, so that only its owner can read it; SQLite gives its side files the same mode.
      Descriptor.makePrivateFile(path)
    }
    let database = try Database(path ?? ":memory:")
    try database.run("PRAGMA journal_mode = WAL")
    try database.run("PRAGMA synchronous = NORMAL")
    let version = try database.run("PRAGMA user_version").first?.first?.integer ?? 0
    guard version <= 1 else {
      throw Database.Problem(description: "a newer Gradus wrote it (version \(version))", code: 0)
    }
    try database.run(
      """
      CREATE TABLE IF NOT EXISTS sessions (
        session INTEGER PRIMARY KEY AUTOINCREMENT, start INTEGER NOT NULL)
      """)
    try database.run(
      """
      CREATE TABLE IF NOT EXISTS inputs (
        session INTEGER NOT NULL, line INTEGER NOT NULL, input TEXT NOT NULL, output TEXT)
      """)
    try database.run("CREATE INDEX IF NOT EXISTS by_session ON inputs (session, line)")
    try database.run("PRAGMA user_version = 1")
    return database
  }

  /// Enters a new session and forgets the oldest inputs.
  private static func begin(_ database: Database) throws(Database.Problem) -> Int {
    try database.run(
      "INSERT INTO sessions (start) VALUES (?)", [.integer(time(nil))])
    let session = database.lastRow
    try database.run(
      "DELETE FROM inputs WHERE rowid <= (SELECT max(rowid) FROM inputs) - ?",
      [.integer(limit)])
    return session
  }

  /// Writes records in one transaction.
  func write(_ waiting: [History.Addition]) {
    guard let database, !waiting.isEmpty else { return }
    do throws(Database.Problem) {
      try database.run("BEGIN IMMEDIATE")
      for record in waiting {
        try database.run(
          "INSERT INTO inputs (session, line, input, output) VALUES (?, ?, ?, ?)",
          [
            .integer(session), .integer(record.line), .text(record.input),
            record.output.map { .text($0) } ?? .null,
          ])
      }
      try database.run("COMMIT")
    } catch {
      _ = try? database.run("ROLLBACK")
      Self.complain("\(waiting.count) inputs were not written to the history: \(error)")
    }
  }

  func find(_ query: History.Query) -> [History.Record] {
    do throws(Database.Problem) {
      switch query {
      case .tail(let count, let withOutput):
        return try rows("", [], count: count, withOutput).reversed()
      case .range(let number, let start, let stop, let withOutput):
        let wanted = number > 0 ? number : session + max(number, -session)
        return try rows(
          "WHERE session = ? AND line >= ? AND line < ?",
          [.integer(wanted), .integer(start), .integer(stop ?? Int.max)], count: nil, withOutput
        ).reversed()
      case .search(let pattern, let count, let isUnique, let withOutput):
        let once = "AND rowid IN (SELECT max(rowid) FROM inputs GROUP BY input)"
        return try rows(
          "WHERE input GLOB ? \(isUnique ? once : "")", [.text(pattern)], count: count, withOutput
        ).reversed()
      }
    } catch {
      Self.complain("the history cannot be read: \(error)")
      return []
    }
  }

  /// Newest first.
  private func rows(
    _ condition: String, _ values: [Database.Column], count: Int?, _ withOutput: Bool
  ) throws(Database.Problem) -> [History.Record] {
    guard let database else { return [] }
    let found = try database.run(
      """
      SELECT session, line, input, output FROM inputs \(condition)
      ORDER BY session DESC, line DESC, rowid DESC LIMIT ?
      """, values + [.integer(count.map { max(0, $0) } ?? -1)])
    return found.map { row in
      History.Record(
        session: row[0].integer, line: row[1].integer, input: row[2].text ?? "",
        output: withOutput ? row[3].text : nil)
    }
  }

  private static func complain(_ text: String) {
    Descriptor.write("gradus: \(text)\n".utf8, to: Descriptor.errors)
  }
}

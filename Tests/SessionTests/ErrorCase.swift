import Catalog
import FoundationEssentials
import Session

/// A program that ends in an error, as the files in `Golden` write it down.
///
/// `=== title`, the program, its cells between lines `--- next cell` or `--- cell 1 again`, then
/// `>>>` and what is expected.
struct ErrorCase {
  let title: String
  /// The text of each execution and the identity of its cell.
  let cells: [(id: String, text: String)]
  /// The lines after `>>>`.
  let expected: [String]

  /// What is to be expected is written anew when this is set.
  static let records = ProcessInfo.processInfo.environment["GRADUS_RECORD"] == "1"

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Golden").path

  /// The cases of a file, and what stands before the first.
  static func read(_ name: String) throws -> (head: [String], cases: [ErrorCase]) {
    let data = try Data(contentsOf: URL(filePath: folder + "/" + name))
    var head: [String] = []
    var cases: [ErrorCase] = []
    var title: String?
    var lines: [String] = []
    func close() {
      if let title { cases.append(ErrorCase(title, lines)) } else { head = lines }
      lines = []
    }
    var text = String(decoding: data, as: UTF8.self)
    if text.hasSuffix("\n") { text.removeLast() }
    for line in text.split(separator: "\n" as Character, omittingEmptySubsequences: false) {
      if line.hasPrefix("=== ") {
        close()
        title = String(line.dropFirst(4))
      } else {
        lines.append(String(line))
      }
    }
    close()
    return (head, cases)
  }

  private init(_ title: String, _ lines: [String]) {
    self.title = title
    let end = lines.firstIndex { $0.hasPrefix(">>>") } ?? lines.count
    var cells: [(id: String, text: String)] = []
    var id = "1"
    var cell: [String] = []
    for line in lines[..<end] {
      if line.hasPrefix("--- ") {
        cells.append((id, cell.joined(separator: "\n")))
        cell = []
        let words = line.split(separator: " " as Character)
        id = line.hasSuffix("again") && words.count > 2 ? String(words[2]) : "\(cells.count + 1)"
      } else {
        cell.append(line)
      }
    }
    cells.append((id, cell.joined(separator: "\n")))
    self.cells = cells
    expected = Array(lines[min(end, lines.count)...])
  }

  /// A program of one cell.
  init(_ program: String) {
    title = ""
    cells = [("1", program)]
    expected = []
  }

  /// What is shown, with the limit of memory that a machine of some GiB has.
  static func report(_ failure: Failure) -> [String] {
    failure.report().map { line in
      guard line.hasSuffix(" are in use"), let end = line.ranges(of: " of ").last
      else { return line }
      return line[..<end.lowerBound] + " of 4.0 GiB are in use"
    }
  }

  /// The program as the file has it.
  var written: String {
    var text = "=== \(title)\n"
    var seen: Set<String> = []
    for (index, cell) in cells.enumerated() {
      let isNew = seen.insert(cell.id).inserted
      if index > 0 { text += isNew ? "--- next cell\n" : "--- cell \(cell.id) again\n" }
      text += cell.text + "\n"
    }
    return text
  }

  /// Runs the cells in one session: the last error, and what was written to the error stream.
  func run() -> (failure: Failure?, errors: String) {
    let session = Session(Session.Options(directory: "/nonexistent", charts: .final))
    var failure: Failure?
    var errors = ""
    for (index, cell) in cells.enumerated() {
      let sink = Recording()
      let result = session.run(
        Cell(cell.text, executionCount: index + 1, id: cell.id), sink: sink)
      for case .stream(.error, let text) in sink.outputs { errors += text }
      if let found = result.failure { failure = found }
    }
    return (failure, errors)
  }
}

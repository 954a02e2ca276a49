import FoundationEssentials
import Session
import Testing

@Suite struct HistoryTests {
  /// A file of its own, removed afterwards.
  private func withFile(_ body: (String) throws -> Void) rethrows {
    let folder = FileManager.default.temporaryDirectory.path + "/history-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder + "/deep/history.sqlite")
  }

  @Test func inputsAreFoundBeforeTheyAreWritten() {
    let history = History(path: nil)
    for line in 1...5 { history.add(line: line, input: "x = \(line)") }
    let found = history.find(.tail(count: 2))
    #expect(found.map(\.input) == ["x = 4", "x = 5"])
    #expect(found.map(\.line) == [4, 5])
    history.close()
  }

  @Test func inputsOutliveTheProcess() {
    withFile { path in
      let first = History(path: path)
      first.add(line: 1, input: "1 + 1", output: "2")
      first.close()
      let second = History(path: path)
      second.add(line: 1, input: "3")
      let all = second.find(.tail(count: 10, withOutput: true))
      #expect(all.map(\.input) == ["1 + 1", "3"])
      #expect(all.map(\.session) == [1, 2])
      #expect(all.map(\.output) == ["2", nil])
      #expect(second.find(.range(session: -1, start: 0, stop: nil)).map(\.input) == ["1 + 1"])
      #expect(second.find(.range(session: 0, start: 1, stop: 2)).map(\.input) == ["3"])
      second.close()
    }
  }

  @Test func onlyTheOwnerReadsTheFile() throws {
    try withFile { path in
      let history = History(path: path)
      history.add(line: 1, input: "secret")
      history.close()
      let facts = try FileManager.default.attributesOfItem(atPath: path)
      #expect(facts[.posixPermissions] as? Int == 0o600)
    }
  }

  @Test func aSearchIsAGlobAndCanGiveEachTextOnce() {
    let history = History(path: nil)
    for (index, input) in ["a = 1", "b = 2", "a = 1", "a = 3"].enumerated() {
      history.add(line: index + 1, input: input)
    }
    #expect(history.find(.search(pattern: "a*", count: nil)).count == 3)
    let once = history.find(.search(pattern: "a*", count: nil, isUnique: true))
    #expect(once.map(\.input) == ["a = 1", "a = 3"])
    #expect(once.map(\.line) == [3, 4])
    #expect(history.find(.search(pattern: "*", count: 2)).map(\.input) == ["a = 1", "a = 3"])
    history.close()
  }

  @Test func aFileThatCannotBeUsedGivesHistoryInMemory() {
    let history = History(path: "/proc/nowhere/history.sqlite")
    history.add(line: 1, input: "x")
    #expect(history.find(.tail(count: 1)).map(\.input) == ["x"])
    history.close()
    #expect(history.find(.tail(count: 1)).isEmpty)
  }
}

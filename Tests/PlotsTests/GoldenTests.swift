import Catalog
import FoundationEssentials
import Plots
import Testing

/// Compares with the files in `Golden`; `GRADUS_RECORD=1` rewrites them.
@Suite struct GoldenTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden").path
  static let records = ProcessInfo.processInfo.environment["GRADUS_RECORD"] == "1"

  static func check(_ text: String, _ name: String) throws {
    let path = folder + "/" + name
    if records {
      try Data(text.utf8).write(to: URL(filePath: path))
      return
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      Issue.record("\(name) is not there; run with GRADUS_RECORD=1")
      return
    }
    #expect(String(decoding: data, as: UTF8.self) == text, "\(name) differs")
  }

  @Test(arguments: Examples.all.map(\.name))
  func everyExampleDrawsTheSameBytes(_ name: String) throws {
    for (other, figure) in Examples.all where other == name {
      let svg = figure.svg(theme: .light) ?? ""
      #expect(svg == figure.svg(theme: .light))
      #expect(svg.utf8.count < 60_000)
      try GoldenTests.check(svg + "\n", name + ".svg")
    }
  }

  @Test(arguments: Examples.all.map(\.name))
  func everyExampleWritesTheSameText(_ name: String) throws {
    for (other, figure) in Examples.all where other == name {
      let text = figure.media(theme: .light).text
      let lines: [Substring] = text.split(separator: "\n" as Character)
      let widest = lines.dropFirst().map(\.count).max() ?? 0
      #expect(widest <= 72)
      try GoldenTests.check(text + "\n", name + ".txt")
    }
  }

  @Test func aTableIsWrittenAsTextAndAsHTML() throws {
    try GoldenTests.check(Examples.table.text + "\n", "table.txt")
    try GoldenTests.check((Examples.table.html ?? "") + "\n", "table.html")
  }
}

import FoundationEssentials
import Glibc
import Testing

/// The Swift program that the README shows is the one that is built, and it runs.
@Suite struct ReadmeTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> [String] {
    let data = try Data(contentsOf: root.appending(path: path))
    return String(decoding: data, as: UTF8.self).split(
      separator: "\n" as Character, omittingEmptySubsequences: false
    ).map(String.init)
  }

  @Test("The program of the README stands in the package, word for word")
  func shown() throws {
    let page = try Self.text("README.md")
    let start = try #require(page.firstIndex(of: "```swift"))
    let end = try #require(page[start...].firstIndex(of: "```"))
    let program = try Self.text("Tests/Examples/TrainDigits/main.swift")
    let body = program.drop { $0.hasPrefix("//") }.filter { !$0.isEmpty }
    #expect(page[(start + 1)..<end].filter { !$0.isEmpty } == Array(body))
  }

  @Test("The program of the README runs and learns")
  func runs() throws {
    // It is built beside the tests.
    let folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path
    let program = folder + "/TrainDigits"
    let output = FileManager.default.temporaryDirectory.path + "/digits-\(getpid()).txt"
    defer { try? FileManager.default.removeItem(atPath: output) }
    #expect(unsafe system("'\(program)' > '\(output)' 2> /dev/null") == 0, "\(program)")
    let lines = String(decoding: try Data(contentsOf: URL(filePath: output)), as: UTF8.self)
    #expect(lines.contains("fit: 5 epochs"), "\(lines)")
  }
}

internal import FoundationEssentials
internal import Session

/// `gradus reference`: the manual, from the declarations.
struct ReferenceCommand {
  private let folder: String?
  private let checks: Bool

  init(_ arguments: [String], options: [Option]) throws(UsageError) {
    let parsed = try ParsedArguments(arguments, options: options)
    guard parsed.operands.count <= 1 else {
      throw UsageError("the manual is written into one folder")
    }
    folder = parsed.operands.first
    checks = parsed.has("--check")
  }

  func run() -> Int32 {
    EvaluatorThread.run { [folder, checks] in
      if checks, !ReferenceCommand.check() { return 1 }
      let pages = Manual().pages
      guard let folder else {
        if !checks { print(pages.map(\.markdown).joined(separator: "\n")) }
        return 0
      }
      do {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
        for page in pages {
          // Written beside and renamed, so that a page is there whole or not at all.
          try Data(page.markdown.utf8).write(
            to: URL(filePath: "\(folder)/\(page.name).md"), options: .atomic)
        }
      } catch {
        printError("gradus: the manual cannot be written into '\(folder)': \(error)")
        return 1
      }
      return 0
    }
  }

  private static func check() -> Bool {
    let problems = Manual.check()
    for problem in problems { printError(problem) }
    return problems.isEmpty
  }
}

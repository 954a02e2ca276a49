internal import Catalog

/// What `help("L301")` says of an error's code.
public struct ErrorPage: Sendable {
  public let code: String
  /// What was wrong, in a few words.
  public let title: String
  /// Why it happens, and what to do.
  public let text: String
  /// A small program with the mistake, as the only cell; nil where none is small.
  public let program: String?
  /// What is shown of it.
  public let shown: String
  /// The program without the mistake.
  public let mended: String?

  init(
    _ code: String, _ title: String, _ text: String, program: String? = nil, shown: String = "",
    mended: String? = nil
  ) {
    self.code = code
    self.title = title
    self.text = text
    self.program = program
    self.shown = shown
    self.mended = mended
  }

  var media: Media {
    var plain = "\(code): \(title)\n\n\(text)"
    var markdown = "**\(code): \(title)**\n\n\(text)"
    func add(_ words: String, _ block: String, _ language: String = "") {
      let lines = block.split(separator: "\n" as Character, omittingEmptySubsequences: false)
      plain += "\n\n\(words)\n\n" + lines.map { "    " + $0 }.joined(separator: "\n")
      markdown += "\n\n\(words)\n\n```\(language)\n\(block)\n```"
    }
    if let program {
      add("The program", program, "python")
      add("stops with", shown)
    }
    if let mended { add("Mended:", mended, "python") }
    return Media(plain, markdown: markdown)
  }

  static func page(_ code: String) -> ErrorPage? {
    let wanted = code.uppercased()
    return all.first { $0.code == wanted }
  }
}

internal import Catalog

/// A command of `gradus`, with all that its help says.
enum Command: String, CaseIterable {
  case run
  case kernel
  case install
  case uninstall
  case reference
  case help

  /// How it is called.
  var usages: [String] {
    switch self {
    case .run:
      [
        "gradus run FILE.grad [ARG…]", "gradus run - [ARG…]", "gradus run -c CODE [ARG…]",
        "gradus run BOOK.ipynb [-o OUT.ipynb]",
      ]
    case .kernel: ["gradus kernel -f FILE"]
    case .install: ["gradus install [--user | --sys-prefix | --prefix DIR] [--name NAME]"]
    case .uninstall: ["gradus uninstall [--user | --sys-prefix | --prefix DIR] [--name NAME]"]
    case .reference: ["gradus reference [FOLDER] [--check]"]
    case .help: ["gradus help [COMMAND]"]
    }
  }

  var sentence: String {
    switch self {
    case .run: "Runs a script, or executes a notebook."
    case .kernel: "Serves a Jupyter front end; this is what the kernelspec starts."
    case .install: "Makes the kernel known to Jupyter."
    case .uninstall: "Makes Jupyter forget the kernel."
    case .reference: "Writes the manual."
    case .help: "Explains a command."
    }
  }

  var details: String {
    switch self {
    case .run:
      """
      A script's output goes to stdout, plots as text; errors go to stderr, and the exit status
      is 1 then. `-` reads the script from stdin.

      A notebook's outputs go into the file, or into OUT.ipynb; progress goes to stderr. The run
      stops at the first error, with exit status 1, unless the cell is tagged `raises-exception`.
      """
    case .kernel: "FILE is the connection file that the front end has written."
    case .install:
      """
      Writes a kernelspec that starts this program where it lies now. Without an option it is
      installed for the user; --sys-prefix means the active virtual or conda environment.
      """
    case .uninstall: "Removes what `gradus install` with the same options has written."
    case .reference:
      """
      Pages in Markdown, made from what every function declares of itself: into FOLDER, or all to
      stdout. With --check the examples are run first; the exit status is 1 if one does not print
      what it says.
      """
    case .help: ""
    }
  }

  var options: [Option] {
    switch self {
    case .run:
      [
        Option(["--output", "-o"], value: "OUT.ipynb", "where the executed notebook goes"),
        Option(["-c"], value: "CODE", "the script itself"),
      ]
    case .kernel: [Option(["-f", "--file"], value: "FILE", "the connection file")]
    case .install, .uninstall:
      [
        Option(["--user"], "for the user (the default)"),
        Option(["--sys-prefix"], "into the active Python environment"),
        Option(["--prefix"], value: "DIR", "into DIR/share/jupyter/kernels"),
        Option(["--name"], value: "NAME", "the kernel's name for Jupyter (default: gradus)"),
      ]
    case .reference: [Option(["--check"], "run the examples")]
    case .help: []
    }
  }

  var help: String {
    var lines: [String] = []
    for (index, usage) in usages.enumerated() {
      lines.append((index == 0 ? "usage: " : "       ") + usage)
    }
    lines += ["", sentence]
    if !details.isEmpty { lines += ["", details] }
    if !options.isEmpty {
      lines += ["", "options:"]
      let rows = options.map { option in
        (option.names.joined(separator: ", ") + (option.value.map { " " + $0 } ?? ""), option)
      }
      lines += Command.columns(rows.map { ($0.0, $0.1.sentence) })
    }
    return lines.joined(separator: "\n")
  }

  static var overview: String {
    let commands = columns(allCases.map { ($0.rawValue, $0.sentence) })
    return """
      usage: gradus COMMAND [ARGUMENT…]

      A Jupyter kernel and a small language for learning how deep networks train.

      commands:
      \(commands.joined(separator: "\n"))

      gradus help COMMAND tells more; gradus --version gives the version.
      """
  }

  private static func columns(_ rows: [(left: String, right: String)]) -> [String] {
    let width = rows.map(\.left.count).max() ?? 0
    return rows.map { row in
      "  " + row.left + String(repeating: " ", count: width - row.left.count + 2) + row.right
    }
  }
}

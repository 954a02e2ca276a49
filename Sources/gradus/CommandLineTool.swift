internal import Catalog
internal import Kernel
internal import Session

/// `gradus`: from the arguments to the exit status.
enum CommandLineTool {
  static func run(_ arguments: [String]) -> Int32 {
    guard let first = arguments.first else {
      printError(Command.overview)
      return 2
    }
    switch first {
    case "--version", "-V":
      print("gradus \(About.version)")
      return 0
    case "--help", "-h":
      print(Command.overview)
      return 0
    default: break
    }
    guard let command = Command(rawValue: first) else { return unknown(first) }
    let rest = Array(arguments.dropFirst())
    if command != .help, let first = rest.first, first == "--help" || first == "-h" {
      print(command.help)
      return 0
    }
    do throws(UsageError) {
      return try run(command, rest)
    } catch {
      complain(error, help: "gradus help \(command.rawValue)")
      return 2
    }
  }

  private static func run(_ command: Command, _ rest: [String]) throws(UsageError) -> Int32 {
    switch command {
    case .run: return try RunCommand(rest).run()
    case .kernel:
      let arguments = try ParsedArguments(rest, options: command.options)
      guard let file = arguments.value("-f"), arguments.operands.isEmpty else {
        throw UsageError("the kernel needs a connection file: gradus kernel -f FILE")
      }
      let history = History(path: History.standardPath)
      return Kernel.serve(
        connectionFile: file, .session(version: About.version, history: history))
    case .install: return try InstallCommand(rest, options: command.options).install()
    case .uninstall: return try InstallCommand(rest, options: command.options).uninstall()
    case .reference: return try ReferenceCommand(rest, options: command.options).run()
    case .help:
      let arguments = try ParsedArguments(rest, options: [])
      guard let name = arguments.operands.first else {
        print(Command.overview)
        return 0
      }
      guard let wanted = Command(rawValue: name) else { return unknown(name) }
      print(wanted.help)
      return 0
    }
  }

  private static func unknown(_ word: String) -> Int32 {
    let kind = word.hasPrefix("-") ? "option" : "command"
    let known = Command.allCases.map(\.rawValue) + ["--version", "--help"]
    complain(
      UsageError("unknown \(kind) '\(word)'", help: Nearest.question(word, among: known)),
      help: "gradus --help")
    return 2
  }

  private static func complain(_ error: UsageError, help command: String) {
    printError("gradus: \(error.message)")
    if let help = error.help { printError("  help: \(help)") }
    printError("  see: \(command)")
  }
}

/// Writes a line to stderr.
func printError(_ line: String) {
  Descriptor.write((line + "\n").utf8, to: Descriptor.errors)
}

internal import Catalog

/// An option of a command.
struct Option {
  /// How it is written: `--output`, and shorter `-o`.
  let names: [String]
  /// What its value is called; nil: it has none.
  let value: String?
  let sentence: String

  init(_ names: [String], value: String? = nil, _ sentence: String) {
    self.names = names
    self.value = value
    self.sentence = sentence
  }
}

/// A command line that cannot be understood; the exit status is 2.
struct UsageError: Error {
  let message: String
  let help: String?

  init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }
}

/// The arguments of a command, sorted into options and the rest.
struct ParsedArguments {
  private(set) var operands: [String] = []
  private var values: [(name: String, value: String)] = []

  /// Sorts arguments.
  ///
  /// - Parameter takesAllAfter: an operand after which everything is an operand, such as a script.
  init(
    _ arguments: [String], options: [Option], takesAllAfter: (String) -> Bool = { _ in false }
  ) throws(UsageError) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        operands += rest
        return
      }
      guard argument.hasPrefix("-"), argument != "-" else {
        operands.append(argument)
        if operands.count == 1, takesAllAfter(argument) {
          operands += rest
          return
        }
        continue
      }
      var name = argument
      var value: String?
      if argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") {
        name = String(argument[..<equals])
        value = String(argument[argument.index(after: equals)...])
      }
      guard let option = options.first(where: { $0.names.contains(name) }) else {
        let known = options.flatMap(\.names) + ["--help"]
        throw UsageError("unknown option '\(name)'", help: Nearest.question(name, among: known))
      }
      let wanted = option.names[0]
      switch (option.value, value) {
      case (nil, nil): values.append((wanted, ""))
      case (nil, _?): throw UsageError("option '\(name)' takes no value")
      case (_, let value?): values.append((wanted, value))
      case (let kind?, nil):
        guard let next = rest.popFirst() else {
          throw UsageError("option '\(name)' needs a value: \(name) \(kind)")
        }
        values.append((wanted, next))
        // The code of `-c` is the script; what follows are its arguments.
        if wanted == "-c" {
          operands += rest
          return
        }
      }
    }
  }

  func has(_ name: String) -> Bool { values.contains { $0.name == name } }

  /// The option's value; the last one when it stands more than once.
  func value(_ name: String) -> String? { values.last { $0.name == name }?.value }
}

import Catalog

/// A module of the language: functions that work on the machine's own values, and constants.
struct BuiltinModule: Sendable {
  let name: String
  let sentence: String
  let functions: [Builtin]
  let constants: [Entry]

  init(
    _ name: String, _ sentence: String, functions: [Builtin],
    constants: [(name: String, sentence: String, value: Double)] = []
  ) {
    self.name = name
    self.sentence = sentence
    self.functions = functions
    self.constants = constants.map { constant in
      .constant(constant.name, constant.sentence, returns: "float") { _ in
        .float(constant.value)
      }
    }
  }

  /// The declaration that completion, help and the manual read.
  var facts: ModuleFacts {
    ModuleFacts(name, sentence) { functions.map(\.entry) + constants }
  }

  /// The function with that name.
  func function(_ name: String) -> Builtin? {
    functions.first { $0.entry.name == name }
  }
}

extension LanguageBuiltins {
  static let modules: [BuiltinModule] = [
    MathModule.module, RandomModule.module, TimeModule.module,
  ]
}

import Catalog

/// A module of the language: functions and types that work on the machine's own values, constants,
/// and what is written in the language itself.
struct BuiltinModule: Sendable {
  let name: String
  let sentence: String
  let functions: [Builtin]
  /// Types under names such as `itertools.chain`, made when the module is.
  let types: [BuiltinType]
  let constants: [Entry]
  /// Run once, on the first import; the functions and types above are among its names.
  let script: ModuleScript?

  init(
    _ name: String, _ sentence: String, functions: [Builtin] = [], types: [BuiltinType] = [],
    constants: [(name: String, sentence: String, value: Double)] = [], script: [UInt8]? = nil
  ) {
    self.name = name
    self.sentence = sentence
    self.functions = functions
    self.types = types
    self.script = script.map { ModuleScript(name, $0) }
    self.constants = constants.map { constant in
      .constant(constant.name, constant.sentence, returns: "float") { _ in
        .float(constant.value)
      }
    }
  }

  /// The declaration that completion, help and the manual read.
  var facts: ModuleFacts {
    ModuleFacts(name, sentence) {
      // A leading underscore: for the module's own script.
      let own = functions.map(\.entry) + types.map(\.entry) + constants
      return own.filter { !$0.name.hasPrefix("_") } + (script?.entries ?? [])
    }
  }

  /// The function with that name.
  func function(_ name: String) -> Builtin? {
    functions.first { $0.entry.name == name }
  }
}

extension LanguageBuiltins {
  static let modules: [BuiltinModule] = [
    MathModule.module, RandomModule.module, TimeModule.module,
    FunctoolsModule.module,
  ]
}

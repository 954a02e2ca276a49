import Catalog

/// A module of the language: functions and types that work on the machine's own values, constants,
/// and what is written in the language itself.
struct BuiltinModule: Sendable {
  /// Its dotted name, as `import` writes it.
  let name: String
  let sentence: String
  /// What CPython calls the part of it that is not written in Python, in messages.
  let nativeName: String
  let functions: [Builtin]
  /// Types under names such as `itertools.chain`, made when the module is.
  let types: [BuiltinType]
  let constants: [Entry]
  /// What only a machine can make: types, streams, lists.
  let values: [ModuleValue]
  /// The modules in it, such as `os.path`.
  let modules: [BuiltinModule]
  /// Run once, on the first import; the functions and types above are among its names.
  let script: ModuleScript?

  init(
    _ name: String, _ sentence: String, nativeName: String? = nil, functions: [Builtin] = [],
    types: [BuiltinType] = [],
    constants: [(name: String, sentence: String, value: Double)] = [],
    values: [ModuleValue] = [], modules: [BuiltinModule] = [], script: [UInt8]? = nil
  ) {
    self.name = name
    self.nativeName = nativeName ?? name
    self.sentence = sentence
    self.functions = functions
    self.types = types
    self.values = values
    self.modules = modules
    self.script = script.map { ModuleScript(name, $0) }
    self.constants = constants.map { constant in
      .constant(constant.name, constant.sentence, returns: "float") { _ in
        .float(constant.value)
      }
    }
  }

  /// The declaration that completion, help and the manual read.
  var facts: ModuleFacts {
    ModuleFacts(name, sentence, modules: modules.map(\.facts)) {
      // A leading underscore: for the module's own script.
      let own = functions.map(\.entry) + types.map(\.entry) + constants + values.map(\.entry)
      return own.filter { !$0.name.hasPrefix("_") } + (script?.entries ?? [])
    }
  }

  /// The function with that name.
  func function(_ name: String) -> Builtin? {
    functions.first { $0.entry.name == name }
  }
}

/// A name in a module that stands for a value of the machine.
struct ModuleValue: Sendable {
  let entry: Entry
  let make: @Sendable (Machine) -> RawValue

  init(
    _ name: String, _ sentence: String, returns: String,
    make: @escaping @Sendable (Machine) -> RawValue
  ) {
    entry = .intrinsic(name, sentence, kind: .constant, returns: returns)
    self.make = make
  }

  /// A text that never changes.
  init(_ name: String, _ sentence: String, text: String) {
    self.init(name, sentence, returns: "str") { $0.string(text) }
  }

  /// A type of library objects that scripts may name, and call when it has a maker.
  init(type: ObjectType, as name: String, maker: Builtin? = nil) {
    entry = .intrinsic(
      name, type.sentence, maker?.entry.parameters ?? [],
      kind: maker == nil ? .constant : .function, returns: name, type: type)
    make = { machine in
      let cell = machine.type(for: type)
      if let maker, cell.maker.isNone { cell.maker = machine.newBuiltin(maker) }
      return cell.value
    }
  }
}

extension LanguageBuiltins {
  private static let abstractClasses = BuiltinModule(
    "abc", "Classes with abstract methods.", script: PackageResources.abc_grad)

  static let modules: [BuiltinModule] =
    [
      MathModule.module, RandomModule.module, TimeModule.module,
      FunctoolsModule.module, OperatingSystemModule.module, SystemModule.module,
      InputOutputModule.module, TemporaryModule.module, OperatorModule.module,
      ItertoolsModule.module, JSONModule.module, CopyModule.module, abstractClasses,
      HeapModule.module, BisectModule.module, StatisticsModule.module,
    ] + SmallModules.all + scriptedModules

  /// The types of Swift objects whose methods work on the machine's own values.
  static let objects: [(type: ObjectType, methods: [Builtin])] = [
    (TextFile.type, TextStreamMethods.all), (StringStream.type, StringStream.methods),
    (StandardStream.type, TextStreamMethods.all),
  ]

  /// The code of a method of such a type.
  static func method(_ entry: Entry, of type: ObjectType) -> Builtin? {
    objects.first { $0.type === type }?.methods.first { $0.entry.name == entry.name }
  }
}

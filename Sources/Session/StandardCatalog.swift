public import Catalog
internal import Data
internal import Language
internal import Neural
internal import Plots
internal import Tensors

/// Everything a session's scripts can call, joined from the modules of this package.
public enum StandardCatalog {
  /// The language's own functions and all others; made when first needed, on whichever thread
  /// that is.
  public static let library: Library = LanguageCatalog.library + beyondLanguage

  /// What a machine has to be told of; it knows the language itself.
  ///
  /// A name of the language is Python's: `sum` adds up any iterable, and arrays have methods and
  /// `numpy` for theirs.
  static let beyondLanguage: Library = {
    var library =
      TensorCatalog.library + DataCatalog.library + NeuralCatalog.library + PlotsCatalog.library
      + Library(
        sections: [SessionEntries.section],
        modules: [NotebookDoor.module, PasswordModule.module, WidgetModule.module]
          + NeuralCatalog.doors
          + PlotsCatalog.doors + DataCatalog.doors)
    let taken = Set(LanguageCatalog.library.entries.map(\.name))
    // An activation is more than the tensor function of its name: it can be plotted and put into a
    // layer.
    let networks = Set(NeuralCatalog.library.entries.map(\.name))
    let tensors = Set(TensorCatalog.library.sections.map(\.title))
    library.sections = library.sections.map { section in
      let hidden = tensors.contains(section.title) ? taken.union(networks) : taken
      return Library.Section(section.title, section.entries.filter { !hidden.contains($0.name) })
    }
    return library
  }()

  /// The names of its entries, known before it is made: making it takes longer than a small script,
  /// and a script that names nothing of it does without.
  ///
  /// They stand in names.txt, which a test compares; `GRADUS_RECORD=1` writes it anew.
  static let namesBeyondLanguage: [String] = String(
    decoding: PackageResources.names_txt, as: UTF8.self
  ).split(separator: "\n").map(String.init)

  private static let table = Dictionary(
    library.entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  private static let types: [String: ObjectType] = {
    var types: [String: ObjectType] = [:]
    func add(_ type: ObjectType) {
      if types[type.name] == nil { types[type.name] = type }
    }
    for entry in library.entries { entry.type.map(add) }
    for module in library.modules {
      for entry in module.entries() { entry.type.map(add) }
    }
    for type in unmade { add(type) }
    return types
  }()

  /// Types of objects that no function of their name makes: what others return.
  private static let unmade: [ObjectType] = [
    Tensor.type, NamedDType.type, Frame.type, Dataset.type, Preparer.type, Neural.History.type,
    FigureObject.type,
    Module.type,
  ]

  private static let modules: [String: ModuleFacts] = {
    var all: [String: ModuleFacts] = [:]
    func add(_ module: ModuleFacts) {
      all[module.name] = module
      for inner in module.modules { add(inner) }
    }
    for module in library.modules { add(module) }
    return all
  }()

  /// The entry that scripts see under a name without importing it.
  public static func entry(_ name: String) -> Entry? { table[name] }

  /// The type of that name that an entry makes.
  public static func type(_ name: String) -> ObjectType? { types[name] }

  /// The type that a declaration means by what it says a function returns: `tensor`, `str or None`,
  /// `list of Tensor`; and the name of what it holds.
  static func type(returning text: String) -> (type: ObjectType, elements: String)? {
    var words = text.split { $0 == " " || $0 == "," }.map(String.init)[...]
    guard let first = words.popFirst() else { return nil }
    let elements = words.first == "of" ? words.dropFirst().first ?? "" : ""
    return type(meant: first).map { ($0, elements) }
  }

  private static func type(meant word: String) -> ObjectType? {
    if let type = types[word] { return type }
    switch word {
    case "tensor", "tensors", "array": return types["Tensor"]
    case "number": return types["float"]
    case "ints", "floats", "strs": return types[String(word.dropLast())]
    default: return nil
    }
  }

  /// The module of a dotted name.
  public static func module(_ name: String) -> ModuleFacts? { modules[name] }

  /// The names of all entries.
  static var names: [String] { library.entries.map(\.name) }

  /// The dotted names of all modules, in order.
  public static var moduleNames: [String] { modules.keys.sorted() }
}

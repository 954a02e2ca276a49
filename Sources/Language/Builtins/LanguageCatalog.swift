public import Catalog

/// What the language itself offers, as facts for completion, help and the manual.
///
/// The code behind these entries is in the machine; a machine knows them without being told.
public enum LanguageCatalog {
  public static let library = Library(
    sections: [
      Library.Section("Functions of the language", LanguageBuiltins.functions.map(\.entry)),
      Library.Section("Types of the language", LanguageBuiltins.types.map(\.entry)),
      Library.Section("Exceptions", ExceptionTypes.entries),
    ], modules: LanguageBuiltins.modules.map(\.facts))
}

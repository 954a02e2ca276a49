/// Everything the scripts of a session can call: sections of entries, and modules to import.
public struct Library: Sendable {
  /// A group of entries under one heading of the manual.
  public struct Section: Sendable {
    public let title: String
    public let entries: [Entry]

    public init(_ title: String, _ entries: [Entry]) {
      self.title = title
      self.entries = entries
    }
  }

  public var sections: [Section]
  public var modules: [ModuleFacts]

  public init(sections: [Section] = [], modules: [ModuleFacts] = []) {
    self.sections = sections
    self.modules = modules
  }

  /// All entries, in the order of the sections.
  public var entries: [Entry] { sections.flatMap(\.entries) }

  public static func + (left: Library, right: Library) -> Library {
    Library(sections: left.sections + right.sections, modules: left.modules + right.modules)
  }
}

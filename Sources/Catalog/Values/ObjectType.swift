/// The type of an object: its name, its text and what all its instances have.
///
/// Compared by identity. `members` are the methods and attributes; they are made on first use.
public final class ObjectType: Sendable {
  public let name: String
  public let sentence: String
  public let base: ObjectType?
  /// Whether a script's class may derive from it (`Layer`, `Model`, `Callback`, …).
  public let isOpen: Bool
  private let makeMembers: @Sendable () -> [Entry]
  private let table: Lazy<[String: Entry]>

  public init(
    _ name: String, _ sentence: String, base: ObjectType? = nil, isOpen: Bool = false,
    members: @escaping @Sendable () -> [Entry] = { [] }
  ) {
    self.name = name
    self.sentence = sentence
    self.base = base
    self.isOpen = isOpen
    self.makeMembers = members
    self.table = Lazy {
      var table: [String: Entry] = base?.memberTable ?? [:]
      for entry in members() { table[entry.name] = entry }
      return table
    }
  }

  private var memberTable: [String: Entry] { table.value }

  /// The method or attribute of that name, inherited ones included.
  public func member(_ name: String) -> Entry? { table.value[name] }

  /// All members, inherited ones included, by name.
  public var members: [Entry] { table.value.values.sorted { $0.name < $1.name } }

  /// The members declared here, in the order of their declaration.
  public var ownMembers: [Entry] { makeMembers() }

  public func isKind(of other: ObjectType) -> Bool {
    var type: ObjectType? = self
    while let current = type {
      if current === other { return true }
      type = current.base
    }
    return false
  }
}

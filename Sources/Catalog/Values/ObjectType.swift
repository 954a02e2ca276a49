/// The type of an object: its name, its text and what all its instances have.
///
/// Compared by identity. A script's class may derive from it when it, or its base, says how the
/// object behind an instance is made (`Layer`, `Model`, `Callback`, …). `members` are the methods and attributes; they are made on first use.
public final class ObjectType: Sendable {
  public let name: String
  public let sentence: String
  public let base: ObjectType?
  /// Whether it is the type of a script's class, whose instances have peers.
  public let isScriptClass: Bool
  /// Makes the object behind an instance of a script's class; nil: no class may derive from it.
  public let makePeer: (@Sendable (any ScriptInstance, Context) -> any Peer)?
  private let makeMembers: @Sendable () -> [Entry]
  private let table: Lazy<[String: Entry]>

  public convenience init(
    _ name: String, _ sentence: String, base: ObjectType? = nil, isScriptClass: Bool = false,
    members: @escaping @Sendable () -> [Entry] = { [] }
  ) {
    self.init(
      name, sentence, base: base, isScriptClass: isScriptClass, makePeer: base?.makePeer,
      makeMembers: members)
  }

  /// A type that a script's class may derive from.
  ///
  /// - Parameter peer: makes the object behind an instance.
  public convenience init(
    _ name: String, _ sentence: String, base: ObjectType? = nil,
    peer: @escaping @Sendable (any ScriptInstance, Context) -> any Peer,
    members: @escaping @Sendable () -> [Entry]
  ) {
    self.init(
      name, sentence, base: base, isScriptClass: false, makePeer: peer, makeMembers: members)
  }

  private init(
    _ name: String, _ sentence: String, base: ObjectType?, isScriptClass: Bool,
    makePeer: (@Sendable (any ScriptInstance, Context) -> any Peer)?,
    makeMembers members: @escaping @Sendable () -> [Entry]
  ) {
    self.name = name
    self.sentence = sentence
    self.base = base
    self.isScriptClass = isScriptClass
    self.makePeer = makePeer
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

/// An object of the library that stands behind an instance of a script's class.
///
/// It is made with the instance, by the type that the class derives from. A script sees the
/// instance: attributes are looked for there, then in the class, then here. The library sees the
/// peer, which asks the instance for what the class defines.
public protocol Peer: Object {
  /// The script's side; nil for an object that no class of a script extends.
  var script: (any ScriptInstance)? { get }
  /// What the members of the base type work on, when it is another object than this.
  var inner: (any Object)? { get }
}

extension Peer {
  public var inner: (any Object)? { nil }
}

/// An instance of a script's class, as its peer sees it.
///
/// It does not keep the instance alive, so a peer reports it in `visit`.
public protocol ScriptInstance: Object {
  /// The parameters of a method, without the instance; nil: the class leaves the library's own.
  func parameters(of method: String) -> [ParameterFacts]?
  /// Calls a method. An exception of the script passes through as the same exception.
  @discardableResult
  func call(
    _ method: String, _ positional: [Value], named: [(name: String, value: Value)]
  ) throws -> Value
  /// A new instance of the same class with the same attributes, not initialised; its peer.
  func twin() throws -> any Peer
  /// Its own attributes, in the order in which they were set.
  func ownAttributes() throws -> [(name: String, value: Value)]
}

extension ScriptInstance {
  /// Whether the script's class, or one between it and the library's type, has that method.
  public func defines(_ method: String) -> Bool { parameters(of: method) != nil }

  @discardableResult
  public func call(_ method: String, _ positional: Value...) throws -> Value {
    try call(method, positional, named: [])
  }
}

extension Object {
  /// What a member of the type `Receiver` works on: this object, or the one inside it.
  @inlinable
  public func receiver<Receiver: Object>(_ type: Receiver.Type) -> Receiver? {
    self as? Receiver ?? innerReceiver(type)
  }

  @usableFromInline
  func innerReceiver<Receiver: Object>(_ type: Receiver.Type) -> Receiver? {
    (self as? any Peer)?.inner as? Receiver
  }
}

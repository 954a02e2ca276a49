import Catalog

/// Classes of scripts that extend types of the library: `class Scale(Layer)`.
///
/// Their instances are script objects whose peer is an object of the library, made with them. The
/// peer refers to its instance without keeping it, the instance keeps the peer: so both go together
/// when nothing else reaches either.
extension Machine {
  /// The type of the library that a class derives from, when it may be derived from.
  func host(of type: TypeCell) -> ObjectType? {
    var current = type
    while current.isScript, let base = current.base { current = base }
    guard let known = typesOfCells[current.cell.address], known.makePeer != nil else { return nil }
    return known
  }

  /// Lets the methods of a library type be found by name, as those of a class are.
  @discardableResult
  func open(_ type: ObjectType) -> TypeCell {
    let cell = self.type(for: type)
    var current: ObjectType? = type
    while let known = current {
      for entry in known.ownMembers where entry.kind == .method {
        _ = builtin(for: entry, of: known)
      }
      current = known.base
    }
    return cell
  }

  /// The type under which the library knows a script's class.
  private func objectType(of type: TypeCell, _ host: ObjectType) -> ObjectType {
    if type.maker.tag == RawValue.Tag.native,
      let known = NativeCell(type.maker).object as? ScriptClass
    {
      return known.kind
    }
    let base = type.base.flatMap { $0.isScript ? objectType(of: $0, host) : nil } ?? host
    let made = ObjectType(
      type.name.string, "A class of the script.", base: base, isScriptClass: true)
    type.maker = newNative(ScriptClass(made))
    return made
  }

  /// Why a value after the name of a class is no base.
  func notBase(_ value: RawValue) -> Thrown {
    if let type = classOf(value), let known = typesOfCells[type.cell.address] {
      let name = functionName(value)
      return error(
        .type, "'\(name)' cannot be a base class", code: "L007",
        help: known.makePeer == nil
          ? "keep what \(name)() makes in an attribute instead"
          : "derive from \(known.name), or keep what \(name)() makes in an attribute")
    }
    return error(
      .type, "'\(typeName(value))' cannot be a base class", code: "L007",
      help: "derive from a class, or from nothing")
  }

  /// A new object of a script's class with its peer, not yet initialised.
  func newHosted(_ type: TypeCell, _ host: ObjectType) -> RawValue {
    let instance = newInstance(type)
    let script = HostedInstance(instance, objectType(of: type, host), in: self)
    if let peer = host.makePeer?(script, context) { InstanceCell(instance).peer = newNative(peer) }
    return instance
  }

  /// The object of the library behind an instance.
  func peerObject(_ value: RawValue) -> (any Object)? {
    guard value.tag == RawValue.Tag.instance, InstanceCell(value).peer.tag == RawValue.Tag.native
    else { return nil }
    return NativeCell(InstanceCell(value).peer).object
  }

  /// The instance that a peer stands behind.
  func instance(behind object: any Object) -> RawValue? {
    guard object.type.isScriptClass, let own = (object as? any Peer)?.script as? HostedInstance,
      own.machine === self
    else { return nil }
    return own.live
  }
}

/// What the machine remembers of a script's class: its type in the library.
private final class ScriptClass: Object {
  static let type = ObjectType("class", "A class of the script.")
  let kind: ObjectType

  init(_ kind: ObjectType) {
    self.kind = kind
  }

  var type: ObjectType { Self.type }
}

/// An instance of a script's class, as its peer sees it.
final class HostedInstance: ScriptObject, ScriptInstance {
  func parameters(of method: String) -> [ParameterFacts]? {
    guard let live, let found = InstanceCell(live).type.own(machine.heap.intern(method)) else {
      return nil
    }
    guard found.kind == .descriptor else {
      return Array(machine.parameters(of: found).dropFirst())
    }
    let descriptor = DescriptorCell(Cell(found))
    let all = machine.parameters(of: descriptor.getter)
    return descriptor.form == .staticMethod ? all : Array(all.dropFirst())
  }

  func call(
    _ method: String, _ positional: [Value], named: [(name: String, value: Value)]
  ) throws -> Value {
    let live = try value()
    let function: RawValue
    do {
      function = try machine.attribute(live, machine.heap.intern(method))
    } catch {
      throw Raised(machine.raised, in: machine)
    }
    return try ScriptFunction(function, in: machine).call(positional, named: named)
  }

  func twin() throws -> any Peer {
    let live = try value()
    guard let host = machine.host(of: InstanceCell(live).type) else {
      throw Failure(.type, "a \(type.name) cannot be copied")
    }
    let made = machine.newHosted(InstanceCell(live).type, host)
    machine.pin(made)
    InstanceCell(live).attributes.forEach { key, value in
      if key.isString {
        machine.heap.set(StringCell(key), value, in: InstanceCell(made).attributes)
      }
    }
    guard let peer = machine.peerObject(made) as? any Peer else {
      throw Failure(.type, "a \(type.name) cannot be copied")
    }
    return peer
  }

  func ownAttributes() throws -> [(name: String, value: Value)] {
    var all: [(name: String, value: Value)] = []
    InstanceCell(try value()).attributes.forEach { key, value in
      if key.isString { all.append((StringCell(key).string, machine.value(value))) }
    }
    return all
  }
}

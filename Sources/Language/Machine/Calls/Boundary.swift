import Catalog

extension Machine {
  /// A value as the library sees it.
  func value(_ raw: RawValue) -> Value {
    switch raw.tag {
    case RawValue.Tag.int: return .int(raw.int)
    case RawValue.Tag.float: return .float(raw.double)
    case RawValue.Tag.bool: return .bool(raw.bool)
    case RawValue.Tag.none, RawValue.Tag.undefined: return .none
    case RawValue.Tag.string: return .string(StringCell(raw).string)
    case RawValue.Tag.list, RawValue.Tag.tuple: return .list(ScriptList(raw, in: self))
    case RawValue.Tag.dict: return .dict(ScriptDict(raw, in: self))
    case RawValue.Tag.native: return .object(NativeCell(raw).object)
    case RawValue.Tag.builtin:
      let builtin = builtins[BuiltinCell(raw).index]
      if builtin.body == nil {
        return .function(EntryFunction(builtin.entry, context: context))
      }
      return .function(ScriptFunction(raw, in: self))
    case RawValue.Tag.function, RawValue.Tag.method:
      return .function(ScriptFunction(raw, in: self))
    case RawValue.Tag.type:
      let type = TypeCell(raw)
      if typesOfCells[type.cell.address] != nil, type.maker.tag == RawValue.Tag.builtin {
        return value(type.maker)
      }
      return .function(ScriptFunction(raw, in: self))
    case RawValue.Tag.instance where !InstanceCell(raw).peer.isNone:
      return value(InstanceCell(raw).peer)
    case RawValue.Tag.instance where InstanceCell(raw).type.own(names.call) != nil:
      return .object(CallableInstance(raw, in: self))
    default: return .object(ScriptObject(raw, in: self))
    }
  }

  /// A value of the library as the machine's own; views and functions of this machine's scripts
  /// come back as what they were.
  func raw(_ value: Value) -> RawValue {
    switch value {
    case .none: return .none
    case .bool(let bool): return RawValue(bool)
    case .int(let int): return RawValue(int)
    case .float(let double): return RawValue(double)
    case .string(let text): return heap.newString(text).value
    case .list(let view):
      if let own = view as? ScriptList, own.machine === self { return own.live ?? .none }
      var elements: [RawValue] = []
      let all = (try? view.elements()) ?? []
      elements.reserveCapacity(all.count)
      for element in all { elements.append(raw(element)) }
      return view.isTuple ? tuple(elements) : list(elements)
    case .dict(let view):
      if let own = view as? ScriptDict, own.machine === self { return own.live ?? .none }
      let dict = heap.newDict(capacity: view.count)
      for (key, value) in (try? view.items()) ?? [] {
        let key = raw(key)
        try? setItem(key, raw(value), in: dict)
      }
      return dict.value
    case .function(let callable):
      if let own = callable as? ScriptFunction, own.machine === self { return own.live ?? .none }
      if let entry = callable as? EntryFunction { return raw(entry) }
      return newNative(CallableObject(callable))
    case .object(let object):
      if let own = object as? ScriptObject, own.machine === self { return own.live ?? .none }
      return instance(behind: object) ?? newNative(object)
    }
  }

  /// An entry as a value; a method of an object keeps the object.
  private func raw(_ function: EntryFunction) -> RawValue {
    if function.receiver == nil, function.entry.place.isEmpty, let type = function.entry.type,
      type.name == function.entry.name
    {
      let cell = self.type(for: type)
      if cell.maker.isNone { cell.maker = newBuiltin(Builtin(function.entry, body: nil)) }
      if cell.maker.tag == RawValue.Tag.builtin { return cell.value }
    }
    let made: RawValue
    let title = function.entry.qualifiedName
    if let known = entryValues[title],
      builtins[BuiltinCell(known).index].entry.sentence == function.entry.sentence
    {
      made = known
    } else {
      made = newBuiltin(Builtin(function.entry, body: nil))
      entryValues[title] = made
    }
    guard let receiver = function.receiver else { return made }
    return newMethod(raw(receiver), made)
  }

  /// An object of the library as a value.
  func newNative(_ object: any Object) -> RawValue {
    let cell = NativeCell(heap.allocate(MemoryLayout<NativeCell.Layout>.size, .native))
    // The object itself, its storage's head and the smallest buffer are in no other count.
    let external = object.externalBytes + NativeCell.overhead
    unsafe cell.at.initialize(
      to: NativeCell.Layout(
        header: cell.cell.header, externalBytes: external, object: object))
    heap.accountExternal(external)
    return cell.value
  }

  func newMethod(_ receiver: RawValue, _ function: RawValue) -> RawValue {
    let cell = MethodCell(heap.allocate(MemoryLayout<MethodCell.Layout>.size, .method))
    unsafe cell.at.pointee.receiver = receiver
    unsafe cell.at.pointee.function = function
    return cell.value
  }

  /// Keeps a value until the running entry returns.
  func pin(_ value: RawValue) {
    guard value.isHeap, !value.isString else { return }
    if pins.count > 4096 { pins.removeFirst(2048) }
    pins.append(value)
  }

  /// The number a value stands for, elements of arrays included; nil: none.
  func number(_ value: RawValue) -> Double? {
    if let number = plain(value).number { return number }
    guard value.tag == RawValue.Tag.native else { return nil }
    switch NativeCell(value).object.scalar() {
    case .float(let double)?: return double
    case .int(let int)?: return Double(int)
    case .bool(let bool)?: return bool ? 1 : 0
    default: return nil
    }
  }

  /// What the library is told about the type of one of the script's own objects.
  func objectType(of value: RawValue) -> ObjectType {
    let type = type(of: value)
    if let known = objectTypes[type.cell.address] { return known }
    let made = ObjectType(type.name.string, "A type of the script.")
    if !type.isScript { objectTypes[type.cell.address] = made }
    return made
  }
}

/// A function of neither the script nor an entry, as an object that can be called.
final class CallableObject: Object {
  static let kind = ObjectType("function", "A function of the library.")
  let callable: any Callable

  init(_ callable: any Callable) {
    self.callable = callable
  }

  var type: ObjectType { Self.kind }
  var text: String { "<function \(callable.name)>" }

  func call(_ arguments: Arguments) throws -> Value {
    try callable.call(arguments.positional, named: arguments.named)
  }
}

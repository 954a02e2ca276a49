import Catalog

/// What Swift code holds of the script's heap: places that are checked at every use and keep
/// nothing alive, unless they are pinned.
final class Handles {
  struct Slot {
    var value: RawValue
    var generation: UInt32
    var pins: Int
  }

  private(set) var slots: [Slot] = []
  private var free: [Int] = []

  /// A place of a value; the generation makes a stale use visible.
  struct Handle {
    let index: Int
    let generation: UInt32
  }

  func make(_ value: RawValue) -> Handle {
    if let index = free.popLast() {
      slots[index].value = value
      slots[index].pins = 0
      return Handle(index: index, generation: slots[index].generation)
    }
    slots.append(Slot(value: value, generation: 1, pins: 0))
    return Handle(index: slots.count - 1, generation: 1)
  }

  /// nil: the value is gone.
  func value(_ handle: Handle) -> RawValue? {
    let slot = slots[handle.index]
    guard slot.generation == handle.generation, !slot.value.isUndefined else { return nil }
    return slot.value
  }

  func release(_ handle: Handle) {
    guard slots[handle.index].generation == handle.generation else { return }
    slots[handle.index].value = .undefined
    slots[handle.index].generation &+= 1
    slots[handle.index].pins = 0
    free.append(handle.index)
  }

  func pin(_ handle: Handle) {
    guard value(handle) != nil else { return }
    slots[handle.index].pins += 1
  }

  func unpin(_ handle: Handle) {
    guard value(handle) != nil else { return }
    slots[handle.index].pins = max(0, slots[handle.index].pins - 1)
  }

  /// Makes the handles of what the collection did not reach stale.
  func forget(_ epoch: UInt8) {
    for index in slots.indices {
      let value = slots[index].value
      if value.isHeap, Cell(value).header.mark != epoch { slots[index].value = .undefined }
    }
  }
}

/// A script exception on its way through Swift code; it arrives back as the same object.
///
/// Code that calls script functions lets it pass.
struct Raised: FailureConvertible {
  /// Boxed, because errors are copied around.
  final class Box {
    let machine: Machine
    let handle: Handles.Handle

    init(_ exception: RawValue, in machine: Machine) {
      self.machine = machine
      handle = machine.handles.make(exception)
      machine.handles.pin(handle)
    }

    deinit { machine.handles.release(handle) }
  }

  // An error that never leaves the thread of its machine.
  nonisolated(unsafe) private let box: Box
  let failure: Failure

  init(_ exception: RawValue, in machine: Machine) {
    unsafe box = Box(exception, in: machine)
    failure = machine.failure(of: exception)
  }

  func exception(in machine: Machine) -> RawValue? {
    unsafe box.machine === machine ? machine.handles.value(box.handle) : nil
  }
}

/// What views and functions of a script have in common: the machine and a place in it.
class ScriptReference {
  final let machine: Machine
  final let handle: Handles.Handle

  init(_ value: RawValue, in machine: Machine) {
    self.machine = machine
    handle = machine.handles.make(value)
  }

  deinit { machine.handles.release(handle) }

  /// The value; nil: it has been collected.
  final var live: RawValue? { machine.handles.value(handle) }

  final func value() throws -> RawValue {
    guard let value = live else {
      throw Failure(
        .runtime, "a value of the script is used after the script has dropped it",
        help: "keep it in a variable as long as the library uses it")
    }
    return value
  }
}

/// A script's list or tuple, seen from the library.
final class ScriptList: ScriptReference, ListView {
  let isTuple: Bool

  override init(_ value: RawValue, in machine: Machine) {
    isTuple = value.isTuple
    super.init(value, in: machine)
  }

  var count: Int { live.flatMap { Row($0) }?.count ?? 0 }

  func element(_ index: Int) throws -> Value {
    guard let row = Row(try value()), index >= 0, index < row.count else {
      throw Failure(.index, "\(isTuple ? "tuple" : "list") index out of range")
    }
    return machine.value(row[index])
  }

  func doubles() throws -> [Double]? {
    guard let row = Row(try value()) else { return nil }
    var all: [Double] = []
    all.reserveCapacity(row.count)
    for index in 0..<row.count {
      guard let number = machine.number(row[index]) else { return nil }
      all.append(number)
    }
    return all
  }

  func integers() throws -> [Int]? {
    guard let row = Row(try value()) else { return nil }
    var all: [Int] = []
    all.reserveCapacity(row.count)
    for index in 0..<row.count {
      guard let number = row[index].integer else { return nil }
      all.append(number)
    }
    return all
  }
}

/// A script's dict, seen from the library.
final class ScriptDict: ScriptReference, DictView {
  var count: Int { live.map { DictCell($0).count } ?? 0 }

  func items() throws -> [(key: Value, value: Value)] {
    let dict = DictCell(try value())
    var all: [(key: Value, value: Value)] = []
    all.reserveCapacity(dict.count)
    dict.forEach { key, value in all.append((machine.value(key), machine.value(value))) }
    return all
  }

  func value(_ key: String) throws -> Value? {
    let dict = DictCell(try value())
    return dict.value(named: machine.heap.newString(key)).map { machine.value($0) }
  }
}

/// A script's function, class or bound method, seen from the library.
final class ScriptFunction: ScriptReference, Callable {
  var name: String { live.map { machine.functionName($0) } ?? "function" }
  var typeName: String { live.map { machine.typeName($0) } ?? "function" }
  var parameters: [ParameterFacts] { live.map { machine.parameters(of: $0) } ?? [] }

  func call(
    _ positional: [Value], named: [(name: String, value: Value)]
  ) throws -> Value {
    let function = try value()
    let scope = HandleScope(machine)
    scope.keep(function)
    var arguments: [RawValue] = []
    for value in positional {
      let raw = machine.raw(value)
      scope.keep(raw)
      arguments.append(raw)
    }
    var names: [(StringCell, RawValue)] = []
    for (name, value) in named {
      let raw = machine.raw(value)
      scope.keep(raw)
      let name = machine.heap.intern(name)
      scope.keep(name.value)
      names.append((name, raw))
    }
    do {
      let result = try machine.call(function, arguments, named: names)
      machine.pin(result)
      return machine.value(result)
    } catch {
      throw Raised(machine.raised, in: machine)
    }
  }
}

/// A value of the script that the library cannot look into: a set, a range, an instance.
class ScriptObject: ScriptReference, Object {
  static let unknown = ObjectType("object", "A value of the script.")

  private let known: ObjectType

  override init(_ value: RawValue, in machine: Machine) {
    known = machine.objectType(of: value)
    super.init(value, in: machine)
  }

  init(_ value: RawValue, _ type: ObjectType, in machine: Machine) {
    known = type
    super.init(value, in: machine)
  }

  var type: ObjectType { known }
  var text: String {
    guard let live else { return "<\(type.name)>" }
    return (try? machine.attempt { try machine.repr(live) }) ?? "<\(type.name)>"
  }

  var printed: String {
    guard let live else { return text }
    return (try? machine.attempt { try machine.str(live) }) ?? text
  }

  func attribute(_ name: String) throws -> Value? {
    let found = try script { machine throws(Thrown) in
      try machine.attribute(try self.checked(), machine.heap.intern(name), isOptional: true)
    }
    return found.isUndefined ? nil : machine.value(found)
  }

  func setAttribute(_ name: String, to value: Value) throws {
    _ = try script { machine throws(Thrown) in
      try machine.setAttribute(
        try self.checked(), machine.heap.intern(name), machine.raw(value))
      return .none
    }
  }

  func iterate() throws -> any ObjectIterator {
    let walk = try script { machine throws(Thrown) in
      try machine.iterator(over: try self.checked())
    }
    return ScriptIterator(walk, in: machine)
  }

  func length() throws -> Int {
    let count = try script { machine throws(Thrown) in
      RawValue(try machine.length(try self.checked()))
    }
    return count.int
  }

  func index(_ key: Value, context: Context) throws -> Value {
    let item = try script { machine throws(Thrown) in
      try machine.item(try self.checked(), machine.raw(key))
    }
    return machine.value(item)
  }

  func call(_ arguments: Arguments) throws -> Value {
    try ScriptFunction(try value(), in: machine).call(
      arguments.positional, named: arguments.named)
  }

  func visit(_ keep: (Value) -> Void) {
    // Whoever holds this reports it; it does not keep its own value alive.
  }

  private func checked() throws(Thrown) -> RawValue {
    try machine.attempt { try self.value() }
  }

  private func script(
    _ body: (Machine) throws(Thrown) -> RawValue
  ) throws -> RawValue {
    do {
      let result = try body(machine)
      machine.pin(result)
      return result
    } catch {
      throw Raised(machine.raised, in: machine)
    }
  }
}

/// An object of a script's class that can be called.
final class CallableInstance: ScriptObject, Callable {
  var name: String { type.name }
  var typeName: String { type.name }

  func call(
    _ positional: [Value], named: [(name: String, value: Value)]
  ) throws -> Value {
    try ScriptFunction(try value(), in: machine).call(positional, named: named)
  }
}

/// A walk over a script's value by the library.
final class ScriptIterator: ScriptReference, ObjectIterator {
  override init(_ value: RawValue, in machine: Machine) {
    super.init(value, in: machine)
    machine.handles.pin(handle)
  }

  func next() throws -> Value? {
    let walk = try value()
    do {
      let element = try machine.next(walk)
      if element.isUndefined { return nil }
      machine.pin(element)
      return machine.value(element)
    } catch {
      throw Raised(machine.raised, in: machine)
    }
  }
}

/// The names of the session: each has a register at the bottom of the stack.
///
/// A name gets its register when code first mentions it, and keeps it. A name that the language
/// or the library declares starts with that value; deleting the user's brings it back.
struct Globals {
  private(set) var slots: [String: Int] = [:]
  private(set) var names: [String] = []
  /// The declared values of the names that have one, by name; made when first mentioned.
  private var declared: [String: RawValue] = [:]
  /// The names that the library declares.
  private var libraryNames: Set<String> = []
  /// For each slot the declared value it falls back to, or undefined.
  private(set) var fallbacks: [RawValue] = []
  /// Slots some code deletes, so that no code may rely on them.
  var vanishing: Set<Int> = []
  /// Where cells that ran gave each name its value last.
  var places: [String: Binding] = [:]
  /// For each slot the number of the cell that gave it its value last, counted by `edition`.
  private(set) var editions: [Int] = []
  var edition = 0
  /// Where cells that stopped would have given a name its value.
  var unreached: [String: Binding] = [:]

  var count: Int { names.count }

  mutating func predeclare(_ name: String, _ value: RawValue) {
    declared[name] = value
  }

  mutating func predeclare(library names: [String]) { libraryNames = Set(names) }

  /// Every name the language and the library declare.
  var declaredNames: [String] { Array(declared.keys) + Array(libraryNames) }

  func isDeclared(_ name: String) -> Bool {
    declared[name] != nil || libraryNames.contains(name)
  }

  mutating func noteEdition(of name: String) {
    if let slot = slots[name] { editions[slot] = edition }
  }

  /// The register of a name, new when it has none yet.
  static func slot(_ name: String, in machine: Machine) -> Int {
    if let slot = machine.globals.slots[name] { return slot }
    let value = machine.globals.declaredValue(name, in: machine)
    let slot = machine.globals.names.count
    machine.globals.slots[name] = slot
    machine.globals.names.append(name)
    machine.globals.fallbacks.append(value ?? .undefined)
    machine.globals.editions.append(0)
    unsafe machine.stack[slot] = value ?? .undefined
    return slot
  }

  /// The value a name is declared with; nil: it is not.
  func declaredValue(_ name: String, in machine: Machine) -> RawValue? {
    if let value = declared[name] { return value }
    guard libraryNames.contains(name), let entry = machine.libraryEntries[name] else { return nil }
    let value = machine.declaredValue(entry)
    machine.globals.declared[name] = value
    machine.permanent.append(value)
    return value
  }

  /// Makes the value a slot has now the one it always has, so that it is not the user's.
  mutating func settle(_ slot: Int, _ value: RawValue) { fallbacks[slot] = value }

  /// Every value the declared names have been given, for the collector.
  var roots: [RawValue] { Array(declared.values) }
}

extension Machine {
  /// The value of a global, or the declared one; nil: the name has no value.
  func global(named name: String) -> RawValue? {
    let value = unsafe stack[Globals.slot(name, in: self)]
    return value.isUndefined ? nil : value
  }

  /// The value in a slot, or None.
  func global(at slot: Int) -> RawValue {
    let value = unsafe stack[slot]
    return value.isUndefined ? .none : value
  }

  /// Remembers where a cell gave names their values.
  ///
  /// - Parameter end: the line at which it stopped with an error; nil: it ran to its end.
  func notePlaces(_ tree: Tree, upTo end: Int? = nil) {
    guard tree.source.module == nil else { return }
    globals.edition += 1
    for binding in tree.bindings {
      if let end, binding.line > end {
        globals.unreached[binding.name] = binding
      } else {
        globals.places[binding.name] = binding
        globals.noteEdition(of: binding.name)
        globals.unreached[binding.name] = nil
      }
    }
  }

  func setGlobal(_ name: String, _ value: RawValue) {
    unsafe stack[Globals.slot(name, in: self)] = value
  }

  /// Whether the user, and not the library, has given the slot its value.
  func isOwn(_ slot: Int) -> Bool {
    let value = unsafe stack[slot]
    return !value.isUndefined && !value.isIdentical(to: globals.fallbacks[slot])
  }
}

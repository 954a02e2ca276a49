public import Catalog

/// What a look at the session's names saw, so that the next one describes only what has changed.
public struct NameLook {
  /// The value of each slot when it was last described; undefined: it was no name of the script.
  var values: [RawValue] = []
  /// The number of the cell that had given each its value.
  var editions: [Int] = []
  /// Slots whose names are not told to anybody.
  var isHidden: [Bool] = []
  /// A value freed by a collection may have come back as another one in the same memory.
  var collections = 0

  public init() {}
}

/// What has become of a name since the last look.
public struct NameChange: Sendable {
  /// The same for a name as long as the session lives.
  public let slot: Int
  /// nil: the name is gone.
  public let facts: NameFacts?
}

extension Machine {
  /// The names that scripts have defined, those assigned last first, and all that is known of
  /// them; runs no script code.
  public func globalNames() -> [NameFacts] {
    ownSlots().map { slot in
      describe(unsafe stack[slot], as: globals.names[slot], slot: slot, isWhole: true)
    }
  }

  /// The names whose values are others than at the last look, those assigned last first.
  ///
  /// Stops after `milliseconds`; what it has not come to is told by the next look. Runs no script
  /// code.
  public func changes(
    since look: inout NameLook, within milliseconds: Double = 1.5
  ) -> (changes: [NameChange], isComplete: Bool) {
    let begin = SystemClock.milliseconds
    let (fallbacks, editions) = (globals.fallbacks, globals.editions)
    for slot in look.values.count..<max(look.values.count, fallbacks.count) {
      look.values.append(.undefined)
      look.editions.append(0)
      look.isHidden.append(isHidden(slot))
    }
    let collections = heap.collections.count
    let hasCollected = collections != look.collections
    var pending: [(slot: Int, edition: Int)] = []
    for slot in fallbacks.indices where !look.isHidden[slot] {
      var value = unsafe stack[slot]
      if value.isIdentical(to: fallbacks[slot]) { value = .undefined }
      let known = look.values[slot]
      if value.isIdentical(to: known), !hasCollected || !value.isHeap,
        value.isUndefined || editions[slot] == look.editions[slot]
      {
        continue
      }
      pending.append((slot, editions[slot]))
    }
    pending.sort { ($0.edition, $0.slot) > ($1.edition, $1.slot) }
    var changes: [NameChange] = []
    changes.reserveCapacity(pending.count)
    for (slot, edition) in pending {
      if changes.count % 32 == 31, SystemClock.milliseconds - begin > milliseconds {
        return (changes, false)
      }
      let value = isOwn(slot) ? unsafe stack[slot] : .undefined
      look.values[slot] = value
      look.editions[slot] = edition
      let facts =
        value.isUndefined
        ? nil : describe(value, as: globals.names[slot], slot: slot, isWhole: false)
      changes.append(NameChange(slot: slot, facts: facts))
    }
    look.collections = collections
    return (changes, true)
  }

  /// Takes these names away from scripts; those the library declares are the library's again.
  public func forget(_ names: [String]) {
    for name in names {
      guard let slot = globals.slots[name] else { continue }
      globals.places[name] = nil
      globals.vanishing.insert(slot)
      unsafe stack[slot] = globals.fallbacks[slot]
    }
  }

  /// Names with two underscores, and those with a colon: a module of the language's own has them.
  private func isHidden(_ slot: Int) -> Bool {
    globals.names[slot].hasPrefix("__") || globals.names[slot].contains(":")
  }

  private func ownSlots() -> [Int] {
    (0..<globals.count).filter { isOwn($0) && !isHidden($0) }.sorted {
      (globals.editions[$0], $0) > (globals.editions[$1], $1)
    }
  }
}

extension Value {
  /// Whether it is an object that a script has made, such as an instance of one of its classes.
  public var isOfScript: Bool {
    if case .object(let object) = self { object is ScriptObject } else { false }
  }
}

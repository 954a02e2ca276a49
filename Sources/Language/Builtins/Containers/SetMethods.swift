import Catalog

/// The methods of `set` and `frozenset`.
enum SetMethods {
  /// Those that both have.
  static let common: [Builtin] = [
    .method("copy", "A set with the same elements.", returns: "set") {
      machine, window throws(Thrown) in
      let set = SetCell(window.receiver)
      return set.isFrozen ? window.receiver : try machine.copy(set).value
    },
    .method(
      "union", "The elements of the set and of all iterables.", .rest("others"), returns: "set",
      example: "a.union(b)"
    ) { machine, window throws(Thrown) in
      let result = try machine.copy(SetCell(window.receiver))
      let scope = HandleScope(machine)
      scope.keep(result.value)
      for index in 0..<window.restCount { try machine.merge(window.rest(index), into: result) }
      return result.value
    },
    .method(
      "intersection", "The elements that are in all.", .rest("others"), returns: "set"
    ) { machine, window throws(Thrown) in
      let scope = HandleScope(machine)
      var result = SetCell(window.receiver)
      if window.restCount == 0 { return try machine.copy(result).value }
      for index in 0..<window.restCount {
        result = try machine.intersection(result, window.rest(index))
        scope.keep(result.value)
      }
      return result.value
    },
    .method(
      "difference", "The elements that are in none of the others.", .rest("others"),
      returns: "set"
    ) { machine, window throws(Thrown) in
      let scope = HandleScope(machine)
      var result = SetCell(window.receiver)
      if window.restCount == 0 { return try machine.copy(result).value }
      for index in 0..<window.restCount {
        if index == 0 {
          result = try machine.difference(result, window.rest(index))
          scope.keep(result.value)
        } else {
          try machine.subtract(window.rest(index), from: result)
        }
      }
      return result.value
    },
    .method(
      "symmetric_difference", "The elements that are in one of the two only.",
      .required("other", "iterable"), returns: "set"
    ) { machine, window throws(Thrown) in
      try machine.symmetricDifference(SetCell(window.receiver), window[0]).value
    },
    .method(
      "isdisjoint", "Whether the two have nothing in common.", .required("other", "iterable"),
      returns: "bool"
    ) { machine, window throws(Thrown) in
      let set = SetCell(window.receiver)
      var isDisjoint = true
      try machine.forEach(window[0]) { element throws(Thrown) in
        isDisjoint = try !machine.contains(element, hash: machine.hash(element), in: set)
        return isDisjoint
      }
      return RawValue(isDisjoint)
    },
    .method(
      "issubset", "Whether all elements are in the other.", .required("other", "iterable"),
      returns: "bool"
    ) { machine, window throws(Thrown) in
      let scope = HandleScope(machine)
      let other = try machine.set(of: window[0], scope)
      return RawValue(try machine.isSubset(SetCell(window.receiver), of: other))
    },
    .method(
      "issuperset", "Whether all elements of the other are here.",
      .required("other", "iterable"), returns: "bool"
    ) { machine, window throws(Thrown) in
      let scope = HandleScope(machine)
      let other = try machine.set(of: window[0], scope)
      return RawValue(try machine.isSubset(other, of: SetCell(window.receiver)))
    },
  ]

  /// Those that change a set.
  static let changing: [Builtin] = [
    .method("add", "Adds an element.", .required("element")) { machine, window throws(Thrown) in
      try machine.add(window[0], to: SetCell(window.receiver))
      return .none
    },
    .method("discard", "Removes an element if it is there.", .required("element")) {
      machine, window throws(Thrown) in
      _ = try machine.remove(window[0], from: SetCell(window.receiver))
      return .none
    },
    .method("remove", "Removes an element; an error when it is not there.", .required("element")) {
      machine, window throws(Thrown) in
      guard try machine.remove(window[0], from: SetCell(window.receiver)) else {
        throw machine.keyError(window[0])
      }
      return .none
    },
    .method("pop", "Removes any element and gives it back.", returns: "any") {
      machine, window throws(Thrown) in
      let set = SetCell(window.receiver)
      guard set.count > 0 else { throw machine.error(.key, "pop from an empty set") }
      var slot = set.finger & (set.slots - 1)
      while !set.isPresent(slot) { slot = slot + 1 == set.slots ? 0 : slot + 1 }
      let element = set.key(slot)
      machine.heap.remove(at: slot, from: set)
      set.finger = slot + 1
      return element
    },
    .method("clear", "Removes all elements.") { machine, window in
      machine.heap.clear(SetCell(window.receiver))
      return .none
    },
    .method("update", "Adds the elements of all iterables.", .rest("others")) {
      machine, window throws(Thrown) in
      for index in 0..<window.restCount {
        try machine.merge(window.rest(index), into: SetCell(window.receiver))
      }
      return .none
    },
    .method("difference_update", "Removes the elements of all iterables.", .rest("others")) {
      machine, window throws(Thrown) in
      for index in 0..<window.restCount {
        try machine.subtract(window.rest(index), from: SetCell(window.receiver))
      }
      return .none
    },
    .method(
      "intersection_update", "Keeps only the elements that are in all.", .rest("others")
    ) { machine, window throws(Thrown) in
      let set = SetCell(window.receiver)
      for index in 0..<window.restCount {
        let kept = try machine.intersection(set, window.rest(index))
        machine.heap.exchange(set, kept)
      }
      return .none
    },
    .method(
      "symmetric_difference_update", "Keeps the elements that are in one of the two only.",
      .required("other", "iterable")
    ) { machine, window throws(Thrown) in
      let scope = HandleScope(machine)
      let other = try machine.set(of: window[0], scope)
      try machine.toggle(other, in: SetCell(window.receiver))
      return .none
    },
  ]
}

/// Set algebra in the order of CPython's steps, so that the tables come out the same.
extension Machine {
  /// A copy of the same type.
  func copy(_ set: SetCell) throws(Thrown) -> SetCell {
    try newSet(of: set.value, isFrozen: set.isFrozen)
  }

  /// The elements of an iterable as a set; a set is itself, and the scope keeps a new one.
  func set(of value: RawValue, _ scope: borrowing HandleScope) throws(Thrown) -> SetCell {
    if value.isAnySet { return SetCell(value) }
    let made = try newSet(of: value)
    scope.keep(made.value)
    return made
  }

  func isSubset(_ small: SetCell, of large: SetCell) throws(Thrown) -> Bool {
    if small.count > large.count { return false }
    for slot in 0..<small.slots where slot < small.slots && small.isPresent(slot) {
      if slot & 0xFFFF == 0 { try poll() }
      if try !contains(small.key(slot), hash: small.hash(slot), in: large) { return false }
    }
    return true
  }

  func intersection(_ set: SetCell, _ other: RawValue) throws(Thrown) -> SetCell {
    let result = heap.newSet(isFrozen: set.isFrozen)
    let scope = HandleScope(self)
    scope.keep(result.value)
    guard other.isAnySet else {
      try forEach(other) { element throws(Thrown) in
        let hash = try hash(element)
        if try contains(element, hash: hash, in: set) {
          try add(element, hash: hash, to: result)
        }
        return true
      }
      return result
    }
    var (walked, asked) = (SetCell(other), set)
    if walked.isSame(as: asked) { return try copy(set) }
    if walked.count > asked.count { (walked, asked) = (asked, walked) }
    let place = scope.keep(.none)
    for slot in 0..<walked.slots where slot < walked.slots && walked.isPresent(slot) {
      if slot & 0xFFF < 2 { try safepoint() }
      let (key, hash) = (walked.key(slot), walked.hash(slot))
      scope[place] = key
      if try contains(key, hash: hash, in: asked) { try add(key, hash: hash, to: result) }
    }
    return result
  }

  func difference(_ set: SetCell, _ other: RawValue) throws(Thrown) -> SetCell {
    let isTable = other.isAnySet || other.isDict
    let size = other.isAnySet ? SetCell(other).count : other.isDict ? DictCell(other).count : 0
    let scope = HandleScope(self)
    if !isTable || set.count >> 2 > size {
      let result = try copy(set)
      scope.keep(result.value)
      try subtract(other, from: result)
      return result
    }
    let result = heap.newSet(isFrozen: set.isFrozen)
    scope.keep(result.value)
    let place = scope.keep(.none)
    for slot in 0..<set.slots where slot < set.slots && set.isPresent(slot) {
      if slot & 0xFFF < 2 { try safepoint() }
      let (key, hash) = (set.key(slot), set.hash(slot))
      scope[place] = key
      let found =
        other.isDict
        ? try find(key, hash: hash, in: DictCell(other)) >= 0
        : try contains(key, hash: hash, in: SetCell(other))
      if !found { try add(key, hash: hash, to: result) }
    }
    return result
  }

  /// `set -= other`.
  func subtract(_ other: RawValue, from set: SetCell) throws(Thrown) {
    if other.isIdentical(to: set.value) { return heap.clear(set) }
    try forEach(other) { element throws(Thrown) in
      _ = try remove(element, from: set)
      return true
    }
    heap.dropDeleted(set)
  }

  func symmetricDifference(_ set: SetCell, _ other: RawValue) throws(Thrown) -> SetCell {
    let result = try newSet(of: other, isFrozen: set.isFrozen)
    let scope = HandleScope(self)
    scope.keep(result.value)
    try toggle(set, in: result)
    return result
  }

  /// Removes from `set` what `other` has too, and adds the rest of it.
  func toggle(_ other: SetCell, in set: SetCell) throws(Thrown) {
    if other.isSame(as: set) { return heap.clear(set) }
    let scope = HandleScope(self)
    let place = scope.keep(.none)
    for slot in 0..<other.slots where slot < other.slots && other.isPresent(slot) {
      if slot & 0xFFF < 2 { try safepoint() }
      let (key, hash) = (other.key(slot), other.hash(slot))
      scope[place] = key
      if try !remove(key, from: set) { try add(key, hash: hash, to: set) }
    }
  }
}

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

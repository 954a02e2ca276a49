import Catalog

/// The methods of `dict` and its views.
enum DictMethods {
  static let all: [Builtin] = [
    .method(
      "get", "The value of a key, or a default when it is not there.", .required("key"),
      .optional("default"), returns: "any", example: "counts.get(word, 0)"
    ) { machine, window throws(Thrown) in
      let dict = DictCell(window.receiver)
      let found = try machine.find(window[0], in: dict)
      return found >= 0 ? dict.value(found) : window.given(1) ?? .none
    },
    .method(
      "setdefault", "The value of a key, set to a default when it is not there.",
      .required("key"), .optional("default"), returns: "any"
    ) { machine, window throws(Thrown) in
      let dict = DictCell(window.receiver)
      let found = try machine.find(window[0], in: dict)
      if found >= 0 { return dict.value(found) }
      let value = window.given(1) ?? .none
      try machine.setItem(window[0], value, in: dict)
      return value
    },
    .method(
      "pop", "Removes a key and gives its value back.", .required("key"),
      .optional("default", shown: "error"), returns: "any"
    ) { machine, window throws(Thrown) in
      let dict = DictCell(window.receiver)
      let found = try machine.find(window[0], in: dict)
      guard found >= 0 else {
        if let fallback = window.given(1) { return fallback }
        throw machine.keyError(window[0], in: dict.value)
      }
      let value = dict.value(found)
      machine.heap.remove(at: found, from: dict)
      return value
    },
    .method("popitem", "Removes the newest item and gives it back.", returns: "tuple") {
      machine, window throws(Thrown) in
      let dict = DictCell(window.receiver)
      guard dict.count > 0 else {
        throw machine.error(.key, "popitem(): dictionary is empty")
      }
      var last = dict.used - 1
      while !dict.isPresent(last) { last -= 1 }
      let item = machine.tuple([dict.key(last), dict.value(last)])
      machine.heap.remove(at: last, from: dict)
      return item
    },
    .method("keys", "A view of the keys.", returns: "dict_keys") { machine, window in
      machine.heap.newDictView(.keys, window.receiver)
    },
    .method("values", "A view of the values.", returns: "dict_values") { machine, window in
      machine.heap.newDictView(.values, window.receiver)
    },
    .method(
      "items", "A view of the keys with their values.", returns: "dict_items",
      example: "for name, value in d.items(): print(name, value)"
    ) { machine, window in
      machine.heap.newDictView(.items, window.receiver)
    },
    .method("clear", "Removes all items.") { machine, window in
      machine.heap.clear(DictCell(window.receiver))
      return .none
    },
    .method("copy", "A new dict with the same items.", returns: "dict") {
      machine, window throws(Thrown) in
      try machine.checkRoom(for: DictCell(window.receiver).count, of: 96)
      return try machine.copy(DictCell(window.receiver)).value
    },
    .method(
      "update", "Takes over the items of another dict, of pairs, or of named arguments.",
      .optional("other", "dict or iterable of pairs", shown: "{}"), .restNamed("items")
    ) { machine, window throws(Thrown) in
      let dict = DictCell(window.receiver)
      if let other = window.given(0) { try machine.update(dict, from: other) }
      if window[1].isDict { try machine.update(dict, from: window[1]) }
      return .none
    },
  ]

  static let fromKeys = Builtin.method(
    "fromkeys", "A new dict with the elements of an iterable as keys.",
    .required("iterable", "iterable"), .optional("value"), returns: "dict"
  ) { machine, window throws(Thrown) in
    let value = window.given(1) ?? .none
    let type = TypeCell(window.receiver)
    let made =
      type.isScript ? try machine.call(type.value, []) : machine.heap.newDict().value
    let scope = HandleScope(machine)
    scope.keep(made)
    try machine.forEach(window[0]) { key throws(Thrown) in
      try machine.setItem(made, key, value)
      return true
    }
    return made
  }

  static let views: [Builtin] = [
    .method(
      "isdisjoint", "Whether it has nothing in common with an iterable.",
      .required("other", "iterable"), returns: "bool"
    ) { machine, window throws(Thrown) in
      var isDisjoint = true
      try machine.forEach(window[0]) { element throws(Thrown) in
        isDisjoint = try !machine.contains(element, in: window.receiver)
        return isDisjoint
      }
      return RawValue(isDisjoint)
    }
  ]
}

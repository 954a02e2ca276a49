import Catalog

/// `collections.deque`.
enum DequeMethods {
  static let type = BuiltinType(
    "collections.deque", "A sequence that grows and shrinks at both ends.", maker: maker,
    methods: [
      .method("append", "Adds a value at the end.", .required("value")) { machine, window in
        machine.heap.append(window[0], to: DequeCell(window.receiver))
        return .none
      },
      .method("appendleft", "Adds a value at the beginning.", .required("value")) {
        machine, window in
        machine.heap.prepend(window[0], to: DequeCell(window.receiver))
        return .none
      },
      .method("pop", "Removes the last value and returns it.", returns: "any") {
        machine, window throws(Thrown) in
        let deque = DequeCell(window.receiver)
        guard deque.count > 0 else { throw machine.error(.index, "pop from an empty deque") }
        return deque.popLast()
      },
      .method("popleft", "Removes the first value and returns it.", returns: "any") {
        machine, window throws(Thrown) in
        let deque = DequeCell(window.receiver)
        guard deque.count > 0 else { throw machine.error(.index, "pop from an empty deque") }
        return deque.popFirst()
      },
      .method("extend", "Adds values at the end.", .required("iterable", "iterable")) {
        machine, window throws(Thrown) in
        try machine.extend(DequeCell(window.receiver), with: window[0])
        return .none
      },
      .method(
        "extendleft", "Adds values at the beginning, one after the other.",
        .required("iterable", "iterable")
      ) { machine, window throws(Thrown) in
        try machine.extend(DequeCell(window.receiver), with: window[0], atStart: true)
        return .none
      },
      .method(
        "rotate", "Moves values from the end to the beginning.",
        .optional("n", "int", shown: "1")
      ) { machine, window throws(Thrown) in
        DequeCell(window.receiver).rotate(try machine.integer(window[0], default: 1))
        return .none
      },
      .method("clear", "Removes all values.") { _, window in
        DequeCell(window.receiver).clear()
        return .none
      },
      .method("copy", "A copy.", returns: "deque") { machine, window in
        machine.copy(DequeCell(window.receiver)).value
      },
      .method("__copy__", "A copy.", returns: "deque") { machine, window in
        machine.copy(DequeCell(window.receiver)).value
      },
      .method("reverse", "Reverses the order.") { _, window in
        let deque = DequeCell(window.receiver)
        let values = deque.array
        for index in values.indices { deque[values.count - 1 - index] = values[index] }
        return .none
      },
      .method("count", "How often a value occurs.", .required("value"), returns: "int") {
        machine, window throws(Thrown) in
        var count = 0
        try machine.search(DequeCell(window.receiver), for: window[0]) { _ in
          count += 1
          return true
        }
        return RawValue(count)
      },
      .method(
        "index", "The place of the first value that is equal.", .required("value"),
        .optional("start", "int", shown: "0"), .optional("stop", "int", shown: "end"),
        returns: "int"
      ) { machine, window throws(Thrown) in
        let deque = DequeCell(window.receiver)
        let start = try machine.bound(window[1], default: 0, count: deque.count)
        let stop = try machine.bound(window[2], default: deque.count, count: deque.count)
        var place = -1
        try machine.search(deque, for: window[0], from: start, to: stop) { index in
          place = index
          return false
        }
        guard place >= 0 else {
          throw machine.error(.value, "\(try machine.repr(window[0])) is not in deque")
        }
        return RawValue(place)
      },
      .method(
        "insert", "Puts a value before the one at an index.", .required("index", "int"),
        .required("value")
      ) { machine, window throws(Thrown) in
        let deque = DequeCell(window.receiver)
        if deque.limit >= 0, deque.count >= deque.limit {
          throw machine.error(.index, "deque already at its maximum size")
        }
        var index = try machine.integer(window[0])
        if index < 0 { index = max(0, index + deque.count) }
        index = min(index, deque.count)
        machine.heap.append(window[1], to: deque)
        var place = deque.count - 1
        while place > index {
          deque[place] = deque[place - 1]
          place -= 1
        }
        deque[index] = window[1]
        return .none
      },
      .method("remove", "Removes the first value that is equal.", .required("value")) {
        machine, window throws(Thrown) in
        let deque = DequeCell(window.receiver)
        var place = -1
        try machine.search(deque, for: window[0]) { index in
          place = index
          return false
        }
        guard place >= 0 else {
          throw machine.error(.value, "\(try machine.repr(window[0])) is not in deque")
        }
        machine.remove(at: place, from: deque)
        return .none
      },
    ])

  private static let maker = Builtin(
    "deque", "A deque of what an iterable gives, at most so many.",
    .named("iterable", "iterable", shown: "()"), .named("maxlen", "int or None", shown: "None"),
    returns: "deque", example: "deque([1, 2], maxlen=3)"
  ) { machine, window throws(Thrown) in
    var limit = -1
    if let given = window.given(1), !given.isNone {
      guard given.integer != nil else { throw machine.mismatch("an integer is required") }
      limit = try machine.integer(given)
      guard limit >= 0 else { throw machine.error(.value, "maxlen must be non-negative") }
    }
    let deque = machine.heap.newDeque(limit: limit)
    let scope = HandleScope(machine)
    scope.keep(deque.value)
    if let source = window.given(0) { try machine.extend(deque, with: source) }
    return deque.value
  }
}

extension Machine {
  /// Calls `found` with the places of equal values until it returns false.
  fileprivate func search(
    _ deque: DequeCell, for value: RawValue, from start: Int = 0, to stop: Int = Int.max,
    found: (Int) -> Bool
  ) throws(Thrown) {
    let version = deque.version
    var index = start
    while index < deque.count, index < stop {
      if try isSameOrEqual(deque[index], value), !found(index) { return }
      if deque.version != version {
        throw error(.runtime, "deque mutated during iteration", code: "L112")
      }
      index += 1
    }
  }

  func remove(at place: Int, from deque: DequeCell) {
    for index in place..<(deque.count - 1) { deque[index] = deque[index + 1] }
    _ = deque.popLast()
  }
}

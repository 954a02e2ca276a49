import Catalog

/// The methods of `list`.
enum ListMethods {
  static let all: [Builtin] = [
    .method(
      "append", "Adds an element at the end.", .required("object"), example: "history.append(loss)"
    ) { machine, window throws(Thrown) in
      try machine.append(window[0], to: ListCell(window.receiver))
      return .none
    },
    .method(
      "extend", "Adds all elements of an iterable at the end.", .required("iterable", "iterable")
    ) { machine, window throws(Thrown) in
      try machine.extend(ListCell(window.receiver), with: window[0])
      return .none
    },
    .method(
      "insert", "Puts an element before an index.", .required("index", "int"),
      .required("object")
    ) { machine, window throws(Thrown) in
      var index = try machine.integer(window[0])
      let list = ListCell(window.receiver)
      try machine.checkRoom(for: list.count * 3 / 2, of: 16)
      if index < 0 { index = max(0, index &+ list.count) }
      machine.heap.insert(window[1], at: min(index, list.count), in: list)
      return .none
    },
    .method("remove", "Removes the first element equal to a value.", .required("value")) {
      machine, window throws(Thrown) in
      let list = ListCell(window.receiver)
      var index = 0
      while index < list.count {
        if try machine.isSameOrEqual(list[index], window[0]) {
          if index < list.count { machine.heap.remove(at: index, from: list) }
          return .none
        }
        index += 1
      }
      throw machine.error(.value, "list.remove(x): x not in list")
    },
    .method(
      "pop", "Removes the element at an index and gives it back.",
      .optional("index", "int", shown: "-1"), returns: "any"
    ) { machine, window throws(Thrown) in
      var index = try machine.integer(window[0], default: -1)
      let list = ListCell(window.receiver)
      guard list.count > 0 else {
        throw machine.error(.index, "pop from empty list", code: "L107")
      }
      if index < 0 { index += list.count }
      guard index >= 0, index < list.count else {
        throw machine.error(
          .index, "pop index out of range", code: "L107",
          notes: ["the list has \(list.count) elements"])
      }
      return machine.heap.remove(at: index, from: list)
    },
    .method("clear", "Removes all elements.") { machine, window in
      machine.heap.truncate(ListCell(window.receiver), to: 0)
      return .none
    },
    index,
    count,
    .method(
      "sort", "Sorts the list itself; equal elements keep their order.",
      .keyword("key", "function or None"), .keyword("reverse", "bool", shown: "False"),
      example: "words.sort(key=len, reverse=True)"
    ) { machine, window throws(Thrown) in
      let reverse = try machine.reversed(window[1])
      try machine.sort(ListCell(window.receiver), key: window[0], isReversed: reverse)
      return .none
    },
    .method("reverse", "Turns the order of the elements round.") { _, window in
      let list = ListCell(window.receiver)
      var (low, high) = (0, list.count - 1)
      while low < high {
        let element = list[low]
        list[low] = list[high]
        list[high] = element
        low += 1
        high -= 1
      }
      return .none
    },
    .method("copy", "A new list with the same elements.", returns: "list") {
      machine, window throws(Thrown) in
      try machine.newList(of: window.receiver)
    },
  ]

  /// `index` of list and tuple.
  static let index = Builtin.method(
    "index", "The index of the first element equal to a value.", .required("value"),
    .optional("start", "int", shown: "0"), .optional("stop", "int", shown: "len(self)"),
    returns: "int"
  ) { machine, window throws(Thrown) in
    let value = window.receiver
    var at = try machine.place(window[1], default: 0, in: value)
    let end = try machine.place(window[2], default: Int.max, in: value)
    while let row = Row(value), at < row.count, at < end {
      if try machine.isSameOrEqual(row[at], window[0]) { return RawValue(at) }
      at += 1
      if at & 0xFFFF == 0 { try machine.poll() }
    }
    if value.isTuple { throw machine.error(.value, "tuple.index(x): x not in tuple") }
    throw machine.error(.value, "\(try machine.repr(window[0])) is not in list")
  }

  /// `count` of list and tuple.
  static let count = Builtin.method(
    "count", "How many elements are equal to a value.", .required("value"), returns: "int"
  ) { machine, window throws(Thrown) in
    var (at, count) = (0, 0)
    while let row = Row(window.receiver), at < row.count {
      if try machine.isSameOrEqual(row[at], window[0]) { count += 1 }
      at += 1
      if at & 0xFFFF == 0 { try machine.poll() }
    }
    return RawValue(count)
  }
}

/// The methods of `tuple` and `range`.
enum TupleMethods {
  static let all: [Builtin] = [ListMethods.index, ListMethods.count]

  static let range: [Builtin] = [
    .method(
      "index", "The index of a value in the range.", .required("value"), returns: "int"
    ) { machine, window throws(Thrown) in
      let range = RangeCell(window.receiver)
      guard try machine.contains(window[0], in: window.receiver) else {
        if window[0].integer == nil {
          throw machine.error(.value, "sequence.index(x): x not in sequence")
        }
        throw machine.error(.value, "\(try machine.repr(window[0])) is not in range")
      }
      var number = window[0].integer ?? 0
      if window[0].isFloat { number = Int(exactly: window[0].double) ?? 0 }
      return RawValue((number &- range.start) / range.step)
    },
    .method(
      "count", "1 when the value is in the range, else 0.", .required("value"), returns: "int"
    ) {
      machine, window throws(Thrown) in
      RawValue(try machine.contains(window[0], in: window.receiver) ? 1 : 0)
    },
  ]
}

extension Machine {
  /// A start or stop argument of `index`; negative ones count from the end.
  func place(
    _ value: RawValue, default fallback: Int, in sequence: RawValue
  ) throws(Thrown) -> Int {
    if value.isUndefined { return fallback }
    var place = 0
    if let int = value.integer {
      place = int
    } else if let int = try integer(ifIndex: value) {
      place = int
    } else {
      throw error(.type, "slice indices must be integers or have an __index__ method")
    }
    if place < 0 { place = max(0, place &+ (Row(sequence)?.count ?? 0)) }
    return place
  }

  /// The `reverse` argument of sorting, an integer as in CPython.
  func reversed(_ value: RawValue) throws(Thrown) -> Bool {
    value.isUndefined ? false : try integer(value) != 0
  }
}

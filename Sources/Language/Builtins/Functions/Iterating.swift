import Catalog

/// Functions that walk over something, and the lazy iterators.
enum Iterating {
  static let all: [Builtin] = [
    Builtin(
      "len", "The number of elements.", .required("obj"), returns: "int", example: "len(history)"
    ) { machine, window throws(Thrown) in RawValue(try machine.length(window[0])) },
    Builtin(
      "iter", "An iterator over a value; with a sentinel, one that calls a function until then.",
      .required("iterable"), .optional("sentinel"), returns: "iterator"
    ) { machine, window throws(Thrown) in
      guard let sentinel = window.given(1) else { return try machine.iterator(over: window[0]) }
      guard machine.isCallable(window[0]) else {
        throw machine.mismatch("iter(v, w): v must be callable")
      }
      return machine.newIterator(.calls, window[0], other: sentinel)
    },
    Builtin(
      "next", "The next element of an iterator, or a default at its end.",
      .required("iterator", "iterator"), .optional("default", shown: "error"), returns: "any"
    ) { machine, window throws(Thrown) in
      machine.generatorResult = .none
      let element = try machine.next(window[0])
      if !element.isUndefined { return element }
      if let fallback = window.given(1) { return fallback }
      throw machine.stopIteration(machine.generatorResult)
    },
    Builtin(
      "any", "Whether one element is true.", .required("iterable", "iterable"), returns: "bool"
    ) { machine, window throws(Thrown) in
      var found = false
      try machine.forEach(window[0]) { element throws(Thrown) in
        found = try machine.truth(element)
        return !found
      }
      return RawValue(found)
    },
    Builtin(
      "all", "Whether all elements are true.", .required("iterable", "iterable"), returns: "bool"
    ) { machine, window throws(Thrown) in
      var holds = true
      try machine.forEach(window[0]) { element throws(Thrown) in
        holds = try machine.truth(element)
        return holds
      }
      return RawValue(holds)
    },
    Builtin(
      "sum", "The sum of the elements, added from left to right.",
      .required("iterable", "iterable"), .named("start", shown: "0"), returns: "any",
      example: "sum(losses) / len(losses)"
    ) { machine, window throws(Thrown) in
      try machine.sum(window[0], from: window.given(1) ?? RawValue(0))
    },
    extreme("min", "The smallest element, or the smallest of several values.", .less),
    extreme("max", "The largest element, or the largest of several values.", .greater),
    Builtin(
      "sorted", "A new list with the elements in order; equal ones keep theirs.",
      .required("iterable", "iterable"), .keyword("key", "function or None"),
      .keyword("reverse", "bool", shown: "False"), returns: "list",
      example: "sorted(words, key=len)"
    ) { machine, window throws(Thrown) in
      let list = try machine.newList(of: window[0])
      let scope = HandleScope(machine)
      scope.keep(list)
      let reverse = try machine.reversed(window[2])
      try machine.sort(ListCell(list), key: window[1], isReversed: reverse)
      return list
    },
  ]

  static let enumerateMaker = Builtin(
    "enumerate", "Pairs of a count and an element.", .named("iterable", "iterable"),
    .named("start", "int", shown: "0"), returns: "enumerate",
    example: "for i, x in enumerate(xs): print(i, x)"
  ) { machine, window throws(Thrown) in
    let start = try machine.integer(window[1], default: 0)
    let walk = try machine.iterator(over: window[0])
    return machine.newIterator(.enumerate, walk, position: start)
  }

  static let zipMaker = Builtin(
    "zip", "Tuples of the elements at the same place, as far as the shortest goes.",
    .rest("iterables"), .keyword("strict", "bool", shown: "False"), returns: "zip",
    example: "for a, b in zip(xs, ys): print(a, b)"
  ) { machine, window throws(Thrown) in
    let strict = try machine.flag(window[1])
    let walks = try machine.iterators(window, from: 0, in: window.restCount)
    return machine.newIterator(.zip, walks, position: strict ? 1 : 0)
  }

  static let mapMaker = Builtin(
    "map", "What a function gives for each element.", .rest("function_and_iterables"),
    returns: "map", example: "list(map(abs, xs))"
  ) { machine, window throws(Thrown) in
    guard window.restCount >= 2 else {
      throw machine.mismatch("map() must have at least two arguments.")
    }
    let walks = try machine.iterators(window, from: 1, in: window.restCount)
    return machine.newIterator(.map, walks, other: window.rest(0))
  }

  static let filterMaker = Builtin(
    "filter", "The elements for which a function, or None the element itself, is true.",
    .required("function", "function or None"), .required("iterable", "iterable"),
    returns: "filter", example: "list(filter(str.isdigit, words))"
  ) { machine, window throws(Thrown) in
    let walk = try machine.iterator(over: window[1])
    return machine.newIterator(.filter, walk, other: window[0])
  }

  static let reversedMaker = Builtin(
    "reversed", "The elements from the last to the first.", .required("sequence", "sequence"),
    returns: "reversed"
  ) { machine, window throws(Thrown) in try machine.reversedIterator(window[0]) }

  private static func extreme(
    _ name: String, _ sentence: String, _ comparison: ComparisonCode
  ) -> Builtin {
    Builtin(
      name, sentence, .rest("values"), .keyword("key", "function or None"),
      .keyword("default", shown: "error"), returns: "any",
      example: name == "max" ? "max(scores, key=scores.get)" : ""
    ) { machine, window throws(Thrown) in
      try machine.extreme(name, comparison, window)
    }
  }
}

extension Machine {
  /// Iterators over the rest arguments from an index on, as a tuple.
  fileprivate func iterators(
    _ window: Window, from first: Int, in count: Int
  ) throws(Thrown) -> RawValue {
    let walks = heap.newTuple(count: max(0, count - first))
    for index in 0..<walks.count { walks[index] = .none }
    let scope = HandleScope(self)
    scope.keep(walks.value)
    for index in 0..<walks.count {
      walks[index] = try iterator(over: window.rest(first + index))
    }
    return walks.value
  }

  fileprivate func sum(_ source: RawValue, from start: RawValue) throws(Thrown) -> RawValue {
    if start.isString {
      throw mismatch("sum() can't sum strings [use ''.join(seq) instead]")
    }
    let (begun, first) = try numberSum(source, from: start)
    if let row = Row(source), first == row.count { return begun }
    let scope = HandleScope(self)
    let place = scope.keep(begun)
    try forEach(source, from: first) { element throws(Thrown) in
      let total = scope[place]
      if total.isInt, element.isInt {
        let (sum, overflow) = total.int.addingReportingOverflow(element.int)
        if overflow { throw overflowError() }
        scope[place] = RawValue(sum)
      } else if total.isFloat, element.isFloat {
        scope[place] = RawValue(total.double + element.double)
      } else {
        scope[place] = try arithmetic(.add, total, element)
      }
      return true
    }
    return scope[place]
  }

  /// The sum of the numbers that a list or tuple begins with, and the index of the first element
  /// that was not added: of another type, or too large.
  private func numberSum(
    _ source: RawValue, from start: RawValue
  ) throws(Thrown) -> (sum: RawValue, next: Int) {
    guard let row = Row(source), start.isInt || start.isFloat else { return (start, 0) }
    var index = 0
    var float = 0.0
    if start.isInt {
      var sum = start.int
      while index < row.count, row[index].isInt {
        let (next, overflow) = sum.addingReportingOverflow(row[index].int)
        if overflow { return (RawValue(sum), index) }
        sum = next
        index += 1
        if index & 0x3FFFF == 0 { try poll() }
      }
      guard index < row.count, row[index].isFloat else { return (RawValue(sum), index) }
      float = Double(sum)
    } else {
      float = start.double
    }
    while index < row.count, row[index].isFloat {
      float += row[index].double
      index += 1
      if index & 0x3FFFF == 0 { try poll() }
    }
    return (RawValue(float), index)
  }

  fileprivate func extreme(
    _ name: String, _ comparison: ComparisonCode, _ window: Window
  ) throws(Thrown) -> RawValue {
    let count = window.restCount
    guard count > 0 else {
      throw mismatch("\(name) expected at least 1 argument, got 0")
    }
    let key = window.given(1).flatMap { $0.isNone ? nil : $0 }
    let fallback = window.given(2)
    if count > 1, fallback != nil {
      throw mismatch(
        "Cannot specify a default for \(name)() with multiple positional arguments")
    }
    let scope = HandleScope(self)
    let best = scope.keep(.undefined)
    let bestKey = scope.keep(.undefined)
    let candidate = scope.keep(.undefined)
    let candidateKey = scope.keep(.undefined)
    func consider(_ element: RawValue) throws(Thrown) -> Bool {
      scope[candidate] = element
      var measure = element
      if let key {
        measure = try call(key, with: element)
        scope[candidateKey] = measure
      }
      var isBest = scope[best].isUndefined
      if !isBest { isBest = try isBetter(comparison, measure, scope[bestKey]) }
      if isBest {
        scope[best] = element
        scope[bestKey] = measure
      }
      return true
    }
    if count > 1 {
      for index in 0..<count { _ = try consider(window.rest(index)) }
    } else {
      try forEach(window.rest(0), consider)
    }
    if !scope[best].isUndefined { return scope[best] }
    if let fallback { return fallback }
    throw error(.value, "\(name)() arg is an empty sequence")
  }

  @inline(__always)
  private func isBetter(
    _ comparison: ComparisonCode, _ a: RawValue, _ b: RawValue
  ) throws(Thrown) -> Bool {
    if a.isInt, b.isInt { return comparison == .less ? a.int < b.int : a.int > b.int }
    if a.isFloat, b.isFloat {
      return comparison == .less ? a.double < b.double : a.double > b.double
    }
    return try truth(compare(comparison, a, b))
  }

  func reversedIterator(_ value: RawValue) throws(Thrown) -> RawValue {
    switch value.tag {
    case RawValue.Tag.list, RawValue.Tag.tuple, RawValue.Tag.string, RawValue.Tag.range:
      return newIterator(.sequenceReversed, value, position: try length(value))
    case RawValue.Tag.dict:
      let dict = DictCell(value)
      return newIterator(.dictKeysReversed, value, position: dict.used, limit: dict.count)
    case RawValue.Tag.dictView:
      let view = DictViewCell(value)
      let form: IteratorCell.Form =
        switch view.form {
        case .keys: .dictKeysReversed
        case .values: .dictValuesReversed
        case .items: .dictItemsReversed
        }
      return newIterator(
        form, view.dict.value, position: view.dict.used, limit: view.dict.count)
    case RawValue.Tag.deque:
      let deque = DequeCell(value)
      return newIterator(
        .dequeReversed, value, position: deque.count - 1, limit: deque.version)
    case RawValue.Tag.type where TypeCell(value).isGuided:
      return try guide(.reversed, value)
    case RawValue.Tag.native:
      return newIterator(.sequenceReversed, value, position: try length(value))
    case RawValue.Tag.instance, RawValue.Tag.exception:
      guard isScripted(value) else { break }
      switch way(value, names.reversed) {
      case .method(let method):
        if method.isNone { break }
        return try ask(method, value)
      case .peer(let peer) where peer.isList || peer.isDict: return try reversedIterator(peer)
      case .peer(let peer) where peer.number != nil || peer.isAnySet: break
      case .peer: return newIterator(.sequenceReversed, value, position: try length(value))
      case .none: break
      }
      let type = self.type(of: value)
      if type.own(names.reversed) == nil, type.own(names.getItem) != nil {
        return newIterator(.sequenceReversed, value, position: try length(value))
      }
    default: break
    }
    throw error(.type, "'\(typeName(value))' object is not reversible", code: "L106")
  }
}

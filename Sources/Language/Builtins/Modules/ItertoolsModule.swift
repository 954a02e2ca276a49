import Catalog

/// `import itertools`: makes the iterators that `Machine.nextOfTool` advances.
enum ItertoolsModule {
  static let module = BuiltinModule(
    "itertools", "Iterators built from iterators.", functions: [tee],
    types: [
      type(
        "accumulate", "The totals so far, or the results of another function of two.",
        .named("iterable", "iterable"), .named("func", "function", shown: "None"),
        .keyword("initial")
      ) { machine, window throws(Thrown) in
        let walk = try machine.iterator(over: window[0])
        let initial = window.given(2).flatMap { $0.isNone ? nil : $0 }
        let state = machine.list([window.given(1) ?? .none, initial ?? .undefined])
        return machine.newIterator(
          .accumulate, walk, other: state, position: initial == nil ? 0 : 1)
      },
      BuiltinType(
        "itertools.chain", "The elements of one iterable after those of another.",
        maker: Builtin(
          "chain", "The elements of one iterable after those of another.", .rest("iterables"),
          returns: "chain", example: "list(chain([1, 2], [3]))"
        ) { machine, window throws(Thrown) in
          let all = machine.tuple(window.restValues)
          return machine.newIterator(.chain, machine.newIterator(.tuple, all))
        }, methods: [chainFromIterable]),
      chosen(
        "combinations", "The ways to choose so many elements, in order.", .combinations,
        .named("r", "int")),
      chosen(
        "combinations_with_replacement",
        "The ways to choose so many elements, each as often as wanted.", .combinationsRepeated,
        .named("r", "int")),
      chosen(
        "permutations", "The ways to arrange so many elements.", .permutations,
        .named("r", "int", shown: "None")),
      type(
        "compress", "The elements whose selectors are true.", .named("data", "iterable"),
        .named("selectors", "iterable")
      ) { machine, window throws(Thrown) in
        try machine.iterator(over: window[0], .compress, second: window[1])
      },
      type(
        "count", "Numbers at equal distances, without end.",
        .named("start", "number", shown: "0"), .named("step", "number", shown: "1")
      ) { machine, window throws(Thrown) in
        let (start, step) = (window.given(0) ?? RawValue(0), window.given(1) ?? RawValue(1))
        for value in [start, step] where value.number == nil && value.tag != RawValue.Tag.instance {
          throw machine.mismatch("a number is required")
        }
        return machine.newIterator(.count, start, other: step)
      },
      type(
        "cycle", "The elements again and again.", .required("iterable", "iterable")
      ) { machine, window throws(Thrown) in
        let walk = try machine.iterator(over: window[0])
        return machine.newIterator(.cycle, walk, other: machine.list([]), position: -1)
      },
      filter("dropwhile", "The elements from the first that fails a test on.", .dropWhile),
      filter("takewhile", "The elements before the first that fails a test.", .takeWhile),
      filter("filterfalse", "The elements that fail a test.", .filterFalse),
      filter("starmap", "What a function gives for tuples of arguments.", .starMap),
      type(
        "groupby", "Keys, and the elements in a row that have them.",
        .named("iterable", "iterable"), .named("key", "function", shown: "None")
      ) { machine, window throws(Thrown) in
        let walk = try machine.iterator(over: window[0])
        let state = machine.list([
          window.given(1) ?? .none, .undefined, .undefined, .undefined, .none, walk,
        ])
        return machine.newIterator(.groupBy, walk, other: state)
      },
      type(
        "islice", "The elements between two places: islice(xs, stop) or islice(xs, start, stop).",
        .required("iterable", "iterable"), .required("stop", "int or None"),
        .optional("end", "int or None", shown: "None"),
        .optional("step", "int or None", shown: "1")
      ) { machine, window throws(Thrown) in try machine.slicing(window) },
      type(
        "pairwise", "Each element with the one after it.", .required("iterable", "iterable")
      ) { machine, window throws(Thrown) in
        let walk = try machine.iterator(over: window[0])
        return machine.newIterator(.pairwise, walk, other: .undefined)
      },
      type(
        "product", "The tuples with one element of each iterable.", .rest("iterables"),
        .keyword("repeat", "int", shown: "1")
      ) { machine, window throws(Thrown) in try machine.product(window) },
      type(
        "repeat", "The same value again and again, or so often.", .named("object"),
        .named("times", "int", shown: "endless")
      ) { machine, window throws(Thrown) in
        let times = try machine.integer(window[1], default: -1)
        let count = window.given(1) == nil ? -1 : max(0, times)
        return machine.newIterator(.repeat, window[0], position: count)
      },
      type(
        "zip_longest", "Tuples of the elements at the same place, as far as the longest goes.",
        .rest("iterables"), .keyword("fillvalue")
      ) { machine, window throws(Thrown) in
        let walks = machine.heap.newTuple(window.restValues)
        let scope = HandleScope(machine)
        scope.keep(walks.value)
        for index in 0..<walks.count { walks[index] = try machine.iterator(over: walks[index]) }
        return machine.newIterator(
          .zipLongest, walks.value, other: window.given(1) ?? .none, position: walks.count)
      },
      BuiltinType("itertools._grouper", "The elements of one group of groupby."),
      BuiltinType("itertools._tee", "One of the iterators that tee makes."),
    ])

  private static func type(
    _ name: String, _ sentence: String, _ parameters: ParameterFacts...,
    maker: @escaping Intrinsic
  ) -> BuiltinType {
    let entry = Entry(
      name, sentence, kind: .function, parameters: parameters, returns: name, examples: [],
      body: .intrinsic)
    return BuiltinType("itertools.\(name)", sentence, maker: Builtin(entry, body: maker))
  }

  /// An iterator with a function and an iterable.
  private static func filter(
    _ name: String, _ sentence: String, _ form: IteratorCell.Form
  ) -> BuiltinType {
    let parameter = name == "starmap" ? "function" : "predicate"
    return type(
      name, sentence, .required(parameter, "function"), .required("iterable", "iterable")
    ) { machine, window throws(Thrown) in
      let walk = try machine.iterator(over: window[1])
      return machine.newIterator(form, walk, other: window[0])
    }
  }

  private static func chosen(
    _ name: String, _ sentence: String, _ form: IteratorCell.Form, _ count: ParameterFacts
  ) -> BuiltinType {
    type(name, sentence, .named("iterable", "iterable"), count) { machine, window throws(Thrown) in
      let scope = HandleScope(machine)
      let pool = machine.heap.newTuple(try machine.elements(window[0]))
      scope.keep(pool.value)
      let chosen: Int
      if form == .permutations {
        let given = window.given(1) ?? .none
        guard given.isNone || given.integer != nil else {
          throw machine.mismatch("Expected int as r")
        }
        chosen = given.integer ?? pool.count
      } else {
        chosen = try machine.integer(window[1])
      }
      guard chosen >= 0 else { throw machine.error(.value, "r must be non-negative") }
      guard machine.heap.fits(chosen, of: 32) else { throw machine.memoryError() }
      var state: [RawValue] = []
      switch form {
      case .permutations where chosen <= pool.count:
        state = (0..<pool.count).map { RawValue($0) }
        for place in 0..<chosen { state.append(RawValue(pool.count - place)) }
      case .combinationsRepeated: state = Array(repeating: RawValue(0), count: chosen)
      default: state = (0..<chosen).map { RawValue($0) }
      }
      return machine.newIterator(form, pool.value, other: machine.list(state), limit: chosen)
    }
  }

  private static let chainFromIterable = Builtin(
    "from_iterable", "The elements of the iterables that one iterable gives.",
    .required("iterable", "iterable"), returns: "chain"
  ) { machine, window throws(Thrown) in
    machine.newIterator(.chain, try machine.iterator(over: window[0]))
  }

  private static let tee = Builtin(
    "tee", "Several iterators over the same elements.", .required("iterable", "iterable"),
    .optional("n", "int", shown: "2"), returns: "tuple"
  ) { machine, window throws(Thrown) in
    let count = try machine.integer(window[1], default: 2)
    guard count >= 0 else { throw machine.error(.value, "n must be >= 0") }
    guard machine.heap.fits(count, of: 80) else { throw machine.memoryError() }
    var walk = try machine.iterator(over: window[0])
    var node = machine.list([.undefined, .undefined])
    if walk.tag == RawValue.Tag.iterator, IteratorCell(walk).form == .tee {
      node = IteratorCell(walk).source
      walk = IteratorCell(walk).other
    }
    return machine.tuple((0..<count).map { _ in machine.newIterator(.tee, node, other: walk) })
  }
}

extension Machine {
  fileprivate func iterator(
    over first: RawValue, _ form: IteratorCell.Form, second: RawValue
  ) throws(Thrown) -> RawValue {
    let scope = HandleScope(self)
    let walk = try iterator(over: first)
    scope.keep(walk)
    return newIterator(form, walk, other: try iterator(over: second))
  }

  fileprivate func product(_ window: Window) throws(Thrown) -> RawValue {
    let times = try integer(window[1], default: 1)
    guard times >= 0 else { throw error(.value, "repeat argument cannot be negative") }
    let own = window.restCount
    let (count, overflow) = own.multipliedReportingOverflow(by: times)
    guard !overflow, heap.fits(count, of: 64) else { throw memoryError() }
    let pools = heap.newTuple(count: count)
    for index in 0..<count { pools[index] = .none }
    let scope = HandleScope(self)
    scope.keep(pools.value)
    for index in 0..<min(own, count) {
      pools[index] = heap.newTuple(try elements(window.rest(index))).value
    }
    for index in min(own, count)..<count { pools[index] = pools[index - own] }
    var state = Array(repeating: RawValue(0), count: count)
    state.append(.none)
    return newIterator(.product, pools.value, other: list(state))
  }

  fileprivate func slicing(_ window: Window) throws(Thrown) -> RawValue {
    func place(_ value: RawValue, _ fallback: Int, _ message: String) throws(Thrown) -> Int {
      if value.isNone { return fallback }
      guard let place = try integer(ifIndex: value), place >= 0 else {
        throw error(.value, message)
      }
      return place
    }
    let range = "must be None or an integer: 0 <= x <= sys.maxsize."
    let hasStart = window.given(2) != nil
    let stop = try place(
      hasStart ? window[2] : window[1], -1,
      hasStart ? "Indices for islice() \(range)" : "Stop argument for islice() \(range)")
    let start = hasStart ? try place(window[1], 0, "Indices for islice() \(range)") : 0
    let step = try place(
      window.given(3) ?? .none, 1, "Step for islice() must be a positive integer or None.")
    guard step > 0 else {
      throw error(.value, "Step for islice() must be a positive integer or None.")
    }
    let walk = try iterator(over: window[0])
    return newIterator(
      .islice, walk, other: list([RawValue(start), RawValue(step)]), limit: stop)
  }
}

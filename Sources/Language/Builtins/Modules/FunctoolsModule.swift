import Catalog

/// `import functools`: what of it must be fast; the rest is `Scripts/functools.grad`.
enum FunctoolsModule {
  static let module = BuiltinModule(
    "functools", "Functions that work on functions.",
    functions: [
      reduce, callPartial, lookUp, remember, namedType,
      keyComparison("_key_less", .less), keyComparison("_key_greater", .greater),
      keyComparison("_key_less_equal", .lessEqual),
      keyComparison("_key_greater_equal", .greaterEqual),
      keyComparison("_key_equal", .equal),
    ],
    types: [
      BuiltinType(
        "functools.cached_property", "A property that is computed once for each object.",
        maker: Builtin(
          "cached_property", "A property that is computed once for each object.",
          .named("func"), returns: "cached_property"
        ) { machine, window in machine.newDescriptor(.cachedProperty, window[0]) })
    ],
    script: PackageResources.functools_grad)

  static let reduce = Builtin(
    "reduce", "Joins the elements two by two, from left to right, with a function.",
    .required("function", "function"), .required("iterable", "iterable"),
    .optional("initial", shown: "error"), returns: "any",
    example: "reduce(lambda a, b: a * b, [1, 2, 3])"
  ) { machine, window throws(Thrown) in
    guard machine.isIterable(window[1]) else {
      throw machine.mismatch("reduce() arg 2 must support iteration")
    }
    let scope = HandleScope(machine)
    let place = scope.keep(window[2])
    let function = window[0]
    try machine.forEach(window[1]) { element throws(Thrown) in
      let total = scope[place]
      scope[place] = total.isUndefined ? element : try machine.call(function, [total, element])
      return true
    }
    guard !scope[place].isUndefined else {
      throw machine.mismatch("reduce() of empty iterable with no initial value")
    }
    return scope[place]
  }

  /// `partial.__call__`: the object has `func`, `args` and `keywords`.
  private static let callPartial = Builtin.method(
    "_call_partial", "Calls the function.", .rest("args"), .restNamed("keywords")
  ) { machine, window throws(Thrown) in
    guard let function = machine.member(window.receiver, 0, "func"),
      let args = machine.member(window.receiver, 1, "args"), args.isTuple,
      let keywords = machine.member(window.receiver, 2, "keywords"), keywords.isDict
    else { throw machine.mismatch("the partial object was not set up") }
    let (first, own, given) = (TupleCell(args), DictCell(keywords), DictCell(window[1]))
    var arguments = first.array
    arguments += window.restValues
    var named: [(StringCell, RawValue)] = []
    own.forEach { key, value in
      guard key.isString else { return }
      let index = given.find(StringCell(key))
      named.append((StringCell(key), index >= 0 ? given.value(index) : value))
    }
    given.forEach { key, value in
      if key.isString, own.find(StringCell(key)) < 0 { named.append((StringCell(key), value)) }
    }
    return try machine.call(function, arguments, named: named)
  }

  /// What a name in an annotation stands for; annotations are not evaluated where they stand.
  private static let namedType = Builtin(
    "_named_type", "The value of a name of the session.", .required("name", "str"), returns: "any"
  ) { machine, window in
    guard window[0].isString else { return window[0] }
    let name = StringCell(window[0]).string
    if let slot = machine.globals.slots[name] { return machine.global(at: slot) }
    return machine.globals.declaredValue(name, in: machine) ?? .none
  }

  private static func keyComparison(_ name: String, _ code: ComparisonCode) -> Builtin {
    Builtin.method(name, "Compares as the function says.", .required("other")) {
      machine, window throws(Thrown) in
      guard let compare = machine.member(window.receiver, 0, "_compare"),
        let own = machine.member(window.receiver, 1, "obj"),
        let other = machine.member(window[0], 1, "obj")
      else { throw machine.mismatch("other argument must be K instance") }
      let verdict = try machine.call(compare, [own, other])
      return try machine.compare(code, verdict, RawValue(0))
    }
  }

  // MARK: Results that are kept

  /// The state of a cache: a list of results, size limit, typed, hits and misses.
  private static func key(
    _ machine: Machine, _ state: ListCell, _ args: TupleCell, _ named: DictCell
  ) -> RawValue {
    let isTyped = state[2].isBool && state[2].bool
    if named.count == 0, !isTyped {
      if args.count == 1, args[0].isInt || args[0].isString { return args[0] }
      return args.value
    }
    var parts = args.array
    if named.count > 0 {
      parts.append(.undefined)
      named.forEach { key, value in parts += [key, value] }
    }
    if isTyped {
      for index in 0..<args.count { parts.append(machine.type(of: args[index]).value) }
      named.forEach { _, value in parts.append(machine.type(of: value).value) }
    }
    return machine.tuple(parts)
  }

  private static let lookUp = Builtin(
    "_look_up", "The result kept for a call, or the state itself.", .required("state"),
    .required("args"), .required("named"), returns: "any"
  ) { machine, window throws(Thrown) in
    guard window[0].isList, window[1].isTuple, window[2].isDict else { return .none }
    let state = ListCell(window[0])
    guard state.count == 5, state[0].isDict else { return .none }
    let scope = HandleScope(machine)
    let place = scope.keep(key(machine, state, TupleCell(window[1]), DictCell(window[2])))
    let results = DictCell(state[0])
    let hash = try machine.hash(scope[place])
    let index = try machine.find(scope[place], hash: hash, in: results)
    guard index >= 0 else {
      state[4] = RawValue(state[4].int &+ 1)
      return window[0]
    }
    state[3] = RawValue(state[3].int &+ 1)
    let result = results.value(index)
    // The newest stands last, so that the one to be forgotten stands first.
    if !state[1].isNone, index != results.used - 1 {
      let key = results.key(index)
      machine.heap.remove(at: index, from: results)
      machine.heap.add(key, hash: hash, result, to: results)
    }
    return result
  }

  private static let remember = Builtin(
    "_remember", "Keeps the result of a call.", .required("state"), .required("args"),
    .required("named"), .required("result"), returns: "any"
  ) { machine, window throws(Thrown) in
    guard window[0].isList, window[1].isTuple, window[2].isDict else { return window[3] }
    let state = ListCell(window[0])
    guard state.count == 5, state[0].isDict else { return window[3] }
    let scope = HandleScope(machine)
    let place = scope.keep(key(machine, state, TupleCell(window[1]), DictCell(window[2])))
    let results = DictCell(state[0])
    // The call may have kept the same result already, in another call inside it.
    if try machine.find(scope[place], in: results) >= 0 { return window[3] }
    if let most = state[1].integer {
      if most <= 0 { return window[3] }
      if results.count >= most {
        var oldest = 0
        while oldest < results.used, !results.isPresent(oldest) { oldest += 1 }
        if oldest < results.used { machine.heap.remove(at: oldest, from: results) }
      }
    }
    try machine.setItem(scope[place], window[3], in: results)
    return window[3]
  }
}

extension Machine {
  /// An attribute of an object whose class a module of the language has written, where its
  /// `__init__` has put it; nil for any other value.
  func member(_ value: RawValue, _ place: Int, _ name: StaticString) -> RawValue? {
    guard value.tag == RawValue.Tag.instance else { return nil }
    let attributes = InstanceCell(value).attributes
    if place < attributes.used, attributes.isPresent(place), attributes.key(place).isString,
      StringCell(attributes.key(place)).equals(name)
    {
      return attributes.value(place)
    }
    return attributes.value(named: heap.intern("\(name)"))
  }
}

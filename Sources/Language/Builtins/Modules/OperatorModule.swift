import Catalog

/// `import operator`: the operators as functions; the rest is `Scripts/operator.grad`.
enum OperatorModule {
  static let module = BuiltinModule(
    "operator", "The operators as functions.", nativeName: "_operator",
    functions: binary + comparisons + others + [callItemGetter, callAttributeGetter]
      + LanguageBuiltins.functions.filter { $0.entry.name == "abs" },
    script: PackageResources.operator_grad)

  private static let binary: [Builtin] = [
    ("add", "a + b", Operation.add), ("sub", "a - b", .subtract), ("mul", "a * b", .multiply),
    ("truediv", "a / b", .divide), ("floordiv", "a // b", .floorDivide),
    ("mod", "a % b", .modulo), ("pow", "a ** b", .power), ("matmul", "a @ b", .matrixMultiply),
    ("lshift", "a << b", .shiftLeft), ("rshift", "a >> b", .shiftRight),
    ("and_", "a & b", .bitAnd), ("or_", "a | b", .bitOr), ("xor", "a ^ b", .bitXor),
  ].flatMap { name, meaning, operation in
    let bare = name.hasSuffix("_") ? String(name.dropLast()) : name
    let operatorText = meaning.dropFirst(2).dropLast(2)
    return [
      function(name, "The same as \(meaning).", operation, flags: 0),
      function("i" + bare, "The same as a \(operatorText)= b.", operation, flags: 2),
    ]
  }

  private static func function(
    _ name: String, _ sentence: String, _ operation: Operation, flags: UInt8
  ) -> Builtin {
    Builtin(name, sentence, .required("a"), .required("b"), returns: "any") {
      machine, window throws(Thrown) in
      try machine.arithmetic(operation, window[0], window[1], flags: flags)
    }
  }

  private static let comparisons: [Builtin] = [
    ("lt", ComparisonCode.less), ("le", .lessEqual), ("gt", .greater), ("ge", .greaterEqual),
    ("eq", .equal), ("ne", .notEqual),
  ].map { name, code in
    Builtin(
      name, "The same as a \(code.spelling) b.", .required("a"), .required("b"), returns: "bool"
    ) { machine, window throws(Thrown) in try machine.compare(code, window[0], window[1]) }
  }

  private static let others: [Builtin] = [
    concatenation("concat", flags: 0), concatenation("iconcat", flags: 2),
    Builtin(
      "length_hint", "The number of elements, or a guess at it.", .required("obj"),
      .optional("default", "int", shown: "0"), returns: "int"
    ) { machine, window throws(Thrown) in
      let fallback = try machine.integer(window[1], default: 0)
      return RawValue(try machine.lengthHint(window[0]) ?? fallback)
    },
    unary("neg", "The same as -a.", .negate), unary("pos", "The same as +a.", .plus),
    unary("inv", "The same as ~a.", .invert), unary("invert", "The same as ~a.", .invert),
    Builtin("not_", "The same as not a.", .required("a"), returns: "bool") {
      machine, window throws(Thrown) in RawValue(try !machine.truth(window[0]))
    },
    Builtin("truth", "Whether a value is true.", .required("a"), returns: "bool") {
      machine, window throws(Thrown) in RawValue(try machine.truth(window[0]))
    },
    Builtin("is_", "The same as a is b.", .required("a"), .required("b"), returns: "bool") {
      machine, window in RawValue(machine.isSame(window[0], window[1]))
    },
    Builtin("is_not", "The same as a is not b.", .required("a"), .required("b"), returns: "bool") {
      machine, window in RawValue(!machine.isSame(window[0], window[1]))
    },
    Builtin("index", "A value as an integer.", .required("a"), returns: "int") {
      machine, window throws(Thrown) in RawValue(try machine.integer(window[0]))
    },
    Builtin("contains", "The same as b in a.", .required("a"), .required("b"), returns: "bool") {
      machine, window throws(Thrown) in
      RawValue(try machine.contains(window[1], in: window[0]))
    },
    Builtin("getitem", "The same as a[b].", .required("a"), .required("b"), returns: "any") {
      machine, window throws(Thrown) in try machine.item(window[0], window[1])
    },
    Builtin(
      "setitem", "The same as a[b] = c.", .required("a"), .required("b"), .required("c"),
      returns: "None"
    ) { machine, window throws(Thrown) in
      try machine.setItem(window[0], window[1], window[2])
      return .none
    },
    Builtin("delitem", "The same as del a[b].", .required("a"), .required("b"), returns: "None") {
      machine, window throws(Thrown) in
      try machine.deleteItem(window[0], window[1])
      return .none
    },
    Builtin(
      "countOf", "How often a value is among the elements.", .required("a", "iterable"),
      .required("b"), returns: "int"
    ) { machine, window throws(Thrown) in
      try machine.checkIterable(window[0])
      var count = 0
      try machine.forEach(window[0]) { element throws(Thrown) in
        if try machine.isSameOrEqual(element, window[1]) { count += 1 }
        return true
      }
      return RawValue(count)
    },
    Builtin(
      "indexOf", "The place of the first element that is equal.", .required("a", "iterable"),
      .required("b"), returns: "int"
    ) { machine, window throws(Thrown) in
      try machine.checkIterable(window[0])
      var (place, isFound) = (0, false)
      try machine.forEach(window[0]) { element throws(Thrown) in
        isFound = try machine.isSameOrEqual(element, window[1])
        if !isFound { place += 1 }
        return !isFound
      }
      guard isFound else { throw machine.error(.value, "sequence.index(x): x not in sequence") }
      return RawValue(place)
    },
  ]

  private static func unary(
    _ name: String, _ sentence: String, _ operation: Operation
  ) -> Builtin {
    Builtin(name, sentence, .required("a"), returns: "any") { machine, window throws(Thrown) in
      try machine.unary(operation, window[0])
    }
  }

  private static func concatenation(_ name: String, flags: UInt8) -> Builtin {
    let sign = flags == 0 ? "+" : "+="
    return Builtin(
      name, "The same as a \(sign) b, for sequences.", .required("a", "sequence"),
      .required("b", "sequence"), returns: "sequence"
    ) { machine, window throws(Thrown) in
      let a = window[0]
      guard machine.type(of: a).find(machine.names.getItem) != nil, !a.isDict else {
        throw machine.mismatch("'\(machine.typeName(a))' object can't be concatenated")
      }
      return try machine.arithmetic(.add, a, window[1], flags: flags)
    }
  }

  /// `itemgetter.__call__`: the object has the tuple `_items`.
  private static let callItemGetter = Builtin.method(
    "_call_itemgetter", "The items of a value.", .required("obj"), returns: "any"
  ) { machine, window throws(Thrown) in
    let keys = try machine.tupleMember("_items", of: window.receiver, "itemgetter")
    return try machine.gather(keys) { key throws(Thrown) in
      try machine.item(window[0], key)
    }
  }

  /// `attrgetter.__call__`: the object has `_attrs` with a tuple of names for each result.
  private static let callAttributeGetter = Builtin.method(
    "_call_attrgetter", "The attributes of a value.", .required("obj"), returns: "any"
  ) { machine, window throws(Thrown) in
    let paths = try machine.tupleMember("_paths", of: window.receiver, "attrgetter")
    return try machine.gather(paths) { path throws(Thrown) in
      let scope = HandleScope(machine)
      let place = scope.keep(window[0])
      guard path.isTuple else { return .none }
      let names = TupleCell(path)
      for index in 0..<names.count where names[index].isString {
        let name = machine.heap.intern(StringCell(names[index]))
        scope[place] = try machine.attribute(scope[place], name)
      }
      return scope[place]
    }
  }
}

extension Machine {
  fileprivate func checkIterable(_ value: RawValue) throws(Thrown) {
    if !isIterable(value) {
      throw mismatch("argument of type '\(typeName(value))' is not iterable")
    }
  }

  /// The tuple that an object of the module was made with.
  fileprivate func tupleMember(
    _ name: StaticString, of object: RawValue, _ type: String
  ) throws(Thrown) -> TupleCell {
    guard let tuple = member(object, 0, name), tuple.isTuple else {
      throw mismatch("the \(type) was not set up")
    }
    return TupleCell(tuple)
  }

  /// How many elements a value has, as far as it can be told without walking; nil: it cannot.
  fileprivate func lengthHint(_ value: RawValue) throws(Thrown) -> Int? {
    switch value.tag {
    case RawValue.Tag.iterator:
      let cell = IteratorCell(value)
      switch cell.form {
      case .list: return max(0, ListCell(cell.source).count - cell.position)
      case .tuple: return max(0, TupleCell(cell.source).count - cell.position)
      case .range: return max(0, RangeCell(cell.source).count - cell.position)
      case .sequenceReversed: return max(0, cell.position)
      case .exhausted: return 0
      default: return nil
      }
    case RawValue.Tag.instance:
      let type = InstanceCell(value).type
      if type.find(names.length) != nil { return try length(value) }
      guard let method = type.find(heap.intern("__length_hint__")) else { return nil }
      let hint = try ask(method, value)
      if hint.isNotImplemented { return nil }
      guard let count = hint.integer else {
        throw mismatch("__length_hint__ must be an integer, not \(typeName(hint))")
      }
      guard count >= 0 else { throw error(.value, "__length_hint__() should return >= 0") }
      return count
    case RawValue.Tag.string, RawValue.Tag.list, RawValue.Tag.tuple, RawValue.Tag.dict,
      RawValue.Tag.set, RawValue.Tag.frozenSet, RawValue.Tag.range, RawValue.Tag.dictView:
      return try length(value)
    default: return nil
    }
  }

  /// What a function gives for the elements of a tuple: a tuple, or the one value of one element.
  fileprivate func gather(
    _ keys: TupleCell, _ find: (RawValue) throws(Thrown) -> RawValue
  ) throws(Thrown) -> RawValue {
    if keys.count == 1 { return try find(keys[0]) }
    let result = heap.newTuple(count: keys.count)
    for index in 0..<keys.count { result[index] = .none }
    let scope = HandleScope(self)
    scope.keep(result.value)
    for index in 0..<keys.count { result[index] = try find(keys[index]) }
    return result.value
  }
}

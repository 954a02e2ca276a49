import Catalog

/// What modules written in the language need to make functions and classes of their own.
enum ScriptMaking {
  /// Compiles the text of one function whose free names are given with their values.
  static let makeFunction = Builtin(
    "_make_function", "A function from its text.", .required("text", "str"),
    .required("name", "str"), .required("qualified", "str"), .required("values", "dict"),
    returns: "function"
  ) { machine, window throws(Thrown) in
    guard window[0].isString, window[1].isString, window[2].isString, window[3].isDict else {
      return .none
    }
    let made = try machine.compileFunction(
      StringCell(window[0]).string, StringCell(window[1]).string, DictCell(window[3]))
    if made.tag == RawValue.Tag.function {
      FunctionCell(made).code.facts.qualifiedName = StringCell(window[2]).string
    }
    return made
  }

  static let makeClass = Builtin(
    "_make_class", "An empty class.", .required("name", "str"), .required("base", "type"),
    .required("module", "str"), returns: "type"
  ) { machine, window throws(Thrown) in
    guard window[0].isString else { return .none }
    let namespace = machine.heap.newDict()
    machine.heap.set(machine.names.module, window[2], in: namespace)
    let scope = HandleScope(machine)
    scope.keep(window[0])
    scope.keep(window[1])
    scope.keep(namespace.value)
    return try machine.makeClass(scope.registers(from: 0))
  }

  static let tupleField = Builtin(
    "_tuple_field", "An attribute that is an element of a tuple.", .required("index", "int"),
    returns: "attribute"
  ) { machine, window in machine.newDescriptor(.tupleField, window[0]) }

  static let isFunction = Builtin(
    "_is_function", "Whether a value is a function.", .required("value"), returns: "bool"
  ) { _, window in
    let tag = window[0].tag
    return RawValue(
      tag == RawValue.Tag.function || tag == RawValue.Tag.builtin || tag == RawValue.Tag.method)
  }

  /// Makes classes, and those that derive from them, answer as the functions say.
  static let guideClasses = Builtin(
    "_guide_classes", "Lets functions say what classes do.", .required("classes", "tuple"),
    .required("functions", "tuple"), returns: "None"
  ) { machine, window in
    guard window[0].isTuple, window[1].isTuple else { return .none }
    for value in TupleCell(window[0]).array where value.tag == RawValue.Tag.type {
      TypeCell(value).isGuided = true
    }
    if let first = TupleCell(window[0]).array.first, first.tag == RawValue.Tag.type {
      TypeCell(first).isGuide = true
    }
    machine.classGuide = TupleCell(window[1]).array
    machine.permanent.append(window[1])
    return .none
  }

  /// Counts what an iterable gives in a dict.
  static let countElements = Builtin(
    "_count_elements", "Counts the elements.", .required("mapping", "dict"),
    .required("iterable", "iterable"), returns: "None"
  ) { machine, window throws(Thrown) in
    let target = machine.plain(window[0])
    guard target.isDict else { return .none }
    let dict = DictCell(target)
    try machine.forEach(window[1]) { element throws(Thrown) in
      let hash = try machine.hash(element)
      let index = try machine.find(element, hash: hash, in: dict)
      if index < 0 {
        guard machine.heap.fits(dict.count, of: 80) else { throw machine.memoryError() }
        machine.heap.add(element, hash: hash, RawValue(1), to: dict)
      } else {
        let count = dict.value(index)
        dict.setValue(
          index,
          count.isInt && count.int < Int.max
            ? RawValue(count.int + 1) : try machine.arithmetic(.add, count, RawValue(1)))
      }
      return true
    }
    return .none
  }
}

extension LanguageBuiltins {
  static let scriptedModules: [BuiltinModule] = [
    BuiltinModule(
      "collections", "Containers beyond list, dict, set and tuple.",
      functions: [
        ScriptMaking.makeFunction, ScriptMaking.makeClass, ScriptMaking.tupleField,
        ScriptMaking.countElements,
      ], types: [DequeMethods.type], script: PackageResources.collections_grad),
    BuiltinModule(
      "dataclasses", "Classes whose methods follow from their fields.",
      functions: [ScriptMaking.makeFunction, ScriptMaking.makeClass],
      script: PackageResources.dataclasses_grad),
    BuiltinModule(
      "enum", "Classes whose objects are a few named values.",
      functions: [
        ScriptMaking.makeClass, ScriptMaking.isFunction, ScriptMaking.guideClasses,
      ], script: PackageResources.enum_grad),
    BuiltinModule(
      "contextlib", "Functions for the with statement.",
      script: PackageResources.contextlib_grad),
  ]
}

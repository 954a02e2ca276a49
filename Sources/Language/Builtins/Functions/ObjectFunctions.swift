import Catalog

/// Functions about values of any kind: types, attributes, identity.
enum ObjectFunctions {
  static let all: [Builtin] = [
    Builtin(
      "isinstance", "Whether a value is of a type, or of one of a tuple of types.",
      .required("obj"), .required("class_or_tuple", "type or tuple"), returns: "bool",
      example: "isinstance(3, int)"
    ) { machine, window throws(Thrown) in
      RawValue(try machine.isInstance(window[0], of: window[1]))
    },
    Builtin(
      "issubclass", "Whether a type is another type or derives from it.",
      .required("cls", "type"), .required("class_or_tuple", "type or tuple"), returns: "bool"
    ) { machine, window throws(Thrown) in
      guard let type = machine.classOf(window[0]) else {
        throw machine.mismatch("issubclass() arg 1 must be a class")
      }
      return RawValue(
        try machine.isKind(
          type, of: window[1],
          "issubclass() arg 2 must be a class, a tuple of classes, or a union"))
    },
    Builtin("callable", "Whether a value can be called.", .required("obj"), returns: "bool") {
      machine, window in RawValue(machine.isCallable(window[0]))
    },
    Builtin(
      "hash", "A number that is equal for equal values, for dicts and sets.", .required("obj"),
      returns: "int"
    ) { machine, window throws(Thrown) in RawValue(try machine.hash(window[0])) },
    Builtin(
      "id", "A number that no other living object has.", .required("obj"), returns: "int"
    ) { _, window in
      let value = window[0]
      if value.isHeap { return RawValue(Int(truncatingIfNeeded: value.bits)) }
      return RawValue(Int(truncatingIfNeeded: (value.bits << 3 | value.tag) & 0x7FFF_FFFF_FFFF))
    },
    Builtin(
      "getattr", "An attribute by its name, or a default when it is not there.",
      .required("object"), .required("name", "str"), .optional("default", shown: "error"),
      returns: "any"
    ) { machine, window throws(Thrown) in
      let name = try machine.attributeName(window[1])
      guard let fallback = window.given(2) else {
        return try machine.attribute(window[0], name)
      }
      return try machine.optionalAttribute(window[0], name) ?? fallback
    },
    Builtin(
      "hasattr", "Whether a value has an attribute.", .required("obj"),
      .required("name", "str"), returns: "bool"
    ) { machine, window throws(Thrown) in
      let name = try machine.attributeName(window[1])
      return RawValue(try machine.optionalAttribute(window[0], name) != nil)
    },
    Builtin(
      "setattr", "Sets an attribute by its name.", .required("obj"), .required("name", "str"),
      .required("value"), returns: "None"
    ) { machine, window throws(Thrown) in
      try machine.setAttribute(window[0], machine.attributeName(window[1]), window[2])
      return .none
    },
    Builtin(
      "delattr", "Deletes an attribute by its name.", .required("obj"),
      .required("name", "str"), returns: "None"
    ) { machine, window throws(Thrown) in
      try machine.deleteAttribute(window[0], machine.attributeName(window[1]))
      return .none
    },
    Builtin(
      "vars", "The attributes of an object, a dict.", .required("object"), returns: "dict"
    ) { machine, window throws(Thrown) in
      let found = try machine.attribute(window[0], machine.names.dict, isOptional: true)
      guard !found.isUndefined else {
        throw machine.mismatch("vars() argument must have __dict__ attribute")
      }
      return found
    },
    Builtin(
      "dir", "The names of a value's attributes, sorted.", .required("object"), returns: "list"
    ) { machine, window throws(Thrown) in
      let value = window[0]
      if case .method(let method) = machine.way(value, machine.heap.intern("__dir__")) {
        let names = ListCell(try machine.newList(of: try machine.ask(method, value)))
        let scope = HandleScope(machine)
        scope.keep(names.value)
        try machine.sort(names, key: .none, isReversed: false)
        return names.value
      }
      let names = machine.attributeNames(value).sorted {
        $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
      }
      return machine.list(names.map { machine.string($0) })
    },
  ]
}

extension Machine {
  func isCallable(_ value: RawValue) -> Bool {
    switch value.tag {
    case RawValue.Tag.function, RawValue.Tag.builtin, RawValue.Tag.method, RawValue.Tag.type:
      true
    case RawValue.Tag.instance:
      InstanceCell(value).type.own(names.call) != nil || peerObject(value) != nil
    case RawValue.Tag.exception: isScripted(value) && type(of: value).own(names.call) != nil
    case RawValue.Tag.native: isCallable(NativeCell(value).object)
    default: false
    }
  }

  private func isCallable(_ object: any Object) -> Bool {
    object is CallableObject || object is any Callable || object.type.member("__call__") != nil
      || object.type.member("call") != nil
  }

  /// The class a value is or, for an entry that makes objects, stands for.
  func classOf(_ value: RawValue) -> TypeCell? {
    if value.tag == RawValue.Tag.type { return TypeCell(value) }
    if value.tag == RawValue.Tag.builtin,
      let type = builtins[BuiltinCell(value).index].entry.type
    {
      return self.type(for: type)
    }
    return nil
  }

  func isInstance(_ value: RawValue, of wanted: RawValue) throws(Thrown) -> Bool {
    if wanted.isTuple {
      // One of them may be an object that says itself what belongs to it.
      let tuple = TupleCell(wanted)
      for index in 0..<tuple.count where try isInstance(value, of: tuple[index]) { return true }
      return false
    }
    if wanted.tag == RawValue.Tag.native,
      let classifier = NativeCell(wanted).object as? any Classifier
    {
      return classifier.classifies(self.value(value))
    }
    return try isKind(
      type(of: value), of: wanted,
      "isinstance() arg 2 must be a type, a tuple of types, or a union")
  }

  fileprivate func isKind(
    _ type: TypeCell, of wanted: RawValue, _ message: String
  ) throws(Thrown) -> Bool {
    if wanted.isTuple {
      let tuple = TupleCell(wanted)
      for index in 0..<tuple.count where try isKind(type, of: tuple[index], message) {
        return true
      }
      return false
    }
    if isTypeExpression(wanted) {
      let descriptor = DescriptorCell(Cell(wanted))
      guard descriptor.form == .union else {
        let function = message.prefix { $0 != "(" }
        throw mismatch("\(function)() argument 2 cannot be a parameterized generic")
      }
      let parts = TupleCell(descriptor.getter)
      for index in 0..<parts.count {
        let part = parts[index]
        let isFound =
          try part.isNone
          ? type.name.equals("NoneType") : isKind(type, of: part, message)
        if isFound { return true }
      }
      return false
    }
    guard let wanted = classOf(wanted) else { throw mismatch(message) }
    return type.isKind(of: wanted)
  }

  private func isKind(_ type: TypeCell, _ wanted: RawValue) -> Bool {
    classOf(wanted).map { type.isKind(of: $0) } ?? false
  }

  func attributeName(_ value: RawValue) throws(Thrown) -> StringCell {
    let value = plain(value)
    guard value.isString else {
      throw mismatch("attribute name must be string, not '\(typeName(value))'")
    }
    return heap.intern(StringCell(value))
  }

  /// An attribute; nil when there is none.
  fileprivate func optionalAttribute(
    _ value: RawValue, _ name: StringCell
  ) throws(Thrown) -> RawValue? {
    do {
      let found = try attribute(value, name, isOptional: true)
      return found.isUndefined ? nil : found
    } catch {
      guard let missing = typesByName["AttributeError"],
        ExceptionCell(raised).type.isKind(of: missing)
      else { throw error }
      return nil
    }
  }
}

import Catalog

/// The builtins that belong to the machine itself: generators, exceptions, classes.
enum ClassBuiltins {
  static let functions: [Builtin] = []

  static let types: [BuiltinType] = [
    BuiltinType(
      "generator", "A function that yields its values one after the other.",
      methods: [send, raiseInto, closeGenerator]),
    BuiltinType("object", "The class of all objects."),
    BuiltinType(
      "BaseException", "The class of all exceptions.",
      methods: [exceptionInit, withTraceback, addNote]),
    BuiltinType(
      "property", "An attribute that is computed.", maker: property,
      methods: [getter, setter, deleter]),
    BuiltinType("types.UnionType", "Types joined by |."),
    BuiltinType("types.GenericAlias", "A type with parameters, such as list[int]."),
    BuiltinType(
      "super", "The attributes of the class above, bound to an object.", maker: superMaker),
    BuiltinType("staticmethod", "A function in a class, without self.", maker: staticMethod),
    BuiltinType("classmethod", "A method of the class itself.", maker: classMethod),
  ]

  static let send = Builtin.method(
    "send", "Lets the generator go on with a value.", .required("value")
  ) { machine, window throws(Thrown) in
    let generator = GeneratorCell(window.receiver)
    if generator.state == .fresh, !window[0].isNone {
      throw machine.error(
        .type, "can't send non-None value to a just-started generator")
    }
    let value = try machine.resume(generator, window[0])
    if value.isUndefined { throw machine.stopIteration(machine.generatorResult) }
    return value
  }

  static let raiseInto = Builtin.method(
    "throw", "Raises an exception where the generator waits.", .required("type"),
    .optional("value"), .optional("traceback")
  ) { machine, window throws(Thrown) in
    var exception = window[0]
    if exception.tag == RawValue.Tag.type, let value = window.given(1), !value.isNone {
      exception =
        value.tag == RawValue.Tag.exception ? value : try machine.call(exception, [value])
    }
    exception = try machine.exception(from: exception)
    let value = try machine.resume(GeneratorCell(window.receiver), raising: exception)
    if value.isUndefined { throw machine.stopIteration(machine.generatorResult) }
    return value
  }

  static let closeGenerator = Builtin.method(
    "close", "Ends the generator."
  ) { machine, window throws(Thrown) in
    try machine.close(GeneratorCell(window.receiver))
    return .none
  }

  static let exceptionInit = Builtin.method(
    "__init__", "Keeps the arguments.", .rest("arguments")
  ) { machine, window throws(Thrown) in
    let cell = ExceptionCell(window.receiver)
    cell.arguments = machine.heap.newTuple(window.restValues)
    machine.refine(cell)
    return .none
  }

  static let withTraceback = Builtin.method(
    "with_traceback", "Returns the exception itself.", .required("traceback")
  ) { _, window in window.receiver }

  static let addNote = Builtin.method(
    "add_note", "Adds a line to what is shown with the error.", .required("note", "str")
  ) { machine, window throws(Thrown) in
    guard window[0].isString else {
      throw machine.error(.type, "note must be a str, not '\(machine.typeName(window[0]))'")
    }
    let name = machine.heap.intern("__notes__")
    var notes = try machine.attribute(window.receiver, name, isOptional: true)
    if !notes.isList {
      notes = machine.list([])
      try machine.setAttribute(window.receiver, name, notes)
    }
    machine.heap.append(window[0], to: ListCell(notes))
    return .none
  }

  static let property = Builtin(
    "property", "An attribute that is computed.", .named("fget", shown: "None"),
    .named("fset", shown: "None"), .named("fdel", shown: "None"), .named("doc", shown: "None"),
    returns: "property"
  ) { machine, window throws(Thrown) in
    let made = machine.newDescriptor(
      .property, window.given(0) ?? .none, window.given(1) ?? .none, window.given(2) ?? .none)
    DescriptorCell(Cell(made)).documentation = window.given(3) ?? .none
    return made
  }

  static let getter = changed("getter", "The property with another getter.") {
    machine, old, function in
    machine.newDescriptor(.property, function, old.setter, old.deleter)
  }

  static let setter = changed("setter", "The property with a setter.") { machine, old, function in
    machine.newDescriptor(.property, old.getter, function, old.deleter)
  }

  static let deleter = changed("deleter", "The property with a deleter.") {
    machine, old, function in
    machine.newDescriptor(.property, old.getter, old.setter, function)
  }

  /// A method of properties that makes another property with one function of its own.
  private static func changed(
    _ name: String, _ sentence: String,
    _ make: @escaping @Sendable (Machine, DescriptorCell, RawValue) -> RawValue
  ) -> Builtin {
    .method(name, sentence, .required("function")) { machine, window in
      let old = DescriptorCell(Cell(window.receiver))
      let made = make(machine, old, window[0])
      DescriptorCell(Cell(made)).documentation = old.documentation
      return made
    }
  }

  static let superMaker = Builtin(
    "super", "The attributes of the class above, bound to an object.",
    .optional("type", "type"), .optional("object_or_type"), returns: "super"
  ) { machine, window throws(Thrown) in
    guard let type = window.given(0) else {
      throw machine.error(.runtime, "super(): no arguments")
    }
    guard type.tag == RawValue.Tag.type else {
      throw machine.error(
        .type, "super() argument 1 must be a type, not \(machine.typeName(type))")
    }
    guard let object = window.given(1) else {
      throw machine.error(.type, "super() with one argument is not part of Gradus", code: "L007")
    }
    let owner = TypeCell(type)
    let isBelow =
      machine.type(of: object).isKind(of: owner)
      || object.tag == RawValue.Tag.type && TypeCell(object).isKind(of: owner)
    guard isBelow else {
      throw machine.error(
        .type, "super(type, obj): obj must be an instance or subtype of type")
    }
    return machine.newDescriptor(.superProxy, type, object)
  }

  static let staticMethod = Builtin(
    "staticmethod", "A function in a class, without self.", .required("function"),
    returns: "staticmethod"
  ) { machine, window in machine.newDescriptor(.staticMethod, window[0]) }

  static let classMethod = Builtin(
    "classmethod", "A method of the class itself.", .required("function"),
    returns: "classmethod"
  ) { machine, window in machine.newDescriptor(.classMethod, window[0]) }
}

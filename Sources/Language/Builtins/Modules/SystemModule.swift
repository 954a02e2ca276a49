import Catalog
import Glibc

/// `import sys`: the script's arguments and streams, and what it runs on.
enum SystemModule {
  static let module = BuiltinModule(
    "sys", "The script's arguments and streams, and what it runs on.",
    functions: [exit, exceptionInformation, getRecursionLimit, setRecursionLimit, intern]
      + encodings,
    values: streams + facts)

  private static let streams: [ModuleValue] = [
    stream("stdin", "What the user answers.", .input),
    stream("stdout", "Where print() writes.", .output),
    stream("stderr", "Where messages go.", .error),
    stream("__stdin__", "What stdin was at the start.", .input),
    stream("__stdout__", "What stdout was at the start.", .output),
    stream("__stderr__", "What stderr was at the start.", .error),
  ]

  private static func stream(
    _ name: String, _ sentence: String, _ role: StandardStream.Role
  ) -> ModuleValue {
    ModuleValue(name, sentence, returns: "stream") { $0.standardStream(role) }
  }

  private static let facts: [ModuleValue] = [
    ModuleValue("argv", "The script's name and its arguments.", returns: "list") { machine in
      let arguments = machine.context.arguments
      return machine.list((arguments.isEmpty ? [""] : arguments).map { machine.string($0) })
    },
    ModuleValue("maxsize", "The largest whole number.", returns: "int") { _ in RawValue(Int.max) },
    ModuleValue("maxunicode", "The largest code of a character.", returns: "int") { _ in
      RawValue(0x10FFFF)
    },
    ModuleValue("byteorder", "Which byte of a number stands first.", text: "little"),
    ModuleValue("platform", "The system.", text: "linux"),
    ModuleValue("version", "The version of Python that is followed, and of Gradus.", returns: "str")
    { $0.string("3.11 (Gradus \($0.context.version))") },
    ModuleValue("version_info", "The version of Python that is followed.", returns: "tuple") {
      $0.newNative(
        NamedValues(
          versionType,
          [
            ("major", .int(3)), ("minor", .int(11)), ("micro", .int(0)),
            ("releaselevel", .string("final")), ("serial", .int(0)),
          ]))
    },
    ModuleValue("hexversion", "The version as one number.", returns: "int") { _ in
      RawValue(0x030B_00F0)
    },
    ModuleValue("float_info", "What floats can hold.", returns: "tuple") {
      $0.newNative(
        NamedValues(
          floatType,
          [
            ("max", .float(.greatestFiniteMagnitude)), ("max_exp", .int(1024)),
            ("max_10_exp", .int(308)), ("min", .float(.leastNormalMagnitude)),
            ("min_exp", .int(-1021)), ("min_10_exp", .int(-307)), ("dig", .int(15)),
            ("mant_dig", .int(53)), ("epsilon", .float(.ulpOfOne)), ("radix", .int(2)),
            ("rounds", .int(1)),
          ]))
    },
  ]

  static let versionType = ObjectType("sys.version_info", "The parts of a version.")
  static let floatType = ObjectType("sys.float_info", "What floats can hold.")

  private static let exit = Builtin(
    "exit", "Ends the script, or the cell.", .optional("status"), returns: "None",
    example: "sys.exit()"
  ) { machine, window throws(Thrown) in
    var arguments = window.given(0).map { $0.isNone ? [] : [$0] } ?? []
    // A tuple is the exception's arguments, as in CPython.
    if let status = window.given(0), status.isTuple { arguments = TupleCell(status).array }
    throw machine.raise(
      machine.newException(machine.known.systemExit, machine.heap.newTuple(arguments)))
  }

  private static let exceptionInformation = Builtin(
    "exc_info", "The exception being handled: its type, itself, and None.", returns: "tuple"
  ) { machine, _ in
    let handled = machine.handled
    guard handled.tag == RawValue.Tag.exception else {
      return machine.tuple([.none, .none, .none])
    }
    return machine.tuple([ExceptionCell(handled).type.value, handled, .none])
  }

  private static let getRecursionLimit = Builtin(
    "getrecursionlimit", "How many calls may be open inside one another.", returns: "int"
  ) { machine, _ in RawValue(machine.recursionLimit) }

  private static let setRecursionLimit = Builtin(
    "setrecursionlimit", "Sets how many calls may be open inside one another.",
    .required("limit", "int"), returns: "None"
  ) { machine, window throws(Thrown) in
    let limit = try machine.integer(window[0])
    guard limit > 0 else {
      throw machine.error(.value, "recursion limit must be greater or equal than 1")
    }
    try machine.setRecursionLimit(limit)
    return .none
  }

  private static let intern = Builtin(
    "intern", "The one text with these characters.", .required("string", "str"), returns: "str"
  ) { machine, window throws(Thrown) in
    let text = try machine.text(window[0], "intern() argument must be str")
    return machine.heap.intern(text).value
  }

  private static let encodings: [Builtin] = ["getdefaultencoding", "getfilesystemencoding"].map {
    Builtin($0, "How characters stand in files: always utf-8.", returns: "str") { machine, _ in
      machine.string("utf-8")
    }
  }
}

extension Machine {
  /// One of the process's streams, the same object every time.
  func standardStream(_ role: StandardStream.Role) -> RawValue {
    if let known = standardStreams[role.rawValue] { return known }
    let made = newNative(StandardStream(role, context))
    permanent.append(made)
    standardStreams[role.rawValue] = made
    return made
  }

  /// Where `print` writes when a script has put something else into `sys.stdout`; nil: it has not.
  var replacedOutput: RawValue? {
    guard let system = ownModules["sys"],
      let output = moduleMembers[system.bits]?.value(named: heap.intern("stdout"))
    else { return nil }
    if output.tag == RawValue.Tag.native,
      let stream = NativeCell(output).object as? StandardStream, stream.role == .output
    {
      return nil
    }
    return output
  }
}

import Catalog

/// The operators of numbers, sequences and sets as methods.
extension SpecialMethods {
  /// `__add__` and `__radd__`: NotImplemented for what the receiver's type does not know.
  private static func operators(
    _ name: String, _ operation: Operation, _ fits: @escaping @Sendable (RawValue, RawValue) -> Bool
  ) -> [Builtin] {
    [false, true].map { isReflected in
      .method(
        "__\(isReflected ? "r" : "")\(name)__", "The operator.", .required("other"),
        returns: "any"
      ) { machine, window throws(Thrown) in
        let (a, b) = (machine.plain(window.receiver), machine.plain(window[0]))
        guard fits(a, b) else { return .notImplemented }
        return try isReflected
          ? machine.arithmetic(operation, b, a) : machine.arithmetic(operation, a, b)
      }
    }
  }

  /// An int takes ints, a float all numbers.
  private static func areNumbers(_ a: RawValue, _ b: RawValue) -> Bool {
    a.isFloat ? b.number != nil : b.integer != nil
  }

  static let numbers: [Builtin] =
    [
      ("add", Operation.add), ("sub", .subtract), ("mul", .multiply), ("truediv", .divide),
      ("floordiv", .floorDivide), ("mod", .modulo), ("pow", .power),
    ].flatMap { operators($0, $1) { a, b in areNumbers(a, b) } }
    + [false, true].map { isReflected in
      .method(
        "__\(isReflected ? "r" : "")divmod__", "Quotient and remainder.", .required("other"),
        returns: "tuple"
      ) { machine, window throws(Thrown) in
        let (a, b) = (machine.plain(window.receiver), machine.plain(window[0]))
        guard areNumbers(a, b) else { return .notImplemented }
        return try isReflected ? machine.divided(b, a) : machine.divided(a, b)
      }
    }
    + [
      unary("neg") { machine, value throws(Thrown) in try machine.unary(.negate, value) },
      unary("pos") { machine, value throws(Thrown) in try machine.unary(.plus, value) },
      unary("abs") { machine, value throws(Thrown) in try machine.absolute(value) },
      unary("bool") { machine, value throws(Thrown) in RawValue(try machine.truth(value)) },
      unary("int") { machine, value throws(Thrown) in try machine.int(value) },
      unary("trunc") { machine, value throws(Thrown) in try machine.int(value) },
      unary("float") { _, value in RawValue(value.number ?? 0) },
      unary("floor") { machine, value throws(Thrown) in
        try machine.int(value.isFloat ? RawValue(value.double.rounded(.down)) : value)
      },
      unary("ceil") { machine, value throws(Thrown) in
        try machine.int(value.isFloat ? RawValue(value.double.rounded(.up)) : value)
      },
      .method(
        "__round__", "The nearest number with so many places.", .optional("ndigits"),
        returns: "number"
      ) { machine, window throws(Thrown) in
        try machine.rounded(machine.plain(window.receiver), window[0])
      },
    ]

  static let integers: [Builtin] =
    [
      ("lshift", Operation.shiftLeft), ("rshift", .shiftRight), ("and", .bitAnd), ("or", .bitOr),
      ("xor", .bitXor),
    ].flatMap { operators($0, $1) { a, b in areNumbers(a, b) } }
    + [unary("invert") { machine, value throws(Thrown) in try machine.unary(.invert, value) }]

  static let index = unary("index") { machine, value throws(Thrown) in
    RawValue(try machine.integer(value))
  }

  private static func unary(
    _ name: String, _ body: @escaping @Sendable (Machine, RawValue) throws(Thrown) -> RawValue
  ) -> Builtin {
    .method("__\(name)__", "The operator.", returns: "any") { machine, window throws(Thrown) in
      try body(machine, machine.plain(window.receiver))
    }
  }

  // MARK: Sequences

  /// `__add__`, `__mul__` and `__rmul__` of texts, lists and tuples, which raise for other types.
  static let sequence: [Builtin] = [
    .method("__add__", "Both, one after the other.", .required("other"), returns: "any") {
      machine, window throws(Thrown) in
      try machine.arithmetic(.add, machine.plain(window.receiver), machine.plain(window[0]))
    },
    .method("__mul__", "The elements so many times.", .required("count"), returns: "any") {
      machine, window throws(Thrown) in
      try machine.arithmetic(
        .multiply, machine.plain(window.receiver), RawValue(machine.integer(window[0])))
    },
    .method("__rmul__", "The elements so many times.", .required("count"), returns: "any") {
      machine, window throws(Thrown) in
      try machine.arithmetic(
        .multiply, machine.plain(window.receiver), RawValue(machine.integer(window[0])))
    },
  ]

  /// `text % values`.
  static func remainder(isReflected: Bool) -> Builtin {
    .method(
      isReflected ? "__rmod__" : "__mod__", "The text with its holes filled.",
      .required("values"), returns: "str"
    ) { machine, window throws(Thrown) in
      let text = machine.plain(window.receiver)
      guard isReflected else { return try machine.arithmetic(.modulo, text, window[0]) }
      let template = machine.plain(window[0])
      guard template.isString else { return .notImplemented }
      return try machine.arithmetic(.modulo, template, text)
    }
  }

  /// `__iadd__` and its kin: changes the receiver and gives it back.
  static func inPlace(_ name: String, _ operation: Operation) -> Builtin {
    .method("__i\(name)__", "The operator in place.", .required("other"), returns: "any") {
      machine, window throws(Thrown) in
      let value = machine.plain(window.receiver)
      if value.isAnySet, !machine.plain(window[0]).isAnySet { return .notImplemented }
      let other = value.isList ? window[0] : machine.plain(window[0])
      _ = try machine.arithmetic(operation, value, other, flags: 2)
      return window.receiver
    }
  }

  // MARK: Sets and dicts

  static let setOperators: [Builtin] =
    [
      ("or", Operation.bitOr), ("and", .bitAnd), ("sub", .subtract), ("xor", .bitXor),
    ].flatMap { name, operation in
      [
        setOperator(name, operation), setOperator(name, operation, isReflected: true),
      ]
    }

  static func setOperator(
    _ name: String, _ operation: Operation, isReflected: Bool = false
  ) -> Builtin {
    .method(
      "__\(isReflected ? "r" : "")\(name)__", "The operator.", .required("other"),
      returns: "any"
    ) { machine, window throws(Thrown) in
      let (a, b) = (machine.plain(window.receiver), machine.plain(window[0]))
      guard a.isDict ? b.isDict : b.isAnySet else { return .notImplemented }
      return try isReflected
        ? machine.arithmetic(operation, b, a) : machine.arithmetic(operation, a, b)
    }
  }
}

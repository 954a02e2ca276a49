import Catalog

/// All builtins of the language, by subject; each is declared once, with its code.
enum LanguageBuiltins {
  static let functions: [Builtin] = [.len, .print, .sum]

  static let types: [BuiltinType] = [
    BuiltinType("list", "A row of values that grows.", methods: [.listAppend])
  ]
}

extension Builtin {
  static let len = Builtin(
    "len", "The number of elements.", .required("object", "container"), returns: "int",
    example: "len([1, 2, 3])"
  ) { machine, arguments throws(Thrown) in
    RawValue(try machine.length(arguments[0]))
  }

  static let print = Builtin(
    "print", "Writes values, separated by spaces, and a line end.", .rest("values"),
    .keyword("sep", "str", shown: "\" \""), .keyword("end", "str", shown: "\"\\n\""),
    .keyword("file"), .keyword("flush", "bool", shown: "False"), returns: "None",
    example: "print(\"loss\", 0.25)"
  ) { machine, arguments throws(Thrown) in
    var text: [UInt8] = []
    let separator = try arguments.given(1).map { value throws(Thrown) in try machine.str(value) }
    let end = try arguments.given(2).map { value throws(Thrown) in try machine.str(value) }
    for index in 0..<arguments.restCount {
      if index > 0 { text += (separator ?? " ").utf8 }
      try machine.write(arguments.rest(index), to: &text, isRepr: false)
    }
    text += (end ?? "\n").utf8
    machine.context.sink.emit(.stream(.standard, String(decoding: text, as: UTF8.self)))
    return .none
  }

  static let sum = Builtin(
    "sum", "The sum of the elements.", .required("iterable"),
    .named("start", "any", shown: "0"), returns: "number", example: "sum([1, 2, 3])"
  ) { machine, arguments throws(Thrown) in
    var total = arguments.given(1) ?? RawValue(0)
    let scope = HandleScope(machine)
    let place = scope.keep(total)
    try machine.forEach(arguments[0]) { element throws(Thrown) in
      total = try machine.arithmetic(.add, total, element)
      scope[place] = total
      return true
    }
    return total
  }

  static let listAppend = Builtin.method(
    "append", "Adds an element at the end.", .required("object"), example: "items.append(1)"
  ) { machine, arguments throws(Thrown) in
    machine.heap.append(arguments[0], to: ListCell(arguments.receiver))
    return .none
  }
}

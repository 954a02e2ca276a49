import Catalog

/// What shows text, and the texts of values.
enum Printing {
  static let all: [Builtin] = [
    Builtin(
      "print", "Shows values as text, with a line break at the end.", .rest("values"),
      .keyword("sep", "str or None", shown: "' '"), .keyword("end", "str or None", shown: "'\\n'"),
      .keyword("file"), .keyword("flush", "bool", shown: "False"), returns: "None",
      example: "print(\"loss\", loss)"
    ) { machine, window throws(Thrown) in
      try machine.print(window)
      return .none
    },
    Builtin(
      "repr", "The text of a value as a script would write it.", .required("obj"),
      returns: "str"
    ) { machine, window throws(Thrown) in
      var text: [UInt8] = []
      try machine.write(window[0], to: &text, isRepr: true)
      return try machine.string(text)
    },
    Builtin(
      "ascii", "As `repr`, with everything outside ASCII escaped.", .required("obj"),
      returns: "str"
    ) { machine, window throws(Thrown) in
      var text: [UInt8] = []
      try machine.write(window[0], to: &text, isRepr: true)
      return try machine.string(Quoting.ascii(text.span))
    },
    Builtin(
      "format", "A value as text under a format specification.", .required("value"),
      .optional("format_spec", "str", shown: "''"), returns: "str",
      example: "format(3.14159, \".2f\")"
    ) { machine, window throws(Thrown) in
      guard let spec = window.given(1) else {
        return try machine.format(window[0], machine.emptyText)
      }
      let text = try machine.text(spec, "format() argument 2 must be str")
      return try machine.format(window[0], text)
    },
  ]
}

extension Machine {
  var emptyText: StringCell { heap.newString("") }

  fileprivate func print(_ window: Window) throws(Thrown) {
    let separator = try printOption(window[1], "sep", " ")
    let end = try printOption(window[2], "end", "\n")
    var text: [UInt8] = []
    for index in 0..<window.restCount {
      if index > 0 { text += separator.utf8 }
      try write(window.rest(index), to: &text, isRepr: false)
    }
    text += end.utf8
    let shown = String(decoding: text, as: UTF8.self)
    guard let file = window.given(3), !file.isNone else {
      if !shown.isEmpty { context.sink.emit(.stream(.standard, shown)) }
      return
    }
    let write = try attribute(file, heap.intern("write"))
    _ = try call(write, [string(shown)])
  }

  private func printOption(
    _ value: RawValue, _ name: String, _ fallback: String
  ) throws(Thrown) -> String {
    if value.isUndefined || value.isNone { return fallback }
    return try text(value, "\(name) must be None or a string").string
  }
}

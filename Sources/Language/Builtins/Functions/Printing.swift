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
    let given = window.given(3).flatMap { $0.isNone ? nil : $0 } ?? replacedOutput
    if let file = given, !isStandardStream(file) {
      return try print(window, to: file, separator, end)
    }
    var text: [UInt8] = []
    for index in 0..<window.restCount {
      if index > 0 { text += separator.utf8 }
      try write(window.rest(index), to: &text, isRepr: false)
    }
    text += end.utf8
    if let file = given, let stream = NativeCell(file).object as? StandardStream {
      if !text.isEmpty { try stream.write(heap.newString(text), in: self) }
    } else if !text.isEmpty {
      context.sink.emit(.stream(.standard, String(decoding: text, as: UTF8.self)))
    }
    if let flush = window.given(4), try truth(flush) { context.sink.flush() }
  }

  private func isStandardStream(_ value: RawValue) -> Bool {
    value.tag == RawValue.Tag.native && NativeCell(value).object is StandardStream
  }

  /// Calls `write` for each part, as CPython does: an object of the script may count the calls.
  private func print(
    _ window: Window, to file: RawValue, _ separator: String, _ end: String
  ) throws(Thrown) {
    let scope = HandleScope(self)
    scope.keep(file)
    let write = try attribute(file, heap.intern("write"))
    scope.keep(write)
    for index in 0..<window.restCount {
      if index > 0 { _ = try call(write, [string(separator)]) }
      let text = try strValue(window.rest(index))
      scope.keep(text)
      _ = try call(write, [text])
    }
    _ = try call(write, [string(end)])
    if let flush = window.given(4), try truth(flush) {
      _ = try call(try attribute(file, heap.intern("flush")), [])
    }
  }

  private func printOption(
    _ value: RawValue, _ name: String, _ fallback: String
  ) throws(Thrown) -> String {
    if value.isUndefined || value.isNone { return fallback }
    return try text(value, "\(name) must be None or a string").string
  }
}

import Catalog

/// Padding to a width, tabs, and translating.
enum StringPadding {
  static let all: [Builtin] = [
    pad("ljust", "The text padded at the right to a width.") { missing, _ in (0, missing) },
    pad("rjust", "The text padded at the left to a width.") { missing, _ in (missing, 0) },
    pad("center", "The text in the middle of a width.") { missing, width in
      let before = missing / 2 + (missing & width & 1)
      return (before, missing - before)
    },
    .method(
      "zfill", "The text padded with zeros behind its sign.", .required("width", "int"),
      returns: "str", example: "\"7\".zfill(3)"
    ) { machine, window throws(Thrown) in
      let string = StringCell(window.receiver)
      let width = try machine.integer(window[0])
      if width <= string.count { return window.receiver }
      let hasSign = string.byteCount > 0 && (string.byte(0) == 0x2B || string.byte(0) == 0x2D)
      if !hasSign {
        return try machine.padded(string, before: width - string.count, after: 0, fill: 0x30)
      }
      return try machine.string(
        machine.attempt {
          try string.withBytes {
            try TextEdit.zfill($0, width: width, room: machine.heap.roomLeft)
          }
        })
    },
    .method(
      "expandtabs", "The text with tabs as blanks.", .named("tabsize", "int", shown: "8"),
      returns: "str"
    ) { machine, window throws(Thrown) in
      let string = StringCell(window.receiver)
      let size = try machine.integer(window[0], default: 8)
      return try machine.string(
        machine.attempt {
          try string.withBytes {
            try TextEdit.expandTabs($0, size: size, room: machine.heap.roomLeft)
          }
        })
    },
    .method(
      "translate", "The text with characters replaced by a table of code points.",
      .required("table", "dict"), returns: "str",
      example: "s.translate(str.maketrans(\"ab\", \"cd\"))"
    ) { machine, window throws(Thrown) in
      try machine.translate(StringCell(window.receiver), window[0])
    },
  ]

  static let makeTranslation = Builtin(
    "maketrans", "A table for `translate`: a dict, or two texts and what to delete.",
    .required("x", "dict or str"), .optional("y", "str", shown: "none"),
    .optional("z", "str", shown: "none"), returns: "dict",
    example: "str.maketrans(\"ab\", \"cd\")"
  ) { machine, window throws(Thrown) in try machine.makeTranslation(window) }

  private static func pad(
    _ name: String, _ sentence: String,
    _ sides: @escaping @Sendable (_ missing: Int, _ width: Int) -> (before: Int, after: Int)
  ) -> Builtin {
    .method(
      name, sentence, .required("width", "int"), .optional("fillchar", "str", shown: "' '"),
      returns: "str"
    ) { machine, window throws(Thrown) in
      let string = StringCell(window.receiver)
      let width = try machine.integer(window[0])
      var fill: UInt32 = 0x20
      if let given = window.given(1) {
        guard given.isString else {
          throw machine.mismatch(
            "The fill character must be a unicode character, not \(machine.typeName(given))")
        }
        guard StringCell(given).count == 1 else {
          throw machine.mismatch("The fill character must be exactly one character long")
        }
        fill = StringCell(given).scalar(atByte: 0).scalar.value
      }
      guard width > string.count else { return window.receiver }
      let (before, after) = sides(width - string.count, width)
      if fill < 0x80 {
        return try machine.padded(
          string, before: before, after: after, fill: UInt8(truncatingIfNeeded: fill))
      }
      return try machine.string(
        machine.attempt {
          try string.withBytes {
            try TextEdit.pad(
              $0, before: before, after: after, fill: fill, room: machine.heap.roomLeft)
          }
        })
    }
  }
}

extension Machine {
  /// `text.translate(table)`: each code point looked up; what is not there stays.
  func translate(_ string: StringCell, _ table: RawValue) throws(Thrown) -> RawValue {
    var result: [UInt8] = []
    for scalar in string.scalars {
      try checkText(result.count)
      let key = RawValue(Int(scalar.value))
      var mapped: RawValue?
      if table.isDict {
        let found = try find(key, in: DictCell(table))
        mapped = found >= 0 ? DictCell(table).value(found) : nil
      } else {
        do {
          mapped = try item(table, key)
        } catch {
          guard isLookupError(raised) else { throw error }
          mapped = nil
        }
      }
      guard let mapped else {
        result.append(scalar: scalar.value)
        continue
      }
      if mapped.isNone { continue }
      if mapped.isString {
        StringCell(mapped).withBytes { result.append($0, 0..<$0.count) }
      } else if let code = mapped.integer {
        guard code >= 0, code < 0x110000, let scalar = Unicode.Scalar(UInt32(code)) else {
          throw error(.value, "character mapping must be in range(0x110000)")
        }
        result.append(scalar: scalar.value)
      } else {
        throw mismatch("character mapping must return integer, None or str")
      }
    }
    return try self.string(result)
  }

  private func isLookupError(_ exception: RawValue) -> Bool {
    guard let lookup = typesByName["LookupError"] else { return false }
    return ExceptionCell(exception).type.isKind(of: lookup)
  }

  /// `str.maketrans(x, y, z)`.
  func makeTranslation(_ window: Window) throws(Thrown) -> RawValue {
    let table = heap.newDict()
    guard let to = window.given(1) else {
      guard window[0].isDict else {
        throw mismatch("if you give only one argument to maketrans it must be a dict")
      }
      let source = DictCell(window[0])
      for index in 0..<source.used where source.isPresent(index) {
        var key = source.key(index)
        if key.isString {
          guard StringCell(key).count == 1 else {
            throw error(.value, "string keys in translate table must be of length 1")
          }
          key = RawValue(Int(StringCell(key).scalar(atByte: 0).scalar.value))
        } else if key.integer == nil {
          throw mismatch("keys in translate table must be strings or integers")
        }
        try setItem(key, source.value(index), in: table)
      }
      return table.value
    }
    guard window[0].isString else {
      throw mismatch(
        "first maketrans argument must be a string if there is a second argument")
    }
    let target = try text(to, "maketrans() argument 2 must be str")
    let from = StringCell(window[0]).scalars
    let onto = target.scalars
    guard from.count == onto.count else {
      throw error(.value, "the first two maketrans arguments must have equal length")
    }
    for (key, value) in zip(from, onto) {
      try setItem(RawValue(Int(key.value)), RawValue(Int(value.value)), in: table)
    }
    if let deleted = window.given(2) {
      let scalars = try text(deleted, "maketrans() argument 3 must be str").scalars
      for key in scalars { try setItem(RawValue(Int(key.value)), .none, in: table) }
    }
    return table.value
  }
}

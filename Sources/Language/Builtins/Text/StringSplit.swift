import Catalog

/// Taking apart and joining.
enum StringSplit {
  static let all: [Builtin] = [
    split("split", "The words, or the parts between separators, as a list.", fromEnd: false),
    split("rsplit", "As `split`, but a limit counts from the end.", fromEnd: true),
    .method(
      "splitlines", "The lines, as a list.", .named("keepends", "bool", shown: "False"),
      returns: "list"
    ) { machine, window throws(Thrown) in
      let string = StringCell(window.receiver)
      let keeps = try machine.integer(window[0], default: 0) != 0
      if string.isASCII { return try machine.asciiLines(string, keepingEnds: keeps) }
      let lines = try string.withBytes { text throws(Thrown) in
        try TextScan.lines(text, keepingEnds: keeps) { () throws(Thrown) in try machine.poll() }
      }
      return try machine.parts(of: string, lines)
    },
    partition("partition", "What stands before, at and behind the first separator."),
    partition("rpartition", "What stands before, at and behind the last separator."),
    strip("strip", "The text without blanks, or given characters, at both ends."),
    strip("lstrip", "The text without blanks, or given characters, at the start."),
    strip("rstrip", "The text without blanks, or given characters, at the end."),
    .method(
      "join", "The texts of an iterable, with this one between them.",
      .required("iterable", "iterable of str"), returns: "str", example: "\", \".join(names)"
    ) { machine, window throws(Thrown) in
      try machine.join(StringCell(window.receiver), window[0])
    },
  ]

  private static func split(_ name: String, _ sentence: String, fromEnd: Bool) -> Builtin {
    .method(
      name, sentence, .named("sep", "str or None", shown: "None"),
      .named("maxsplit", "int", shown: "-1"), returns: "list",
      example: name == "split" ? "\"1 2 3\".split()" : ""
    ) { machine, window throws(Thrown) in
      let string = StringCell(window.receiver)
      let given = try machine.integer(window[1], default: -1)
      let limit = given < 0 ? Int.max : given
      guard let separator = window.given(0), !separator.isNone else {
        if !fromEnd, string.isASCII { return try machine.asciiWords(string, limit: limit) }
        func pause() throws(Thrown) { try machine.poll() }
        let words = try string.withBytes { text throws(Thrown) in
          fromEnd
            ? try TextScan.wordsFromEnd(text, limit: limit, pause: pause)
            : try TextScan.words(text, limit: limit, pause: pause)
        }
        return try machine.parts(of: string, words)
      }
      let mark = try machine.text(separator, "must be str or None")
      guard mark.byteCount > 0 else { throw machine.error(.value, "empty separator") }
      if !fromEnd { return try machine.split(string, at: mark, limit: limit) }
      let ranges = try string.withBytes(and: mark) { text, mark throws(Thrown) in
        try TextScan.splitFromEnd(text, at: mark, limit: limit) { () throws(Thrown) in
          try machine.poll()
        }
      }
      return try machine.parts(of: string, ranges)
    }
  }

  private static func partition(_ name: String, _ sentence: String) -> Builtin {
    .method(name, sentence, .required("sep", "str"), returns: "tuple") {
      machine, window throws(Thrown) in
      let string = StringCell(window.receiver)
      let separator = try machine.text(window[0], "must be str")
      guard separator.byteCount > 0 else { throw machine.error(.value, "empty separator") }
      let all = 0..<string.byteCount
      let found =
        name == "partition"
        ? try machine.find(separator, in: string, all)
        : try machine.findLast(separator, in: string, all)
      let empty = machine.string("")
      guard let found else {
        let whole = string.value
        return machine.tuple(
          name == "partition" ? [whole, empty, empty] : [empty, empty, whole])
      }
      let end = found + separator.byteCount
      return machine.tuple([
        machine.part(of: string, 0..<found), separator.value,
        machine.part(of: string, end..<string.byteCount),
      ])
    }
  }

  private static func strip(_ name: String, _ sentence: String) -> Builtin {
    let (atStart, atEnd) = (name != "rstrip", name != "lstrip")
    @Sendable func trim(_ text: Span<UInt8>, _ test: (UInt32) -> Bool) -> Range<Int> {
      var range = 0..<text.count
      if atStart { range = TextScan.trimStart(text, range, test) }
      return atEnd ? TextScan.trimEnd(text, range, test) : range
    }
    return .method(name, sentence, .optional("chars", "str or None", shown: "None"), returns: "str")
    {
      machine, window throws(Thrown) in
      let string = StringCell(window.receiver)
      guard let given = window.given(0), !given.isNone else {
        if string.isASCII {
          return machine.trimmed(string, start: atStart, end: atEnd, TextClass.isASCIISpace)
        }
        return machine.part(of: string, string.withBytes { trim($0, TextClass.isSpace) })
      }
      guard given.isString else { throw machine.mismatch("\(name) arg must be None or str") }
      if string.isASCII, StringCell(given).isASCII {
        var gone: (UInt64, UInt64) = (0, 0)
        StringCell(given).withBytes { chars in
          for index in chars.indices {
            let byte = chars[index]
            if byte < 64 { gone.0 |= 1 << UInt64(byte) } else { gone.1 |= 1 << UInt64(byte - 64) }
          }
        }
        return machine.trimmed(string, start: atStart, end: atEnd) { byte in
          (byte < 64 ? gone.0 >> UInt64(byte) : gone.1 >> UInt64(byte - 64)) & 1 == 1
        }
      }
      let chars = StringCell(given).withBytes { TextScan.scalars($0) }
      return machine.part(of: string, string.withBytes { trim($0) { chars.contains($0) } })
    }
  }
}

extension Machine {
  /// `separator.join(iterable)`.
  func join(_ separator: StringCell, _ iterable: RawValue) throws(Thrown) -> RawValue {
    let scope = HandleScope(self)
    guard var row = try row(of: iterable, in: scope) else {
      throw mismatch("can only join an iterable")
    }
    if (0..<row.count).contains(where: { row[$0].tag == RawValue.Tag.instance }) {
      let plainTexts = list((0..<row.count).map { plain(row[$0]) })
      scope.keep(plainTexts)
      row = Row(plainTexts) ?? row
    }
    guard row.count > 0 else { return string("") }
    var bytes = 0
    var scalars = 0
    for index in 0..<row.count {
      guard row[index].isString else {
        throw mismatch(
          "sequence item \(index): expected str instance, \(typeName(row[index])) found")
      }
      bytes += StringCell(row[index]).byteCount
      scalars += StringCell(row[index]).count
      if index & 0x3FFFF == 0x3FFFF { try poll() }
    }
    if row.count == 1 { return row[0] }
    let (gaps, overflow) = separator.byteCount.multipliedReportingOverflow(by: row.count - 1)
    if overflow { throw memoryError(asked: Int.max) }
    try room(for: 1, of: bytes + gaps)
    scalars += separator.count * (row.count - 1)
    let joined = try heap.joined(row, separator, bytes: bytes + gaps, scalars: scalars) {
      () throws(Thrown) in try poll()
    }
    return joined.value
  }

  /// The elements of an iterable in one row: a list's or tuple's own, else those of a new list
  /// that the scope keeps; nil when it cannot be walked over.
  func row(of iterable: RawValue, in scope: borrowing HandleScope) throws(Thrown) -> Row? {
    if let row = Row(iterable) { return row }
    guard isIterable(iterable) else { return nil }
    let list = try newList(of: iterable)
    scope.keep(list)
    return Row(list)
  }
}

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
      let lines = string.withBytes { TextScan.lines($0, keepingEnds: keeps) }
      return machine.parts(of: string, lines)
    },
    partition("partition", "What stands before, at and behind the first separator.") {
      TextScan.find($0, in: $1, 0..<$1.count)
    },
    partition("rpartition", "What stands before, at and behind the last separator.") {
      TextScan.findLast($0, in: $1, 0..<$1.count)
    },
    strip("strip", "The text without blanks, or given characters, at both ends.") {
      TextScan.trim($0, 0..<$0.count, $1)
    },
    strip("lstrip", "The text without blanks, or given characters, at the start.") {
      TextScan.trimStart($0, 0..<$0.count, $1)
    },
    strip("rstrip", "The text without blanks, or given characters, at the end.") {
      TextScan.trimEnd($0, 0..<$0.count, $1)
    },
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
        let words = string.withBytes {
          fromEnd
            ? TextScan.wordsFromEnd($0, limit: limit) : TextScan.words($0, limit: limit)
        }
        return machine.parts(of: string, words)
      }
      let mark = try machine.text(separator, "must be str or None")
      guard mark.byteCount > 0 else { throw machine.error(.value, "empty separator") }
      let ranges = string.withBytes(and: mark) { text, mark in
        fromEnd
          ? TextScan.splitFromEnd(text, at: mark, limit: limit)
          : TextScan.split(text, at: mark, limit: limit)
      }
      return machine.parts(of: string, ranges)
    }
  }

  private static func partition(
    _ name: String, _ sentence: String,
    find: @escaping @Sendable (Span<UInt8>, Span<UInt8>) -> Int?
  ) -> Builtin {
    .method(name, sentence, .required("sep", "str"), returns: "tuple") {
      machine, window throws(Thrown) in
      let string = StringCell(window.receiver)
      let separator = try machine.text(window[0], "must be str")
      guard separator.byteCount > 0 else { throw machine.error(.value, "empty separator") }
      let found = string.withBytes(and: separator) { text, separator in find(separator, text) }
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

  private static func strip(
    _ name: String, _ sentence: String,
    trim: @escaping @Sendable (Span<UInt8>, (UInt32) -> Bool) -> Range<Int>
  ) -> Builtin {
    .method(name, sentence, .optional("chars", "str or None", shown: "None"), returns: "str") {
      machine, window throws(Thrown) in
      let string = StringCell(window.receiver)
      guard let given = window.given(0), !given.isNone else {
        return machine.part(of: string, string.withBytes { trim($0, TextClass.isSpace) })
      }
      guard given.isString else { throw machine.mismatch("\(name) arg must be None or str") }
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
    }
    if row.count == 1 { return row[0] }
    let (gaps, overflow) = separator.byteCount.multipliedReportingOverflow(by: row.count - 1)
    guard !overflow, heap.fits(1, of: bytes + gaps) else { throw memoryError() }
    scalars += separator.count * (row.count - 1)
    return heap.joined(row, separator, bytes: bytes + gaps, scalars: scalars).value
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

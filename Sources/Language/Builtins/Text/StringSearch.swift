import Catalog

/// Finding, counting, beginnings and ends.
enum StringSearch {
  private static let range: [ParameterFacts] = [
    .optional("start", "int", shown: "0"), .optional("end", "int", shown: "len(self)"),
  ]

  static let all: [Builtin] = [
    search("find", "The index of the first occurrence; -1 when there is none.", fromEnd: false) {
      _ throws(Thrown) in RawValue(-1)
    },
    search("rfind", "The index of the last occurrence; -1 when there is none.", fromEnd: true) {
      _ throws(Thrown) in RawValue(-1)
    },
    search("index", "The index of the first occurrence; an error without one.", fromEnd: false) {
      machine throws(Thrown) in throw machine.error(.value, "substring not found")
    },
    search("rindex", "The index of the last occurrence; an error without one.", fromEnd: true) {
      machine throws(Thrown) in throw machine.error(.value, "substring not found")
    },
    .method(
      "count", "How often a text occurs without overlap.", .required("sub", "str"), range[0],
      range[1], returns: "int", example: "\"banana\".count(\"an\")"
    ) { machine, window throws(Thrown) in
      let string = StringCell(window.receiver)
      let sub = try machine.text(window[0], "must be str")
      guard let bytes = try machine.byteRange(string, window, 1) else { return RawValue(0) }
      return RawValue(try machine.count(sub, in: string, bytes))
    },
    edge("startswith", "Whether it begins with a text or one of a tuple of texts.") {
      TextScan.hasPrefix($0, in: $1, $2)
    },
    edge("endswith", "Whether it ends with a text or one of a tuple of texts.") {
      TextScan.hasSuffix($0, in: $1, $2)
    },
    .method(
      "replace", "The text with every occurrence of one part replaced by another.",
      .required("old", "str"), .required("new", "str"), .optional("count", "int", shown: "-1"),
      returns: "str", example: "\"3,14\".replace(\",\", \".\")"
    ) { machine, window throws(Thrown) in
      let string = StringCell(window.receiver)
      let old = try machine.text(window[0], "replace() argument 1 must be str")
      let new = try machine.text(window[1], "replace() argument 2 must be str")
      let count = try machine.integer(window[2], default: -1)
      return try machine.replace(
        old, with: new, in: string, limit: count < 0 ? Int.max : count)
    },
    affix("removeprefix", "The text without a beginning, if it has it.") { text, affix in
      TextScan.hasPrefix(affix, in: text, 0..<text.count) ? affix.count..<text.count : nil
    },
    affix("removesuffix", "The text without an end, if it has it.") { text, affix in
      TextScan.hasSuffix(affix, in: text, 0..<text.count) ? 0..<text.count - affix.count : nil
    },
  ]

  private static func search(
    _ name: String, _ sentence: String, fromEnd: Bool,
    missing: @escaping @Sendable (Machine) throws(Thrown) -> RawValue
  ) -> Builtin {
    .method(name, sentence, .required("sub", "str"), range[0], range[1], returns: "int") {
      machine, window throws(Thrown) in
      let string = StringCell(window.receiver)
      let sub = try machine.text(window[0], "must be str")
      guard let bytes = try machine.byteRange(string, window, 1) else {
        return try missing(machine)
      }
      let found =
        fromEnd
        ? try machine.findLast(sub, in: string, bytes) : try machine.find(sub, in: string, bytes)
      guard let found else { return try missing(machine) }
      return RawValue(string.scalarIndex(ofByte: found))
    }
  }

  private static func edge(
    _ name: String, _ sentence: String,
    test: @escaping @Sendable (Span<UInt8>, Span<UInt8>, Range<Int>) -> Bool
  ) -> Builtin {
    .method(
      name, sentence, .required(name == "startswith" ? "prefix" : "suffix", "str or tuple"),
      range[0], range[1], returns: "bool"
    ) { machine, window throws(Thrown) in
      let string = StringCell(window.receiver)
      let candidate = machine.plain(window[0])
      guard let bytes = try machine.byteRange(string, window, 1) else { return RawValue(false) }
      func matches(_ affix: StringCell) -> Bool {
        string.withBytes(and: affix) { text, affix in test(affix, text, bytes) }
      }
      if candidate.isString { return RawValue(matches(StringCell(candidate))) }
      guard candidate.isTuple else {
        throw machine.mismatch(
          "\(name) first arg must be str or a tuple of str, not \(machine.typeName(candidate))")
      }
      let tuple = TupleCell(candidate)
      for index in 0..<tuple.count {
        guard tuple[index].isString else {
          throw machine.mismatch(
            "tuple for \(name) must only contain str, not \(machine.typeName(tuple[index]))")
        }
        if matches(StringCell(tuple[index])) { return RawValue(true) }
      }
      return RawValue(false)
    }
  }

  private static func affix(
    _ name: String, _ sentence: String,
    rest: @escaping @Sendable (Span<UInt8>, Span<UInt8>) -> Range<Int>?
  ) -> Builtin {
    .method(
      name, sentence, .required(name == "removeprefix" ? "prefix" : "suffix", "str"),
      returns: "str"
    ) { machine, window throws(Thrown) in
      let string = StringCell(window.receiver)
      let affix = try machine.text(window[0], "\(name)() argument must be str")
      guard let kept = string.withBytes(and: affix, { rest($0, $1) }) else {
        return window.receiver
      }
      return machine.part(of: string, kept)
    }
  }
}

extension Machine {
  /// The byte range that start and end arguments cut out of a string; nil: start lies behind it.
  func byteRange(
    _ string: StringCell, _ window: Window, _ first: Int
  ) throws(Thrown) -> Range<Int>? {
    if window[first].isUndefined { return 0..<string.byteCount }
    let count = string.count
    let start = try bound(window[first], default: 0, count: count)
    let end = min(count, try bound(window[first + 1], default: count, count: count))
    guard start <= end else { return nil }
    return string.offset(ofScalar: start)..<string.offset(ofScalar: end)
  }

  /// A part of a string, cut at bytes.
  func part(of string: StringCell, _ bytes: Range<Int>) -> RawValue {
    if bytes.isEmpty { return heap.interned.empty(heap).value }
    return heap.substring(string, fromByte: bytes.lowerBound, toByte: bytes.upperBound).value
  }

  /// The parts of a string as a list.
  func parts(of string: StringCell, _ ranges: [Range<Int>]) throws(Thrown) -> RawValue {
    try checkRoom(for: ranges.count, of: 80)
    let list = heap.newList(count: 0, capacity: ranges.count)
    for range in ranges {
      heap.append(part(of: string, range), to: list)
      if list.count & 0xFFFF == 0 { try poll() }
    }
    return list.value
  }
}

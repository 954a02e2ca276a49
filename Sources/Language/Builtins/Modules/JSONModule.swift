import Catalog

/// `import json`: reader and writer; the rest is `Scripts/json.grad`.
enum JSONModule {
  static let module = BuiltinModule(
    "json", "Values as text that other programs read.", functions: [encode, decode],
    script: PackageResources.json_grad)

  private static let encode = Builtin(
    "_encode", "A value as JSON.", .required("obj"), .required("options", "tuple"),
    returns: "str"
  ) { machine, window throws(Thrown) in
    guard window[1].isTuple, TupleCell(window[1]).count == 9 else { return .none }
    let options = TupleCell(window[1])
    var style = JSONStyle()
    style.skipsKeys = try machine.truth(options[0])
    style.isASCII = try machine.truth(options[1])
    style.checksCircles = try machine.truth(options[2])
    style.allowsNaN = try machine.truth(options[3])
    if options[4].isString { style.indent = StringCell(options[4]).array }
    style.itemSeparator = try machine.text(options[5], "separators must be str").array
    style.keySeparator = try machine.text(options[6], "separators must be str").array
    style.fallback = options[7]
    style.sortsKeys = try machine.truth(options[8])
    var writer = JSONTextWriter(machine, style)
    try writer.write(window[0])
    return try machine.string(writer.text)
  }

  /// Returns the value and the index of the character after it.
  private static let decode = Builtin(
    "_decode", "The value of JSON text from a character on.", .required("text", "str"),
    .required("hooks", "tuple"), .required("start", "int"), .required("isWhole", "bool"),
    returns: "tuple"
  ) { machine, window throws(Thrown) in
    guard window[0].isString, window[1].isTuple, TupleCell(window[1]).count == 7,
      window[2].isInt
    else { return .none }
    let (text, given) = (StringCell(window[0]), TupleCell(window[1]))
    let hooks = JSONHooks(
      object: given[0], pairs: given[1], float: given[2], int: given[3], constant: given[4],
      isStrict: try machine.truth(given[5]), failure: given[6])
    var scanner = JSONScanner(machine, text, hooks)
    let isWhole = try machine.truth(window[3])
    let first = text.offset(ofScalar: max(0, min(window[2].int, text.count)))
    let (value, end) = try scanner.value(at: isWhole ? scanner.skippingSpace(from: first) : first)
    guard isWhole else {
      return machine.tuple([value, RawValue(text.scalarIndex(ofByte: end))])
    }
    let rest = scanner.skippingSpace(from: end)
    if rest != text.byteCount { throw scanner.failure("Extra data", at: rest) }
    return value
  }
}

import Catalog

/// What calling a type does: `int("3")`, `list(range(5))`.
enum Conversions {
  static let int = Builtin(
    "int", "A whole number out of a number or a text.", .optional("x", shown: "0"),
    .named("base", "int", shown: "10"), returns: "int", example: "int(\"42\")"
  ) { machine, window throws(Thrown) in try machine.makeInt(window) }

  static let float = Builtin(
    "float", "A number with fraction out of a number or a text.", .optional("x", shown: "0.0"),
    returns: "float", example: "float(\"1e-3\")"
  ) { machine, window throws(Thrown) in try machine.makeFloat(window[0]) }

  static let bool = Builtin(
    "bool", "Whether a value counts as true.", .optional("x", shown: "False"), returns: "bool",
    example: "bool([])"
  ) { machine, window throws(Thrown) in
    guard let value = window.given(0) else { return RawValue(false) }
    return RawValue(try machine.truth(value))
  }

  static let str = Builtin(
    "str", "The text of a value, as print shows it.", .named("object", shown: "''"),
    returns: "str", example: "str(3.0)"
  ) { machine, window throws(Thrown) in
    guard let value = window.given(0) else { return machine.emptyText.value }
    return try machine.strValue(value)
  }

  static let list = Builtin(
    "list", "A new list with the elements of an iterable.",
    .optional("iterable", "iterable", shown: "()"), returns: "list", example: "list(range(3))"
  ) { machine, window throws(Thrown) in
    guard let source = window.given(0) else { return machine.list([]) }
    return try machine.newList(of: source)
  }

  static let tuple = Builtin(
    "tuple", "A tuple with the elements of an iterable.",
    .optional("iterable", "iterable", shown: "()"), returns: "tuple", example: "tuple(\"ab\")"
  ) { machine, window throws(Thrown) in
    guard let source = window.given(0) else { return machine.tuple([]) }
    if source.isTuple { return source }
    let scope = HandleScope(machine)
    let list = ListCell(try machine.newList(of: source))
    scope.keep(list.value)
    return try machine.newTuple(copying: list.elements, count: list.count).value
  }

  static let dict = Builtin(
    "dict", "A new dict out of another, of pairs, or of named arguments.",
    .optional("mapping", "dict or iterable of pairs", shown: "{}"), .restNamed("items"),
    returns: "dict", example: "dict(epochs=5, rate=0.1)"
  ) { machine, window throws(Thrown) in
    let dict = machine.heap.newDict()
    let scope = HandleScope(machine)
    scope.keep(dict.value)
    if let source = window.given(0) { try machine.update(dict, from: source) }
    if window[1].isDict { try machine.update(dict, from: window[1]) }
    return dict.value
  }

  static let set = Builtin(
    "set", "A new set with the elements of an iterable.",
    .optional("iterable", "iterable", shown: "()"), returns: "set", example: "set(labels)"
  ) { machine, window throws(Thrown) in
    guard let source = window.given(0) else { return machine.heap.newSet().value }
    return try machine.newSet(of: source).value
  }

  static let frozenSet = Builtin(
    "frozenset", "A set that stays as it is and can be a key.",
    .optional("iterable", "iterable", shown: "()"), returns: "frozenset"
  ) { machine, window throws(Thrown) in
    guard let source = window.given(0) else {
      return machine.heap.newSet(isFrozen: true).value
    }
    if source.tag == RawValue.Tag.frozenSet { return source }
    return try machine.newSet(of: source, isFrozen: true).value
  }

  static let range = Builtin(
    "range", "The whole numbers from a start up to, but not including, a stop.",
    .required("start", "int"), .optional("stop", "int", shown: "none"),
    .optional("step", "int", shown: "1"), returns: "range", example: "range(0, 10, 2)"
  ) { machine, window throws(Thrown) in
    let first = try machine.integer(window[0])
    var (start, stop, step) = (0, first, 1)
    if let second = window.given(1) {
      (start, stop) = (first, try machine.integer(second))
      if let third = window.given(2) { step = try machine.integer(third) }
    }
    guard step != 0 else { throw machine.error(.value, "range() arg 3 must not be zero") }
    guard let range = machine.heap.newRange(start, stop, step) else {
      throw machine.error(
        .overflow, "the range has more elements than an integer can count", code: "L109")
    }
    return range.value
  }

  static let slice = Builtin(
    "slice", "What stands between brackets in `x[start:stop:step]`.", .required("start"),
    .optional("stop", shown: "none"), .optional("step", shown: "None"), returns: "slice"
  ) { machine, window in
    guard let stop = window.given(1) else {
      return machine.heap.newSlice(.none, window[0], .none).value
    }
    return machine.heap.newSlice(window[0], stop, window.given(2) ?? .none).value
  }

  static let sliceIndices = Builtin.method(
    "indices", "Start, stop and step in a sequence of a length.", .required("length", "int"),
    returns: "tuple", example: "slice(None, None, -1).indices(5)"
  ) { machine, window throws(Thrown) in
    let length = try machine.integer(window[0])
    guard length >= 0 else {
      throw machine.error(.value, "length should not be negative")
    }
    let (start, stop, step, _) = try machine.bounds(SliceCell(window.receiver), length)
    return machine.tuple([RawValue(start), RawValue(stop), RawValue(step)])
  }

  static let type = Builtin(
    "type", "The type of a value; with three arguments, a new class.", .rest("object"),
    returns: "type", example: "type(3.0)"
  ) { machine, window throws(Thrown) in
    switch window.restCount {
    case 1: return machine.type(of: window.rest(0)).value
    case 3: return try machine.newClass(window.rest(0), window.rest(1), window.rest(2))
    default: throw machine.mismatch("type() takes 1 or 3 arguments")
    }
  }
}

extension Machine {
  fileprivate func makeInt(_ window: Window) throws(Thrown) -> RawValue {
    let given = window.given(0)
    guard let base = window.given(1) else { return try int(given ?? RawValue(0)) }
    let radix = try integer(base)
    guard let given else { throw mismatch("int() missing string argument") }
    let value = plain(given)
    guard value.isString else {
      throw mismatch("int() can't convert non-string with explicit base")
    }
    guard radix == 0 || (radix >= 2 && radix <= 36) else {
      throw error(.value, "int() base must be >= 2 and <= 36, or 0")
    }
    return try int(StringCell(value), radix)
  }

  /// What `int(value)` gives.
  func int(_ value: RawValue) throws(Thrown) -> RawValue {
    if value.isInt { return value }
    if value.isBool { return RawValue(value.int) }
    if value.isFloat { return RawValue(try whole(value.double)) }
    if value.isString { return try int(StringCell(value), 10) }
    if value.tag == RawValue.Tag.native, let scalar = NativeCell(value).object.scalar() {
      return try int(raw(scalar))
    }
    if let made = try special("__int__", value) {
      let made = plain(made)
      guard made.integer != nil else {
        throw mismatch("__int__ returned non-int (type \(typeName(made)))")
      }
      return RawValue(made.int)
    }
    let peer = plain(value)
    if peer.isString || peer.isFloat { return try int(peer) }
    if let index = try integer(ifIndex: value) { return RawValue(index) }
    if let made = try special("__trunc__", value) { return made }
    throw mismatch(
      "int() argument must be a string, a bytes-like object or a real number, not "
        + "'\(typeName(value))'")
  }

  /// A float cut to its whole part.
  private func whole(_ value: Double) throws(Thrown) -> Int {
    try attempt { try NumberText.whole(value.rounded(.towardZero)) }
  }

  private func int(_ text: StringCell, _ base: Int) throws(Thrown) -> RawValue {
    switch text.withBytes({ NumberText.int($0, base: base) }) {
    case .value(let value): return RawValue(value)
    case .tooLarge: throw overflowError()
    case .invalid:
      let shown = String(
        String.UnicodeScalarView(try repr(text.value).unicodeScalars.prefix(200)))
      var help: String?
      if base == 10, text.withBytes({ NumberText.float($0) }) != nil {
        help = "write int(float(...)) to cut the fraction off"
      }
      throw error(
        .value, "invalid literal for int() with base \(base): \(shown)", code: "L110",
        help: help)
    }
  }

  /// A nan unlike all others: containers find the same one again, and only that.
  ///
  /// Its bits beside the exponent carry a number.
  private func newNaN() -> Double {
    nanCount &+= 1
    return Double(bitPattern: 0x7FF8_0000_0000_0000 | (nanCount & 0x7_FFFF_FFFF_FFFF))
  }

  fileprivate func makeFloat(_ value: RawValue) throws(Thrown) -> RawValue {
    if value.isUndefined { return RawValue(0.0) }
    if plain(value).isString {
      let value = plain(value)
      let text = StringCell(value)
      guard let number = text.withBytes({ NumberText.float($0) }) else {
        throw error(
          .value, "could not convert string to float: \(try repr(value))", code: "L110")
      }
      return RawValue(number.isNaN ? newNaN() : number)
    }
    guard let number = try float(value) else {
      throw mismatch(
        "float() argument must be a string or a real number, not '\(typeName(value))'")
    }
    return RawValue(number)
  }
}

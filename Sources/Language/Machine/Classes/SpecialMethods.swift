import Catalog

/// The special methods of the built-in types, as scripts call them: `list.__len__(x)`,
/// `super().__getitem__(key)`, `int.__add__(a, b)`.
///
/// The machine itself never goes through them. Their bodies take the receiver as it is, which may
/// be an instance of a class that extends the type.
enum SpecialMethods {
  /// By the name of the type.
  static let all: [(type: String, methods: [Builtin])] =
    [
      ("object", objects),
      ("int", make("int") + hashing + numbers + integers + order + [index, formatting]),
      ("float", make("float") + hashing + numbers + order + [formatting]),
      ("bool", make("bool")),
      (
        "str",
        make("str") + hashing + order + sized + [getItem, iterate, text, formatting]
          + sequence + [remainder(isReflected: false), remainder(isReflected: true)]
      ),
      (
        "list",
        make("list") + order + sized + [getItem, setItem, deleteItem, iterate, reversed, fillList]
          + sequence + [inPlace("add", .add), inPlace("mul", .multiply)]
      ),
      ("tuple", make("tuple") + hashing + order + sized + [getItem, iterate] + sequence),
      (
        "dict",
        make("dict") + order + sized + [getItem, setItem, deleteItem, iterate, reversed, fillDict]
          + [setOperator("or", .bitOr), setOperator("or", .bitOr, isReflected: true)]
          + [inPlace("or", .bitOr)]
      ),
      (
        "set",
        make("set") + order + sized + [iterate, fillSet] + setOperators
          + [
            inPlace("or", .bitOr), inPlace("and", .bitAnd), inPlace("sub", .subtract),
            inPlace("xor", .bitXor),
          ]
      ),
      ("frozenset", make("frozenset") + hashing + order + sized + [iterate] + setOperators),
      ("range", hashing + order + sized + [getItem, iterate, reversed]),
      ("NoneType", hashing + [representation]),
      ("generator", [iterate, next]),
      ("type", types),
      ("BaseException", make("BaseException") + exceptionTexts),
    ] + iterators.map { ($0, [iterate, next]) }

  private static let iterators = [
    "list_iterator", "tuple_iterator", "str_iterator", "str_ascii_iterator", "range_iterator",
    "dict_keyiterator", "dict_valueiterator", "dict_itemiterator", "set_iterator", "reversed",
    "list_reverseiterator", "zip", "map", "filter", "enumerate", "callable_iterator", "iterator",
  ]

  /// The types whose values have no hash: their `__hash__` is None.
  static let unhashable = ["list", "dict", "set"]

  // MARK: Making

  /// `__new__`, which belongs to the type and not to a value.
  static func make(_ owner: String) -> [Builtin] {
    [
      Builtin(
        Entry(
          "__new__", "Makes a new object of a type.", kind: .function,
          parameters: [.rest("arguments"), .restNamed("named")], returns: "any", examples: [],
          details: "", body: .intrinsic),
        body: { machine, window throws(Thrown) in try machine.makeNew(owner, window) },
        qualifiedName: "\(owner).__new__")
    ]
  }

  static let fillList = Builtin.method(
    "__init__", "Takes the elements of an iterable.", .optional("iterable", "iterable")
  ) { machine, window throws(Thrown) in
    guard machine.plain(window.receiver).isList else { return .none }
    let list = ListCell(machine.plain(window.receiver))
    machine.heap.truncate(list, to: 0)
    if let source = window.given(0) { try machine.extend(list, with: source) }
    return .none
  }

  static let fillDict = Builtin.method(
    "__init__", "Takes over the items of a dict, of pairs, or of named arguments.",
    .optional("mapping", "dict or iterable of pairs"), .restNamed("items")
  ) { machine, window throws(Thrown) in
    guard machine.plain(window.receiver).isDict else { return .none }
    let dict = DictCell(machine.plain(window.receiver))
    if let source = window.given(0) { try machine.update(dict, from: source) }
    if window[1].isDict { try machine.update(dict, from: window[1]) }
    return .none
  }

  static let fillSet = Builtin.method(
    "__init__", "Takes the elements of an iterable.", .optional("iterable", "iterable")
  ) { machine, window throws(Thrown) in
    guard machine.plain(window.receiver).isAnySet else { return .none }
    let set = SetCell(machine.plain(window.receiver))
    machine.heap.clear(set)
    if let source = window.given(0) { try machine.merge(source, into: set) }
    return .none
  }

  // MARK: Text and hash

  static let hashing: [Builtin] = [
    .method("__hash__", "A number that is equal for equal values.", returns: "int") {
      machine, window throws(Thrown) in
      RawValue(try machine.hash(machine.plain(window.receiver)))
    }
  ]

  static let representation = Builtin.method(
    "__repr__", "The text that shows what a value is.", returns: "str"
  ) { machine, window throws(Thrown) in
    let value = window.receiver
    guard value.tag == RawValue.Tag.instance else {
      return machine.string(try machine.repr(value))
    }
    // The built-in way, whatever the class itself says.
    let peer = machine.plain(value)
    if peer.isAnySet || peer.tag == RawValue.Tag.instance {
      return machine.string(try machine.builtinRepr(value))
    }
    return machine.string(try machine.repr(peer))
  }

  static let text = Builtin.method("__str__", "The text itself.", returns: "str") {
    machine, window throws(Thrown) in try machine.strValue(machine.plain(window.receiver))
  }

  static let formatting = Builtin.method(
    "__format__", "The text by a format specification.", .required("specification", "str"),
    returns: "str"
  ) { machine, window throws(Thrown) in
    let specification = try machine.text(
      window[0], "__format__() argument must be str")
    if specification.byteCount == 0 { return try machine.strValue(window.receiver) }
    return try machine.format(machine.plain(window.receiver), specification)
  }

  // MARK: Comparison

  static let order: [Builtin] =
    [representation]
    + [
      ("eq", ComparisonCode.equal), ("ne", .notEqual), ("lt", .less), ("le", .lessEqual),
      ("gt", .greater), ("ge", .greaterEqual),
    ].map { name, code in
      .method("__\(name)__", "The comparison.", .required("other"), returns: "bool") {
        machine, window throws(Thrown) in
        try machine.compareAlike(code, machine.plain(window.receiver), machine.plain(window[0]))
      }
    }

  // MARK: Containers

  static let sized: [Builtin] = [
    .method("__len__", "The number of elements.", returns: "int") {
      machine, window throws(Thrown) in
      RawValue(try machine.length(machine.plain(window.receiver)))
    },
    .method("__contains__", "Whether it has an element.", .required("element"), returns: "bool") {
      machine, window throws(Thrown) in
      RawValue(try machine.contains(window[0], in: machine.plain(window.receiver)))
    },
  ]

  static let getItem = Builtin.method(
    "__getitem__", "The element at an index or under a key.", .required("key"), returns: "any"
  ) { machine, window throws(Thrown) in
    let container = machine.plain(window.receiver)
    if container.isDict {
      return try machine.item(of: window.receiver, DictCell(container), window[0])
    }
    return try machine.item(container, window[0])
  }

  static let setItem = Builtin.method(
    "__setitem__", "Sets the element at an index or under a key.", .required("key"),
    .required("value")
  ) { machine, window throws(Thrown) in
    try machine.setItem(machine.plain(window.receiver), window[0], window[1])
    return .none
  }

  static let deleteItem = Builtin.method(
    "__delitem__", "Deletes the element at an index or under a key.", .required("key")
  ) { machine, window throws(Thrown) in
    try machine.deleteItem(machine.plain(window.receiver), window[0])
    return .none
  }

  static let iterate = Builtin.method(
    "__iter__", "Walks over the elements.", returns: "iterator"
  ) { machine, window throws(Thrown) in
    try machine.iterator(over: machine.plain(window.receiver))
  }

  static let next = Builtin.method(
    "__next__", "The next element.", returns: "any"
  ) { machine, window throws(Thrown) in
    let element = try machine.next(window.receiver)
    if element.isUndefined { throw machine.stopIteration(machine.generatorResult) }
    return element
  }

  static let reversed = Builtin.method(
    "__reversed__", "Walks over the elements from the end.", returns: "iterator"
  ) { machine, window throws(Thrown) in
    try machine.reversedIterator(machine.plain(window.receiver))
  }
}

extension Machine {
  /// `list.__new__(cls, …)` of the type called `owner`.
  fileprivate func makeNew(_ owner: String, _ window: Window) throws(Thrown) -> RawValue {
    guard window.restCount > 0 else {
      throw error(.type, "\(owner).__new__(): not enough arguments", code: "L105")
    }
    let first = window.rest(0)
    guard first.tag == RawValue.Tag.type, let base = typesByName[owner] else {
      throw error(
        .type, "\(owner).__new__(X): X is not a type object (\(typeName(first)))", code: "L105")
    }
    let type = TypeCell(first)
    guard type.isKind(of: base) else {
      throw error(
        .type,
        "\(owner).__new__(\(type.name.string)): \(type.name.string) is not a subtype of \(owner)",
        code: "L105")
    }
    let builtin = type.builtin
    guard base.peerTag == builtin.peerTag || base.cell == builtin.cell else {
      throw error(
        .type,
        "\(owner).__new__(\(type.name.string)) is not safe, use \(builtin.name.string).__new__()",
        code: "L105")
    }
    var named: [(StringCell, RawValue)] = []
    if window[1].isDict {
      DictCell(window[1]).forEach { key, value in named.append((StringCell(key), value)) }
    }
    return try allocate(type, Array(window.restValues.dropFirst()), named)
  }

  /// What the built-in class of an instance prints, without the script's own `__repr__`.
  fileprivate func builtinRepr(_ value: RawValue) throws(Thrown) -> String {
    let peer = plain(value)
    guard peer.isAnySet else { return plainObjectText(value) }
    if SetCell(peer).count == 0 { return "\(typeName(value))()" }
    var text: [UInt8] = []
    try writeSet(SetCell(peer), to: &text)
    return "\(typeName(value))(\(String(decoding: text, as: UTF8.self)))"
  }

  /// A comparison as a built-in type answers it: NotImplemented for values it does not know.
  fileprivate func compareAlike(
    _ code: ComparisonCode, _ a: RawValue, _ b: RawValue
  ) throws(Thrown) -> RawValue {
    let isKnown: Bool
    if a.integer != nil {
      isKnown = b.integer != nil
    } else if a.isFloat {
      isKnown = b.number != nil
    } else if code == .equal || code == .notEqual {
      isKnown = a.tag == b.tag || a.isAnySet && b.isAnySet
    } else {
      isKnown = isOrdered(a, b)
    }
    return isKnown ? try compare(code, a, b) : .notImplemented
  }
}

import Catalog

/// Names the machine itself looks up.
struct SpecialNames {
  let new: StringCell
  let initialize: StringCell
  let call: StringCell
  let string: StringCell
  let repr: StringCell
  let equal: StringCell
  let hash: StringCell
  let length: StringCell
  let truth: StringCell
  let iterate: StringCell
  let next: StringCell
  let getItem: StringCell
  let setItem: StringCell
  let deleteItem: StringCell
  let contains: StringCell
  let enter: StringCell
  let exit: StringCell
  let getAttribute: StringCell
  let setAttribute: StringCell
  let deleteAttribute: StringCell
  let format: StringCell
  let index: StringCell
  let float: StringCell
  let int: StringCell
  let name: StringCell
  let doc: StringCell
  let type: StringCell
  let dict: StringCell
  let module: StringCell
  let qualifiedName: StringCell
  let reversed: StringCell
  let missing: StringCell
  let initializeSubclass: StringCell
  let classItem: StringCell
  let classCell: StringCell
  let slots: StringCell
  let setName: StringCell
  let descriptorGet: StringCell
  let descriptorSet: StringCell
  let descriptorDelete: StringCell
  let keys: StringCell
  let getEveryAttribute: StringCell
  let comparisons: [StringCell]
  /// By the order of `Operation` from `add` to `bitXor`: plain, reflected, in place.
  let operators: [(plain: StringCell, reflected: StringCell, inPlace: StringCell)]

  init(_ heap: Heap) {
    func name(_ text: String) -> StringCell { heap.intern(text) }
    new = name("__new__")
    initialize = name("__init__")
    call = name("__call__")
    string = name("__str__")
    repr = name("__repr__")
    equal = name("__eq__")
    hash = name("__hash__")
    length = name("__len__")
    truth = name("__bool__")
    iterate = name("__iter__")
    next = name("__next__")
    getItem = name("__getitem__")
    setItem = name("__setitem__")
    deleteItem = name("__delitem__")
    contains = name("__contains__")
    enter = name("__enter__")
    exit = name("__exit__")
    getAttribute = name("__getattr__")
    setAttribute = name("__setattr__")
    deleteAttribute = name("__delattr__")
    format = name("__format__")
    index = name("__index__")
    float = name("__float__")
    int = name("__int__")
    self.name = name("__name__")
    doc = name("__doc__")
    type = name("__class__")
    dict = name("__dict__")
    module = name("__module__")
    qualifiedName = name("__qualname__")
    reversed = name("__reversed__")
    missing = name("__missing__")
    initializeSubclass = name("__init_subclass__")
    classItem = name("__class_getitem__")
    classCell = name("__classcell__")
    slots = name("__slots__")
    setName = name("__set_name__")
    descriptorGet = name("__get__")
    descriptorSet = name("__set__")
    descriptorDelete = name("__delete__")
    keys = name("keys")
    getEveryAttribute = name("__getattribute__")
    comparisons = ["lt", "le", "gt", "ge", "eq", "ne"].map { name("__\($0)__") }
    operators = [
      "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "lshift", "rshift",
      "and", "or", "xor",
    ].map { (name("__\($0)__"), name("__r\($0)__"), name("__i\($0)__")) }
  }

  var all: [StringCell] {
    [
      new, initialize, call, string, repr, equal, hash, length, truth, iterate, next, getItem,
      setItem, deleteItem, contains, enter, exit, getAttribute, setAttribute, deleteAttribute,
      format, index, float, int, name, doc, type, dict, module, qualifiedName, reversed,
      missing, keys, getEveryAttribute, initializeSubclass, classItem, classCell, slots,
      setName, descriptorGet, descriptorSet, descriptorDelete,
    ] + comparisons + operators.flatMap { [$0.plain, $0.reflected, $0.inPlace] }
  }
}

extension Machine {
  /// The exception classes and what each derives from.
  static let exceptionClasses: [(name: String, base: String)] = [
    ("SystemExit", "BaseException"), ("KeyboardInterrupt", "BaseException"),
    ("GeneratorExit", "BaseException"), ("Exception", "BaseException"),
    ("ArithmeticError", "Exception"), ("ZeroDivisionError", "ArithmeticError"),
    ("OverflowError", "ArithmeticError"), ("FloatingPointError", "ArithmeticError"),
    ("LookupError", "Exception"), ("IndexError", "LookupError"), ("KeyError", "LookupError"),
    ("AssertionError", "Exception"), ("AttributeError", "Exception"),
    ("BufferError", "Exception"), ("EOFError", "Exception"),
    ("NameError", "Exception"), ("UnboundLocalError", "NameError"),
    ("ImportError", "Exception"), ("ModuleNotFoundError", "ImportError"),
    ("StopIteration", "Exception"), ("StopAsyncIteration", "Exception"),
    ("RuntimeError", "Exception"), ("RecursionError", "RuntimeError"),
    ("NotImplementedError", "RuntimeError"), ("MemoryError", "Exception"),
    ("OSError", "Exception"), (InputOutputModule.unsupported, "OSError"),
    ("FileNotFoundError", "OSError"),
    ("FileExistsError", "OSError"), ("IsADirectoryError", "OSError"),
    ("NotADirectoryError", "OSError"), ("PermissionError", "OSError"),
    ("TimeoutError", "OSError"), ("BlockingIOError", "OSError"),
    ("ChildProcessError", "OSError"), ("InterruptedError", "OSError"),
    ("ProcessLookupError", "OSError"), ("ConnectionError", "OSError"),
    ("BrokenPipeError", "ConnectionError"), ("ConnectionAbortedError", "ConnectionError"),
    ("ConnectionRefusedError", "ConnectionError"), ("ConnectionResetError", "ConnectionError"),
    ("SyntaxError", "Exception"),
    ("IndentationError", "SyntaxError"), ("TabError", "IndentationError"),
    ("TypeError", "Exception"), ("ValueError", "Exception"), ("UnicodeError", "ValueError"),
    ("UnicodeDecodeError", "UnicodeError"), ("UnicodeEncodeError", "UnicodeError"),
    ("Warning", "Exception"), ("UserWarning", "Warning"), ("DeprecationWarning", "Warning"),
    ("RuntimeWarning", "Warning"),
    ("ShapeError", "ValueError"), ("DTypeError", "TypeError"), ("GradientError", "RuntimeError"),
    ("DeviceError", "RuntimeError"), ("LinAlgError", "ValueError"),
  ]

  /// A type, kept for the machine's life, that scripts find under its name.
  @discardableResult
  func newType(
    _ name: String, base: TypeCell?, instances: UInt64 = RawValue.Tag.undefined,
    flags: UInt16 = 0
  ) -> TypeCell {
    let type = newType(
      heap.intern(name), base: base, attributes: heap.newDict(), instances: instances,
      flags: flags)
    permanent.append(type.value)
    typesByName[name] = type
    return type
  }

  func newType(
    _ name: StringCell, base: TypeCell?, attributes: DictCell, instances: UInt64, flags: UInt16,
    qualifiedName: StringCell? = nil
  ) -> TypeCell {
    let cell = TypeCell(
      heap.allocate(MemoryLayout<TypeCell.Layout>.size, .type, flags: flags))
    unsafe cell.at.initialize(
      to: TypeCell.Layout(
        header: cell.cell.header, instances: instances, name: name.value,
        base: base?.value ?? .none, attributes: attributes.value, maker: .none,
        qualifiedName: (qualifiedName ?? name).value))
    // A class that was collected may have stood where this one stands.
    unsafe state.pointee.typeVersion &+= 1
    return cell
  }

  /// Makes the types of the language and of exceptions; their methods come from `Builtins`.
  func makeTypes() {
    for name in names.all { permanent.append(name.value) }
    let object = newType("object", base: nil, instances: RawValue.Tag.instance)
    func type(_ name: String, _ tag: UInt64, base: TypeCell? = nil) -> TypeCell {
      newType(name, base: base ?? object, instances: tag)
    }
    let int = type("int", RawValue.Tag.int)
    let other = type("object", RawValue.Tag.undefined)
    typesByName["object"] = object
    types = [
      int, type("float", RawValue.Tag.float), type("bool", RawValue.Tag.bool, base: int),
      type("NoneType", RawValue.Tag.none), other, other, other, other,
    ]
    for kind in Kind.allCases {
      let tag = UInt64(kind.rawValue)
      switch kind {
      case .string: types.append(type("str", tag))
      case .list: types.append(type("list", tag))
      case .tuple: types.append(type("tuple", tag))
      case .dict: types.append(type("dict", tag))
      case .set: types.append(type("set", tag))
      case .frozenSet: types.append(type("frozenset", tag))
      case .range: types.append(type("range", tag))
      case .slice: types.append(type("slice", tag))
      case .function: types.append(type("function", tag))
      case .builtin: types.append(type("builtin_function_or_method", tag))
      case .method: types.append(type("method", tag))
      case .type: types.append(type("type", tag))
      case .generator: types.append(type("generator", tag))
      case .exception:
        types.append(
          newType(
            "BaseException", base: object, instances: tag, flags: TypeCell.Flag.exception))
      case .deque: types.append(type("collections.deque", tag))
      case .instance: types.append(object)
      case .box, .code, .buffer, .iterator, .native, .dictView, .descriptor: types.append(other)
      }
    }
    for name in [
      "ellipsis", "NotImplementedType", "dict_keys", "dict_values", "dict_items", "list_iterator",
      "tuple_iterator", "str_iterator", "str_ascii_iterator", "list_reverseiterator",
      "range_iterator", "dict_keyiterator",
      "dict_valueiterator", "dict_itemiterator", "dict_reversekeyiterator",
      "dict_reversevalueiterator", "dict_reverseitemiterator", "set_iterator", "reversed", "zip",
      "map", "filter", "enumerate", "callable_iterator", "iterator", "property", "staticmethod",
      "classmethod",
    ] {
      newType(name, base: object)
    }
    for (name, base) in Machine.exceptionClasses {
      newType(
        name, base: typesByName[base], instances: RawValue.Tag.exception,
        flags: TypeCell.Flag.exception)
    }
  }

  /// The type of a library object, made when first asked for.
  func type(for object: ObjectType) -> TypeCell {
    // The type of a script's class has a cell already; seen from its peer it is what it extends.
    if object.isScriptClass, let base = object.base { return type(for: base) }
    if let known = typesOfObjects[ObjectIdentifier(object)] { return known }
    var base = typesByName["object"]
    if let above = object.base { base = self.type(for: above) }
    let type = newType(
      heap.intern(object.name), base: base, attributes: heap.newDict(),
      instances: RawValue.Tag.native, flags: 0)
    permanent.append(type.value)
    typesOfObjects[ObjectIdentifier(object)] = type
    typesOfCells[type.cell.address] = object
    return type
  }

  /// Registers a builtin and makes the value that calls it.
  func newBuiltin(_ builtin: Builtin) -> RawValue {
    let cell = BuiltinCell(heap.allocate(MemoryLayout<BuiltinCell.Layout>.size, .builtin))
    let index = builtins.count
    unsafe cell.at.pointee.index = index
    if unsafe index == state.pointee.builtinCapacity {
      let old = unsafe state.pointee.builtinTable
      let larger = UnsafeMutablePointer<BuiltinRecord>.allocate(capacity: index * 2)
      unsafe larger.moveInitialize(from: old, count: index)
      unsafe old.deallocate()
      unsafe state.pointee.builtinTable = larger
      unsafe state.pointee.builtinCapacity = index * 2
    }
    let parameters = builtin.parameterCount
    unsafe (state.pointee.builtinTable + index).initialize(
      to: BuiltinRecord(
        body: builtin.body.map { unsafe Unmanaged.passRetained(IntrinsicBody($0)) },
        builtin: builtin,
        parameterCount: parameters,
        required: builtin.requiredCount, positional: builtin.positionalCount,
        restIndex: builtin.restIndex,
        isMethod: builtin.isMethod,
        ownerTag: builtin.owner.flatMap { typesByName[$0]?.instances } ?? RawValue.Tag.undefined,
        hasRestNamed: builtin.hasRestNamed, plainParameters: builtin.plainParameters))
    builtins.append(builtin)
    permanent.append(cell.value)
    return cell.value
  }

  /// A declared type with its maker and methods.
  @discardableResult
  func newType(_ declared: BuiltinType) -> TypeCell {
    let type = typesByName[declared.name] ?? newType(declared.name, base: typesByName["object"])
    if let maker = declared.maker { type.maker = newBuiltin(maker) }
    for method in declared.methods {
      heap.set(
        heap.intern(method.entry.name), newBuiltin(method.named(in: declared.name)),
        in: type.attributes)
    }
    for method in declared.classMethods {
      heap.set(
        heap.intern(method.entry.name), newDescriptor(.classMethod, newBuiltin(method)),
        in: type.attributes)
    }
    return type
  }

  /// Gives every builtin function, type and library entry its name.
  func predeclare() {
    for declared in LanguageBuiltins.types + ClassBuiltins.types {
      newType(declared)
    }
    for (name, methods) in SpecialMethods.all {
      guard let type = typesByName[name] else { continue }
      for method in methods {
        let method = method.isMethod ? method.named(in: name) : method
        heap.set(heap.intern(method.entry.name), newBuiltin(method), in: type.attributes)
      }
    }
    heap.set(
      names.initializeSubclass,
      newDescriptor(.classMethod, newBuiltin(SpecialMethods.initializeSubclass)),
      in: types[Int(RawValue.Tag.instance)].attributes)
    for name in SpecialMethods.unhashable {
      if let type = typesByName[name] { heap.set(names.hash, .none, in: type.attributes) }
    }
    for builtin in LanguageBuiltins.functions {
      globals.predeclare(builtin.entry.name, newBuiltin(builtin))
    }
    let hidden: Set = [
      "NoneType", "function", "builtin_function_or_method", "method", "generator", "ellipsis",
      "NotImplementedType", "dict_keys", "dict_values", "dict_items", "iterator",
      "callable_iterator",
    ]
    for (name, type) in typesByName
    where !hidden.contains(name) && !name.hasSuffix("iterator") && !name.contains(".") {
      globals.predeclare(name, type.value)
    }
    // Names of former versions that still mean the same class.
    if let os = typesByName["OSError"] {
      globals.predeclare("IOError", os.value)
      globals.predeclare("EnvironmentError", os.value)
    }
    globals.predeclare("NotImplemented", .notImplemented)
    globals.predeclare("Ellipsis", .ellipsis)
    globals.predeclare("__name__", string("__main__"))
    globals.predeclare("__debug__", RawValue(true))
  }

  /// What a name of the library stands for.
  func declaredValue(_ entry: Entry) -> RawValue {
    switch entry.body {
    case .library, .intrinsic:
      let maker = newBuiltin(Builtin(entry, body: nil))
      // A type that its entry is named after is a class: it can be derived from.
      guard let made = entry.type, made.name == entry.name else { return maker }
      let type = type(for: made)
      if type.maker.isNone { type.maker = maker }
      return type.value
    case .constant, .attribute:
      let value = try? attempt { try entry.value(in: context) }
      return value.map { raw($0) } ?? .none
    }
  }
}

import Catalog

/// Attributes of any value, as they are read.
extension Machine {
  /// `value.name`; `undefined` instead of AttributeError when `isOptional`.
  @inline(never)
  func attribute(
    _ value: RawValue, _ name: StringCell, isOptional: Bool = false
  ) throws(Thrown) -> RawValue {
    if name.isSame(as: names.type), value.tag != RawValue.Tag.instance {
      return type(of: value).value
    }
    switch value.tag {
    case RawValue.Tag.native:
      if let found = try nativeAttribute(value, name) { return found }
    case RawValue.Tag.instance:
      if let found = try instanceAttribute(value, name) { return found }
    case RawValue.Tag.type:
      if let found = try typeAttribute(TypeCell(value), name) { return found }
    case RawValue.Tag.exception:
      if isScriptException(value) {
        if let found = try instanceAttribute(value, name) { return found }
      } else if let found = try exceptionAttribute(value, name) {
        return found
      }
    case RawValue.Tag.function, RawValue.Tag.builtin, RawValue.Tag.method:
      if let found = functionAttribute(value, name) { return found }
    case UInt64(Kind.descriptor.rawValue):
      if let found = try descriptorAttribute(DescriptorCell(Cell(value)), name) { return found }
    case RawValue.Tag.deque:
      if name.equals("maxlen") {
        return DequeCell(value).limit < 0 ? .none : RawValue(DequeCell(value).limit)
      }
    case RawValue.Tag.range:
      let range = RangeCell(value)
      if name.equals("start") { return RawValue(range.start) }
      if name.equals("stop") { return RawValue(range.stop) }
      if name.equals("step") { return RawValue(range.step) }
    case RawValue.Tag.generator:
      let generator = GeneratorCell(value)
      let facts = generator.function.code.facts
      if name.isSame(as: names.name) { return string(facts.name) }
      if name.isSame(as: names.qualifiedName) { return string(facts.qualifiedName) }
      if name.equals("gi_running") { return RawValue(generator.state == .running) }
    case RawValue.Tag.slice:
      if name.equals("start") { return SliceCell(value).lower }
      if name.equals("stop") { return SliceCell(value).upper }
      if name.equals("step") { return SliceCell(value).step }
    case RawValue.Tag.int, RawValue.Tag.bool:
      if name.equals("real") || name.equals("numerator") { return RawValue(value.int) }
      if name.equals("imag") { return RawValue(0) }
      if name.equals("denominator") { return RawValue(1) }
    case RawValue.Tag.float:
      if name.equals("real") { return value }
      if name.equals("imag") { return RawValue(0.0) }
    default: break
    }
    if value.tag != RawValue.Tag.type, let method = type(of: value).find(name) {
      return try resolve(method, for: value, type(of: value))
    }
    if isOptional { return .undefined }
    throw missingAttribute(value, name)
  }

  /// A class attribute as seen through an instance: functions become methods.
  func bind(_ found: RawValue, to receiver: RawValue) -> RawValue {
    switch found.tag {
    case RawValue.Tag.function: return newMethod(receiver, found)
    case RawValue.Tag.builtin:
      return builtins[BuiltinCell(found).index].isMethod ? newMethod(receiver, found) : found
    default: return found
    }
  }

  /// An attribute of a library object: its type's members, then its own.
  private func nativeAttribute(
    _ value: RawValue, _ name: StringCell
  ) throws(Thrown) -> RawValue? {
    if let members = moduleMembers[value.bits] { return members.value(named: name) }
    let object = NativeCell(value).object
    let text = name.string
    if let entry = object.type.member(text) {
      switch entry.body {
      case .library, .intrinsic: return newMethod(value, builtin(for: entry, of: object.type))
      case .constant(let make):
        let made = try attempt { try make(context) }
        return raw(made)
      case .attribute(let get, _):
        let got = try attempt { try get(.object(object)) }
        return raw(got)
      }
    }
    if let module = object as? Module, let type = typesByName[text], module.offers(text) {
      return type.value
    }
    guard let own = try attempt({ try object.attribute(text) }) else { return nil }
    return raw(own)
  }

  /// The builtin that calls a method of a library type, made once.
  func builtin(for entry: Entry, of type: ObjectType) -> RawValue {
    let table = self.type(for: type).attributes
    let name = heap.intern(entry.name)
    if let known = table.value(named: name) { return known }
    let own = LanguageBuiltins.method(entry, of: type)
    let made = newBuiltin(
      Builtin(
        entry, body: own?.body,
        qualifiedName: "\(type.name.split(separator: ".").last ?? "").\(entry.name)"))
    heap.set(name, made, in: table)
    return made
  }

  private func functionAttribute(_ value: RawValue, _ name: StringCell) -> RawValue? {
    if value.tag == RawValue.Tag.function,
      let own = FunctionCell(value).attributes?.value(named: name)
    {
      return own
    }
    if name.isSame(as: names.name) { return string(functionName(value)) }
    if name.isSame(as: names.qualifiedName) {
      return string(functionName(value, isQualified: true))
    }
    if name.isSame(as: names.module) {
      guard value.tag == RawValue.Tag.function else { return string("builtins") }
      return string(FunctionCell(value).code.facts.source.module ?? "__main__")
    }
    if name.isSame(as: names.doc) {
      switch value.tag {
      case RawValue.Tag.function:
        return FunctionCell(value).code.facts.documentation.map { string($0) } ?? RawValue.none
      case RawValue.Tag.builtin:
        return string(builtins[BuiltinCell(value).index].entry.sentence)
      default: return functionAttribute(MethodCell(value).function, name)
      }
    }
    if value.tag == RawValue.Tag.method {
      if name.equals("__self__") { return MethodCell(value).receiver }
      if name.equals("__func__") { return MethodCell(value).function }
      return functionAttribute(MethodCell(value).function, name)
    }
    if value.tag == RawValue.Tag.function {
      if name.equals("__annotations__") {
        let made = heap.newDict()
        for (name, text) in FunctionCell(value).code.facts.annotations {
          heap.set(heap.intern(name), string(text), in: made)
        }
        return made.value
      }
      if name.equals("__kwdefaults__") {
        return unsafe FunctionCell(value).at.pointee.namedDefaults
      }
      if name.equals("__code__") { return codeRecord(FunctionCell(value)) }
      if name.equals("__closure__") { return closureRecord(FunctionCell(value)) }
      if name.equals("__defaults__") { return unsafe FunctionCell(value).at.pointee.defaults }
      if name.isSame(as: names.dict) {
        if let own = FunctionCell(value).attributes { return own.value }
        let made = heap.newDict()
        unsafe FunctionCell(value).at.pointee.attributes = made.value
        return made.value
      }
    }
    return nil
  }

  func exceptionAttribute(
    _ value: RawValue, _ name: StringCell
  ) throws(Thrown) -> RawValue? {
    let cell = ExceptionCell(value)
    if cell.type.isScript, let found = cell.type.own(name), found.kind == .descriptor,
      DescriptorCell(Cell(found)).form == .property
    {
      return try resolve(found, for: value, cell.type)
    }
    if cell.attributes.isDict, let own = DictCell(cell.attributes).value(named: name) { return own }
    if name.equals("args") { return cell.arguments.value }
    if name.equals("__cause__") { return cell.cause }
    if name.equals("__context__") { return cell.context }
    if name.equals("__suppress_context__") { return RawValue(cell.suppressesContext) }
    if name.isSame(as: names.dict) {
      if !cell.attributes.isDict { cell.attributes = heap.newDict().value }
      return cell.attributes
    }
    if name.equals("__traceback__") {
      return unsafe cell.at.pointee.traceCount > 0 ? newRecord("traceback", []) : RawValue.none
    }
    let kind = cell.type.name.string
    if kind == "StopIteration", name.equals("value") {
      return cell.arguments.count > 0 ? cell.arguments[0] : .none
    }
    if kind == "SystemExit", name.equals("code") {
      if cell.arguments.count > 1 { return cell.arguments.value }
      return cell.arguments.count > 0 ? cell.arguments[0] : .none
    }
    if let found = systemErrorAttribute(cell, name) { return found }
    if name.equals("with_traceback") || name.equals("add_note") {
      return typesByName["BaseException"]?.find(name).map { newMethod(value, $0) }
    }
    if cell.type.isScript, let found = cell.type.find(name) {
      return try resolve(found, for: value, cell.type)
    }
    if isKind(value, "SyntaxError") {
      if name.isNamed("msg") { return cell.firstArgument }
      for part in ["filename", "lineno", "offset", "text"] where name.isNamed(part) {
        return RawValue.none
      }
    }
    if name.isNamed("name") { return missingName(cell) }
    return nil
  }

  /// The attribute `name` of errors about names: what was not found; nil: the class has none.
  private func missingName(_ cell: ExceptionCell) -> RawValue? {
    let classes = ["NameError", "AttributeError", "ImportError"]
    guard classes.contains(where: { isKind(cell.value, $0) }) else { return nil }
    // Only what the machine has raised knows its name.
    guard unsafe cell.at.pointee.failure != nil, cell.firstArgument.isString else {
      return RawValue.none
    }
    let parts = StringCell(cell.firstArgument).string.split(separator: "'")
    let isAttribute = isKind(cell.value, "AttributeError")
    let isMember = parts.first?.hasPrefix("cannot import name") == true
    guard let name = isAttribute ? parts.last : isMember ? parts.last : parts.dropFirst().first
    else { return RawValue.none }
    return string(String(name))
  }

  /// `super().name`, and the decorators `x.setter` and `x.deleter` of a property.
  private func descriptorAttribute(
    _ descriptor: DescriptorCell, _ name: StringCell
  ) throws(Thrown) -> RawValue? {
    guard descriptor.form == .superProxy else {
      if descriptor.form == .property {
        for part in ["setter", "deleter", "getter"] where name.isNamed(part) {
          let method = typesByName["property"]?.find(name)
          return method.map { newMethod(descriptor.value, $0) }
        }
        if name.equals("fget") { return descriptor.getter }
        if name.equals("fset") { return descriptor.setter }
        if name.equals("fdel") { return descriptor.deleter }
        if name.isSame(as: names.doc) {
          if !descriptor.documentation.isNone || descriptor.getter.isNone {
            return descriptor.documentation
          }
          return try attribute(descriptor.getter, name, isOptional: true)
        }
      }
      if name.equals("__func__") || name.equals("__wrapped__") { return descriptor.getter }
      return nil
    }
    let receiver = descriptor.setter
    let type = receiver.tag == RawValue.Tag.type ? TypeCell(receiver) : type(of: receiver)
    guard let found = TypeCell(descriptor.getter).base?.find(name) else {
      // What is not a method stands in the object of the library.
      if peerObject(receiver) != nil {
        let own = try attribute(InstanceCell(receiver).peer, name, isOptional: true)
        if !own.isUndefined { return own }
      }
      throw error(.attribute, "'super' object has no attribute '\(name.string)'")
    }
    if receiver.tag == RawValue.Tag.type, found.kind != .descriptor { return found }
    return try resolve(found, for: receiver, type)
  }

  /// The function that `super().name` calls with the object; nil: only a full lookup can tell.
  func superMethod(_ descriptor: DescriptorCell, _ name: StringCell) -> RawValue? {
    guard descriptor.form == .superProxy, descriptor.setter.tag == RawValue.Tag.instance,
      let found = TypeCell(descriptor.getter).base?.find(name),
      found.tag == RawValue.Tag.function
    else { return nil }
    return found
  }

  func missingAttribute(_ value: RawValue, _ name: StringCell) -> Thrown {
    let text = name.string
    let subject: String
    if value.tag == RawValue.Tag.type, TypeCell(value).isGuided {
      // CPython's EnumMeta says the name alone.
      return error(.attribute, text, code: "L103", about: [value])
    } else if value.tag == RawValue.Tag.type {
      subject = "type object '\(TypeCell(value).name.string)'"
    } else if value.tag == RawValue.Tag.native, let module = NativeCell(value).object as? Module {
      subject = "module '\(module.name)'"
    } else {
      subject = "'\(typeName(value))' object"
    }
    return error(
      .attribute, "\(subject) has no attribute '\(text)'", code: "L103", about: [value])
  }

  /// The names after the dot of a value, for completion and hints; runs no script code.
  func attributeNames(_ value: RawValue) -> [String] {
    var all: [String] = []
    func add(_ table: DictCell) {
      table.forEach { key, _ in if key.isString { all.append(StringCell(key).string) } }
    }
    switch value.tag {
    case RawValue.Tag.native:
      let object = NativeCell(value).object
      all = object.type.members.map(\.name) + object.contents
    case RawValue.Tag.instance:
      add(InstanceCell(value).attributes)
      if let object = peerObject(value) {
        all += object.type.members.map(\.name) + object.contents
      }
    case RawValue.Tag.function:
      if let own = FunctionCell(value).attributes { add(own) }
    case RawValue.Tag.exception:
      all = ["args"]
      if ExceptionCell(value).attributes.isDict { add(DictCell(ExceptionCell(value).attributes)) }
    default: break
    }
    var type: TypeCell? = value.tag == RawValue.Tag.type ? TypeCell(value) : type(of: value)
    while let current = type {
      add(current.attributes)
      type = current.base
    }
    var seen: Set<String> = []
    return all.filter { seen.insert($0).inserted }
  }
}

/// Names that other languages use for members.
enum Members {
  static func foreign(_ name: String) -> String? {
    switch name {
    case "push", "push_back", "add_last": "use append"
    case "length", "size", "count_items": "use len(x)"
    case "toString", "to_s": "use str(x)"
    case "toUpperCase", "uppercased": "did you mean 'upper'?"
    case "toLowerCase", "lowercased": "did you mean 'lower'?"
    case "trim": "did you mean 'strip'?"
    case "indexOf": "did you mean 'index' or 'find'?"
    case "has_key", "containsKey": "use key in x"
    case "forEach", "each": "write a for loop"
    default: nil
    }
  }
}

extension Module {
  /// Whether a name in it stands for the language's own type of that name.
  fileprivate func offers(_ name: String) -> Bool {
    entries.contains { entry in
      if entry.name == name, case .intrinsic = entry.body { true } else { false }
    }
  }
}

import Catalog

/// The instructions that are longer than a few machine instructions; never inlined.
extension Machine {
  // MARK: Names

  @inline(never)
  func unboundLocal(_ name: StringCell) -> Thrown {
    error(
      .unboundLocal,
      "cannot access local variable '\(name.string)' where it is not associated with a value",
      code: "L102")
  }

  @inline(never)
  func unboundBox(_ name: StringCell, isFree: Bool) -> Thrown {
    if !isFree { return unboundLocal(name) }
    return error(
      .name,
      "cannot access free variable '\(name.string)' where it is not associated with a value in "
        + "enclosing scope", code: "L102")
  }

  @inline(never)
  func undefinedGlobal(_ slot: Int) -> Thrown {
    let name = globals.names[slot]
    return error(.name, "name '\(name)' is not defined", code: "L101")
  }

  /// The import that people mean by a name.
  static func usualImport(_ name: String) -> String? {
    switch name {
    case "np": "write: import numpy as np; or without it: tensor([1, 2]), zeros(3)"
    case "plt": "write: import matplotlib.pyplot as plt; or without it: plot(…), hist(…)"
    case "tf": "write: import tensorflow as tf; or without it: Sequential([Dense(10)])"
    case "keras": "write: import keras; or without it: Sequential([Dense(10)])"
    case "layers": "write: from keras import layers; or without it: Sequential([Dense(10)])"
    case "math", "random", "time", "json", "itertools", "functools", "collections", "statistics",
      "os", "sys":
      "write: import \(name)"
    default: nil
    }
  }

  @inline(never)
  func deleteGlobal(_ slot: Int) throws(Thrown) {
    guard isOwn(slot) else { throw undefinedGlobal(slot) }
    unsafe stack[slot] = globals.fallbacks[slot]
  }

  @inline(never)
  func initializerResult(_ value: RawValue) -> Thrown {
    error(.type, "__init__() should return None, not '\(typeName(value))'")
  }

  // MARK: Loops

  @inline(never)
  func startLoop(_ walk: Registers, _ source: RawValue) throws(Thrown) {
    switch source.tag {
    case RawValue.Tag.range:
      let range = RangeCell(source)
      walk[0] = RawValue(
        tag: RawValue.Tag.rangeCursor, bits: UInt64(bitPattern: Int64(range.start)))
      walk[1] = RawValue(range.count)
      walk[2] = RawValue(range.step)
    case RawValue.Tag.list, RawValue.Tag.tuple, RawValue.Tag.string:
      walk[0] = source
      walk[1] = RawValue(0)
    case RawValue.Tag.dict:
      walk[0] = source
      walk[1] = RawValue(0)
      walk[2] = RawValue(DictCell(source).count)
    default: walk[0] = try iterator(over: source)
    }
  }

  @inline(never)
  func changedSize() -> Thrown {
    error(.runtime, "dictionary changed size during iteration", code: "L112")
  }

  /// The next element of a loop over something other than a range, list or dict.
  @inline(never)
  func nextOfLoop(_ walk: Registers) throws(Thrown) -> RawValue {
    let source = walk[0]
    let index = walk[1].int
    switch source.tag {
    case RawValue.Tag.tuple:
      let tuple = TupleCell(source)
      guard index < tuple.count else { return .undefined }
      walk[1] = RawValue(index + 1)
      return tuple[index]
    case RawValue.Tag.string:
      let string = StringCell(source)
      guard index < string.byteCount else { return .undefined }
      let width = StringCell.width(string.byte(index))
      walk[1] = RawValue(index + width)
      return heap.substring(string, fromByte: index, toByte: index + width).value
    default: return try next(source)
    }
  }

  // MARK: Calls

  /// Calls `window[1].name(…)` with `count` arguments; the result or the frame's function goes
  /// into register 0 of the window.
  @inline(never)
  func callMethod(
    _ window: Registers, _ count: Int, _ code: UnsafeMutablePointer<CodeCell.Layout>, _ site: Int
  ) throws(Thrown) -> Start {
    let cache = unsafe code.pointee.caches + site
    let receiver = window[1]
    let name = unsafe StringCell(code.pointee.constants[Int(cache.pointee.nameIndex)])
    if receiver.tag < RawValue.Tag.type || receiver.tag == RawValue.Tag.generator
      || receiver.tag == RawValue.Tag.dictView || receiver.tag == RawValue.Tag.deque
    {
      // Types of the language do not change, so the tag is enough to know the method.
      let key = receiver.tag &+ 1
      if unsafe cache.pointee.key == key {
        window[0] = try callBuiltin(
          unsafe Int(cache.pointee.value), window.advanced(by: 1), count + 1, nil,
          hasReceiver: true)
        return .done
      }
      let isFunction =
        receiver.tag == RawValue.Tag.function || receiver.tag == RawValue.Tag.method
        || receiver.tag == RawValue.Tag.builtin
      if !isFunction, let found = type(of: receiver).find(name),
        found.tag == RawValue.Tag.builtin, builtins[BuiltinCell(found).index].isMethod
      {
        let index = BuiltinCell(found).index
        unsafe cache.pointee.key = key
        unsafe cache.pointee.value = UInt64(index)
        window[0] = try callBuiltin(
          index, window.advanced(by: 1), count + 1, nil, hasReceiver: true)
        return .done
      }
    } else if receiver.tag == RawValue.Tag.instance {
      let instance = InstanceCell(receiver)
      if let found = unsafe method(instance, name, cache) {
        window[0] = found
        return try begin(window, count + 1, nil)
      }
      if instance.attributes.find(name) < 0, let found = instance.type.find(name) {
        if found.tag == RawValue.Tag.builtin, builtins[BuiltinCell(found).index].isMethod {
          window[0] = try callBuiltin(
            BuiltinCell(found).index, window.advanced(by: 1), count + 1, nil, hasReceiver: true)
          return .done
        }
      }
    } else if receiver.tag == RawValue.Tag.native {
      if let index = unsafe moduleFunction(receiver, name, cache) {
        for place in 0..<count { window[1 + place] = window[2 + place] }
        window[0] = try callBuiltin(
          index, window.advanced(by: 1), count, nil, hasReceiver: false)
        return .done
      }
      let object = NativeCell(receiver).object
      if let entry = object.type.member(name.string), entry.kind == .method {
        window[0] = builtin(for: entry, of: object.type)
        return try begin(window, count + 1, nil)
      }
    }
    // Not a method: an attribute that is called.
    let function = try attribute(receiver, name)
    window[0] = function
    for index in 0..<count { window[1 + index] = window[2 + index] }
    return try begin(window, count, nil)
  }

  /// Looks up `window[1].name` before the arguments of its call are computed.
  @inline(never)
  func findMethod(
    _ window: Registers, _ code: UnsafeMutablePointer<CodeCell.Layout>, _ site: Int
  ) throws(Thrown) {
    let cache = unsafe code.pointee.caches + site
    let receiver = window[1]
    window[0] = .undefined
    // A method of a type of the language stays the same until the call.
    if unsafe cache.pointee.key == receiver.tag &+ 1 || receiver.tag == RawValue.Tag.native {
      return
    }
    let name = unsafe StringCell(code.pointee.constants[Int(cache.pointee.nameIndex)])
    if receiver.tag == RawValue.Tag.instance {
      if let found = unsafe method(InstanceCell(receiver), name, cache) {
        window[0] = found
        return
      }
    } else if let found = type(of: receiver).find(name), found.tag == RawValue.Tag.builtin,
      builtins[BuiltinCell(found).index].isMethod, receiver.tag < RawValue.Tag.type
    {
      return
    }
    window[0] = try attribute(receiver, name)
    window[1] = .undefined
  }

  /// Calls what `findMethod` has found.
  @inline(never)
  func callFound(_ window: Registers, _ count: Int) throws(Thrown) -> Start {
    if !window[1].isUndefined { return try begin(window, count + 1, nil) }
    for index in 0..<count { window[1 + index] = window[2 + index] }
    return try begin(window, count, nil)
  }

  /// A call with `*` or `**`: the arguments stand in a list and a dict.
  @inline(never)
  func beginSpread(_ window: Registers) throws(Thrown) -> Start {
    let list = ListCell(window[1])
    let named = window[2]
    let namedCount = named.isDict ? DictCell(named).count : 0
    let count = list.count + namedCount
    // Room for them twice: binding moves what is named aside.
    guard unsafe 2 * count + 128 < stackEnd - window.base else {
      throw memoryError(asked: count * MemoryLayout<RawValue>.stride)
    }
    // The window may reach beyond the frame.
    let end = unsafe window.base + count + 8
    if unsafe state.pointee.scratch < end { unsafe state.pointee.scratch = end }
    var names: TupleCell?
    if namedCount > 0 {
      let dict = DictCell(named)
      let made = heap.newTuple(count: namedCount)
      var place = 0
      for index in 0..<dict.used where dict.isPresent(index) {
        guard dict.key(index).isString else { throw error(.type, "keywords must be strings") }
        made[place] = dict.key(index)
        window[1 + list.count + place] = dict.value(index)
        place += 1
      }
      names = made
    }
    for index in 0..<list.count { window[1 + index] = list[index] }
    if let names {
      // Kept beyond the arguments while they are bound.
      window[1 + count] = names.value
    }
    return try begin(window, count, names)
  }

  @inline(never)
  func makeFunction(_ code: CodeCell, _ parts: Registers) -> RawValue {
    let count = code.facts.captureNames.count
    let size = FunctionCell.captureOffset + count * MemoryLayout<RawValue>.stride
    let cell = FunctionCell(heap.allocate(size, .function))
    unsafe cell.at.initialize(
      to: FunctionCell.Layout(
        header: cell.cell.header, code: code.at, defaults: parts[0], namedDefaults: parts[1],
        attributes: .none, captureCount: count))
    for index in 0..<count { cell.captures[index] = parts[2 + index] }
    return cell.value
  }

  /// `super()`: the attributes of the class above, bound to the first argument.
  @inline(never)
  func superObject(_ owner: RawValue, _ receiver: RawValue) throws(Thrown) -> RawValue {
    guard owner.tag == RawValue.Tag.type else {
      throw error(.runtime, "super(): empty __class__ cell")
    }
    let type = receiver.tag == RawValue.Tag.type ? TypeCell(receiver) : type(of: receiver)
    guard type.isKind(of: TypeCell(owner)) || self.type(of: receiver).isKind(of: TypeCell(owner))
    else {
      throw error(.type, "super(type, obj): obj must be an instance or subtype of type")
    }
    return newDescriptor(.superProxy, owner, receiver)
  }

  func newDescriptor(
    _ form: DescriptorCell.Form, _ getter: RawValue, _ setter: RawValue = .none,
    _ deleter: RawValue = .none
  ) -> RawValue {
    let cell = DescriptorCell(
      heap.allocate(
        MemoryLayout<DescriptorCell.Layout>.size, .descriptor, extra: form.rawValue))
    unsafe cell.at.pointee.getter = getter
    unsafe cell.at.pointee.setter = setter
    unsafe cell.at.pointee.deleter = deleter
    cell.documentation = .none
    return cell.value
  }

  // MARK: Containers

  @inline(never)
  func makeSet(_ elements: Registers, _ count: Int) throws(Thrown) -> RawValue {
    let set = heap.newSet()
    let scope = HandleScope(self)
    scope.keep(set.value)
    for index in 0..<count { try add(elements[index], to: set) }
    return set.value
  }

  /// A frozenset made as CPython's compiler makes a constant: it builds one, and then the one it
  /// keeps from the elements of the first in their order, which shows where hashes collide.
  @inline(never)
  func makeConstantSet(_ elements: Registers, _ count: Int) throws(Thrown) -> RawValue {
    let scope = HandleScope(self)
    let first = heap.newSet(isFrozen: true)
    scope.keep(first.value)
    for index in 0..<count { try add(elements[index], to: first) }
    let kept = heap.newSet(isFrozen: true)
    scope.keep(kept.value)
    for element in first.array { try add(element, to: kept) }
    return kept.value
  }

  @inline(never)
  func makeDict(_ pairs: Registers, _ count: Int) throws(Thrown) -> RawValue {
    let dict = heap.newDict(capacity: count)
    let scope = HandleScope(self)
    scope.keep(dict.value)
    for index in 0..<count { try setItem(pairs[2 * index], pairs[2 * index + 1], in: dict) }
    return dict.value
  }

  @inline(never)
  func join(_ parts: Registers, _ count: Int) throws(Thrown) -> RawValue {
    var (size, scalars) = (0, 0)
    for index in 0..<count {
      size += StringCell(parts[index]).byteCount
      scalars += StringCell(parts[index]).count
    }
    try checkRoom(for: size, of: 1)
    let result = heap.newString(count: size, scalars: scalars, room: size)
    var place = unsafe result.bytes
    for index in 0..<count {
      let part = StringCell(parts[index])
      unsafe place.update(from: part.bytes, count: part.byteCount)
      unsafe place += part.byteCount
    }
    return result.value
  }

  @inline(never)
  func extendList(
    _ list: ListCell, _ source: RawValue, inCall: Bool, _ function: RawValue
  ) throws(Thrown) {
    if !isIterable(source) {
      throw error(
        .type,
        inCall
          ? "\(callName(function))argument after * must be an iterable, not \(typeName(source))"
          : "Value after * must be an iterable, not \(typeName(source))")
    }
    try extend(list, with: source)
  }

  /// How messages about spread arguments call a function: `__main__.f() `.
  private func callName(_ function: RawValue) -> String {
    switch function.tag {
    case RawValue.Tag.function: "__main__.\(functionName(function, isQualified: true))() "
    case RawValue.Tag.method:
      MethodCell(function).function.tag == RawValue.Tag.function
        ? "__main__.\(functionName(function, isQualified: true))() "
        : "\(functionName(function, isQualified: true))() "
    case RawValue.Tag.builtin, RawValue.Tag.type:
      "\(functionName(function, isQualified: true))() "
    default: "\(typeName(function)) object "
    }
  }

  @inline(never)
  func updateDict(
    _ dict: DictCell, _ source: RawValue, inCall: Bool, _ registers: Registers, _ function: UInt16
  ) throws(Thrown) {
    guard let source = try mapping(source) else {
      throw error(
        .type,
        inCall
          ? "\(callName(registers[function]))argument after ** must be "
            + "a mapping, not \(typeName(source))"
          : "'\(typeName(source))' object is not a mapping")
    }
    if inCall {
      let other = DictCell(source)
      for index in 0..<other.used where other.isPresent(index) {
        let key = other.key(index)
        guard key.isString else { throw error(.type, "keywords must be strings") }
        if dict.find(StringCell(key)) >= 0 {
          throw error(
            .type,
            "\(callName(registers[function]))got multiple values for "
              + "keyword argument '\(StringCell(key).string)'", code: "L105")
        }
        heap.set(StringCell(key), other.value(index), in: dict)
      }
      return
    }
    try update(dict, from: source)
  }

  /// What stands after `**` as a dict: a dict itself, or the items of anything with keys; nil:
  /// it has none.
  private func mapping(_ source: RawValue) throws(Thrown) -> RawValue? {
    if source.isDict { return source }
    guard isScripted(source) || source.tag == RawValue.Tag.native,
      try !attribute(source, names.keys, isOptional: true).isUndefined
    else { return nil }
    let dict = heap.newDict()
    let scope = HandleScope(self)
    scope.keep(dict.value)
    try update(dict, from: source)
    return dict.value
  }

  /// A hole of an f-string: 0 plain, 1 str, 2 repr, 3 ascii.
  @inline(never)
  func formatted(
    _ value: RawValue, _ conversion: UInt8, _ specification: RawValue
  ) throws(Thrown) -> RawValue {
    var value = value
    switch conversion {
    case 1: value = try strValue(value)
    case 2: value = string(try repr(value))
    case 3:
      let text = heap.newString(try repr(value))
      value = heap.newString(text.withBytes { Quoting.ascii($0) }).value
    default: break
    }
    if specification.isUndefined {
      if value.isString { return value }
      return try format(value, heap.interned.empty(heap))
    }
    return try format(value, StringCell(specification))
  }

  // MARK: Exceptions

  @inline(never)
  func raise(_ instruction: Instruction, _ registers: Registers) throws(Thrown) -> Thrown {
    if instruction.x == 2 {
      let current = handled
      guard !current.isNone else {
        throw error(.runtime, "No active exception to reraise")
      }
      raised = current
      return Thrown()
    }
    let exception = try exception(from: registers[instruction.a])
    if instruction.x == 1 {
      let scope = HandleScope(self)
      scope.keep(exception)
      let cause = registers[instruction.b]
      let cell = ExceptionCell(exception)
      if cause.isNone {
        cell.cause = .none
      } else if cause.tag == RawValue.Tag.exception {
        cell.cause = cause
      } else if cause.tag == RawValue.Tag.type, TypeCell(cause).isException {
        cell.cause = try self.exception(from: cause)
      } else {
        throw error(.type, "exception causes must derive from BaseException")
      }
      cell.suppressesContext = true
    }
    return raise(exception)
  }

  @inline(never)
  func failAssertion(_ instruction: Instruction, _ registers: Registers) -> Thrown {
    let message = registers[instruction.a]
    let type = typesByName["AssertionError"] ?? types[Int(RawValue.Tag.exception)]
    let exception = newException(type, heap.newTuple(message.isUndefined ? [] : [message]))
    if instruction.x == 1 {
      let (left, right) = (registers[instruction.b], registers[instruction.c])
      if let one = try? repr(left), let two = try? repr(right) {
        func short(_ text: String) -> String {
          text.count <= 60 ? text : text.prefix(59) + "…"
        }
        ExceptionCell(exception).failure = Failure(
          .assertion, "", notes: ["left is \(short(one)), right is \(short(two))"])
      }
    }
    return raise(exception)
  }

  // MARK: Modules

  @inline(never)
  func importModule(_ name: StringCell, isLast: Bool) throws(Thrown) -> RawValue {
    let dotted = name.string
    let parts = dotted.split(separator: ".").map(String.init)
    guard let first = parts.first else { throw error(.import, "empty module name") }
    let top: RawValue
    if let known = modules[first] {
      top = known
    } else {
      if let own = LanguageBuiltins.modules.first(where: { $0.name == first }) {
        top = try module(own)
      } else if let facts = library.modules.first(where: { $0.name == first }) {
        top = newNative(Module(facts, context: context))
      } else {
        let known = LanguageBuiltins.modules.map(\.name) + library.modules.map(\.name)
        throw error(
          .moduleNotFound, "No module named '\(first)'", code: "L201",
          help: Nearest.question(first, among: known)
            ?? "modules that can be imported: " + known.joined(separator: ", "))
      }
      modules[first] = top
    }
    var current = top
    for (index, part) in parts.enumerated().dropFirst() {
      let inner = try attribute(current, heap.intern(part), isOptional: true)
      guard inner.tag == RawValue.Tag.native, NativeCell(inner).object is Module else {
        throw error(
          .moduleNotFound,
          "No module named '\(parts[...index].joined(separator: "."))'", code: "L201",
          help: hint(part, in: current)
            ?? Nearest.question(part, among: attributeNames(current)))
      }
      current = inner
    }
    return isLast ? current : top
  }

  @inline(never)
  func importMember(_ module: RawValue, _ name: StringCell) throws(Thrown) -> RawValue {
    let found = try attribute(module, name, isOptional: true)
    if !found.isUndefined { return found }
    var title = "unknown module"
    if module.tag == RawValue.Tag.native, let module = NativeCell(module).object as? Module {
      title = module.name
    }
    throw error(
      .import, "cannot import name '\(name.string)' from '\(title)'", code: "L201",
      help: hint(name.string, in: module)
        ?? Nearest.question(name.string, among: attributeNames(module)))
  }

  /// What a module says to write in place of a member that it has not.
  func hint(_ name: String, in value: RawValue) -> String? {
    guard value.tag == RawValue.Tag.native, let module = NativeCell(value).object as? Module
    else { return nil }
    return module.hint(for: name)
  }

  @inline(never)
  func importAll(_ module: RawValue) throws(Thrown) {
    for name in attributeNames(module) where !name.hasPrefix("_") && name != "type" {
      let value = try attribute(module, heap.intern(name), isOptional: true)
      if !value.isUndefined { setGlobal(name, value) }
    }
  }

  // MARK: Generators and with

  /// `undefined` when the iterator has ended, its result then in `generatorResult`.
  @inline(never)
  func send(_ value: RawValue, to iterator: RawValue) throws(Thrown) -> RawValue {
    if iterator.tag == RawValue.Tag.generator {
      return try resume(GeneratorCell(iterator), value)
    }
    generatorResult = .none
    if value.isNone { return try next(iterator) }
    let method = try attribute(iterator, heap.intern("send"))
    do throws(Thrown) {
      return try call(method, [value])
    } catch {
      guard isKind(raised, "StopIteration") else { throw error }
      generatorResult = ExceptionCell(raised).firstArgument
      return .undefined
    }
  }

  @inline(never)
  func enterContext(_ target: Registers, _ manager: RawValue) throws(Thrown) {
    let enter = try special(manager, names.enter)
    let exit = try special(manager, names.exit)
    guard !enter.isUndefined, !exit.isUndefined else {
      throw error(
        .type,
        "'\(typeName(manager))' object does not support the context manager protocol"
          + (exit.isUndefined && !enter.isUndefined ? " (missed __exit__ method)" : ""))
    }
    target[0] = exit
    target[1] = try call(enter, [])
  }

  /// A special method as its type has it, past `__getattribute__`; undefined: there is none.
  private func special(_ value: RawValue, _ name: StringCell) throws(Thrown) -> RawValue {
    if value.tag == RawValue.Tag.native {
      return try attribute(value, name, isOptional: true)
    }
    let type = type(of: value)
    guard let method = type.find(name) else { return .undefined }
    return try resolve(method, for: value, type)
  }

  @inline(never)
  func exitContext(_ exit: RawValue, _ exception: RawValue) throws(Thrown) -> RawValue {
    if exception.tag == RawValue.Tag.exception {
      let type = ExceptionCell(exception).type.value
      let trace = newRecord("traceback", [])
      return try call(exit, [type, exception, trace])
    }
    return try call(exit, [.none, .none, .none])
  }
}

import Catalog

/// Calls of methods and calls with `*` and `**`; never inlined.
extension Machine {
  @inline(never)
  func initializerResult(_ value: RawValue) -> Thrown {
    error(.type, "__init__() should return None, not '\(typeName(value))'")
  }

  /// Calls `window[1].name(…)` with `count` arguments; the result or the frame's function goes
  /// into register 0 of the window.
  @inline(never)
  func callMethod(
    _ window: Registers, _ count: Int, _ code: UnsafeMutablePointer<CodeCell.Layout>, _ site: Int
  ) throws(Thrown) -> Start {
    let cache = unsafe code.pointee.caches + 2 * site
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
        unsafe cache.pointee.shape = Shapes.unknown
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
        return try enter(FunctionCell(found), window, count + 1)
      }
      if instance.attributes.find(name) < 0, let found = instance.type.find(name) {
        if found.tag == RawValue.Tag.builtin, builtins[BuiltinCell(found).index].isMethod {
          window[0] = try callBuiltin(
            BuiltinCell(found).index, window.advanced(by: 1), count + 1, nil, hasReceiver: true)
          return .done
        }
      }
    } else if receiver.kind == .descriptor,
      let found = superMethod(DescriptorCell(Cell(receiver)), name)
    {
      window[0] = found
      window[1] = DescriptorCell(Cell(receiver)).setter
      return try enter(FunctionCell(found), window, count + 1)
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
    let cache = unsafe code.pointee.caches + 2 * site
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
}

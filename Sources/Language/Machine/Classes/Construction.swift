import Catalog

/// Calls of a class: `__new__`, `__init__`, and what stands in for them.
extension Machine {
  /// Calls a class: a builtin type's maker, an exception, or a script's class.
  func construct(
    _ type: TypeCell, _ window: Registers, _ count: Int, _ names: TupleCell?
  ) throws(Thrown) -> Start {
    if plan(of: type).contains(.plainObjects) {
      return try initialize(
        newInstance(type), unsafe type.at.pointee.initializer, window, count, names)
    }
    if type.isGuided, !classGuide.isEmpty {
      try shift(window, from: 1, count)
      window[1] = type.value
      window[0] = classGuide[Guidance.call.rawValue]
      return try begin(window, count + 1, names)
    }
    if !type.isScript {
      if type.maker.tag == RawValue.Tag.builtin {
        window[0] = try callBuiltin(
          BuiltinCell(type.maker).index, window.advanced(by: 1), count, names,
          hasReceiver: false)
        return .done
      }
      if type.isException {
        if names != nil {
          throw error(.type, "\(type.name.string)() takes no keyword arguments", code: "L105")
        }
        window[0] = newException(type, heap.newTuple(copying: window.advanced(by: 1), count: count))
        refine(ExceptionCell(window[0]))
        return .done
      }
      if type.name.equals("object") {
        if count > 0 { throw error(.type, "object() takes no arguments", code: "L105") }
        window[0] = newInstance(type)
        return .done
      }
      throw error(.type, "cannot create '\(type.name.string)' instances")
    }
    if type.isAbstract { throw abstractClass(type) }
    let instance = try newObject(type, window, count, names)
    guard instance.tag >= RawValue.Tag.string, self.type(of: instance).isKind(of: type) else {
      // A `__new__` that makes something else.
      window[0] = instance
      return .done
    }
    let made = self.type(of: instance)
    guard let method = made.own(self.names.initialize) else {
      window[0] = instance
      if peerObject(instance) != nil, let initialize = made.find(self.names.initialize) {
        try shift(window, from: 1, count)
        window[1] = instance
        window[0] = initialize
        let scope = HandleScope(self)
        scope.keep(instance)
        _ = try invoke(window, count + 1, names)
        window[0] = instance
        return .done
      }
      if let tag = made.peerTag, TypeCell.changeable.contains(tag),
        let initialize = types[Int(tag)].find(self.names.initialize)
      {
        try shift(window, from: 1, count)
        window[1] = instance
        window[0] = initialize
        _ = try invoke(window, count + 1, names)
        window[0] = instance
      }
      return .done
    }
    guard method.tag == RawValue.Tag.function else {
      let scope = HandleScope(self)
      scope.keep(instance)
      window[0] = try resolve(method, for: instance, made)
      let result = try invoke(window, count, names)
      if !result.isNone { throw initializerResult(result) }
      window[0] = instance
      return .done
    }
    return try initialize(instance, method, window, count, names)
  }

  /// Calls `__init__`, with self as the first argument, which stays as the result of the call.
  private func initialize(
    _ instance: RawValue, _ method: RawValue, _ window: Registers, _ count: Int,
    _ names: TupleCell?
  ) throws(Thrown) -> Start {
    try shift(window, from: 1, count)
    window[1] = instance
    window[0] = instance
    let base = window.advanced(by: 1)
    try bindArguments(FunctionCell(method), base, count + 1, names)
    try push(FunctionCell(method), base, flags: FrameFlag.initializer)
    return .entered
  }

  /// `type.__new__(type, …)` with the arguments in a window, which stay there.
  private func newObject(
    _ type: TypeCell, _ window: Registers, _ count: Int, _ names: TupleCell?
  ) throws(Thrown) -> RawValue {
    let new = type.own(self.names.new)
    if new == nil, !type.isException {
      guard let tag = type.peerTag else {
        if let host = host(of: type) { return newHosted(type, host) }
        if count > 0, type.own(self.names.initialize) == nil {
          throw error(
            .type, "\(type.name.string)() takes no arguments", code: "L105", about: [type.value])
        }
        return newInstance(type)
      }
      if let empty = emptyPeer(tag) { return newInstance(type, peer: empty) }
    }
    let given = count - (names?.count ?? 0)
    var arguments: [RawValue] = []
    for index in 0..<given { arguments.append(window[1 + index]) }
    if new == nil, type.isException {
      if names != nil, type.own(self.names.initialize) == nil {
        throw error(.type, "\(type.name.string)() takes no keyword arguments", code: "L105")
      }
      let made = newException(type, heap.newTuple(arguments))
      if type.own(self.names.initialize) == nil { refine(ExceptionCell(made)) }
      return made
    }
    var named: [(StringCell, RawValue)] = []
    if let names {
      for index in 0..<names.count {
        named.append((StringCell(names[index]), window[1 + given + index]))
      }
    }
    // The window is in use for the arguments of `__init__` meanwhile.
    let saved = unsafe state.pointee.scratch
    let end = unsafe window.base + 1 + count + 1
    if let names { window[1 + count] = names.value }
    if unsafe saved < end { unsafe state.pointee.scratch = end }
    defer { unsafe state.pointee.scratch = saved }
    guard let new else { return try allocate(type, arguments, named) }
    let function =
      new.kind == .descriptor ? DescriptorCell(Cell(new)).getter : new
    return try call(function, [type.value] + arguments, named: named)
  }
}

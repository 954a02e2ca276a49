import Catalog

/// Calls of the library, whose arguments and results cross as `Value`s.
extension Machine {
  /// Calls an entry of the library: the arguments cross as `Value`s.
  @inline(never)
  func callLibrary(
    _ builtin: Builtin, _ base: Registers, _ count: Int, _ names: TupleCell?
  ) throws(Thrown) -> RawValue {
    let entry = builtin.entry
    var receiver: Value?
    var (base, count) = (base, count)
    if entry.kind == .method {
      guard count > 0 else {
        throw error(.type, "unbound method \(builtin.qualifiedName)() needs an argument")
      }
      receiver = value(base[0])
      base = base.advanced(by: 1)
      count -= 1
    }
    let arguments = catalogArguments(base, count, names, receiver: receiver)
    return try library {
      let made = try entry.call(arguments)
      if entry.type != nil, case .object(let object) = made, let placed = object as? any Placed,
        placed.origin == nil
      {
        placed.origin = place
      }
      return made
    }
  }

  /// Calls an object of the library.
  @inline(never)
  func callObject(
    _ object: any Object, _ base: Registers, _ count: Int, _ names: TupleCell?
  ) throws(Thrown) -> RawValue {
    let arguments = catalogArguments(base, count, names, receiver: nil)
    return try library { try object.call(arguments) }
  }

  private func catalogArguments(
    _ base: Registers, _ count: Int, _ names: TupleCell?, receiver: Value?
  ) -> Arguments {
    let namedCount = names?.count ?? 0
    let given = count - namedCount
    var positional: [Value] = []
    positional.reserveCapacity(given)
    for index in 0..<given { positional.append(value(base[index])) }
    var named: [(name: String, value: Value)] = []
    if let names {
      for index in 0..<namedCount {
        named.append((StringCell(names[index]).string, value(base[given + index])))
      }
    }
    return Arguments(receiver: receiver, positional: positional, named: named, context: context)
  }

  /// Runs code of the library; what it gets from script functions is kept until it returns.
  private func library(_ body: () throws -> Value) throws(Thrown) -> RawValue {
    let kept = pins.count
    defer { if pins.count > kept { pins.removeLast(pins.count - kept) } }
    do {
      return raw(try body())
    } catch {
      throw thrown(error)
    }
  }
}

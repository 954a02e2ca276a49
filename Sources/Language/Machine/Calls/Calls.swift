import Catalog

/// Calls of anything callable: from Swift code, and from the run loop.
extension Machine {
  /// Calls anything callable from Swift code.
  ///
  /// May run script code, so values in Swift locals must be kept in a `HandleScope`; the function
  /// and the arguments are kept here.
  func call(_ function: RawValue, _ arguments: [RawValue]) throws(Thrown) -> RawValue {
    try call(function, arguments, named: [])
  }

  /// Calls with one argument.
  func call(_ function: RawValue, with argument: RawValue) throws(Thrown) -> RawValue {
    let saved = unsafe state.pointee.scratch
    guard unsafe saved + 16 < stackEnd else { throw stackOverflow() }
    let window = unsafe Registers(saved)
    window[0] = function
    window[1] = argument
    unsafe state.pointee.scratch = saved + 2
    defer { unsafe state.pointee.scratch = saved }
    return try invoke(window, 1, nil)
  }

  @inline(never)
  func call(
    _ function: RawValue, _ arguments: [RawValue], named: [(StringCell, RawValue)]
  ) throws(Thrown) -> RawValue {
    let saved = unsafe state.pointee.scratch
    let count = arguments.count + named.count
    guard unsafe saved + count + 8 < stackEnd else { throw stackOverflow() }
    let window = unsafe Registers(saved)
    window[0] = function
    for (index, value) in arguments.enumerated() { window[1 + index] = value }
    for (index, item) in named.enumerated() { window[1 + arguments.count + index] = item.1 }
    unsafe state.pointee.scratch = saved + 1 + count
    defer { unsafe state.pointee.scratch = saved }
    var names: TupleCell?
    if !named.isEmpty {
      let made = heap.newTuple(named.map { $0.0.value })
      unsafe state.pointee.scratch.pointee = made.value
      unsafe state.pointee.scratch += 1
      names = made
    }
    return try invoke(window, count, names)
  }

  /// Calls what stands in register 0 of the window with `count` arguments after it, the last of
  /// them named; runs script code to its end.
  func invoke(_ window: Registers, _ count: Int, _ names: TupleCell?) throws(Thrown) -> RawValue {
    let before = unsafe state.pointee.frame
    switch try begin(window, count, names) {
    case .done: return window[0]
    case .entered:
      unsafe state.pointee.frame.pointee.flags |= FrameFlag.entry
      guard unsafe state.pointee.nesting < limits.nesting else {
        unsafe state.pointee.frame = before
        throw nestingError()
      }
      do throws(Thrown) {
        try checkStack()
      } catch {
        unsafe state.pointee.frame = before
        throw error
      }
      unsafe state.pointee.nesting += 1
      let scratch = unsafe state.pointee.scratch
      defer {
        unsafe state.pointee.nesting -= 1
        unsafe state.pointee.scratch = scratch
      }
      return try execute()
    }
  }

  /// What `begin` did.
  enum Start {
    /// The result stands in register 0 of the window.
    case done
    /// A frame has been pushed.
    case entered
  }

  /// Starts a call: pushes a frame for script code, or runs a builtin to its end.
  @inline(never)
  func begin(_ window: Registers, _ count: Int, _ names: TupleCell?) throws(Thrown) -> Start {
    let callee = window[0]
    switch callee.tag {
    case RawValue.Tag.function:
      let function = FunctionCell(callee)
      try bindArguments(function, window.advanced(by: 1), count, names)
      if unsafe function.at.pointee.code.pointee.isGenerator {
        window[0] = newGenerator(function, window.advanced(by: 1))
        return .done
      }
      try push(function, window.advanced(by: 1), flags: 0)
      return .entered
    case RawValue.Tag.builtin:
      window[0] = try callBuiltin(
        BuiltinCell(callee).index, window.advanced(by: 1), count, names, hasReceiver: false)
      return .done
    case RawValue.Tag.method:
      let method = MethodCell(callee)
      // The receiver becomes the first argument.
      try shift(window, from: 1, count)
      window[1] = method.receiver
      window[0] = method.function
      return try begin(window, count + 1, names)
    case RawValue.Tag.type:
      return try construct(TypeCell(callee), window, count, names)
    case RawValue.Tag.native:
      window[0] = try callObject(NativeCell(callee).object, window.advanced(by: 1), count, names)
      return .done
    case RawValue.Tag.instance, RawValue.Tag.exception:
      guard isScripted(callee) else { break }
      guard let method = type(of: callee).own(self.names.call) else {
        guard let object = peerObject(callee) else { break }
        window[0] = try callObject(object, window.advanced(by: 1), count, names)
        return .done
      }
      guard method.tag == RawValue.Tag.function else {
        try checkStack()
        window[0] = try resolve(method, for: callee, type(of: callee))
        return try begin(window, count, names)
      }
      try shift(window, from: 1, count)
      window[1] = callee
      window[0] = method
      return try begin(window, count + 1, names)
    default:
      if isTypeExpression(callee), DescriptorCell(Cell(callee)).form == .alias {
        window[0] = DescriptorCell(Cell(callee)).getter
        return try begin(window, count, names)
      }
    }
    throw notCallable(callee)
  }

  /// Starts a call of a script function with positional arguments.
  @inline(__always)
  func enter(_ function: FunctionCell, _ window: Registers, _ count: Int) throws(Thrown) -> Start {
    guard unsafe function.at.pointee.code.pointee.simpleArity == count else {
      return try begin(window, count, nil)
    }
    try push(function, window.advanced(by: 1), flags: 0)
    return .entered
  }

  func notCallable(_ value: RawValue) -> Thrown {
    error(.type, "'\(typeName(value))' object is not callable", code: "L106", about: [value])
  }

  /// Moves `count` registers from `start` up by one.
  func shift(_ window: Registers, from start: Int, _ count: Int) throws(Thrown) {
    guard unsafe window.base + start + count + 8 < stackEnd else { throw stackOverflow() }
    var index = start + count
    while index > start {
      window[index] = window[index - 1]
      index -= 1
    }
    let end = unsafe window.base + start + count + 1
    if unsafe state.pointee.scratch < end { unsafe state.pointee.scratch = end }
  }

  /// Too much Swift code that was called from scripts that it called.
  @inline(never)
  func nestingError() -> Thrown {
    error(
      .recursion, "maximum recursion depth exceeded", code: "L111",
      notes: ["functions that the library calls may call it again \(limits.nesting) times deep"])
  }

  func stackOverflow() -> Thrown {
    let (notes, help) = recursionFacts()
    return error(
      .recursion, "maximum recursion depth exceeded", code: "L111",
      notes: ["the limit is \(limits.recursion) calls inside one another"] + notes, help: help)
  }

  /// Pushes a frame whose registers start at `base`.
  @inline(__always)
  func push(_ function: FunctionCell, _ base: Registers, flags: UInt64) throws(Thrown) {
    let code = function.code
    let frame = unsafe state.pointee.frame + 1
    guard unsafe frame < framesEnd, unsafe base.base + code.registerCount + 64 < stackEnd else {
      throw stackOverflow()
    }
    unsafe frame.pointee = Frame(
      next: code.instructions + code.at.pointee.entry, base: base.base,
      top: base.base + code.registerCount, code: code.at,
      function: function.cell.pointer, flags: flags, generator: nil)
    unsafe state.pointee.frame = frame
    unsafe state.pointee.scratch = base.base + code.registerCount
  }
}

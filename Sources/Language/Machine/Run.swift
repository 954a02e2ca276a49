public import Catalog

extension Machine: GlobalNames {
  func slot(of name: String) -> Int { Globals.slot(name, in: self) }

  func isCertain(_ slot: Int) -> Bool {
    unsafe !stack[slot].isUndefined && !globals.vanishing.contains(slot)
  }

  func noteVanishing(_ slot: Int) { globals.vanishing.insert(slot) }
}

/// What a machine does for a session.
extension Machine {
  /// Parses, compiles and runs a cell or file.
  ///
  /// - Returns: the value of its last statement when that is an expression and not None; nil
  ///   otherwise.
  public func run(_ source: Source) throws(Failure) -> Value? {
    let tree = try parsed(source)
    return try run(tree)
  }

  /// Compiles and runs a tree without errors.
  public func run(_ tree: Tree) throws(Failure) -> Value? {
    let result = try execute(tree)
    return result.isNone ? nil : value(result)
  }

  /// Evaluates one expression among the session's names.
  public func evaluate(_ source: Source) throws(Failure) -> Value {
    let tree = try parsed(source)
    guard tree.body.count == 1, case .expression = tree.body[0].form else {
      throw Failure(.syntax, "invalid syntax", help: "one expression is wanted here")
    }
    return value(try execute(tree))
  }

  private func parsed(_ source: Source) throws(Failure) -> Tree {
    do {
      return try Tree.parse(source).checked()
    } catch {
      throw error.failure(in: source)
    }
  }

  private func execute(_ tree: Tree) throws(Failure) -> RawValue {
    let source = tree.source
    let code: CodeCell
    do {
      code = try compile(tree)
    } catch {
      throw error.failure(in: source)
    }
    let before = (frame: unsafe state.pointee.frame, scratch: unsafe state.pointee.scratch)
    if unsafe before.frame == frames {
      unsafe state.pointee.nativeEnd = Machine.nativeEnd()
      unsafe state.pointee.interrupted = -10
      heap.collections.cells += 1
      if heap.collections.cells >= Heap.cellsBetween { pending.set(.collect) }
    }
    defer { if unsafe before.frame == frames { unsafe state.pointee.isAbandoning = false } }
    let savedHandled = handled
    let kept = pins.count
    defer {
      unsafe state.pointee.frame = before.frame
      unsafe state.pointee.scratch = before.scratch
      handled = savedHandled
      raised = .none
      if pins.count > kept { pins.removeLast(pins.count - kept) }
      // What a cell has written stands in the file when the cell has ended, however it ended.
      files.flush()
    }
    let frame = unsafe state.pointee.frame + 1
    guard unsafe frame < framesEnd else {
      throw Failure(.recursion, "maximum recursion depth exceeded", code: "L111")
    }
    let top = unsafe stack + code.registerCount
    unsafe frame.pointee = unsafe Frame(
      next: code.instructions + code.at.pointee.entry, base: stack, top: top, code: code.at,
      function: nil, flags: FrameFlag.entry, generator: nil)
    unsafe state.pointee.frame = frame
    unsafe state.pointee.scratch = top
    do throws(Thrown) {
      let result = try execute()
      last = result
      notePlaces(tree)
      return result
    } catch {
      let failure = failure(of: raised, isFinal: true)
      notePlaces(tree, upTo: failure.frames.first?.line)
      throw failure
    }
  }

  /// Compiles a cell for the top of the stack.
  func compile(_ tree: Tree) throws(Diagnostic) -> CodeCell {
    let resolver = try Resolver(tree)
    for name in resolver.vanishing { globals.vanishing.insert(slot(of: name)) }
    let code = Code(
      name: "<module>", source: tree.source, span: SourceSpan(0, tree.source.bytes.count))
    let first = unsafe max(Machine.globalCapacity, stackTop - stack)
    guard first < 60_000 else {
      throw Diagnostic(.syntax, "a cell cannot start here: the stack is too deep", at: code.span)
    }
    let compiler = Compiler(
      resolver.module, resolver: resolver, code: code, globals: self, firstTemporary: first)
    try compiler.compileCell(tree)
    return instantiate(code)
  }

  /// Makes the constants of code, and of the code in it, on the heap.
  ///
  /// Nothing collects meanwhile: this is not a safepoint.
  func instantiate(_ code: Code) -> CodeCell {
    var values: [RawValue] = []
    values.reserveCapacity(code.constants.count)
    for constant in code.constants { values.append(instantiate(constant, of: code)) }
    return heap.newCode(code, constants: values)
  }

  private func instantiate(_ constant: Code.Constant, of code: Code) -> RawValue {
    switch constant {
    case .none: .none
    case .bool(let value): RawValue(value)
    case .int(let value): RawValue(value)
    case .float(let bits): RawValue(tag: RawValue.Tag.float, bits: bits)
    case .bigInteger: .undefined
    case .text(let text): heap.intern(text.string).value
    case .ellipsis: .ellipsis
    case .tuple(let parts): tuple(parts.map { instantiate($0, of: code) })
    case .code(let index): instantiate(code.children[index]).value
    }
  }

  /// The value of a global name; nil: the user has defined none.
  public func global(_ name: String) -> Value? {
    guard let slot = globals.slots[name], isOwn(slot) else { return nil }
    return unsafe value(stack[slot])
  }

  /// Defines or replaces a global name.
  public func setGlobal(_ name: String, to value: Value) {
    setGlobal(name, raw(value))
  }

  /// A path from the root; relative ones start at the session's working directory.
  public func absolutePath(_ path: String) -> String { absolute(path) }

  /// Forgets all names the user has defined.
  public func reset() {
    for slot in 0..<globals.count { unsafe stack[slot] = globals.fallbacks[slot] }
    globals.places = [:]
    globals.unreached = [:]
    modules = [:]
    last = .none
    collect()
  }

  /// Forgets one name; false: it was not defined.
  public func forget(_ name: String) -> Bool {
    guard let slot = globals.slots[name], isOwn(slot) else { return false }
    unsafe stack[slot] = globals.fallbacks[slot]
    return true
  }

  /// What `repr` gives for a value.
  public func repr(_ value: Value) throws(Failure) -> String {
    let raw = raw(value)
    let scope = HandleScope(self)
    scope.keep(raw)
    do throws(Thrown) {
      return try repr(raw)
    } catch {
      let failure = failure(of: raised)
      raised = .none
      throw failure
    }
  }

  /// Keeps a function or object of the script alive until `release`; for what the session holds.
  public func keep(_ value: Value) {
    reference(of: value).map { handles.pin($0.handle) }
  }

  public func release(_ value: Value) {
    reference(of: value).map { handles.unpin($0.handle) }
  }

  private func reference(of value: Value) -> ScriptReference? {
    switch value {
    case .list(let view): view as? ScriptReference
    case .dict(let view): view as? ScriptReference
    case .function(let callable): callable as? ScriptReference
    case .object(let object): object as? ScriptReference
    default: nil
    }
  }

  /// Bytes of the script's heap, garbage included, and of library objects in it.
  public var memory: (script: Int, external: Int) {
    (heap.bytes, unsafe heap.state.pointee.externalBytes)
  }

  /// Collects garbage now.
  public func collectGarbage() { collect() }
}

extension Compiler {
  /// The code of a cell: the value of its last expression is its result.
  func compileCell(_ tree: Tree) throws(Diagnostic) {
    for statement in tree.body.dropLast() { try compile(statement) }
    if let last = tree.body.last {
      if case .expression(let expression) = last.form, !tree.endsQuietly {
        span = expression.span
        let register = try value(expression)
        emit(.return, a: register)
      } else {
        try compile(last)
        emit(.returnNone)
      }
    } else {
      emit(.returnNone)
    }
    code.entry = 0
    try finish()
  }
}

import Catalog

/// The names of a module's own text: they are kept apart from the session's, and its builtins are
/// the language's whatever the session calls so.
private final class ModuleNames: GlobalNames {
  private let machine: Machine
  private let module: String
  private let own: Set<String>

  init(_ machine: Machine, _ module: String, own: Set<String>) {
    self.machine = machine
    self.module = module
    self.own = own
  }

  func slot(of name: String) -> Int {
    let isOwn = own.contains(name)
    let slot = Globals.slot(isOwn ? "\(module):\(name)" : ":\(name)", in: machine)
    if !isOwn, machine.globals.fallbacks[slot].isUndefined,
      let declared = machine.globals.declaredValue(name, in: machine)
    {
      machine.settle(slot, declared)
    }
    return slot
  }

  func isCertain(_ slot: Int) -> Bool { false }
  func noteVanishing(_ slot: Int) {}
}

extension Machine {
  /// One of the language's own modules, made once in the machine's life.
  func module(_ module: BuiltinModule) throws(Thrown) -> RawValue {
    if let known = ownModules[module.name] { return known }
    let value = newModule(module)
    ownModules[module.name] = value
    guard let script = module.script else { return value }
    do throws(Thrown) {
      try run(script, of: value)
    } catch {
      ownModules[module.name] = nil
      throw error
    }
    return value
  }

  /// A module with its functions, types and constants.
  private func newModule(_ module: BuiltinModule) -> RawValue {
    let value = newNative(Module(module.facts, context: context))
    let members = heap.newDict(capacity: module.functions.count)
    permanent.append(value)
    permanent.append(members.value)
    for function in module.functions {
      heap.set(
        heap.intern(function.entry.name), newBuiltin(function.named(in: module.nativeName)),
        in: members)
    }
    for type in module.types {
      heap.set(heap.intern(type.shortName), newType(type).value, in: members)
    }
    for constant in module.constants {
      let made = try? attempt { try constant.value(in: context) }
      if let made { heap.set(heap.intern(constant.name), raw(made), in: members) }
    }
    for declared in module.values {
      heap.set(heap.intern(declared.entry.name), declared.make(self), in: members)
    }
    for inner in module.modules {
      heap.set(heap.intern(inner.facts.shortName), newModule(inner), in: members)
    }
    heap.set(names.name, string(module.name), in: members)
    moduleMembers[value.bits] = members
    return value
  }

  /// Runs a module's text as a function whose names become the module's members.
  private func run(_ script: ModuleScript, of module: RawValue) throws(Thrown) {
    guard let members = moduleMembers[module.bits] else { return }
    var own = Set(script.bound)
    members.forEach { key, _ in own.insert(StringCell(key).string) }
    let names = ModuleNames(self, script.name, own: own)
    members.forEach { key, member in
      self.settle(names.slot(of: StringCell(key).string), member)
    }
    let scope = HandleScope(self)
    let (body, bound) = try load(script.source, names, scope)
    _ = try call(body, [])
    for name in bound {
      let slot = Globals.slot("\(script.name):\(name)", in: self)
      let member = unsafe stack[slot]
      guard !member.isUndefined else { continue }
      settle(slot, member)
      heap.set(heap.intern(name), member, in: members)
    }
  }

  /// The function that a module of the language writes; its free names have these values.
  func compileFunction(
    _ text: String, _ name: String, _ values: DictCell
  ) throws(Thrown) -> RawValue {
    var parameters: [String] = []
    values.forEach { key, _ in
      if key.isString { parameters.append(StringCell(key).string) }
    }
    let whole = "def _outer(\(parameters.joined(separator: ", "))):\n \(text)\n return \(name)\n"
    let source = Source(whole, name: "<\(name)>", module: "builtins")
    let names = ModuleNames(self, "", own: ["_outer"])
    let scope = HandleScope(self)
    let (body, _) = try load(source, names, scope)
    _ = try call(body, [])
    let slot = names.slot(of: "_outer")
    let outer = global(at: slot)
    // The slot is not the user's.
    globals.settle(slot, outer)
    var arguments: [RawValue] = []
    values.forEach { _, value in arguments.append(value) }
    return try call(outer, arguments)
  }

  /// Compiles a text that is not a cell into a function, which the scope keeps.
  private func load(
    _ source: Source, _ names: ModuleNames, _ scope: borrowing HandleScope
  ) throws(Thrown) -> (body: RawValue, bound: [String]) {
    let code: CodeCell
    let bound: [String]
    do throws(Diagnostic) {
      let tree = try Tree.parse(source).checked()
      let resolver = try Resolver(tree)
      bound = resolver.module.bound
      let facts = Code(
        name: "<module>", source: source, span: SourceSpan(0, source.bytes.count))
      let compiler = Compiler(
        resolver.module, resolver: resolver, code: facts, globals: names, firstTemporary: 0,
        isCell: false)
      try compiler.compileCell(tree)
      code = instantiate(facts)
    } catch {
      throw self.error(
        .import, "\(source.name): \(error.message) (at \(error.span.start))")
    }
    scope.keep(code.value)
    let parts = scope.keep(.none)
    scope.keep(.none)
    let body = makeFunction(code, scope.registers(from: parts))
    scope[parts] = body
    return (body, bound)
  }

  /// Gives a global slot a value that is not the user's, for the machine's life.
  fileprivate func settle(_ slot: Int, _ value: RawValue) {
    unsafe stack[slot] = value
    globals.settle(slot, value)
    permanent.append(value)
  }

  /// The index of the builtin that a call such as `math.sin(x)` means; nil: it means another.
  ///
  /// The site remembers it. Such modules live as long as the machine, so the address is enough.
  @inline(__always)
  func moduleFunction(
    _ receiver: RawValue, _ name: StringCell, _ cache: UnsafeMutablePointer<CodeCell.SiteCache>
  ) -> Int? {
    if unsafe cache.pointee.key == receiver.bits { return unsafe Int(cache.pointee.value) }
    guard let found = moduleMembers[receiver.bits]?.value(named: name),
      found.tag == RawValue.Tag.builtin
    else { return nil }
    let index = BuiltinCell(found).index
    unsafe cache.pointee.shape = Shapes.unknown
    unsafe cache.pointee.key = receiver.bits
    unsafe cache.pointee.value = UInt64(index)
    return index
  }
}

/// What the compiler needs to know of the session's global names.
protocol GlobalNames: AnyObject {
  /// The register of a global name, new when it has none.
  func slot(of name: String) -> Int
  /// Whether it has a value now that nothing will take away.
  func isCertain(_ slot: Int) -> Bool
  func noteVanishing(_ slot: Int)
}

/// Compiles one frame: a cell, a function or a class body.
///
/// Expressions are compiled into registers; a name that lives in a register is used where it
/// stands. Temporaries are taken and given back like a stack.
final class Compiler {
  /// A jump that is not yet known how far it goes.
  struct Label {
    fileprivate(set) var target: Int?
    fileprivate(set) var sources: [Int] = []
  }

  /// What is known where control stands.
  struct Flow {
    /// Registers and globals that certainly have a value.
    var assigned: Set<Int> = []
    var isReachable = true

    mutating func merge(_ other: Flow) {
      guard other.isReachable else { return }
      guard isReachable else {
        self = other
        return
      }
      assigned.formIntersection(other.assigned)
    }
  }

  /// A part of the code whose exceptions go to one place; it may have holes.
  struct Region {
    var parts: [(start: Int, end: Int)] = []
    var open: Int?
  }

  /// What a jump out of a statement has to pass.
  enum Block {
    case loop(LoopBlock)
    case protected(Int)
    /// An `except` body: the register with what was being handled before, and the name.
    case handler(saved: Int, name: Identifier?)
    case finally(Int, [Statement])
    /// A `with`: the register of the exit method.
    case context(Int, exit: Int)
  }

  final class LoopBlock {
    var exit = Label()
    var again = Label()
    /// What holds at every `break`.
    var atExit: Flow?
  }

  let resolver: Resolver
  let frame: Scope
  var scope: Scope
  let code: Code
  let globals: any GlobalNames
  /// Whether it is a cell: its names are registers of its own frame.
  let isModule: Bool
  /// Where temporaries start.
  let firstTemporary: Int
  var nextTemporary: Int
  var constants: [Code.Constant: Int] = [:]
  var registers: [ObjectIdentifier: [String: Int]] = [:]
  var captures: [String: Int] = [:]
  var flow = Flow()
  var blocks: [Block] = []
  var regions: [Region] = []
  var span = SourceSpan(0, 0)
  var depth = 0
  var needsUndefine = false

  init(
    _ scope: Scope, resolver: Resolver, code: Code, globals: any GlobalNames,
    firstTemporary: Int, isCell: Bool = true
  ) {
    self.resolver = resolver
    frame = scope
    self.scope = scope
    self.code = code
    self.globals = globals
    isModule = scope.kind == .module && isCell
    self.firstTemporary = firstTemporary
    nextTemporary = firstTemporary
    code.registerCount = firstTemporary
    code.captureNames = scope.captured
    for (index, name) in scope.captured.enumerated() { captures[name] = index }
  }

  // MARK: Emitting

  @discardableResult
  func emit(
    _ operation: Operation, x: Int = 0, a: Int = 0, b: Int = 0, c: Int = 0
  ) -> Int {
    code.instructions.append(
      Instruction(operation, x: UInt8(truncatingIfNeeded: x), a: a, b: b, c: c))
    code.spans.append(span)
    return code.instructions.count - 1
  }

  var here: Int { code.instructions.count }

  /// Compiles with positions of an expression or statement.
  func at<Result>(
    _ span: SourceSpan, _ body: () throws(Diagnostic) -> Result
  ) throws(Diagnostic) -> Result {
    let outer = self.span
    self.span = span
    defer { self.span = outer }
    return try body()
  }

  func place(_ label: inout Label) {
    label.target = here
    for source in label.sources { patch(source, to: here) }
    label.sources = []
  }

  /// A jump of an instruction just emitted.
  func jump(_ instruction: Int, to label: inout Label) {
    if let target = label.target {
      patch(instruction, to: target)
    } else {
      label.sources.append(instruction)
    }
  }

  var tooLong = false

  private func patch(_ source: Int, to target: Int) {
    let distance = target - source - 1
    switch code.instructions[source].operation {
    case .jump, .loop:
      let bits = UInt32(bitPattern: Int32(truncatingIfNeeded: distance))
      code.instructions[source].b = UInt16(truncatingIfNeeded: bits)
      code.instructions[source].c = UInt16(truncatingIfNeeded: bits >> 16)
    default:
      if Int16(exactly: distance) == nil { tooLong = true }
      code.instructions[source].c = UInt16(bitPattern: Int16(truncatingIfNeeded: distance))
    }
  }

  func emitJump(to label: inout Label) {
    jump(emit(.jump), to: &label)
  }

  // MARK: Registers and constants

  func temporary() -> Int {
    let register = nextTemporary
    nextTemporary += 1
    code.registerCount = max(code.registerCount, nextTemporary)
    return register
  }

  /// `count` temporaries in a row.
  func temporaries(_ count: Int) -> Int {
    let first = nextTemporary
    nextTemporary += count
    code.registerCount = max(code.registerCount, nextTemporary)
    return first
  }

  /// Gives back what the body takes.
  @discardableResult
  func scratch<Result>(
    _ body: () throws(Diagnostic) -> Result
  ) throws(Diagnostic) -> Result {
    let saved = nextTemporary
    defer { nextTemporary = saved }
    return try body()
  }

  func constant(_ constant: Code.Constant) -> Int {
    if let index = constants[constant] { return index }
    let index = code.constants.count
    code.constants.append(constant)
    constants[constant] = index
    return index
  }

  func site(_ name: String) -> Int {
    code.sites.append(constant(.string(name)))
    return code.sites.count - 1
  }

  func load(_ constant: Code.Constant, into register: Int) {
    if case .int(let value) = constant, let small = Int32(exactly: value) {
      let bits = UInt32(bitPattern: small)
      emit(.integer, a: register, b: Int(bits & 0xFFFF), c: Int(bits >> 16))
    } else {
      emit(.constant, a: register, b: self.constant(constant))
    }
  }

  func move(_ from: Int, to register: Int) {
    if from != register { emit(.move, a: register, b: from) }
  }

  /// The register of a name of this frame.
  func register(_ name: String, in owner: Scope) -> Int {
    registers[ObjectIdentifier(owner)]?[name] ?? 0
  }

  func setRegister(_ name: String, in owner: Scope, _ register: Int) {
    registers[ObjectIdentifier(owner), default: [:]][name] = register
  }

  func limit(_ message: String) -> Diagnostic {
    Diagnostic(.syntax, message, at: span, code: "L010")
  }

  /// Ends the frame: checks the limits and fills in the code.
  func finish() throws(Diagnostic) {
    guard code.registerCount <= 60_000 else {
      throw limit("too many values at once: the limit is 60000 registers in one function")
    }
    guard code.constants.count < 60_000, code.sites.count < 60_000, !tooLong else {
      throw limit("a function is too long: split it into several")
    }
  }
}

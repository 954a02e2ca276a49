/// Compiled code on the heap: instructions, constants, handlers, and the facts about them.
@safe struct CodeCell: CellView {
  @safe struct Layout {
    var header: Header
    var instructions: UnsafeMutablePointer<Instruction>
    var constants: UnsafeMutablePointer<RawValue>
    /// What attribute and method sites remember: two each, what was found last first.
    var caches: UnsafeMutablePointer<SiteCache>
    var handlers: UnsafeMutablePointer<Handler>
    var handlerCount: Int
    /// The registers of a frame, parameters first.
    var registerCount: Int
    /// The number of arguments with which a call needs no binding; -1: every call needs it.
    var simpleArity: Int
    var isGenerator: Bool
    /// Without `*rest` and `**named`: what can be bound without looking further.
    var isPlain: Bool
    var positionalCount: Int
    var positionalOnlyCount: Int
    /// Positional and keyword-only parameters.
    var parameterCount: Int
    /// Their names, interned: part of the constants.
    var parameterNames: UnsafeMutablePointer<RawValue>
    /// The first instruction of a call.
    var entry: Int
    /// The retained `Code`.
    var facts: UnsafeMutableRawPointer
  }

  /// Where to go when an instruction in `start..<end` raises.
  struct Handler {
    var start: Int32
    var end: Int32
    var target: Int32
    /// The register that receives the exception.
    var register: Int32
  }

  /// What a site found last time; the kind of the site says what it means.
  struct SiteCache {
    var key: UInt64 = 0
    var value: UInt64 = 0
    /// The state of all classes in which it holds for objects with tables of `shape`.
    var version: UInt64 = 0
    var shape = Shapes.unknown
    /// The constant with the name of the attribute.
    var nameIndex: UInt32
  }

  typealias Site = UnsafeMutablePointer<SiteCache>

  static let kind = Kind.code
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  @inline(__always) var instructions: UnsafeMutablePointer<Instruction> {
    unsafe at.pointee.instructions
  }
  @inline(__always) var constants: Registers { unsafe Registers(at.pointee.constants) }
  @inline(__always) var registerCount: Int { unsafe at.pointee.registerCount }

  var facts: Code {
    unsafe Unmanaged<Code>.fromOpaque(at.pointee.facts).takeUnretainedValue()
  }

  /// The innermost handler around an instruction.
  func handler(at instruction: Int) -> (target: Int, register: Int)? {
    for index in unsafe 0..<at.pointee.handlerCount {
      let handler = unsafe at.pointee.handlers[index]
      if instruction >= Int(handler.start), instruction < Int(handler.end) {
        return (Int(handler.target), Int(handler.register))
      }
    }
    return nil
  }
}

extension Heap {
  /// The code as a cell; `constants` have been made on this heap.
  func newCode(_ code: Code, constants: [RawValue]) -> CodeCell {
    let cell = CodeCell(allocate(MemoryLayout<CodeCell.Layout>.size, .code))
    let instructions = UnsafeMutablePointer<Instruction>.allocate(
      capacity: max(1, code.instructions.count))
    unsafe instructions.initialize(repeating: Instruction(.pass), count: 1)
    for (index, instruction) in code.instructions.enumerated() {
      unsafe instructions[index] = instruction
    }
    let signature = code.signature
    let names = signature.names.map { intern($0).value }
    let constantCount = constants.count
    let constants = constants + names
    let values = UnsafeMutablePointer<RawValue>.allocate(capacity: max(1, constants.count))
    for (index, value) in constants.enumerated() { unsafe values[index] = value }
    let caches = UnsafeMutablePointer<CodeCell.SiteCache>.allocate(
      capacity: max(1, 2 * code.cacheCount))
    for (index, name) in code.sites.enumerated() {
      let cache = CodeCell.SiteCache(nameIndex: UInt32(name))
      unsafe (caches + 2 * index).initialize(repeating: cache, count: 2)
    }
    let handlers = UnsafeMutablePointer<CodeCell.Handler>.allocate(
      capacity: max(1, code.handlers.count))
    for (index, handler) in code.handlers.enumerated() { unsafe handlers[index] = handler }
    unsafe cell.at.initialize(
      to: CodeCell.Layout(
        header: cell.cell.header, instructions: instructions, constants: values, caches: caches,
        handlers: handlers, handlerCount: code.handlers.count,
        registerCount: code.registerCount, simpleArity: code.simpleArity,
        isGenerator: code.isGenerator,
        isPlain: !signature.hasRest && !signature.hasNamed,
        positionalCount: signature.positionalCount,
        positionalOnlyCount: signature.positionalOnlyCount,
        parameterCount: signature.positionalCount + signature.keywordOnlyCount,
        parameterNames: values + constantCount, entry: code.entry,
        facts: Unmanaged.passRetained(code).toOpaque()))
    code.constantCount = constants.count
    return cell
  }

  func release(_ code: CodeCell) {
    unsafe code.at.pointee.instructions.deallocate()
    unsafe code.at.pointee.constants.deallocate()
    unsafe code.at.pointee.caches.deallocate()
    unsafe code.at.pointee.handlers.deallocate()
    unsafe Unmanaged<Code>.fromOpaque(code.at.pointee.facts).release()
  }
}

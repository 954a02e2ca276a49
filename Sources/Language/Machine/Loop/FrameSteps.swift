/// What the run loop does in line with frames, their calls, and the sites in their code.
extension Machine {
  /// The topmost frame, its next instruction, its registers and its constants.
  @inline(__always)
  static func top(_ state: UnsafeMutablePointer<State>) -> (
    UnsafeMutablePointer<Frame>, UnsafeMutablePointer<Instruction>, Registers, Registers
  ) {
    let frame = unsafe state.pointee.frame
    return unsafe (
      frame, frame.pointee.next, Registers(frame.pointee.base),
      Registers(frame.pointee.code.pointee.constants)
    )
  }

  /// Pushes the frame of a script function that is called with as many arguments as it takes;
  /// false: the call needs more than that.
  @inline(__always)
  func enter(
    _ callee: RawValue, _ window: Registers, _ count: Int,
    _ frame: inout UnsafeMutablePointer<Frame>, _ pc: inout UnsafeMutablePointer<Instruction>,
    _ r: inout Registers, _ k: inout Registers
  ) -> Bool {
    let code = unsafe FunctionCell(callee).at.pointee.code
    let base = unsafe window.base + 1
    let top = unsafe base + code.pointee.registerCount
    guard unsafe code.pointee.simpleArity == count, unsafe frame + 1 < framesEnd,
      unsafe top + 64 < stackEnd
    else { return false }
    unsafe frame += 1
    unsafe pc = code.pointee.instructions + code.pointee.entry
    unsafe frame.pointee = unsafe Frame(
      next: pc, base: base, top: top, code: code, function: Cell(callee).pointer, flags: 0,
      generator: nil)
    unsafe state.pointee.frame = frame
    unsafe state.pointee.scratch = top
    unsafe r = Registers(base)
    k = unsafe Registers(code.pointee.constants)
    return true
  }

  /// The builtin that a call runs: the callee itself, or the maker of a type of the language.
  @inline(__always)
  static func builtin(behind callee: RawValue) -> BuiltinCell? {
    if callee.tag == RawValue.Tag.builtin { return BuiltinCell(callee) }
    guard callee.tag == RawValue.Tag.type, TypeCell(callee).isBuiltIn,
      TypeCell(callee).maker.tag == RawValue.Tag.builtin
    else { return nil }
    return BuiltinCell(TypeCell(callee).maker)
  }

  @inline(__always)
  static func capture(_ frame: UnsafeMutablePointer<Frame>, _ index: UInt16) -> BoxCell {
    let function = unsafe frame.pointee.function.unsafelyUnwrapped
    return unsafe BoxCell(FunctionCell(Cell(function)).captures[index])
  }

  @inline(__always)
  static func comparison(_ code: UInt8) -> ComparisonCode {
    unsafe unsafeBitCast(code, to: ComparisonCode.self)
  }

  @inline(__always)
  static func site(
    _ frame: UnsafeMutablePointer<Frame>, _ index: UInt16
  ) -> CodeCell.Site {
    unsafe frame.pointee.code.pointee.caches + 2 * Int(index)
  }

  @inline(__always)
  static func siteName(_ constants: Registers, _ site: CodeCell.Site) -> StringCell {
    unsafe StringCell(constants[Int(site.pointee.nameIndex)])
  }
}

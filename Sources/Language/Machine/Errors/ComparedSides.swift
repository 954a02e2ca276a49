import Catalog

/// What stood on both sides of a comparison that should have held.
extension Machine {
  /// `left is 3, right is 4`; nil when one of them cannot be written.
  func sides(_ left: RawValue, _ right: RawValue) -> String? {
    let scope = HandleScope(self)
    scope.keep(left)
    scope.keep(right)
    guard let one = try? repr(left), let two = try? repr(right) else { return nil }
    return "left is \(Machine.line(one)), right is \(Machine.line(two))"
  }

  /// Both sides of the comparison that gave the last argument of the builtin call that runs now:
  /// its registers keep them until the call has returned.
  ///
  /// - Returns: nil when the call is of another name, or that argument is no comparison.
  func comparedSides(in name: String) -> String? {
    let frame = unsafe state.pointee.frame
    let code = unsafe CodeCell(Cell(UnsafeMutableRawPointer(frame.pointee.code)))
    let index = unsafe frame.pointee.next - code.instructions - 1
    guard index > 0 else { return nil }
    let (call, comparison) = unsafe (code.instructions[index], code.instructions[index - 1])
    guard call.operation == .call || call.operation == .callNamed,
      comparison.operation == .compare, Int(comparison.a) == Int(call.a) + Int(call.b)
    else { return nil }
    let registers = unsafe Registers(frame.pointee.base)
    let callee = registers[call.a]
    guard callee.tag == RawValue.Tag.builtin,
      builtins[BuiltinCell(callee).index].entry.name == name
    else { return nil }
    return sides(registers[comparison.b], registers[comparison.c])
  }

  /// In one line, not too long.
  private static func line(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline)
      .map { $0.drop { $0 == " " } }.joined(separator: " ")
    return line.count <= 60 ? line : line.prefix(59) + "…"
  }
}

/// Keeps values of a Swift function alive while script code runs or a safepoint is passed.
///
/// The values stand on the machine's stack until the scope ends; scopes end in reverse order.
@safe
struct HandleScope: ~Copyable {
  // Not the machine itself, whose references would be counted.
  private let state: UnsafeMutablePointer<Machine.State>
  private let end: UnsafeMutablePointer<RawValue>
  private let saved: UnsafeMutablePointer<RawValue>

  @inline(__always)
  init(_ machine: Machine) {
    unsafe state = machine.state
    unsafe end = machine.stackEnd
    unsafe saved = machine.state.pointee.scratch
  }

  @inline(__always)
  deinit { unsafe state.pointee.scratch = saved }

  /// Keeps a value; read it back through the index.
  @discardableResult
  @inline(__always)
  func keep(_ value: RawValue) -> Int {
    let place = unsafe state.pointee.scratch
    precondition(unsafe place < end, "the stack of registers is full")
    unsafe place.pointee = value
    unsafe state.pointee.scratch = place + 1
    return unsafe place - saved
  }

  /// What is kept from an index on, as registers.
  func registers(from index: Int) -> Registers { unsafe Registers(saved + index) }

  subscript(index: Int) -> RawValue {
    get { unsafe saved[index] }
    nonmutating set { unsafe saved[index] = newValue }
  }
}

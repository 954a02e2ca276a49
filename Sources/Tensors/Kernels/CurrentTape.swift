internal import CKernels

extension Tape {
  /// The tape that a `grad` running on this thread owns.
  ///
  /// The only ambient state of the module: an inner `grad` must record on the tape of the outer
  /// one, and closures between them carry no parameter. The owner keeps the tape alive while set.
  static var current: Tape? {
    guard let raw = unsafe gk_tape_get() else { return nil }
    return unsafe Unmanaged<Tape>.fromOpaque(raw).takeUnretainedValue()
  }

  static func setCurrent(_ tape: Tape?) {
    if let tape {
      unsafe gk_tape_set(Unmanaged.passUnretained(tape).toOpaque())
    } else {
      gk_tape_set(nil)
    }
  }
}

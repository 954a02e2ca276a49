internal import CKernels
internal import Catalog

// Long work on fresh tensors: cut into stretches, between which it looks whether to stop.
//
// What writes into memory that a script can see, in place, is not cut: half an update is no update.

extension Workers {
  /// Elements that are worked on between two looks.
  static let stretch = 1 << 18

  /// Throws when the evaluator of this thread is to stop.
  static func check() throws(TensorError) {
    if let pending, pending.reasons.contains(.interrupt) { throw .interrupted }
  }

  /// Fills something fresh of `count` elements; `fill` may give up when what it is handed asks for
  /// an interrupt.
  ///
  /// - Throws: `TensorError.interrupted`; the caller drops what was begun.
  @inline(__always)
  static func filling<R>(
    _ count: Int, _ fill: (Pending?) throws -> R
  ) throws -> R {
    guard count > stretch, let pending else { return try fill(nil) }
    let result = try fill(pending)
    if pending.reasons.contains(.interrupt) { throw TensorError.interrupted }
    return result
  }
}

extension Walk {
  /// The same as `forEach`, in stretches; it gives up when `watch` asks for an interrupt.
  @inline(__always)
  func forEach(
    watch: Pending?,
    _ run: (_ count: Int, _ offsets: (Int, Int, Int), _ steps: (Int, Int, Int)) -> Void
  ) {
    guard let watch else { return forEach(run) }
    var (budget, isStopped) = (0, false)
    forEach { count, offsets, steps in
      var start = 0
      while start < count, !isStopped {
        let part = min(count - start, Workers.stretch)
        run(
          part,
          (
            offsets.0 &+ start &* steps.0, offsets.1 &+ start &* steps.1,
            offsets.2 &+ start &* steps.2
          ), steps)
        start += part
        budget += part
        if budget >= Workers.stretch {
          budget = 0
          isStopped = watch.reasons.contains(.interrupt)
        }
      }
    }
  }
}

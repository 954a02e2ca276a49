import Catalog
import Glibc

/// Where a script can be interrupted and its garbage collected.
extension Machine {
  /// A place where script code may be interrupted, and garbage collected.
  ///
  /// Builtins that loop over many elements call it; values in Swift locals do not survive it.
  @inline(__always)
  func safepoint() throws(Thrown) {
    if pending.raw != 0 { try attend() }
  }

  /// Does what is pending.
  @inline(never)
  func attend() throws(Thrown) {
    let reasons = pending.reasons
    if reasons.contains(.collect) || reasons.contains(.memory) {
      pending.clear([.collect, .memory])
      let hasGrown = unsafe heap.bytes > heap.state.pointee.threshold
      if !collect() {
        pending.set(.collect)
        throw interrupt()
      }
      if isStressed { pending.set(.collect) }
      if hasGrown, heap.bytes > limits.memory { throw memoryError() }
    }
    if reasons.contains(.interrupt) {
      throw interrupt()
    }
    if reasons.contains(.directory) {
      if let attend = onRequest {
        try attempt { try attend(reasons) }
      } else {
        pending.clear(.directory)
      }
    }
  }

  /// Remembers that an interrupt is raised: a second one within two seconds passes every handler,
  /// so that no `finally` can hold up the user.
  func noteInterrupt() {
    let clock = SystemClock.read(CLOCK_MONOTONIC)
    let now = Double(clock.tv_sec) + Double(clock.tv_nsec) / 1e9
    if now - (unsafe state.pointee.interrupted) <= 2 { unsafe state.pointee.isAbandoning = true }
    unsafe state.pointee.interrupted = now
  }

  /// Frees what nothing refers to any more.
  ///
  /// - Returns: false: an interrupt came first, and nothing is freed.
  @discardableResult
  func collect() -> Bool {
    var visited: Set<ObjectIdentifier> = []
    let isWhole = heap.collect(
      roots: { work in
        markRoots(&work)
        for case let object as any Object in context.kept.values { visit(object, &work, &visited) }
      },
      visit: { object, work in visit(object, &work, &visited) },
      forget: { epoch in handles.forget(epoch) },
      isStopped: { pending.raw & Pending.Reason.interrupt.rawValue != 0 })
    if isWhole { clearUnused() }
    return isWhole
  }

  private func markRoots(_ work: inout Heap.Worklist) {
    work.reach(raised)
    work.reach(handled)
    work.reach(last)
    work.reach(generatorResult)
    for value in permanent { work.reach(value) }
    for value in globals.roots { work.reach(value) }
    for value in pins { work.reach(value) }
    for value in modules.values { work.reach(value) }
    for slot in handles.slots where slot.pins > 0 { work.reach(slot.value) }
    unsafe work.reach(Registers(stack), globals.count)
    let top = unsafe stackTop
    let bottom = unsafe stack + Machine.globalCapacity
    if unsafe top > bottom { unsafe work.reach(Registers(bottom), top - bottom) }
    var frame = unsafe frames
    while unsafe frame <= state.pointee.frame {
      unsafe work.reach(UnsafeMutableRawPointer(frame.pointee.code))
      if let function = unsafe frame.pointee.function { unsafe work.reach(function) }
      if let generator = unsafe frame.pointee.generator { unsafe work.reach(generator) }
      unsafe frame += 1
    }
  }

  /// The first register that nothing uses.
  var stackTop: UnsafeMutablePointer<RawValue> {
    let frame = unsafe state.pointee.frame
    let end = unsafe frame.pointee.top
    return unsafe max(end, state.pointee.scratch)
  }

  /// Clears the registers above the top, so that a later frame finds no dead cells in its own.
  private func clearUnused() {
    let top = unsafe stackTop
    let end = unsafe min(max(highWater, top + 4096), stackEnd)
    if unsafe end > top {
      unsafe memset(top, 0, (end - top) * MemoryLayout<RawValue>.stride)
    }
    unsafe highWater = top + 4096
  }

  /// What a library object reports keeps living; objects inside objects are asked too.
  private func visit(
    _ object: any Object, _ work: inout Heap.Worklist, _ visited: inout Set<ObjectIdentifier>
  ) {
    // A list, not recursion: chains of objects may be long.
    var inner: [any Object] = [object]
    while let object = inner.popLast() {
      guard visited.insert(ObjectIdentifier(object)).inserted else { continue }
      object.visit { value in
        switch value {
        case .list(let view):
          if let own = view as? ScriptList, own.machine === self, let live = own.live {
            work.reach(live)
          }
        case .dict(let view):
          if let own = view as? ScriptDict, own.machine === self, let live = own.live {
            work.reach(live)
          }
        case .function(let callable):
          if let own = callable as? ScriptFunction, own.machine === self, let live = own.live {
            work.reach(live)
          } else if let entry = callable as? EntryFunction,
            case .object(let receiver)? = entry.receiver
          {
            inner.append(receiver)
          }
        case .object(let object):
          if let own = object as? ScriptObject {
            if own.machine === self, let live = own.live { work.reach(live) }
          } else {
            inner.append(object)
          }
        default: break
        }
      }
    }
  }
}

internal import CKernels
public import Catalog
internal import Glibc
internal import Synchronization

/// Threads that share the blocks of one kernel call.
///
/// How work is cut depends on its shape alone, so results are the same bytes for any number of
/// workers; only who computes a block, and when, differs.
///
/// `@unchecked Sendable`: the mutable state is under `mutex`, which is never moved or freed, since
/// the one instance lives as long as the process. `@safe` for the same reason.
@safe
public final class Workers: @unchecked Sendable {
  /// The machine has one set of cores, so the process has one set of workers.
  public static let shared = Workers()

  /// The blocks of one call.
  ///
  /// Threads that come late find no block left and touch nothing.
  ///
  /// `@unchecked Sendable`: `body` is called once per block, blocks write to disjoint memory, and
  /// the caller waits for all of them before it looks at the result.
  private final class Job: @unchecked Sendable {
    let blocks: Int
    let body: (Int) -> Void
    let next = Atomic<Int>(0)
    let unfinished: Atomic<Int>

    init(blocks: Int, body: @escaping (Int) -> Void) {
      self.blocks = blocks
      self.body = body
      unfinished = Atomic(blocks)
    }

    func work() {
      while true {
        let block = next.add(1, ordering: .relaxed).oldValue
        guard block < blocks else { return }
        body(block)
        unfinished.subtract(1, ordering: .acquiringAndReleasing)
      }
    }
  }

  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let wake: UnsafeMutablePointer<pthread_cond_t>
  private var current: Job?
  private var started = 0
  private let generation = Atomic<Int>(0)
  private let wanted: Atomic<Int>

  private init() {
    unsafe mutex = .allocate(capacity: 1)
    unsafe wake = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(wake, nil)
    wanted = Atomic(max(1, min(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 64)))
  }

  /// How many threads compute, the caller included; the number of cores at start.
  public var count: Int {
    get { wanted.load(ordering: .relaxed) }
    set { wanted.store(max(1, min(newValue, 64)), ordering: .relaxed) }
  }

  /// Where long products that this thread asks for look, between blocks, whether to stop.
  ///
  /// An evaluator calls it once at its start, and with nil at its end.
  public static func observe(_ pending: Pending?) {
    let next = unsafe pending.map { unsafe Unmanaged.passRetained($0).toOpaque() }
    let before = unsafe gk_pending_get()
    unsafe gk_pending_set(next)
    if let before = unsafe before { unsafe Unmanaged<Pending>.fromOpaque(before).release() }
  }

  /// What the calling thread observes.
  static var pending: Pending? {
    guard let raw = unsafe gk_pending_get() else { return nil }
    return unsafe Unmanaged<Pending>.fromOpaque(raw).takeUnretainedValue()
  }

  private func locked<R>(_ body: () -> R) -> R {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body()
  }

  /// Calls `body` once for each of `0..<blocks`, on several threads, and waits.
  func run(blocks: Int, _ body: @escaping (Int) -> Void) {
    let helpers = min(count, blocks) - 1
    guard helpers > 0 else {
      for block in 0..<blocks { body(block) }
      return
    }
    let job = Job(blocks: blocks, body: body)
    locked {
      while started < helpers { startThread() }
      current = job
      generation.add(1, ordering: .releasing)
      unsafe pthread_cond_broadcast(wake)
    }
    job.work()
    // The others are in their last block, which is short: yielding beats sleeping.
    var turns = 0
    while job.unfinished.load(ordering: .acquiring) > 0 {
      turns += 1
      if turns > 2000 { sched_yield() }
    }
  }

  private func startThread() {
    let number = started + 1
    var thread = pthread_t()
    let start = unsafe Unmanaged.passRetained(Start(workers: self, number: number))
    let code = unsafe pthread_create(
      &thread, nil,
      { raw in
        guard let raw = unsafe raw else { return nil }
        let start = unsafe Unmanaged<Start>.fromOpaque(raw).takeRetainedValue()
        start.workers.serve(start.number)
        return nil
      }, start.toOpaque())
    // Without a thread the caller computes all blocks itself.
    if code == 0 { pthread_detach(thread) } else { unsafe start.release() }
    started = number
  }

  private final class Start {
    let workers: Workers
    let number: Int

    init(workers: Workers, number: Int) {
      self.workers = workers
      self.number = number
    }
  }

  private func serve(_ number: Int) {
    var seen = 0
    while true {
      // A short look before sleeping: products come in quick succession.
      var turns = 0
      while generation.load(ordering: .acquiring) == seen, turns < 4000 { turns += 1 }
      let job = locked { () -> Job? in
        while generation.load(ordering: .relaxed) == seen {
          unsafe pthread_cond_wait(wake, mutex)
        }
        seen = generation.load(ordering: .relaxed)
        return current
      }
      if number < count { job?.work() }
    }
  }
}

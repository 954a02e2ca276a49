import Catalog
import Glibc
import Language
import Synchronization

/// Cells run one after the other by one machine, on a thread with an evaluator's stack.
struct Evaluation: Sendable {
  /// What was printed, and after each cell `= …` for its value or the last line of its error.
  var text = ""
  var failures: [Failure] = []
  /// Seconds from each interrupt to the end of its cell.
  var latencies: [Double] = []

  static func run(
    _ cells: [String], limits: Limits = Limits(), stackBytes: Int = 64 << 20,
    interrupts: Int = 0, isStressed: Bool = false
  ) -> Evaluation {
    onThread(stackBytes: stackBytes) {
      let pending = Pending()
      let sink = Signal(pending, interrupts: interrupts)
      let machine = Machine(
        context: Context(sink: sink, pending: pending), limits: limits, isStressed: isStressed)
      var result = Evaluation()
      for (index, cell) in cells.enumerated() {
        do throws(Failure) {
          let value = try machine.run(Source(cell: cell, executionCount: index + 1))
          if let value { sink.add("= \(try machine.repr(value))\n") }
        } catch {
          sink.add("\(error.exception): \(error.message)\n")
          result.failures.append(error)
        }
        if let latency = sink.endOfCell() { result.latencies.append(latency) }
      }
      result.text = sink.text
      return result
    }
  }

  /// Runs the body on a thread of its own with so large a stack.
  private static func onThread(
    stackBytes: Int, _ body: @escaping @Sendable () -> Evaluation
  ) -> Evaluation {
    let work = Work(body)
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    unsafe pthread_attr_setstacksize(&attributes, stackBytes)
    var thread = pthread_t()
    unsafe pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(work).toOpaque())
    pthread_join(thread, nil)
    unsafe pthread_attr_destroy(&attributes)
    return work.result
  }

  /// What crosses to the thread; `result` is read only after the thread has been joined.
  private final class Work: @unchecked Sendable {
    private let body: @Sendable () -> Evaluation
    private(set) var result = Evaluation()

    init(_ body: @escaping @Sendable () -> Evaluation) {
      self.body = body
    }

    func run() { result = body() }
  }
}

/// Collects what is printed, and interrupts a little later when a script prints `go`.
private final class Signal: Sink, Sendable {
  private let state = Mutex((text: "", sent: 0.0, left: 0))
  private let pending: Pending

  init(_ pending: Pending, interrupts: Int) {
    self.pending = pending
    state.withLock { $0.left = interrupts }
  }

  var text: String { state.withLock { $0.text } }

  func add(_ text: String) { state.withLock { $0.text += text } }

  func emit(_ output: Output) {
    guard case .stream(_, let text) = output else { return }
    if text == "go\n" { return interruptSoon() }
    state.withLock { state in
      // Scripts that print for ever would fill the memory here.
      if state.text.utf8.count > 10_000 { state.text = "" }
      state.text += text
    }
  }

  /// Sends the interrupts 30 ms and then 200 ms apart, from a thread of their own.
  private func interruptSoon() {
    let count = state.withLock { state in
      defer { state.left = 0 }
      return state.left
    }
    guard count > 0 else { return }
    var thread = pthread_t()
    unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let task = unsafe Unmanaged<Task>.fromOpaque(argument).takeRetainedValue()
        for index in 0..<task.count {
          usleep(index == 0 ? 30_000 : 200_000)
          task.signal.send()
        }
        return nil
      }, Unmanaged.passRetained(Task(self, count)).toOpaque())
    pthread_detach(thread)
  }

  private final class Task: Sendable {
    let signal: Signal
    let count: Int

    init(_ signal: Signal, _ count: Int) {
      self.signal = signal
      self.count = count
    }
  }

  private func send() {
    state.withLock { $0.sent = Signal.now() }
    pending.set(.interrupt)
  }

  /// Seconds since the last interrupt of the cell that has just ended; nil: there was none.
  func endOfCell() -> Double? {
    state.withLock { state in
      defer { state.sent = 0 }
      return state.sent == 0 ? nil : Signal.now() - state.sent
    }
  }

  private static func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

import Catalog
import Glibc
import Language

/// Runs a script in a machine of its own, as a program's user would see it.
enum Script {
  /// What it prints, and the last line of its error if it ends with one.
  ///
  /// - Parameter isStressed: collects at every safepoint, and poisons what is freed.
  static func output(
    of text: String, name: String = "script.grad", isStressed: Bool = false
  ) -> String {
    onLargeStack {
      let recording = Recording()
      let machine = Machine(context: Context(sink: recording), isStressed: isStressed)
      var ending = ""
      do {
        _ = try machine.run(Source(text, name: name))
      } catch {
        let failure = Failure(error)
        ending = "\(failure.exception): \(failure.message)\n"
      }
      return recording.text() + ending
    }
  }

  /// Runs the body on a thread with the stack that an evaluator has.
  private static func onLargeStack(_ body: @escaping @Sendable () -> String) -> String {
    let work = Work(body)
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    unsafe pthread_attr_setstacksize(&attributes, 64 << 20)
    var thread = pthread_t()
    let handle = unsafe Unmanaged.passRetained(work)
    unsafe pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, handle.toOpaque())
    pthread_join(thread, nil)
    unsafe pthread_attr_destroy(&attributes)
    return work.result
  }

  /// What crosses to the thread; `result` is read only after the thread has been joined.
  private final class Work: @unchecked Sendable {
    private let body: @Sendable () -> String
    private(set) var result = ""

    init(_ body: @escaping @Sendable () -> String) {
      self.body = body
    }

    func run() { result = body() }
  }
}

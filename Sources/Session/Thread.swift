internal import Glibc

/// A thread that runs until its body returns.
///
/// A shim around pthreads, whose calls take pointers.
struct Thread: Sendable {
  private let handle: pthread_t

  init(stackBytes: Int = 8 << 20, _ body: @escaping @Sendable () -> Void) {
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    unsafe pthread_attr_setstacksize(&attributes, stackBytes)
    defer { _ = unsafe pthread_attr_destroy(&attributes) }
    let start = unsafe Unmanaged.passRetained(Start(body))
    var handle = pthread_t()
    let failure = unsafe pthread_create(
      &handle, &attributes,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, unsafe start.toOpaque())
    precondition(failure == 0, "no thread could be started")
    self.handle = handle
  }

  /// Waits until the body has returned.
  func join() { pthread_join(handle, nil) }

  private final class Start: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
      self.body = body
    }
  }
}

/// A variable of the process's environment; nil when it is unset or empty.
func environment(_ name: String) -> String? {
  guard let text = unsafe getenv(name) else { return nil }
  let value = unsafe String(cString: text)
  return value.isEmpty ? nil : value
}

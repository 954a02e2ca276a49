internal import Glibc

/// A thread of the kernel; it runs until its body returns or the process ends.
public struct Thread: Sendable {
  private let handle: pthread_t

  /// Starts a thread.
  ///
  /// - Parameter stackBytes: the evaluator asks for 64 MiB, so that deep scripts fail with a message.
  public init(stackBytes: Int = 1 << 20, _ body: @escaping @Sendable () -> Void) {
    let start = unsafe Unmanaged.passRetained(Start(body))
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    unsafe pthread_attr_setstacksize(&attributes, stackBytes)
    defer { _ = unsafe pthread_attr_destroy(&attributes) }
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
  public func join() { pthread_join(handle, nil) }

  private final class Start: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}

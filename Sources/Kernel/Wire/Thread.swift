internal import Glibc

/// A thread of the kernel; whoever starts it calls `join` or `detach`, so that its stack is freed.
public struct Thread: Sendable {
  private let handle: pthread_t

  /// Starts a thread.
  ///
  /// - Parameter stackBytes: what the thread-local data of linked libraries takes counts too.
  public init(stackBytes: Int = 8 << 20, _ body: @escaping @Sendable () -> Void) {
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
    precondition(failure == 0, "no thread could be started: error \(failure)")
    self.handle = handle
  }

  /// Lets the thread run on by itself, until its body returns or the process ends.
  public func detach() { pthread_detach(handle) }

  /// Waits until the body has returned.
  public func join() { pthread_join(handle, nil) }

  private final class Start: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}

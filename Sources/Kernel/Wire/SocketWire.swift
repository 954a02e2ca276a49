/// The wire of a running kernel: three ROUTER sockets and an XPUB, bound and owned by one thread.
public final class SocketWire: Wire {
  private let shell: Socket
  private let control: Socket
  private let stdin: Socket
  private let iopub: Socket

  /// Binds the four sockets, and the heartbeat, which answers from now on.
  ///
  /// - Parameter connection: ports that are 0 become the ones the system chose.
  public init(_ connection: inout Connection) throws(SocketError) {
    let context = SocketContext()
    shell = try Socket(.router, in: context, ipv6: connection.isIPv6)
    control = try Socket(.router, in: context, ipv6: connection.isIPv6)
    stdin = try Socket(.router, in: context, ipv6: connection.isIPv6)
    try stdin.reportUnreachable()
    iopub = try Socket(.publisher, in: context, ipv6: connection.isIPv6)
    try connection.bind(shell, to: \.shellPort)
    try connection.bind(iopub, to: \.iopubPort)
    try connection.bind(stdin, to: \.stdinPort)
    try connection.bind(control, to: \.controlPort)
    try Heartbeat.start(&connection)
  }

  public func wait(for bell: Bell, on channels: [Channel], milliseconds: Int?) {
    Socket.wait(
      for: channels.map { socket($0) }, or: bell.descriptor, milliseconds: milliseconds)
  }

  public func receive(_ channel: Channel) -> [Frame]? { socket(channel).receive() }

  @discardableResult
  public func send(_ frames: [Frame], on channel: Channel) -> Bool {
    socket(channel).send(frames)
  }

  private func socket(_ channel: Channel) -> Socket {
    switch channel {
    case .shell: shell
    case .control: control
    case .stdin: stdin
    case .iopub: iopub
    }
  }
}

/// The heartbeat: a socket with its own context and thread, so that nothing can hold it up.
enum Heartbeat {
  /// Binds the heartbeat and starts to answer; it answers until the process ends.
  static func start(_ connection: inout Connection) throws(SocketError) {
    let socket = try Socket(.router, in: SocketContext(), ipv6: connection.isIPv6)
    try connection.bind(socket, to: \.heartbeatPort)
    let handed = Handed(socket)
    Thread { handed.socket.echo() }.detach()
  }

  /// Carries the bound socket to its thread.
  private final class Handed: @unchecked Sendable {
    // Invariant: one thread binds and lets go, the other echoes; starting it lies between.
    let socket: Socket
    init(_ socket: Socket) { self.socket = socket }
  }
}

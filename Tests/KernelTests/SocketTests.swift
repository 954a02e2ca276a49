import CZeroMQ
import Catalog
import FoundationEssentials
import Kernel
import Session
import Testing

@Suite struct SocketTests {
  /// The kernel on real sockets: free ports, which it writes into the connection file.
  @Test func `a client finds the kernel by its file and runs a cell`() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "gradus-\(randomIdentity()).json").path
    let asked: JSON = [
      "shell_port": 0, "iopub_port": 0, "stdin_port": 0, "control_port": 0, "hb_port": 0,
      "ip": "127.0.0.1", "transport": "tcp", "key": "secret", "jupyter_session": "x",
    ]
    try Data(asked.encoded()).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }

    let signer = Signer(key: "secret")
    let program = Program(version: "0.1", history: History(path: nil)) { pending, _ in
      Performer(pending: pending)
    }
    let kernel = Kernel(program, signer: signer)
    let bound = Mailbox<Ports>()
    let thread = Thread {
      do {
        var connection = try Connection(path: path)
        let wire = try SocketWire(&connection)
        try connection.announce()
        bound.post(connection.ports)
        kernel.run(on: wire, ports: connection.ports)
      } catch {
        Issue.record(error)
      }
    }
    #expect(bound.bell.wait(milliseconds: 5000))
    let ports = try #require(bound.takeAll().first)

    let written = try JSON(parsing: Array(Data(contentsOf: URL(filePath: path))))
    #expect(written["shell_port"]?.int == ports.shell)
    #expect(written["hb_port"]?.int == ports.heartbeat)
    #expect(written["jupyter_session"] == "x")
    #expect(
      Set([ports.shell, ports.iopub, ports.stdin, ports.control, ports.heartbeat]).count == 5)

    let heartbeat = Peer(ZMQ_REQ, port: ports.heartbeat)
    heartbeat.send([[1, 2, 3]])
    #expect(heartbeat.receive() == [[1, 2, 3]])

    let iopub = Peer(ZMQ_SUB, port: ports.iopub)
    let welcome = try #require(iopub.receive())
    #expect(try Message(welcome, on: .iopub, signer: signer).type == "iopub_welcome")

    let shell = Peer(ZMQ_DEALER, port: ports.shell)
    let client = Client()  // for its messages only
    let (frames, id) = client.frames("execute_request", Client.cell("print hello"))
    shell.send(Array(frames.dropFirst()))
    let reply = try Message(try #require(shell.receive()), on: .shell, signer: signer)
    #expect(reply.type == "execute_reply")
    #expect(reply.parentID == id)
    var shown: [String] = []
    while let frames = iopub.receive() {
      let message = try Message(frames, on: .iopub, signer: signer)
      guard message.parentID == id else { continue }
      shown.append(message.summary)
      if message.isIdle { break }
    }
    #expect(shown == ["busy", "execute_input", "stdout: hello\n", "idle"])

    let control = Peer(ZMQ_DEALER, port: ports.control)
    let (end, _) = client.frames("shutdown_request", ["restart": false])
    control.send(Array(end.dropFirst()))
    let ended = try Message(try #require(control.receive()), on: .control, signer: signer)
    #expect(ended.type == "shutdown_reply")
    thread.join()
    client.leave()
  }

  @Test func `a port that is taken is refused at once`() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "gradus-\(randomIdentity()).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let free: JSON = [
      "shell_port": 0, "iopub_port": 0, "stdin_port": 0, "control_port": 0, "hb_port": 0,
    ]
    try Data(free.encoded()).write(to: URL(filePath: path))
    var first = try Connection(path: path)
    let holder = try SocketWire(&first)
    var taken = free
    taken.set("shell_port", to: .int(first.ports.shell))
    try Data(taken.encoded()).write(to: URL(filePath: path))
    var second = try Connection(path: path)
    #expect(throws: SocketError.self) { try SocketWire(&second) }
    withExtendedLifetime(holder) {}
  }
}

/// A client's socket.
///
/// `@safe`: the pointers are valid from `init` to `deinit`, and ZeroMQ copies what it is given.
@safe final class Peer {
  private let context: UnsafeMutableRawPointer?
  private let socket: UnsafeMutableRawPointer?

  init(_ kind: Int32, port: Int) {
    unsafe context = unsafe zmq_ctx_new()
    unsafe socket = unsafe zmq_socket(context, kind)
    for (option, value) in [(ZMQ_LINGER, Int32(0)), (ZMQ_RCVTIMEO, 5000)] {
      var value = value
      unsafe zmq_setsockopt(socket, option, &value, 4)
    }
    if kind == ZMQ_SUB { unsafe zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0) }
    unsafe zmq_connect(socket, "tcp://127.0.0.1:\(port)")
  }

  deinit {
    unsafe zmq_close(socket)
    unsafe zmq_ctx_term(context)
  }

  func send(_ frames: [Frame]) {
    for (index, frame) in frames.enumerated() {
      let more = index + 1 < frames.count ? ZMQ_SNDMORE : 0
      unsafe zmq_send(socket, frame, frame.count, more)
    }
  }

  /// The next message; nil after five seconds.
  func receive() -> [Frame]? {
    var frames: [Frame] = []
    var buffer = Frame(repeating: 0, count: 1 << 16)
    var more: Int32 = 1
    while more != 0 {
      let count = unsafe zmq_recv(socket, &buffer, buffer.count, 0)
      guard count >= 0 else { return nil }
      frames.append(Array(buffer[..<Int(count)]))
      var size = MemoryLayout<Int32>.size
      unsafe zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size)
    }
    return frames
  }
}

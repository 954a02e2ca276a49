internal import Catalog
internal import Glibc

/// Why a connection file is of no use.
public struct ConnectionError: Error, CustomStringConvertible {
  public let description: String
}

/// What a connection file says: where to listen, and the key.
///
/// Keys it does not know are ignored and kept.
public struct Connection: Sendable {
  public internal(set) var shellPort: Int
  public internal(set) var iopubPort: Int
  public internal(set) var stdinPort: Int
  public internal(set) var controlPort: Int
  public internal(set) var heartbeatPort: Int
  public let key: String
  private let transport: Transport
  private let address: String
  private let path: String
  private var members: JSON
  private var choseAPort = false

  private enum Transport: String {
    case tcp, ipc
  }

  public init(path: String) throws(ConnectionError) {
    guard let bytes = readFile(path) else {
      throw ConnectionError(
        description: "cannot read the connection file \(path): \(errorText())")
    }
    let members: JSON
    do {
      members = try JSON(parsing: bytes)
    } catch {
      throw ConnectionError(description: "\(path) is no connection file: \(error.failure.message)")
    }
    func port(_ name: String) throws(ConnectionError) -> Int {
      guard let port = members[name]?.int, (0...65535).contains(port) else {
        throw ConnectionError(
          description: "\(path): '\(name)' must be a port, a number from 0 to 65535")
      }
      return port
    }
    let scheme = members["signature_scheme"]?.string ?? "hmac-sha256"
    guard scheme == "hmac-sha256" || scheme.isEmpty else {
      throw ConnectionError(
        description: "\(path): signature scheme '\(scheme)' is not known; hmac-sha256 is")
    }
    let name = members["transport"]?.string ?? "tcp"
    guard let transport = Transport(rawValue: name) else {
      throw ConnectionError(description: "\(path): transport '\(name)' is not known; tcp, ipc are")
    }
    self.transport = transport
    address = members["ip"]?.string ?? "127.0.0.1"
    key = members["key"]?.string ?? ""
    shellPort = try port("shell_port")
    iopubPort = try port("iopub_port")
    stdinPort = try port("stdin_port")
    controlPort = try port("control_port")
    heartbeatPort = try port("hb_port")
    self.members = members
    self.path = path
  }

  var isIPv6: Bool { transport == .tcp && address.contains(":") }

  private func endpoint(_ port: Int) -> String {
    switch transport {
    case .tcp: "tcp://\(isIPv6 ? "[\(address)]" : address):\(port)"
    case .ipc: "ipc://\(address)-\(port)"
    }
  }

  /// Binds a socket to its port; port 0 becomes a free one.
  mutating func bind(
    _ socket: Socket, to port: WritableKeyPath<Connection, Int>
  ) throws(SocketError) {
    guard self[keyPath: port] == 0 else {
      return try socket.bind(endpoint(self[keyPath: port]))
    }
    choseAPort = true
    switch transport {
    case .tcp:
      try socket.bind(endpoint(0))
      let digits = socket.endpoint.split(separator: ":").last ?? ""
      self[keyPath: port] = Int(digits) ?? 0
    case .ipc:
      // A number is free when no file of that name exists.
      var number = 1
      while unsafe access("\(address)-\(number)", F_OK) == 0 { number += 1 }
      try socket.bind(endpoint(number))
      self[keyPath: port] = number
    }
  }

  public var ports: Ports {
    Ports(
      shell: shellPort, iopub: iopubPort, stdin: stdinPort, control: controlPort,
      heartbeat: heartbeatPort)
  }

  /// Writes the file anew when ports were chosen, so that clients find them.
  public mutating func announce() throws(ConnectionError) {
    guard choseAPort else { return }
    members.set("shell_port", to: .int(shellPort))
    members.set("iopub_port", to: .int(iopubPort))
    members.set("stdin_port", to: .int(stdinPort))
    members.set("control_port", to: .int(controlPort))
    members.set("hb_port", to: .int(heartbeatPort))
    guard replaceFile(path, with: members.encoded(.notebook)) else {
      throw ConnectionError(description: "cannot write \(path): \(errorText())")
    }
  }
}

private func errorText() -> String {
  guard let text = unsafe strerror(errno) else { return "error \(errno)" }
  return unsafe String(cString: text)
}

/// The bytes of a file, or nil with `errno` set.
private func readFile(_ path: String) -> [UInt8]? {
  let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 16384)
  while true {
    let count = unsafe read(descriptor, &chunk, chunk.count)
    if count < 0 { return nil }
    if count == 0 { return bytes }
    bytes += chunk[..<count]
  }
}

/// Writes beside the file, readable by its owner only, and renames.
private func replaceFile(_ path: String, with bytes: [UInt8]) -> Bool {
  let beside = "\(path).\(getpid())"
  let descriptor = unsafe open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
  guard descriptor >= 0 else { return false }
  let written = unsafe write(descriptor, bytes, bytes.count)
  close(descriptor)
  guard written == bytes.count, unsafe rename(beside, path) == 0 else {
    _ = unsafe unlink(beside)
    return false
  }
  return true
}

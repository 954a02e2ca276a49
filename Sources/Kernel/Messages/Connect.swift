internal import Catalog

/// `connect_request` (deprecated): the ports.
enum Connect {
  static func answer(_ exchange: Exchange, _ ports: Ports?) {
    exchange.serve { exchange in
      guard let ports else { return exchange.reply(Answer.ok) }
      exchange.reply([
        "status": "ok", "shell_port": .int(ports.shell), "iopub_port": .int(ports.iopub),
        "stdin_port": .int(ports.stdin), "control_port": .int(ports.control),
        "hb_port": .int(ports.heartbeat),
      ])
    }
  }
}

/// The ports a kernel listens on.
public struct Ports: Sendable {
  public let shell: Int
  public let iopub: Int
  public let stdin: Int
  public let control: Int
  public let heartbeat: Int
}

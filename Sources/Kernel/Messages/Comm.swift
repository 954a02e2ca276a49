internal import Catalog
internal import Session

/// `comm_info_request`, `comm_open`, `comm_msg` and `comm_close`.
///
/// Only widgets are spoken to: a comm for any other target is closed again at once, as the protocol
/// asks, and messages for a comm that is not open are read and forgotten.
enum Comm {
  static func inform(_ exchange: Exchange, _ comms: Comms) {
    let target = exchange.request.content["target_name"]?.string
    let open = comms.all(of: target).map { comm -> (key: String, value: JSON) in
      (comm.id, ["target_name": .string(comm.target)])
    }
    exchange.serve { $0.reply(["status": "ok", "comms": .object(open)]) }
  }

  /// What a request says to a widget; nil when nobody would read it, and it has been answered.
  static func letter(_ exchange: Exchange, _ comms: Comms) -> Letter? {
    let content = exchange.request.content
    guard let id = content["comm_id"]?.string, let step = step(of: exchange.request),
      step.isForWidgets || comms.isOpen(id)
    else {
      exchange.serve { exchange in
        guard exchange.request.type == "comm_open", let id = content["comm_id"]?.string else {
          return
        }
        exchange.publish("comm_close", ["comm_id": .string(id), "data": [:]])
      }
      return nil
    }
    let message = CommMessage(
      id, step, data: content["data"] ?? [:], metadata: exchange.request.metadata)
    comms.follow(message)
    return Letter(exchange: exchange, message: message)
  }

  private static func step(of request: Message) -> CommMessage.Step? {
    switch request.type {
    case "comm_open": request.content["target_name"]?.string.map { .open(target: $0) }
    case "comm_msg": .message
    default: .close
    }
  }
}

extension CommMessage.Step {
  fileprivate var isForWidgets: Bool { self == .open(target: WidgetProtocol.controlTarget) }
}

internal import Catalog

/// `comm_info_request`, `comm_open`, `comm_msg` and `comm_close`.
///
/// No target is known yet, so nothing is ever open: an opened comm is closed again at once, as the
/// protocol asks, and messages for it are read and forgotten.
enum Comm {
  static func inform(_ exchange: Exchange) {
    exchange.serve { exchange in exchange.reply(["status": "ok", "comms": [:]]) }
  }

  static func open(_ exchange: Exchange) {
    exchange.serve { exchange in
      guard let id = exchange.request.content["comm_id"]?.string else { return }
      exchange.publish("comm_close", ["comm_id": .string(id), "data": [:]])
    }
  }

  static func ignore(_ exchange: Exchange) {
    exchange.serve { _ in }
  }
}

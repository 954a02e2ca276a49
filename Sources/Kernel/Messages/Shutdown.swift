internal import Catalog

/// `shutdown_request`: the reply goes to the one who asked and to everybody.
enum Shutdown {
  static func answer(_ exchange: Exchange) {
    let restart = JSON.bool(exchange.request.content["restart"]?.bool ?? false)
    let content: JSON = ["status": "ok", "restart": restart]
    exchange.serve { exchange in
      exchange.reply(content)
      exchange.publish("shutdown_reply", content)
    }
  }
}

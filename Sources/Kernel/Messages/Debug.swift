internal import Catalog

/// `debug_request`: there is no debugger, said in the debugger's own protocol.
enum Debug {
  static func refuse(_ exchange: Exchange) {
    let content = exchange.request.content
    exchange.serve { exchange in
      exchange.reply([
        "type": "response", "success": false, "seq": 0,
        "request_seq": .int(content["seq"]?.int ?? 0),
        "command": .string(content["command"]?.string ?? ""),
        "message": "this kernel has no debugger", "body": [:],
      ])
    }
  }
}

internal import Catalog

/// `execute_request`: run a cell.
struct ExecuteRequest: RequestContent, Sendable {
  let code: String
  /// Nothing is shown but the status, nothing counted, nothing stored.
  let isSilent: Bool
  let storesHistory: Bool
  /// Evaluated after the cell when it succeeded.
  let expressions: [(name: String, text: String)]
  let allowsInput: Bool
  /// When it fails, cells that wait behind it are not run.
  let stopsOnError: Bool

  init(_ content: JSON) throws(MalformedContent) {
    code = try content.required("code")
    isSilent = try content.flag("silent", default: false)
    let stores = try content.flag("store_history", default: !isSilent)
    storesHistory = stores && !isSilent
    allowsInput = try content.flag("allow_stdin", default: false)
    stopsOnError = try content.flag("stop_on_error", default: true)
    let wanted = "an object of strings"
    var expressions: [(name: String, text: String)] = []
    for member in try content.optional("user_expressions", wanted, \.members) ?? [] {
      guard let text = member.value.string else {
        throw MalformedContent(field: "user_expressions", wanted: wanted)
      }
      expressions.append((member.key, text))
    }
    self.expressions = expressions
  }
}

extension Exchange {
  /// The reply to a cell that was not run because one before it failed.
  func abort() {
    serve { exchange in
      exchange.reply(["status": "aborted"], metadata: ["status": "aborted"])
    }
  }
}

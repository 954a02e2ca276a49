internal import Catalog
internal import Session

/// `history_request`: cells of this session and earlier ones.
struct HistoryRequest: RequestContent, Sendable {
  let query: History.Query
  let withOutput: Bool

  init(_ content: JSON) throws(MalformedContent) {
    withOutput = try content.flag("output", default: false)
    let number = "a whole number"
    let count = try content.optional("n", number, \.int)
    switch try content.required("hist_access_type") {
    case "tail":
      query = .tail(count: max(0, count ?? 10), withOutput: withOutput)
    case "range":
      query = .range(
        session: try content.optional("session", number, \.int) ?? 0,
        start: try content.optional("start", number, \.int) ?? 0,
        stop: try content.optional("stop", number, \.int), withOutput: withOutput)
    case "search":
      query = .search(
        pattern: try content.optional("pattern", "a string", \.string) ?? "*",
        count: count.map { max(0, $0) },
        isUnique: try content.flag("unique", default: false), withOutput: withOutput)
    default:
      throw MalformedContent(field: "hist_access_type", wanted: "range, tail or search")
    }
  }
}

/// `history_reply`.
enum HistoryReply {
  /// Asks the history; its own thread answers.
  static func answer(_ exchange: Exchange, _ request: HistoryRequest, _ history: History) {
    history.find(request.query) { records in
      exchange.serve { $0.reply(content(records, withOutput: request.withOutput)) }
    }
  }

  static func content(_ entries: [History.Record], withOutput: Bool) -> JSON {
    let rows = entries.map { entry -> JSON in
      let output = entry.output.map { JSON.string($0) } ?? .null
      let text: JSON = withOutput ? [.string(entry.input), output] : .string(entry.input)
      return [.int(entry.session), .int(entry.line), text]
    }
    return ["status": "ok", "history": .array(rows)]
  }
}

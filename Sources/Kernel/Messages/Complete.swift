internal import Catalog
internal import Session

/// `complete_request`: what could stand at the cursor.
struct CompleteRequest: RequestContent, Sendable {
  let code: String
  /// In code points.
  let cursor: Int

  init(_ content: JSON) throws(MalformedContent) {
    code = try content.required("code")
    cursor = try content.cursor(in: code)
  }
}

extension JSON {
  /// `cursor_pos`, in code points from 0; the end of the code when it is missing or beyond it.
  func cursor(in code: String) throws(MalformedContent) -> Int {
    let end = code.unicodeScalars.count
    let cursor = try optional("cursor_pos", "a whole number", \.int) ?? end
    return min(max(0, cursor), end)
  }
}

/// `complete_reply`.
enum CompleteReply {
  static func content(_ completion: Completion) -> JSON {
    let start = JSON.int(completion.range.lowerBound)
    let end = JSON.int(completion.range.upperBound)
    let types = completion.matches.map { match -> JSON in
      [
        "start": start, "end": end, "text": .string(match.text),
        "type": .string(match.kind.rawValue),
        "signature": .string(match.signature),
      ]
    }
    return [
      "status": "ok",
      "matches": .array(completion.matches.map { .string($0.text) }),
      "cursor_start": start,
      "cursor_end": end,
      "metadata": ["_jupyter_types_experimental": .array(types)],
    ]
  }
}

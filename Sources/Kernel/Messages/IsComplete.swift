internal import Catalog
internal import Session

/// `is_complete_request`: whether a console should run the code or wait for more lines.
struct IsCompleteRequest: RequestContent, Sendable {
  let code: String

  init(_ content: JSON) throws(MalformedContent) {
    code = try content.required("code")
  }
}

/// `is_complete_reply`.
enum IsCompleteReply {
  static func content(_ completeness: Completeness) -> JSON {
    switch completeness {
    case .complete: ["status": "complete"]
    case .invalid: ["status": "invalid"]
    case .incomplete(let indent): ["status": "incomplete", "indent": .string(indent)]
    }
  }
}

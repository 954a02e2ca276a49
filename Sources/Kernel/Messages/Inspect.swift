internal import Catalog

/// `inspect_request`: what is known about the name at the cursor.
struct InspectRequest: RequestContent, Sendable {
  let code: String
  /// In code points.
  let cursor: Int
  /// 0 for a tooltip, 1 for all there is.
  let detail: Int

  init(_ content: JSON) throws(MalformedContent) {
    code = try content.required("code")
    cursor = try content.cursor(in: code)
    detail = try content.optional("detail_level", "0 or 1", \.int) ?? 0
  }
}

/// `inspect_reply`.
enum InspectReply {
  static func content(_ found: Media?) -> JSON {
    guard let found else {
      return ["status": "ok", "found": false, "data": [:], "metadata": [:]]
    }
    return ["status": "ok", "found": true, "data": found.bundle, "metadata": found.metadata]
  }
}

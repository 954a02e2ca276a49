internal import Catalog

/// What came back from a question a cell asked its user.
enum InputAnswer: Sendable {
  case line(String)
  case endOfInput
  /// The front end has no channel to be asked on.
  case unreachable

  /// An `input_reply`; nil when it carries no value.
  init?(_ content: JSON) {
    guard let value = content["value"]?.string else { return nil }
    // Front ends send Ctrl-D as this one character.
    self = value == "\u{4}" ? .endOfInput : .line(value)
  }
}

/// The question that is open, if any; belongs to the wire thread.
struct OpenQuestion {
  /// How long a front end may take to connect its stdin channel, in milliseconds.
  static let patience = 1000

  let id: String
  let identities: [Frame]
  let frames: [Frame]
  /// Until when the question is put again to a client that cannot be reached; nil: it was put.
  var triesUntil: Int?

  /// Whether a reply is for this question: right client, and right question where it says so.
  func fits(_ reply: Message) -> Bool {
    reply.identities == identities && (reply.parentID == nil || reply.parentID == id)
  }
}

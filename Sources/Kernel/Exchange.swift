internal import Catalog

/// What the other threads hand to the wire thread.
///
/// One mailbox carries all of it, so the order of posting is the order on the wire.
enum Post: Sendable {
  case send([Frame], on: Channel)
  /// Frames of the running cell: text that waits goes before them.
  case show([Frame], on: Channel)
  /// Frames of the running cell that show something, until it clears its output.
  case output([Frame])
  /// The running cell clears its output as soon as it shows more.
  case clear([Frame])
  /// Printed text of the running cell.
  case text(String, Output.Stream)
  /// What has changed of something shown already: only the newest has to be sent.
  case refresh(Refresh)
  /// Refreshes that wait go out before what is posted next.
  case settle
  /// A cell begins: `busy`, and from now on it is the parent of printed text.
  case begin(Exchange)
  /// A request is answered: `idle`, after all text when it was a cell.
  case end(Exchange)
  /// A cell failed: everything that has arrived by now is behind it.
  case drain
  /// A cell asks its user for a line.
  case ask(Exchange, prompt: String, isSecret: Bool)
  /// The question is no longer open.
  case unask
  /// The process is to end.
  case quit
  /// The evaluator or service thread has come to its end.
  case finished
}

/// One request, and all that is said in answer to it.
struct Exchange: Sendable {
  let request: Message
  /// Whether it is the running cell, whose printed text goes before all else it shows.
  var isCell = false
  let composer: Composer
  let post: Mailbox<Post>

  func status(_ state: String) -> [Frame] {
    published("status", ["execution_state": .string(state)])
  }

  func published(_ type: String, _ content: JSON, metadata: JSON = [:]) -> [Frame] {
    composer.frames(
      type, to: [Frame(type.utf8)], parent: request.header, content: content,
      metadata: metadata
    ).frames
  }

  func publish(_ type: String, _ content: JSON, metadata: JSON = [:]) {
    send(published(type, content, metadata: metadata), on: .iopub)
  }

  /// Shows something that clearing the output removes.
  func show(_ type: String, _ content: JSON) {
    let frames = published(type, content)
    post.post(isCell ? .output(frames) : .send(frames, on: .iopub))
  }

  /// Clears the output when the next comes.
  func clearBeforeNext() {
    let frames = published("clear_output", ["wait": .bool(true)])
    post.post(isCell ? .clear(frames) : .send(frames, on: .iopub))
  }

  /// Says what has changed of something shown already, if need be together with what changes next.
  func refresh(_ subject: Refresh.Subject, _ content: JSON, metadata: JSON = [:]) {
    let refresh = Refresh(
      subject: subject, exchange: self, content: content, metadata: metadata)
    post.post(.refresh(refresh)) { waiting in
      guard case .refresh(var earlier) = waiting, earlier.isAlike(refresh) else { return false }
      earlier.absorb(refresh)
      waiting = .refresh(earlier)
      return true
    }
  }

  private func send(_ frames: [Frame], on channel: Channel) {
    post.post(isCell ? .show(frames, on: channel) : .send(frames, on: channel))
  }

  /// Replies on the channel the request came on; `complete_request` gets `complete_reply`.
  func reply(_ content: JSON, metadata: JSON = [:]) {
    let (frames, _) = composer.frames(
      request.replyType, to: request.identities, parent: request.header, content: content,
      metadata: metadata)
    send(frames, on: request.channel)
  }

  /// Serves a request that is no cell: `busy`, what `body` says, `idle`.
  func serve(_ body: (Exchange) -> Void) {
    post.post(.send(status("busy"), on: .iopub))
    body(self)
    post.post(.end(self))
  }
}

extension Message {
  var replyType: String {
    let suffix = "_request"
    return type.hasSuffix(suffix) ? type.dropLast(suffix.count) + "_reply" : type
  }
}

/// The content of one kind of request, as typed values.
protocol RequestContent {
  init(_ content: JSON) throws(MalformedContent)
}

/// A field of a request that is missing or of the wrong type.
struct MalformedContent: Error {
  let field: String
  let wanted: String

  /// The reply to a request nobody could read.
  var reply: JSON {
    Answer.error("ProtocolError", "'\(field)' must be \(wanted)")
  }
}

/// Replies that are the same for all requests.
enum Answer {
  static let ok: JSON = ["status": "ok"]

  static func error(_ failure: Failure) -> JSON {
    var reply = shown(failure)
    reply.set("status", to: "error")
    return reply
  }

  /// What everybody sees of an error, where the reply also has a status.
  static func shown(_ failure: Failure) -> JSON {
    [
      "ename": .string(failure.exception), "evalue": .string(failure.message),
      "traceback": .array(failure.report(colour: true).map { .string($0) }),
    ]
  }

  static func error(_ name: String, _ message: String) -> JSON {
    ["status": "error", "ename": .string(name), "evalue": .string(message), "traceback": []]
  }
}

extension JSON {
  /// A member that must be a string.
  func required(_ field: String) throws(MalformedContent) -> String {
    guard let string = self[field]?.string else {
      throw MalformedContent(field: field, wanted: "a string")
    }
    return string
  }

  /// A member that may be missing or null.
  func optional<Value>(
    _ field: String, _ wanted: String, _ read: (JSON) -> Value?
  ) throws(MalformedContent) -> Value? {
    guard let member = self[field], member != .null else { return nil }
    guard let value = read(member) else {
      throw MalformedContent(field: field, wanted: wanted)
    }
    return value
  }

  func flag(_ field: String, default value: Bool) throws(MalformedContent) -> Bool {
    try optional(field, "true or false", \.bool) ?? value
  }
}

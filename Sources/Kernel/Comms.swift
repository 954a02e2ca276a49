internal import Catalog
internal import Synchronization

/// The open comms: what `comm_info` tells, and which messages have somebody to read them.
final class Comms: Sendable {
  private let targets = Mutex<[String: String]>([:])

  /// Notes what is opened and closed, on either side.
  func follow(_ message: CommMessage) {
    targets.withLock { targets in
      switch message.step {
      case .open(let target): targets[message.id] = target
      case .message: break
      case .close: targets[message.id] = nil
      }
    }
  }

  func isOpen(_ id: String) -> Bool { targets.withLock { $0[id] != nil } }

  /// Ids with their targets, of one target only where one is given.
  func all(of target: String?) -> [(id: String, target: String)] {
    targets.withLock { targets in
      targets.filter { target == nil || $0.value == target }.map { ($0.key, $0.value) }
        .sorted { $0.0 < $1.0 }
    }
  }
}

/// What the front end says to a widget, and the request that says it.
struct Letter: Sendable {
  let exchange: Exchange
  let message: CommMessage

  /// The parts of a widget's state that it sets.
  var keys: [String] {
    guard message.data["method"] == "update" else { return [] }
    return message.data["state"]?.members?.map(\.key) ?? []
  }
}

/// Turns what a widget's observers show into messages whose parent is the message they act upon.
///
/// Front ends show such output in their log, unless an `Output` widget takes it.
final class CommSink: Sink {
  private let exchange: Exchange
  private let comms: Comms
  private var text: (stream: Output.Stream, text: String)?

  init(_ exchange: Exchange, _ comms: Comms) {
    self.exchange = exchange
    self.comms = comms
  }

  func emit(_ output: Output) {
    if case .stream(let stream, let more) = output {
      if text?.stream != stream { flush() }
      text = (stream, (text?.text ?? "") + more)
      if more.utf8.count > 1 << 16 { flush() }
      return
    }
    if case .comm(let message) = output { return exchange.publish(message, comms) }
    flush()
    exchange.publish(output, number: nil)
  }

  func flush() {
    guard let (stream, text) = text else { return }
    self.text = nil
    exchange.publish("stream", ["name": .string(stream.rawValue), "text": .string(text)])
  }
}

extension Exchange {
  /// Shows something that is no text of a stream.
  ///
  /// - Parameter number: of the cell, for its result.
  func publish(_ output: Output, number: Int?) {
    switch output {
    case .display(let media, let id):
      if id != nil { post.post(.settle) }
      show("display_data", Exchange.content(of: media, id: id))
    case .update(let media, let id):
      refresh(.display(id), Exchange.content(of: media, id: id))
    case .result(let media):
      var content = Exchange.content(of: media, id: nil)
      content.set("execution_count", to: number.map { .int($0) } ?? .null)
      show("execute_result", content)
    case .failure(let failure): publish("error", Answer.shown(failure))
    case .clear(let wait):
      post.post(.settle)
      if wait { clearBeforeNext() } else { publish("clear_output", ["wait": .bool(false)]) }
    case .stream, .comm: break
    }
  }

  func publish(_ message: CommMessage, _ comms: Comms) {
    comms.follow(message)
    var content: JSON = ["comm_id": .string(message.id), "data": message.data]
    if message.step == .message, message.data["method"] == "update" {
      return refresh(.widget(message.id), content, metadata: message.metadata)
    }
    post.post(.settle)
    switch message.step {
    case .open(let target):
      content.set("target_name", to: .string(target))
      publish("comm_open", content, metadata: message.metadata)
    case .message: publish("comm_msg", content, metadata: message.metadata)
    case .close: publish("comm_close", content, metadata: message.metadata)
    }
  }

  private static func content(of media: Media, id: String?) -> JSON {
    var content: JSON = ["data": media.bundle, "metadata": media.metadata]
    if let id { content.set("transient", to: ["display_id": .string(id)]) }
    return content
  }
}

internal import Catalog

/// Turns what a cell shows into messages whose parent is the cell's request.
final class IOPubSink: Sink {
  private let exchange: Exchange
  private let request: ExecuteRequest
  private let number: Int
  private let threads: Threads
  private var limit: StreamLimit

  init(
    _ exchange: Exchange, _ request: ExecuteRequest, number: Int, limit: StreamLimit,
    _ threads: Threads
  ) {
    self.exchange = exchange
    self.request = request
    self.number = number
    self.limit = limit
    self.threads = threads
  }

  func emit(_ output: Output) {
    if request.isSilent { return }
    switch output {
    case .stream(let stream, let text):
      print(limit.admit(text, to: stream), to: stream)
    case .display(let media, let id):
      exchange.publish("display_data", IOPubSink.content(of: media, id: id))
    case .update(let media, let id):
      exchange.publish("update_display_data", IOPubSink.content(of: media, id: id))
    case .result(let media):
      var content = IOPubSink.content(of: media, id: nil)
      content.set("execution_count", to: .int(number))
      exchange.publish("execute_result", content)
    case .failure(let failure):
      finish()
      exchange.publish("error", IOPubSink.error(failure))
    case .clear(let wait):
      exchange.publish("clear_output", ["wait": .bool(wait)])
    }
  }

  /// The cell has come to its end: the tail of what was too much to show follows.
  func finish() {
    for rest in limit.rest() { print(rest.text, to: rest.stream) }
  }

  private func print(_ text: String, to stream: Output.Stream) {
    guard !text.isEmpty else { return }
    threads.post.post(.text(text, stream)) { waiting in
      guard case .text(var earlier, stream) = waiting else { return false }
      waiting = .drain  // lets go of the earlier text, so that it grows in place
      earlier += text
      waiting = .text(earlier, stream)
      return true
    }
  }

  func ask(_ prompt: String, isSecret: Bool) throws -> String {
    guard request.allowsInput else { throw IOPubSink.cannotAsk }
    _ = threads.answers.takeAll()
    threads.post.post(.ask(exchange, prompt: prompt, isSecret: isSecret))
    defer { threads.post.post(.unask) }
    while true {
      switch threads.answers.takeAll().first {
      case .line(let line): return line
      case .unreachable: throw IOPubSink.cannotAsk
      case .endOfInput: throw Failure(named: "EOFError", "the input ended")
      case nil: break
      }
      if threads.backlog.takeInterrupt() { throw Interrupted() }
      threads.answers.bell.wait(or: threads.backlog.interrupted)
    }
  }

  private static var cannotAsk: Failure {
    Failure(
      .runtime, "input() cannot ask here: the front end takes no input for this cell",
      help: "give the value in the cell instead")
  }

  private static func content(of media: Media, id: String?) -> JSON {
    var content: JSON = ["data": media.bundle, "metadata": media.metadata]
    if let id { content.set("transient", to: ["display_id": .string(id)]) }
    return content
  }

  static func error(_ failure: Failure) -> JSON {
    Answer.error(failure.exception, failure.message, traceback: failure.report(colour: true))
  }
}

internal import Catalog

/// Turns what a cell shows into messages whose parent is the cell's request.
final class IOPubSink: Sink {
  private let exchange: Exchange
  private let request: ExecuteRequest
  private let number: Int
  private let threads: Threads
  private let pause: () throws -> Void
  private var limit: StreamLimit

  /// - Parameter pause: what is to be done while the cell waits for an answer.
  init(
    _ exchange: Exchange, _ request: ExecuteRequest, number: Int, limit: StreamLimit,
    _ threads: Threads, pause: @escaping () throws -> Void
  ) {
    self.exchange = exchange
    self.request = request
    self.number = number
    self.limit = limit
    self.threads = threads
    self.pause = pause
  }

  func emit(_ output: Output) {
    if case .comm(let message) = output { return exchange.publish(message, threads.comms) }
    if request.isSilent { return }
    switch output {
    case .stream(let stream, let text): return print(limit.admit(text, to: stream), to: stream)
    case .failure: finish()
    default: break
    }
    exchange.publish(output, number: number)
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
      try pause()
      threads.answers.bell.wait(or: threads.backlog.interrupted, threads.letters.bell)
    }
  }

  private static var cannotAsk: Failure {
    Failure(
      .runtime, "input() cannot ask here: the front end takes no input for this cell",
      help: "give the value in the cell instead")
  }
}

internal import Catalog
internal import Session

/// What the wire thread hands to the evaluator.
enum Work: Sendable {
  /// The service thread wants a directory of names.
  case attend
  case execute(Exchange, ExecuteRequest)
  /// The front end has said something to a widget.
  case deliver
  /// All that was behind a failed cell has come by.
  case drained
  case stop
}

/// The evaluator's thread: runs one cell after the other.
final class EvaluatorLoop {
  private let program: Program
  private let threads: Threads
  private var evaluator: (any Evaluator)?
  private var count = 0
  /// A cell failed: those behind it are answered without running, until this many markers came.
  private var markersToCome = 0

  init(_ program: Program, _ threads: Threads) {
    self.program = program
    self.threads = threads
  }

  private var post: Mailbox<Post> { threads.post }
  private var backlog: Backlog { threads.backlog }

  /// Works until it is told to stop.
  func run() {
    while true {
      for task in threads.work.takeAll() {
        switch task {
        case .attend: session().attend()
        case .execute(let exchange, let request): execute(exchange, request)
        case .deliver: deliverBetweenCells()
        case .drained: markersToCome -= 1
        case .stop: return post.post(.finished)
        }
      }
      threads.work.bell.wait()
    }
  }

  /// Made for the first cell or the first look at its names, in about ten milliseconds: a kernel
  /// that nobody uses stays ten megabytes smaller.
  private func session() -> any Evaluator {
    if let evaluator { return evaluator }
    let made = program.makeEvaluator(backlog.pending, threads.board)
    made.onPause = { [unowned self] in try deliver() }
    evaluator = made
    return made
  }

  private func execute(_ exchange: Exchange, _ request: ExecuteRequest) {
    guard markersToCome == 0, !backlog.isStopping else {
      exchange.abort()
      return backlog.drop()
    }
    deliverBetweenCells()
    let session = session()
    var exchange = exchange
    exchange.isCell = true
    backlog.begin()
    post.post(.begin(exchange))
    if request.storesHistory { count += 1 }
    if !request.isSilent {
      exchange.publish(
        "execute_input", ["code": .string(request.code), "execution_count": .int(count)])
    }
    let started = Clock.timestamp
    let sink = IOPubSink(
      exchange, request, number: count, limit: StreamLimit(bytes: program.printLimit), threads
    ) { [unowned self] in try deliver() }
    let cell = Cell(
      request.code, executionCount: count, id: exchange.request.metadata["cellId"]?.string,
      isSilent: request.isSilent)
    let result = session.run(cell, sink: sink)
    sink.finish()
    if request.storesHistory {
      threads.history.add(line: count, input: request.code, output: result.shown?.text)
    }
    if result.failure != nil, request.stopsOnError {
      // Before the reply, so that what a client sends after reading it is not behind the cell.
      markersToCome += 1
      post.post(.drain)
    }
    let reply = reply(to: request, result, in: session)
    exchange.reply(
      reply, metadata: ["started": .string(started), "status": reply["status"] ?? "ok"])
    backlog.end()
    post.post(.end(exchange))
  }

  /// Lets widgets act as a cell does: it can be interrupted, and names are told after it.
  private func deliverBetweenCells() {
    guard !threads.letters.isEmpty else { return }
    backlog.add()
    backlog.begin()
    defer { backlog.end() }
    // An interrupt stops the observer; there is nothing else to stop.
    try? deliver()
  }

  /// Hands the widgets what the front end has said to them; what a later message of the same batch
  /// says anew of a widget's state is not acted upon twice.
  ///
  /// - Throws: `Interrupted`, after all have been answered.
  private func deliver() throws {
    var interrupted: (any Error)?
    while !threads.letters.isEmpty {
      let letters = threads.letters.takeAll()
      for (index, letter) in letters.enumerated() {
        let later = letters[(index + 1)...].filter { $0.message.id == letter.message.id }
        let sink = CommSink(letter.exchange, threads.comms)
        letter.exchange.serve { _ in
          do {
            try session().receive(
              letter.message, later: Set(later.flatMap(\.keys)), sink: sink)
          } catch {
            interrupted = error
          }
          sink.flush()
        }
      }
    }
    if let interrupted { throw interrupted }
  }

  private func reply(
    to request: ExecuteRequest, _ result: CellResult, in session: any Evaluator
  ) -> JSON {
    var reply: JSON
    var values: [(key: String, value: JSON)] = []
    var payload: [JSON] = []
    if let page = result.page {
      payload.append(["source": "page", "data": page.bundle, "start": 0])
    }
    if let failure = result.failure {
      reply = Answer.error(failure)
    } else {
      reply = Answer.ok
      if !request.expressions.isEmpty {
        values = session.evaluate(request.expressions).map { name, value in
          switch value {
          case .success(let media):
            (name, ["status": "ok", "data": media.bundle, "metadata": media.metadata])
          case .failure(let failure): (name, Answer.error(failure))
          }
        }
      }
      if case .exit = result.ending {
        payload.append(["source": "ask_exit", "keepkernel": false])
      }
    }
    reply.set("execution_count", to: .int(count))
    reply.set("user_expressions", to: .object(values))
    reply.set("payload", to: .array(payload))
    return reply
  }
}

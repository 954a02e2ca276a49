internal import Catalog
internal import Session

/// What the wire thread hands to the service thread.
enum Question: Sendable {
  case complete(Exchange, CompleteRequest)
  case inspect(Exchange, InspectRequest)
  case isComplete(Exchange, IsCompleteRequest)
  case stop
}

/// The service thread: completion, inspection and the like, also while a cell runs.
///
/// It never touches a value: it reads the directory of names that the evaluator gives out.
struct ServiceLoop {
  /// How long an answer waits for cells before it to end, in milliseconds.
  static let patience = 30

  let threads: Threads

  /// Answers until it is told to stop.
  func run() {
    while true {
      for question in threads.questions.takeAll() {
        switch question {
        case .complete(let exchange, let request):
          waitForCells()
          let answer = Completion(
            of: request.code, at: request.cursor, from: threads.board,
            waiting: Int32(ServiceLoop.patience))
          exchange.serve { $0.reply(CompleteReply.content(answer)) }
        case .inspect(let exchange, let request):
          waitForCells()
          let answer = Inspection(
            of: request.code, at: request.cursor, detail: request.detail, from: threads.board,
            waiting: Int32(ServiceLoop.patience))
          exchange.serve { $0.reply(InspectReply.content(answer?.media)) }
        case .isComplete(let exchange, let request):
          let answer = Completeness(of: request.code)
          exchange.serve { $0.reply(IsCompleteReply.content(answer)) }
        case .stop: return threads.post.post(.finished)
        }
      }
      threads.questions.bell.wait()
    }
  }

  /// The names are wanted as they are after the cells that wait, unless those take longer.
  private func waitForCells() {
    _ = threads.backlog.waitUntilEmpty(milliseconds: ServiceLoop.patience)
  }
}

import Catalog

/// Marks what a cell shows after it has read a clock as different from run to run.
final class ClockMark: Sink {
  private let sink: any Sink
  private unowned let context: Context

  init(_ sink: any Sink, _ context: Context) {
    self.sink = sink
    self.context = context
  }

  func emit(_ output: Output) {
    guard context.hasReadClock else { return sink.emit(output) }
    switch output {
    case .display(let media, let id): sink.emit(.display(marked(media), id: id))
    case .update(let media, let id): sink.emit(.update(marked(media), id: id))
    case .result(let media): sink.emit(.result(marked(media)))
    case .stream, .failure, .clear, .comm: sink.emit(output)
    }
  }

  func ask(_ prompt: String, isSecret: Bool) throws -> String {
    try sink.ask(prompt, isSecret: isSecret)
  }

  func nextLine() throws -> String? { try sink.nextLine() }

  func flush() { sink.flush() }

  private func marked(_ media: Media) -> Media {
    var media = media
    media.isVolatile = true
    return media
  }
}

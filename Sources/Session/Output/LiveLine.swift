internal import Catalog

/// A line of text that is replaced in its place, at most four times a second; its last state
/// always.
///
/// Where nothing can be replaced, only the last state is shown.
final class LiveLine {
  private let context: Context
  private let cadence: TrainingChart.Cadence
  private let id: String?
  private var isShown = false
  private var last = 0.0

  init(_ context: Context) {
    self.context = context
    let chart = context.progress as? TrainingChart
    cadence = chart?.cadence ?? .lines
    id = chart?.newID()
  }

  func show(_ text: @autoclosure () -> String) {
    guard let id, cadence != .lines else { return }
    let now = Clock.seconds
    if !isShown {
      isShown = true
      last = now
      context.sink.emit(.display(Media(text()), id: id))
    } else if cadence == .live, now - last >= 0.25 {
      last = now
      context.sink.emit(.update(Media(text()), id: id))
    }
  }

  func close(_ text: String) {
    if let id, isShown {
      context.sink.emit(.update(Media(text), id: id))
    } else {
      context.sink.emit(.stream(.standard, text + "\n"))
    }
  }
}

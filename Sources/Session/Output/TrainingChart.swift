public import Catalog

/// The live chart of a training run: one display, redrawn a few times a second, its last state
/// always.
public final class TrainingChart: ProgressObserver {
  /// How a run's progress is shown.
  public enum Cadence: Sendable {
    /// A chart that is redrawn at most four times a second.
    case live
    /// A chart drawn once, at the end, in the place where a live one would have begun.
    case final
    /// A line of text for each epoch, at most about twenty.
    case lines
  }

  let cadence: Cadence
  private let context: Context
  private let draw: (Facts) throws -> Media
  /// Makes display ids differ between kernels, whose outputs may stand in one notebook.
  private let prefix: String
  private var count = 0
  private var id: String?
  private var lastDrawn = 0.0
  private var lastEpoch = 0
  /// Seconds between two drawings; at least a quarter, more when drawing is slow.
  private var interval = 0.25

  public init(
    _ cadence: Cadence, context: Context, prefix: String, draw: @escaping (Facts) throws -> Media
  ) {
    self.cadence = cadence
    self.context = context
    self.prefix = prefix
    self.draw = draw
  }

  public func advanced(_ progress: Progress, chart: () -> Facts) {
    if cadence == .lines { return advanceLine(progress) }
    guard let id else {
      let id = newID()
      self.id = id
      lastDrawn = Clock.seconds
      context.sink.emit(.display(Media(TrainingChart.line(progress)), id: id))
      return
    }
    guard cadence == .live else { return }
    let start = Clock.seconds
    guard start - lastDrawn >= interval, let media = try? draw(chart()) else { return }
    context.sink.emit(.update(media, id: id))
    lastDrawn = Clock.seconds
    // Drawing takes at most about a tenth of the time.
    interval = max(0.25, (lastDrawn - start) * 10)
  }

  public func finished(_ summary: String, chart: () -> Facts) {
    if cadence != .lines, var media = try? draw(chart()) {
      // The line that follows says it.
      if media.text.hasPrefix(summary + "\n") { media.text.removeFirst(summary.count + 1) }
      context.sink.emit(id.map { .update(media, id: $0) } ?? .display(media))
    }
    id = nil
    lastEpoch = 0
    interval = 0.25
    if !summary.isEmpty { context.sink.emit(.stream(.standard, summary + "\n")) }
  }

  /// An id for a display, unlike all before it.
  func newID() -> String {
    count += 1
    return "\(prefix)-\(count)"
  }

  private func advanceLine(_ progress: Progress) {
    guard progress.step >= progress.steps, progress.epoch != lastEpoch else { return }
    lastEpoch = progress.epoch
    let stride = max(1, (progress.epochs + 19) / 20)
    guard progress.epoch % stride == 0 || progress.epoch == progress.epochs else { return }
    context.sink.emit(.stream(.standard, Self.line(progress) + "\n"))
  }

  /// `epoch 3 of 20: loss 0.4121, val_loss 0.3987`.
  static func line(_ progress: Progress) -> String {
    let values = progress.values.map { "\($0.name) \(ShortNumber.text($0.value))" }
    let place = "\(progress.task) epoch \(progress.epoch) of \(progress.epochs)"
    return place + (values.isEmpty ? "" : ": " + values.joined(separator: ", "))
  }
}

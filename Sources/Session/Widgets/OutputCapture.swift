internal import Catalog

/// Takes what is shown, and shows it in an `Output` widget: at once, and then at most ten times a
/// second; the last state always.
final class OutputCapture: Sink {
  private let target: Widget
  private let outer: any Sink
  private let list = OutputList()
  /// What the widget shows already, and keeps showing.
  private var kept: [JSON]
  private var clearsBeforeNext: Bool
  private var lastShown = 0.0
  private var isBehind: Bool

  private init(_ target: Widget, _ outer: any Sink, replaces: Bool) {
    self.target = target
    self.outer = outer
    kept = replaces ? [] : target.outputs
    clearsBeforeNext = target.clearsBeforeNext
    target.clearsBeforeNext = false
    isBehind = replaces
  }

  /// What is shown from now on appears in the widget.
  ///
  /// - Parameter replaces: in the place of what it shows now, which stays until something comes.
  static func begin(_ target: Widget, replaces: Bool = false) {
    target.context.sink = OutputCapture(target, target.context.sink, replaces: replaces)
  }

  static func end(_ target: Widget) {
    guard let capture = active(target) else { return }
    capture.settle()
    target.context.sink = capture.outer
  }

  /// The capture that shows in this widget now.
  static func active(_ target: Widget) -> OutputCapture? {
    guard let capture = target.context.sink as? OutputCapture, capture.target === target else {
      return nil
    }
    return capture
  }

  func emit(_ output: Output) {
    switch output {
    case .comm: return outer.emit(output)
    case .clear(wait: true): clearsBeforeNext = true
    case .clear(wait: false): kept = []
    default:
      if clearsBeforeNext { kept = [] }
      clearsBeforeNext = false
    }
    list.add(output)
    isBehind = true
    if Clock.seconds - lastShown >= 0.1 { settle() }
  }

  func flush() { settle() }

  func ask(_ prompt: String, isSecret: Bool) throws -> String {
    settle()
    return try outer.ask(prompt, isSecret: isSecret)
  }

  func nextLine() throws -> String? { try outer.nextLine() }

  private func settle() {
    guard isBehind else { return }
    isBehind = false
    lastShown = Clock.seconds
    target.show(kept + list.outputs)
  }
}

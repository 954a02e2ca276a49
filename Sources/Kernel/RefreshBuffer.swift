internal import Catalog

/// A message that makes an earlier one on the same subject needless: what is shown under a display
/// id, the state of a widget.
struct Refresh: Sendable {
  enum Subject: Hashable, Sendable {
    case display(String)
    case widget(String)
  }

  let subject: Subject
  let exchange: Exchange
  var content: JSON
  var metadata: JSON = [:]

  var frames: [Frame] {
    switch subject {
    case .display: exchange.published("update_display_data", content, metadata: metadata)
    case .widget: exchange.published("comm_msg", content, metadata: metadata)
    }
  }

  /// Whether both are said of the same thing in answer to the same request.
  func isAlike(_ other: Refresh) -> Bool {
    subject == other.subject && exchange.request.id == other.exchange.request.id
  }

  /// Says what a newer one says; of a widget's state also what only the older one had.
  mutating func absorb(_ newer: Refresh) {
    guard case .widget = subject, var data = content["data"], var state = data["state"] else {
      content = newer.content
      metadata = newer.metadata
      return
    }
    for member in newer.content["data"]?["state"]?.members ?? [] {
      state.set(member.key, to: member.value)
    }
    data.set("state", to: state)
    content.set("data", to: data)
  }
}

/// Refreshes on their way out: the first on a subject goes at once, then twenty a second; the last
/// one always goes.
///
/// A loop that moves a progress bar at every turn would drown the front end otherwise, and servers
/// drop what is too much. Belongs to the wire thread.
struct RefreshBuffer {
  static let interval = 50

  private var waiting: [(refresh: Refresh, due: Int)] = []
  private var lastSent: [Refresh.Subject: Int] = [:]

  /// When the first of them must go, in the clock's milliseconds.
  var deadline: Int? { waiting.lazy.map(\.due).min() }

  mutating func add(_ refresh: Refresh, now: Int) {
    if let index = waiting.firstIndex(where: { $0.refresh.isAlike(refresh) }) {
      return waiting[index].refresh.absorb(refresh)
    }
    let next = lastSent[refresh.subject].map { $0 + RefreshBuffer.interval } ?? now
    // One on the same subject in answer to another request stays before it.
    let earlier = waiting.filter { $0.refresh.subject == refresh.subject }.map(\.due).max()
    waiting.append((refresh, max(next, earlier ?? now)))
  }

  /// Takes those to send now: what is due, or all of them.
  mutating func take(now: Int, all: Bool) -> [Refresh] {
    var taken: [Refresh] = []
    waiting.removeAll { refresh, due in
      guard all || due <= now else { return false }
      taken.append(refresh)
      return true
    }
    for refresh in taken { lastSent[refresh.subject] = now }
    return taken
  }

  /// A new cell begins: its first refreshes go at once.
  mutating func begin() { lastSent = [:] }
}

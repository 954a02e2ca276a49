internal import Catalog

/// What `progress(values)` gives to a `for`: the values, and a line that says how far it is.
final class ProgressBar: Object {
  static let type = ObjectType("progress", "Values whose loop shows how far it has come.")

  static let entry = Entry(
    "progress", "Passes values on to a loop and shows how far it has come.",
    Parameter("values", Value.self, "what to go through"),
    Parameter("label", String.self, "written before the line", default: { "" }), .context,
    returns: "progress", example: "for epoch in progress(range(3)): pass"
  ) { values, label, context in
    .object(try ProgressBar(values, label: label, context: context))
  }

  private enum Elements {
    case list(any ListView)
    case object(any Object)
  }

  private let elements: Elements
  private let label: String
  private let context: Context
  private let total: Int?

  private init(_ values: Value, label: String, context: Context) throws {
    switch values {
    case .list(let view):
      elements = .list(view)
      total = view.count
    case .object(let object):
      elements = .object(object)
      total = try? object.length()
    default:
      throw Failure(.type, "'\(values.typeName)' object is not iterable")
    }
    self.label = label
    self.context = context
  }

  var type: ObjectType { Self.type }
  var brief: String { total.map { "progress over \($0)" } ?? "progress" }

  func length() throws -> Int {
    guard let total else { throw Failure(.type, "object of type 'progress' has no len()") }
    return total
  }

  func iterate() throws -> any ObjectIterator {
    let next: () throws -> Value?
    switch elements {
    case .list(let view):
      var index = 0
      next = {
        guard index < view.count else { return nil }
        defer { index += 1 }
        return try view.element(index)
      }
    case .object(let object): next = try object.iterate().next
    }
    return Walk(next: next, context: context, label: label, total: total)
  }

  func visit(_ keep: (Value) -> Void) {
    switch elements {
    case .list(let view): keep(.list(view))
    case .object(let object): keep(.object(object))
    }
  }

  private final class Walk: ObjectIterator {
    private let take: () throws -> Value?
    private let line: LiveLine
    private let label: String
    private let total: Int?
    private let context: Context
    private var done = 0

    init(
      next: @escaping () throws -> Value?, context: Context, label: String, total: Int?
    ) {
      take = next
      self.context = context
      line = LiveLine(context)
      self.label = label
      self.total = total
    }

    func next() throws -> Value? {
      try context.pause()
      let value = try take()
      if value == nil { line.close(text) } else { line.show(text) }
      if value != nil { done += 1 }
      return value
    }

    /// `label ━━━━────── 4 of 10`.
    private var text: String {
      let head = label.isEmpty ? "" : label + " "
      guard let total, total > 0 else { return head + "\(done)" }
      let width = 24
      let filled = min(width, done * width / total)
      return head + String(repeating: "━", count: filled)
        + String(repeating: "─", count: width - filled) + " \(done) of \(total)"
    }
  }
}

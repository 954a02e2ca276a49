internal import Catalog

/// What a selection chooses from: values, each with the label that is shown for it.
struct WidgetOptions {
  private var all: [(label: String, value: Value)] = []

  /// None to choose from.
  init() {}

  /// From a dict by label, or a list of values or of pairs of a label and a value.
  init(_ value: Value) throws {
    switch value {
    case .dict(let view):
      all = try view.items().map { (Self.label($0.key), $0.value) }
    case .list(let view):
      let elements = try view.elements()
      let pairs = try elements.map { element -> (label: String, value: Value)? in
        guard case .list(let pair) = element, pair.isTuple, pair.count == 2 else { return nil }
        return (Self.label(try pair.element(0)), try pair.element(1))
      }
      let isPaired = !pairs.contains { $0 == nil }
      all = isPaired ? pairs.compactMap(\.self) : elements.map { (Self.label($0), $0) }
    case .object(let object):
      let iterator = try object.iterate()
      while let element = try iterator.next() { all.append((Self.label(element), element)) }
    default:
      throw Failure(.type, "options must be a list or a dict, not \(value.typeName)", code: "L105")
    }
  }

  private static func label(_ value: Value) -> String {
    if case .string(let string) = value { return string }
    return value.brief(limit: 80)
  }

  var isEmpty: Bool { all.isEmpty }
  var labels: [String] { all.map(\.label) }
  var values: [Value] { all.map(\.value) }

  /// The value at an index from 0; None without one.
  func value(at index: Value?) -> Value { option(at: index)?.value ?? .none }

  /// The label at an index from 0; None without one.
  func label(at index: Value?) -> Value { option(at: index).map { .string($0.label) } ?? .none }

  private func option(at index: Value?) -> (label: String, value: Value)? {
    guard let index = index.flatMap(Int.read), all.indices.contains(index) else { return nil }
    return all[index]
  }

  func position(of value: Value) throws -> Int {
    if let index = all.firstIndex(where: { $0.value.equals(value) }) { return index }
    throw Failure(
      .value, "\(value.brief()) is none of the options",
      notes: ["known: " + labels.joined(separator: ", ")])
  }
}

extension Value {
  /// Whether a widget takes both for the same; objects are the same only when they are one.
  func equals(_ other: Value) -> Bool {
    switch (self, other) {
    case (.none, .none): return true
    case (.string(let a), .string(let b)): return a == b
    case (.list(let a), .list(let b)):
      guard a === b || a.count == b.count, let a = try? a.elements(), let b = try? b.elements()
      else { return false }
      return zip(a, b).allSatisfy { $0.equals($1) }
    case (.function(let a), .function(let b)): return a === b || a.name == b.name
    case (.object(let a), .object(let b)) where a === b: return true
    default:
      guard let a = Double.read(self), let b = Double.read(other) else { return false }
      return a == b
    }
  }
}

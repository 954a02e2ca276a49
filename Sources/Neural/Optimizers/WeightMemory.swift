internal import Catalog

/// What a script's optimizer remembers of one weight: a dict with names as keys.
final class WeightMemory: Object {
  static let type = ObjectType(
    "state", "What an optimizer remembers of one weight, by name; empty at first."
  ) {
    [
      .method(
        of: WeightMemory.self, "get", "What is remembered under a name, or a default.",
        Parameter("name", String.self, "the name"),
        Parameter("default", Value.self, "when nothing is remembered") { .none },
        returns: "any", example: "state.get(\"m\", 0.0)"
      ) { memory, name, fallback in memory.items[name] ?? fallback }
    ]
  }

  private(set) var items: [String: Value] = [:]

  var type: ObjectType { Self.type }
  var contents: [String] { items.keys.sorted() }
  func length() -> Int { items.count }
  func truth() -> Bool { !items.isEmpty }

  var text: String {
    "{" + contents.map { "'\($0)': \(items[$0]?.brief() ?? "")" }.joined(separator: ", ") + "}"
  }

  private func name(_ key: Value) throws -> String {
    guard let name = String.read(key) else {
      throw Failure(.type, "an optimizer remembers things by name, a str, not \(key.typeName)")
    }
    return name
  }

  func index(_ key: Value, context: Context) throws -> Value {
    let name = try name(key)
    guard let value = items[name] else { throw Failure(.key, "'\(name)'") }
    return value
  }

  func assign(_ value: Value, at key: Value, context: Context) throws {
    items[try name(key)] = value
  }

  func contains(_ value: Value) throws -> Bool { items[try name(value)] != nil }

  func visit(_ keep: (Value) -> Void) {
    for value in items.values { keep(value) }
  }
}

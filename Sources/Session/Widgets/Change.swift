internal import Catalog

/// What an observer is told: which value of which widget changed, and how.
final class Change: Object {
  static let type = ObjectType("Change", "A change of a widget's value.") {
    ["name", "old", "new", "owner", "type"].map { name in
      .attribute(
        of: Change.self, name, "Also as change[\"\(name)\"].", returns: "any",
        example: "IntSlider().observe(lambda change: print(change.\(name)), \"value\")"
      ) { try $0.part(name) }
    }
  }

  let name: String
  private let old: Value
  private let new: Value
  private let owner: Widget

  init(_ name: String, _ old: Value, _ new: Value, _ owner: Widget) {
    self.name = name
    self.old = old
    self.new = new
    self.owner = owner
  }

  var type: ObjectType { Self.type }
  var text: String {
    "{'name': '\(name)', 'old': \(old.brief()), 'new': \(new.brief()), 'owner': \(owner.text), "
      + "'type': 'change'}"
  }

  private func part(_ part: String) throws -> Value {
    switch part {
    case "name": .string(name)
    case "old": old
    case "new": new
    case "owner": .object(owner)
    case "type": .string("change")
    default: throw Failure(.key, "'\(part)'")
    }
  }

  func index(_ key: Value, context: Context) throws -> Value {
    guard case .string(let name) = key else { throw Failure(.key, key.brief()) }
    return try part(name)
  }

  func visit(_ keep: (Value) -> Void) {
    keep(old)
    keep(new)
    keep(.object(owner))
  }
}

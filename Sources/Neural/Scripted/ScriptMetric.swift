internal import Catalog
internal import Tensors

/// The metric behind an instance of a script's class: `class Hits(Metric)` with
/// `update_state(self, y_true, y_pred)`, `result(self)` and `reset_state(self)`.
final class ScriptMetric: Peer {
  static let base = ObjectType(
    "Metric", "What is measured while a model trains, over the batches of an epoch.",
    peer: { instance, _ in ScriptMetric(instance) }
  ) { members }

  private let instance: any ScriptInstance
  private(set) var name: String

  init(_ instance: any ScriptInstance) {
    self.instance = instance
    name = LayerState.snake(instance.type.name)
  }

  var script: (any ScriptInstance)? { instance }
  var type: ObjectType { instance.type }
  var text: String { "<\(type.name) '\(name)'>" }

  func visit(_ keep: (Value) -> Void) { keep(.object(instance)) }

  func reset() throws {
    if instance.defines("reset_state") {
      try instance.call("reset_state")
    } else if instance.defines("reset_states") {
      try instance.call("reset_states")
    }
  }

  func update(_ target: Tensor, _ output: Tensor) throws {
    guard instance.defines("update_state") else {
      throw missing("update_state(self, y_true, y_pred)")
    }
    try instance.call("update_state", .object(target), .object(output))
  }

  func result() throws -> Value {
    guard instance.defines("result") else { throw missing("result(self)") }
    return try instance.call("result")
  }

  private func missing(_ method: String) -> Failure {
    Failure(
      .notImplemented, "metric '\(name)' (\(type.name)) has no method \(method)")
  }

  /// `m(y_true, y_pred)`: one batch more, and the result so far.
  func call(_ arguments: Arguments) throws -> Value {
    try instance.call("update_state", arguments.positional, named: arguments.named)
    return try result()
  }

  private static let members: [Entry] = [
    .attribute(
      of: ScriptMetric.self, "name", "Its name in the history.", returns: "str",
      example: "m.name", get: { .string($0.name) },
      set: { metric, value in
        guard let name = String.read(value) else {
          throw Failure(.type, "a metric's name is a str, not \(value.typeName)")
        }
        metric.name = name
      }),
    .method(
      of: ScriptMetric.self, "__init__", "Takes its name in the history.",
      Parameter("name", String?.self, "None: the name of the class") { nil },
      Parameter("dtype", Value.self, "taken for Keras's sake") { .none }
    ) { metric, name, _ in
      if let name { metric.name = name }
      return .none
    },
    .method(
      of: ScriptMetric.self, "update_state", "A class defines it: takes in one batch.",
      Parameter("y_true", Value.self, "the targets"), Parameter("y_pred", Value.self, "the outputs")
    ) { metric, _, _ in throw metric.missing("update_state(self, y_true, y_pred)") },
    .method(
      of: ScriptMetric.self, "result", "A class defines it: what was measured so far.",
      returns: "float"
    ) { metric in throw metric.missing("result(self)") },
    .method(
      of: ScriptMetric.self, "reset_state", "Called before each epoch; a class may define it."
    ) { _ in .none },
  ]

  static let entry = Entry.base(
    base, example: "class Hits(Metric): pass",
    """
    A class defines `update_state(self, y_true, y_pred)`, called with every batch, `result(self)`, \
    which returns a number, and `reset_state(self)`, called before each epoch. \
    `super().__init__(name="hits")` gives the name of its column in the history. A function of \
    (y_true, y_pred) that returns a number is a metric, too: its mean over the batches is kept.
    """)
}

extension Entry {
  /// The name of a type that scripts derive their classes from; it makes nothing itself.
  static func base(_ type: ObjectType, example: String, _ details: String) -> Entry {
    Entry(
      type.name, type.sentence, kind: .function, parameters: [], returns: type.name,
      examples: [example], details: details, type: type,
      body: .library { _, _ in
        throw Failure(
          .type, "\(type.name) is a class to derive from, and makes nothing by itself",
          code: "L105", help: "class My\(type.name)(\(type.name)): …")
      })
  }
}

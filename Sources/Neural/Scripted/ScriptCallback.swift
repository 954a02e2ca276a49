internal import Catalog
internal import Tensors

/// `callbacks=`: one of the library's, an instance of `class Watch(Callback)`, or a function of
/// (epoch, logs) that is called after each epoch.
enum CallbackChoice: Argument {
  case builtIn(any TrainingCallback)
  case object(ScriptCallback)
  case function(Function)

  static var kind: String { "callback" }

  static func read(_ value: Value) throws -> CallbackChoice? {
    if case .object(let callback as ScriptCallback) = value { return .object(callback) }
    if case .object(let object) = value, let callback = object as? any TrainingCallback {
      return .builtIn(callback)
    }
    return Function.read(value).map { .function($0) }
  }

  var shown: String { "callback" }

  func tell(
    _ moment: TrainingMoment, _ number: Int?, _ logs: [(name: String, value: Double)], _ run: Run
  ) throws {
    if case .builtIn(let callback) = self {
      return try callback.tell(moment, number ?? 0, logs, run)
    }
    let figures = Value.dictionary(logs.map { (.string($0.name), .float($0.value)) })
    let arguments = number.map { [.int($0), figures] } ?? [figures]
    switch self {
    case .builtIn: break
    case .object(let callback): try callback.tell(moment, arguments)
    case .function(let function):
      if moment == .epochEnd { _ = try function.callable.call(arguments, named: []) }
    }
  }
}

/// One callback, or a list of them.
struct CallbackList: Argument {
  let callbacks: [CallbackChoice]

  static var kind: String { "list of callbacks" }

  static func read(_ value: Value) throws -> CallbackList? {
    switch value {
    case .none: return CallbackList(callbacks: [])
    case .list(let list):
      var all: [CallbackChoice] = []
      for element in try list.elements() {
        guard let callback = try CallbackChoice.read(element) else { return nil }
        all.append(callback)
      }
      return CallbackList(callbacks: all)
    default: return try CallbackChoice.read(value).map { CallbackList(callbacks: [$0]) }
    }
  }

  var shown: String { "None" }

  /// Those of the library, which checkpoints remember.
  var builtIn: [any TrainingCallback] {
    callbacks.compactMap { if case .builtIn(let callback) = $0 { callback } else { nil } }
  }

  func tell(
    _ moment: TrainingMoment, _ number: Int? = nil, _ logs: [(name: String, value: Double)] = [],
    _ run: Run
  ) throws {
    for callback in callbacks { try callback.tell(moment, number, logs, run) }
  }
}

/// The callback behind an instance of a script's class.
final class ScriptCallback: Peer {
  static let base = ObjectType(
    "Callback", "Told of what happens while a model trains.",
    peer: { instance, _ in ScriptCallback(instance) }
  ) { members }

  private let instance: any ScriptInstance
  /// The model of the run that tells it.
  var model: Sequential?
  /// Epochs and steps of that run.
  var settings: [(name: String, value: Int)] = []

  init(_ instance: any ScriptInstance) {
    self.instance = instance
  }

  var script: (any ScriptInstance)? { instance }
  var type: ObjectType { instance.type }

  func tell(_ moment: TrainingMoment, _ arguments: [Value]) throws {
    if instance.defines(moment.rawValue) {
      try instance.call(moment.rawValue, arguments, named: [])
    }
    if let other = moment.other, instance.defines(other) {
      try instance.call(other, arguments, named: [])
    }
  }

  func visit(_ keep: (Value) -> Void) {
    keep(.object(instance))
    if let model { keep(.object(model)) }
  }

  private static let members: [Entry] =
    [
      .attribute(
        of: ScriptCallback.self, "model", "The model that is trained.", returns: "Model or None",
        example: "self.model.stop_training = True",
        get: { callback in callback.model.map { .object($0) } ?? .none },
        set: { callback, value in
          guard case .object(let object) = value, let model = object as? Sequential else {
            throw Failure(.type, "a callback's model is a Model, not \(value.typeName)")
          }
          callback.model = model
        }),
      .attribute(
        of: ScriptCallback.self, "params", "Epochs and steps of the run.", returns: "dict",
        example: "self.params[\"epochs\"]"
      ) { callback in .dictionary(callback.settings.map { (.string($0.name), .int($0.value)) }) },
      .method(of: ScriptCallback.self, "__init__", "Takes nothing.") { _ in .none },
    ]
    + (TrainingMoment.all.map(\.rawValue) + TrainingMoment.all.compactMap(\.other)).map { name in
      Entry(
        name, "Does nothing; a class may define its own.", kind: .method,
        parameters: [ParameterFacts(name: "arguments", passing: .rest)], returns: "None",
        examples: [], body: .library { _, _ in .none })
    }

  static let entry = Entry.base(
    base, example: "class Watch(Callback): pass",
    """
    A class defines what it wants to be told of: `on_train_begin(self, logs)`, `on_train_end`, \
    `on_epoch_begin(self, epoch, logs)`, `on_epoch_end`, `on_batch_begin(self, batch, logs)`, \
    `on_batch_end`; epochs and batches count from 0, logs is a dict of figures. In it, `self.model` \
    is the model: `self.model.stop_training = True` ends the run after the epoch, \
    `self.model.optimizer.learning_rate = 0.01` changes the rate. A function of (epoch, logs) is a \
    callback, too: it is called after each epoch.
    """)
}

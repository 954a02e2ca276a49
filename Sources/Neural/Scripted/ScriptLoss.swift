internal import Catalog
internal import Tensors

/// The loss behind an instance of a script's class: `class Wide(Loss)` with `call(self, y_true,
/// y_pred)`.
final class ScriptLoss: Peer, Callable {
  private let instance: any ScriptInstance

  init(_ instance: any ScriptInstance) {
    self.instance = instance
  }

  var script: (any ScriptInstance)? { instance }
  var type: ObjectType { instance.type }
  var name: String { instance.type.name }
  var typeName: String { instance.type.name }
  var text: String { "<\(name)>" }

  func visit(_ keep: (Value) -> Void) { keep(.object(instance)) }

  func call(_ arguments: Arguments) throws -> Value {
    try call(arguments.positional, named: arguments.named)
  }

  /// The mean of what the class's `call` gives.
  func call(
    _ positional: [Value], named: [(name: String, value: Value)]
  ) throws -> Value {
    guard instance.defines("call") else {
      throw Failure(
        .notImplemented, "loss '\(name)' has no method call(self, y_true, y_pred)",
        help: "let it return a tensor: the loss, or one for each example")
    }
    let result = try instance.call("call", positional, named: named)
    guard case .object(let object) = result, let tensor = object as? Tensor, tensor.rank > 0 else {
      return result
    }
    return .tensor(try tensor.mean())
  }

  static let members: [Entry] = [
    Entry(
      "__init__", "Takes a name.", kind: .method,
      parameters: [ParameterFacts(name: "options", passing: .restNamed)], returns: "None",
      examples: [], body: .library { _, _ in .none }),
    Entry(
      "call", "The loss for targets and outputs; a class defines its own.", kind: .method,
      parameters: [
        ParameterFacts(name: "y_true", kind: "tensor", sentence: "the targets"),
        ParameterFacts(name: "y_pred", kind: "tensor", sentence: "the outputs"),
      ], returns: "Tensor", examples: ["super().call(y_true, y_pred)"],
      body: .library { entry, arguments in
        guard case .object(let object)? = arguments.receiver else { return .none }
        if let own = object as? ScriptLoss {
          throw Failure(
            .notImplemented, "loss '\(own.name)' has no method call(self, y_true, y_pred)",
            help: "let it return a tensor: the loss, or one for each example")
        }
        var inner = arguments
        inner.receiver = nil
        return try object.call(inner)
      }),
  ]
}

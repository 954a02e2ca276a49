public import Catalog
internal import Tensors

/// `optimizer=`: what a name or an entry makes, with a rate that may be a function; or an instance
/// of a script's class.
public struct OptimizerChoice {
  public var optimizer: Optimizer
  /// The rate as the script's function of the step; nil: the optimizer's schedule.
  var rate: Function?
  /// The object it came in.
  var object: OptimizerObject?

  public init(_ optimizer: Optimizer) {
    self.optimizer = optimizer
  }

  init(_ optimizer: Optimizer, _ rate: RateChoice) {
    self.optimizer = optimizer
    self.rate = rate.function
  }

  public var text: String {
    guard let rate else { return optimizer.text }
    let settings = optimizer.settings.isEmpty ? "" : ", " + optimizer.settings
    return "\(optimizer.name)(\(rate.callable.name)\(settings))"
  }

  /// The instance whose class says how weights move.
  var script: (any ScriptInstance)? { object?.script }

  /// The same with another rate.
  func with(_ rate: RateChoice) -> OptimizerChoice {
    var changed = self
    changed.optimizer.rate = rate.schedule
    changed.rate = rate.function
    return changed
  }

  func visit(_ keep: (Value) -> Void) {
    if let object { keep(.object(object)) }
    if let rate { keep(rate.held) }
  }
}

extension OptimizerChoice: Argument {
  public static var kind: String { "optimizer" }
  public static var choices: [String] { Optimizer.all.map { $0.name.lowercased() } + ["momentum"] }

  public static func read(_ value: Value) throws -> OptimizerChoice? {
    switch value {
    case .string(let name):
      guard let optimizer = Optimizer.named(name) else {
        throw Failure.unknownOption(name, among: choices)
      }
      return OptimizerChoice(optimizer)
    case .object(let object as OptimizerObject):
      var choice = object.choice
      choice.object = object
      return choice
    default: return nil
    }
  }

  public var shown: String { "\"\(optimizer.name.lowercased())\"" }
}

/// An optimizer as a script holds it: made by an entry, or the peer of `class Own(Optimizer)`.
///
/// A class of a script defines `update(self, weight, gradient)`, or with a third parameter
/// `state`, a dict for each weight that is empty at first. It returns the new weight, or changes
/// the weight in place.
public final class OptimizerObject: Peer {
  public static let type: ObjectType = ObjectType(
    "Optimizer", "Turns gradients into steps.",
    peer: { instance, _ in OptimizerObject(behind: instance) }
  ) {
    [
      .attribute(
        of: OptimizerObject.self, "learning_rate",
        "The rate: of the next step while it trains, else of the first.", returns: "float",
        example: "Adam(0.01).learning_rate", get: { .float(try $0.rate()) },
        set: { try $0.setRate($1) }),
      .attribute(
        of: OptimizerObject.self, "iterations", "The steps taken in the last run.",
        returns: "int", example: "Adam(0.01).iterations"
      ) { .int($0.state?.steps ?? 0) },
      .method(
        of: OptimizerObject.self, "__init__", "Takes the learning rate.",
        Parameter("learning_rate", RateChoice.self, "a number or a schedule", also: ["lr"]) {
          RateChoice(.constant(0.01))
        },
        Parameter("name", String?.self, "its name") { nil }
      ) { object, rate, name in
        object.choice = object.choice.with(rate)
        return .none
      },
      .method(
        of: OptimizerObject.self, "update", "A class defines it: how one weight moves.",
        Parameter("weight", Tensor.self, "the weight"),
        Parameter("gradient", Tensor.self, "its gradient"),
        Parameter("state", Value.self, "a dict for this weight") { .none },
        returns: "Tensor"
      ) { object, _, _, _ in
        throw Failure(
          .notImplemented,
          "optimizer '\(object.type.name)' has no method update(self, weight, gradient)",
          help: "let it return the new weight: weight - self.learning_rate * gradient"
        )
      },
    ]
  }

  var choice: OptimizerChoice
  public let script: (any ScriptInstance)?
  /// The run it drives, or drove last; the model keeps it.
  weak var state: OptimizerState?

  public convenience init(_ optimizer: Optimizer) {
    self.init(OptimizerChoice(optimizer))
  }

  init(_ choice: OptimizerChoice, state: OptimizerState? = nil) {
    self.choice = choice
    self.state = state
    script = nil
  }

  private init(behind instance: any ScriptInstance) {
    choice = OptimizerChoice(Optimizer(instance.type.name, .constant(0.01), [.scale]))
    script = instance
  }

  public var optimizer: Optimizer { choice.optimizer }
  public var type: ObjectType { script?.type ?? Self.type }
  public var text: String { choice.text }
  public var brief: String { choice.text }

  public func visit(_ keep: (Value) -> Void) {
    if let script { keep(.object(script)) }
    if let rate = choice.rate { keep(rate.held) }
  }

  private func rate() throws -> Double {
    if let state { return try state.currentRate() * state.scriptFactor }
    if let function = choice.rate { return try RateChoice.value(function, 0) }
    return optimizer.rate.start
  }

  private func setRate(_ value: Value) throws {
    guard let rate = try RateChoice.read(value) else {
      throw Failure(.type, "a learning rate is a number or a schedule, not \(value.typeName)")
    }
    choice = choice.with(rate)
    state?.live = rate
  }
}

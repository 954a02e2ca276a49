public import Catalog
public import Tensors

/// What stands where an activation is wanted: a built-in one, or a function of the script.
public enum ActivationChoice {
  case builtIn(Activation)
  case script(Function)

  /// The built-in one, or nil for a script's function.
  public var builtIn: Activation? {
    if case .builtIn(let activation) = self { activation } else { nil }
  }

  public var isLinear: Bool { builtIn?.name == "linear" }

  public var name: String {
    switch self {
    case .builtIn(let activation): ActivationFunction(activation).text
    case .script(let function): function.callable.name
    }
  }

  /// Applies it; a script's function must return a tensor.
  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    switch self {
    case .builtIn(let activation): return try activation(x)
    case .script(let function):
      let result = try function(.object(x))
      guard let tensor = try Tensor.read(result) else {
        throw Failure(
          .type, "the activation \(name) returned \(result.typeName), expected a tensor",
          code: "L105")
      }
      return tensor
    }
  }

  /// The script value it keeps alive, for `Object.visit`.
  var held: Value? {
    if case .script(let function) = self { function.held } else { nil }
  }
}

extension ActivationChoice: Argument {
  public static var kind: String { "activation" }
  public static var choices: [String] { Activation.all.map(\.name) }

  public static func read(_ value: Value) throws -> ActivationChoice? {
    switch value {
    case .none: return .builtIn(.linear)
    case .string(let name):
      guard let activation = try Activation.reading(name) else {
        throw Failure.unknownOption(name, among: choices)
      }
      return .builtIn(activation)
    case .object(let object):
      if let function = object as? ActivationFunction { return .builtIn(function.activation) }
      if let layer = object as? ActivationLayer { return layer.activation }
      return nil
    case .function(let callable):
      // An entry of that name, such as `tanh`, is the built-in one.
      if callable is EntryFunction, let activation = Activation.named(callable.name) {
        return .builtIn(activation)
      }
      return .script(Function(callable))
    case .int, .float:
      throw Failure(
        .type, "an activation is wanted here, not the number \(value.brief())", code: "L105",
        help: "with a number an activation gives a number: leaky_relu(0.2) is 0.2; "
          + "name the setting: leaky_relu(slope=0.2)")
    default: return nil
    }
  }

  /// The shape of one output for one input, both without the axis of examples.
  public func outputShape(_ input: [Int]) throws -> [Int] {
    try builtIn?.outputShape(input) ?? input
  }

  public var shown: String {
    if case .builtIn = self { "\"\(name)\"" } else { name }
  }
}

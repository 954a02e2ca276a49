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
      guard let activation = Activation.named(name) else {
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
    default: return nil
    }
  }

  public var shown: String {
    if case .builtIn(let activation) = self { "\"\(activation.name)\"" } else { name }
  }
}

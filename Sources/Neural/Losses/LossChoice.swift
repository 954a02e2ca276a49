public import Catalog

/// `loss=`: a built-in one or a function of (y_true, y_pred).
public enum LossChoice: Argument {
  case builtIn(Loss)
  case script(Function)

  public static var kind: String { "loss" }
  public static var choices: [String] {
    Loss.all.map(\.name) + Loss.aliases.keys.sorted()
  }

  public static func read(_ value: Value) throws -> LossChoice? {
    switch value {
    case .string(let name):
      guard let loss = Loss.named(name) else { throw Failure.unknownOption(name, among: choices) }
      return .builtIn(loss)
    case .object(let object as LossObject): return .builtIn(object.loss)
    case .object: return Function.read(value).map { .script($0) }
    case .function(let callable):
      if callable is EntryFunction, let loss = Loss.named(callable.name) { return .builtIn(loss) }
      return .script(Function(callable))
    default: return nil
    }
  }

  public var shown: String { "\"\(name)\"" }

  public var name: String {
    switch self {
    case .builtIn(let loss): loss.name
    case .script(let function): function.callable.name
    }
  }

  /// The script value it keeps alive, for `Object.visit`.
  var held: Value? {
    if case .script(let function) = self { function.held } else { nil }
  }

  var builtIn: Loss? {
    if case .builtIn(let loss) = self { loss } else { nil }
  }
}

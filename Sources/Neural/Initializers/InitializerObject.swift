public import Catalog
internal import Tensors

/// An initializer as a script holds it.
public final class InitializerObject: Object, Sendable {
  public static let type = ObjectType("Initializer", "How weights start.")

  public let initializer: Initializer

  public init(_ initializer: Initializer) {
    self.initializer = initializer
  }

  public var type: ObjectType { Self.type }
  public var text: String { initializer.name }
  public var brief: String { "initializer \(initializer.name)" }

  public func display(_ context: Context) -> Media {
    Media("\(initializer.name): \(initializer.sentence)")
  }

  /// `init(shape)` draws weights from the session's stream.
  public func call(_ arguments: Arguments) throws -> Value {
    guard arguments.named.isEmpty, arguments.positional.count == 1,
      let shape = try [Int].read(arguments.positional[0])
    else {
      throw Failure(.type, "an initializer is called with one shape", code: "L105")
    }
    return .object(
      try arguments.context.draw(from: "init") { stream in
        try initializer.make(shape, from: &stream)
      })
  }
}

/// `init=`: "auto", a name, an initializer, or a function of a shape.
public enum InitializerChoice: Argument {
  case automatic
  case named(Initializer)
  case script(Function)

  public static var kind: String { "initializer" }
  public static var choices: [String] { ["auto"] + Initializer.all.map(\.name) }

  public static func read(_ value: Value) throws -> InitializerChoice? {
    switch value {
    case .none: return .automatic
    case .string("auto"): return .automatic
    case .string(let name):
      guard let initializer = Initializer.named(name.lowercased()) else {
        throw Failure.unknownOption(name, among: choices)
      }
      return .named(initializer)
    case .object(let object as InitializerObject): return .named(object.initializer)
    default: return Function.read(value).map { .script($0) }
    }
  }

  public var shown: String {
    switch self {
    case .automatic: "\"auto\""
    case .named(let initializer): "\"\(initializer.name)\""
    case .script(let function): function.callable.name
    }
  }

  /// New weights, and the name of what made them.
  func make(
    _ shape: [Int], for activation: ActivationChoice, dtype: DType, from stream: inout RandomStream
  ) throws -> (weights: Tensor, name: String) {
    switch self {
    case .automatic:
      let chosen = Initializer.matching(activation)
      return (try chosen.make(shape, dtype: dtype, from: &stream), chosen.name)
    case .named(let initializer):
      return (try initializer.make(shape, dtype: dtype, from: &stream), initializer.name)
    case .script(let function):
      let made = try function(.tuple(shape.map { .int($0) }))
      guard let tensor = try Tensor.read(made), Array(tensor.shape) == shape else {
        throw Failure(
          .value,
          "the initializer \(function.callable.name) must return a tensor of shape "
            + "\(try Shape(shape))", code: "L301", notes: ["it returned \(Penalty.told(made))"])
      }
      return (try tensor.astype(dtype), function.callable.name)
    }
  }

  var held: Value? {
    if case .script(let function) = self { function.held } else { nil }
  }
}

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
      guard let initializer = Initializer.named(name) else {
        throw Failure.unknownOption(name, among: choices)
      }
      return .named(initializer)
    case .object(let object):
      return (object as? InitializerObject).map { .named($0.initializer) }
    case .function(let callable): return .script(Function(callable))
    default: return nil
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
            + "\(try Shape(shape))", code: "L301", notes: ["it returned \(made.brief())"])
      }
      return (try tensor.astype(dtype), function.callable.name)
    }
  }

  var held: Value? {
    if case .script(let function) = self { function.held } else { nil }
  }
}

/// Declarations of the initializers that take settings.
enum InitializerEntries {
  static let constant = Entry(
    "constant", "An initializer: the same value everywhere; a layer so begun stays symmetric.",
    Parameter("value", Double.self, "the value") { 0 },
    returns: "Initializer", example: "Dense(4, init=constant(0.1))", makes: InitializerObject.type
  ) { value in
    .object(InitializerObject(Initializer("constant(\(value))", "All \(value).", .constant(value))))
  }

  static let normal = Entry(
    "normal", "An initializer: normal numbers of one deviation.",
    Parameter("std", Double.self, "deviation", also: ["stddev"], where: .atLeast(0)) { 0.05 },
    Parameter("mean", Double.self, "mean") { 0 },
    returns: "Initializer", example: "Dense(4, init=normal(0.01))", makes: InitializerObject.type
  ) { std, mean in
    .object(
      InitializerObject(
        Initializer(
          "normal(\(std))", "Normal with deviation \(std).", .normal(mean: mean, deviation: std))))
  }

  static let uniform = Entry(
    "uniform", "An initializer: uniform numbers in a range.",
    Parameter("low", Double.self, "smallest", also: ["minval"]) { -0.05 },
    Parameter("high", Double.self, "largest", also: ["maxval"]) { 0.05 },
    returns: "Initializer", example: "Dense(4, init=uniform(-0.1, 0.1))",
    makes: InitializerObject.type
  ) { low, high in
    .object(
      InitializerObject(
        Initializer(
          "uniform(\(low), \(high))", "Uniform from \(low) to \(high).",
          .uniform(low: low, high: high))))
  }

  static let varianceScaling = Entry(
    "variance_scaling", "An initializer: variance = scale / fan.",
    Parameter("scale", Double.self, "numerator", where: .above(0)) { 1 },
    Parameter("mode", Initializer.Fan.self, "what divides") { .fanIn },
    Parameter("distribution", Initializer.Distribution.self, "shape") { .truncatedNormal },
    returns: "Initializer", example: "Dense(4, init=variance_scaling(2.0))",
    makes: InitializerObject.type
  ) { scale, mode, distribution in
    .object(
      InitializerObject(
        Initializer(
          "variance_scaling(\(scale))", "Variance \(scale) / \(mode.rawValue).",
          .scaled(scale: scale, mode, distribution))))
  }

  static var all: [Entry] {
    [constant, normal, uniform, varianceScaling]
      + Initializer.all.filter { !["zeros", "ones", "identity"].contains($0.name) }
      .map { initializer in
        let object = InitializerObject(initializer)
        return .constant(
          initializer.name, "Initializer: \(initializer.sentence)", returns: "Initializer",
          example: "Dense(4, init=\(initializer.name))"
        ) { _ in .object(object) }
      }
  }
}

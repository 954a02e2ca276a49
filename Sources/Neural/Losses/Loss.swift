public import Catalog
public import Tensors

/// What training makes small, as a mean over the examples.
public struct Loss: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// -sum(y log p): one of several classes that exclude each other.
    case categorical
    /// -(y log p + (1 - y) log(1 - p)), each output by itself.
    case binary
    case squared
    case absolute
    /// Squared near zero, straight beyond delta.
    case huber(Double)
  }

  public let kind: Kind
  public let name: String
  /// The share of each label that is spread over all classes.
  public let smoothing: Double

  public init(_ kind: Kind, smoothing: Double = 0) {
    self.kind = kind
    self.smoothing = smoothing
    name =
      switch kind {
      case .categorical: "categorical_crossentropy"
      case .binary: "binary_crossentropy"
      case .squared: "mse"
      case .absolute: "mae"
      case .huber: "huber"
      }
  }

  public static let categorical = Loss(.categorical)
  public static let binary = Loss(.binary)
  public static let mse = Loss(.squared)
  public static let mae = Loss(.absolute)
  public static let all = [categorical, binary, mse, mae, Loss(.huber(1))]

  static let aliases = [
    "sparse_categorical_crossentropy": "categorical_crossentropy",
    "crossentropy": "categorical_crossentropy", "mean_squared_error": "mse",
    "mean_absolute_error": "mae",
  ]

  public static func named(_ name: String) -> Loss? {
    let name = aliases[name] ?? name
    return all.first { $0.name == name }
  }

  /// The mean loss of a batch; differentiable.
  ///
  /// - Parameters:
  ///   - output: `[batch, …]`; what stands before the last activation when `isLogits`.
  ///   - target: class numbers, or numbers of the output's shape.
  public func callAsFunction(_ output: Tensor, _ target: Target, isLogits: Bool) throws -> Tensor {
    switch kind {
    case .categorical:
      let logs =
        isLogits
        ? try output.logSoftmax() : try output.clip(.float(1e-7), .float(1)).log()
      return try categorical(logs, target)
    case .binary:
      var y = try target.rows(like: output)
      if smoothing > 0 { y = try y * (1 - smoothing) + smoothing / 2 }
      if isLogits {
        // softplus(z) - z y is max(z, 0) - z y + log(1 + exp(-|z|)), stable for every z.
        return try (output.softplus() - output * y).mean()
      }
      let p = try output.clip(.float(1e-7), .float(1 - 1e-7))
      return try -(y * p.log() + (1 - y) * (1 - p).log()).mean()
    case .squared: return try (output - target.rows(like: output)).square().mean()
    case .absolute: return try (output - target.rows(like: output)).abs().mean()
    case .huber(let delta):
      let distance = try (output - target.rows(like: output)).abs()
      let near = try distance.square() * 0.5
      let far = try distance * delta - 0.5 * delta * delta
      return try Tensor.select(distance.greater(delta), far, near).mean()
    }
  }

  /// From the logarithms of the shares.
  private func categorical(_ logs: Tensor, _ target: Target) throws -> Tensor {
    let width = logs.shape.last ?? 1
    let rows = Double(Swift.max(logs.count / Swift.max(width, 1), 1))
    switch target {
    case .classes(let labels) where smoothing == 0:
      let places = try labels.reshape(Shape(Array(logs.shape.dropLast()) + [1]))
      return try -logs.takeAlong(places, axis: -1).sum() / rows
    default:
      var y = try target.rows(like: logs)
      if smoothing > 0 { y = try y * (1 - smoothing) + smoothing / Double(width) }
      return try -(y * logs).sum() / rows
    }
  }
}

/// What a batch should give.
public enum Target {
  /// Class numbers, i64, one for each example.
  case classes(Tensor)
  /// Numbers of the output's shape, or one-hot rows.
  case values(Tensor)

  var tensor: Tensor {
    switch self {
    case .classes(let tensor), .values(let tensor): tensor
    }
  }

  /// The examples at these places.
  func examples(_ places: [Int]) throws -> Target {
    switch self {
    case .classes(let tensor): .classes(try tensor.rows(places))
    case .values(let tensor): .values(try tensor.rows(places))
    }
  }

  func examples(_ range: Range<Int>) throws -> Target {
    let cut = try tensor.at([.range(range.lowerBound, range.upperBound)])
    if case .classes = self { return .classes(cut) }
    return .values(cut)
  }

  /// Numbers of the output's shape and dtype; class numbers become one-hot rows.
  func rows(like output: Tensor) throws -> Tensor {
    switch self {
    case .values(let values):
      let same = values.shape == output.shape ? values : try values.reshape(output.shape)
      return same.dtype == output.dtype ? same : try same.astype(output.dtype)
    case .classes(let labels):
      return try OneHot.encode(labels, classes: output.shape.last ?? 1, dtype: output.dtype)
    }
  }
}

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

/// A loss as a script holds it; called with (y_true, y_pred) it gives the mean.
public final class LossObject: Object, Sendable {
  public static let type = ObjectType(
    "Loss", "What training makes small.", peer: { instance, _ in ScriptLoss(instance) }
  ) { ScriptLoss.members }
  public let loss: Loss
  let isLogits: Bool

  public init(_ loss: Loss, isLogits: Bool = false) {
    self.loss = loss
    self.isLogits = isLogits
  }

  public var type: ObjectType { Self.type }
  public var text: String { loss.name }

  public func call(_ arguments: Arguments) throws -> Value {
    guard arguments.named.isEmpty, arguments.positional.count == 2,
      let truth = try Tensor.read(arguments.positional[0]),
      let output = try Tensor.read(arguments.positional[1])
    else {
      throw Failure(
        .type, "a loss is called with two tensors: \(loss.name)(y_true, y_pred)", code: "L105")
    }
    let floats = output.dtype.isFloating ? output : try output.astype(.f32)
    let isClasses = loss.kind == .categorical && truth.rank == output.rank - 1
    let target: Target =
      isClasses
      ? .classes(try Targets.labels(truth, classes: output.shape.last ?? 1)) : .values(truth)
    if !isClasses, truth.count != output.count {
      throw Failure(
        .shape, "y_true is \(truth.shape), y_pred is \(output.shape)", code: "L304",
        help: "both need one shape"
          + (loss.kind == .categorical ? ", or y_true class numbers, one per row" : ""))
    }
    return .tensor(try loss(floats, target, isLogits: isLogits))
  }

  private static let fromLogits = Parameter(
    "from_logits", Bool.self, "called alone: the second argument stands before the softmax",
    default: { false })
  private static let labelSmoothing = Parameter(
    "label_smoothing", Double.self, "share of a label spread over all classes",
    where: .within(0, below: 1), default: { 0 })

  static let entries: [Entry] = [
    Entry(
      "CategoricalCrossentropy", "Loss for classes that exclude each other.",
      fromLogits, labelSmoothing,
      returns: "Loss", example: "CategoricalCrossentropy(label_smoothing=0.1)",
      details: "Takes class numbers and one-hot rows. In a model the softmax is kept inside.",
      makes: type
    ) { logits, smoothing in
      .object(LossObject(Loss(.categorical, smoothing: smoothing), isLogits: logits))
    },
    Entry(
      "BinaryCrossentropy", "Loss for answers of yes or no, each output by itself.",
      fromLogits, labelSmoothing,
      returns: "Loss", example: "BinaryCrossentropy()", makes: type
    ) { logits, smoothing in
      .object(LossObject(Loss(.binary, smoothing: smoothing), isLogits: logits))
    },
    Entry(
      "MeanSquaredError", "Loss for numbers: the mean of the squared differences.",
      returns: "Loss", example: "MeanSquaredError()", makes: type
    ) { .object(LossObject(.mse)) },
    Entry(
      "MeanAbsoluteError", "Loss for numbers: the mean of the absolute differences.",
      returns: "Loss", example: "MeanAbsoluteError()", makes: type
    ) { .object(LossObject(.mae)) },
    Entry(
      "Huber", "Loss for numbers with outliers: squared near zero, straight beyond delta.",
      Parameter("delta", Double.self, "where it turns straight", where: .above(0)) { 1 },
      returns: "Loss", example: "Huber(1.0)", makes: type
    ) { .object(LossObject(Loss(.huber($0)))) },
  ]
}

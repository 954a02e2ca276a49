public import Catalog
public import Tensors

/// What large weights add to the loss: l1 sum|w| + l2 sum w².
public struct Penalty: Sendable, Equatable {
  public let l1: Double
  public let l2: Double

  public init(l1: Double = 0, l2: Double = 0) {
    self.l1 = l1
    self.l2 = l2
  }

  /// Differentiable; the gradient of |w| at 0 is 0.
  public func callAsFunction(_ w: Tensor) throws -> Tensor {
    var sum = try w.square().sum() * l2
    if l1 != 0 { sum = try sum + w.abs().sum() * l1 }
    return sum
  }
}

extension Penalty: Argument {
  public static var kind: String { "regularizer" }
  public static var choices: [String] { ["l1", "l2", "l1_l2"] }

  public static func read(_ value: Value) throws -> Penalty? {
    switch value {
    case .string("l1"): return Penalty(l1: 0.01)
    case .string("l2"): return Penalty(l2: 0.01)
    case .string("l1_l2"): return Penalty(l1: 0.01, l2: 0.01)
    case .string(let name): throw Failure.unknownOption(name, among: choices)
    case .object(let object): return (object as? PenaltyObject)?.penalty
    default: return nil
    }
  }

  public var shown: String { "l1_l2(\(l1), \(l2))" }
}

/// A penalty as a script holds it.
public final class PenaltyObject: Object, Sendable {
  public static let type = ObjectType("Regularizer", "What large weights add to the loss.")
  public let penalty: Penalty

  public init(_ penalty: Penalty) {
    self.penalty = penalty
  }

  public var type: ObjectType { Self.type }
  public var text: String { penalty.shown }

  public func call(_ arguments: Arguments) throws -> Value {
    guard arguments.named.isEmpty, arguments.positional.count == 1,
      let weights = try Tensor.read(arguments.positional[0])
    else { throw Failure(.type, "a regularizer is called with one tensor", code: "L105") }
    return .object(try penalty(weights))
  }

  static let entries: [Entry] = [
    Entry(
      "l2", "A regularizer: adds factor * sum(w * w) to the loss.",
      Parameter("factor", Double.self, "its weight", where: .atLeast(0)) { 0.01 },
      returns: "Regularizer", example: "Dense(20, regularizer=l2(0.001))", makes: type
    ) { .object(PenaltyObject(Penalty(l2: $0))) },
    Entry(
      "l1", "A regularizer: adds factor * sum(abs(w)) to the loss.",
      Parameter("factor", Double.self, "its weight", where: .atLeast(0)) { 0.01 },
      returns: "Regularizer", example: "Dense(20, regularizer=l1(0.001))", makes: type
    ) { .object(PenaltyObject(Penalty(l1: $0))) },
    Entry(
      "l1_l2", "A regularizer: adds l1 * sum(abs(w)) + l2 * sum(w * w) to the loss.",
      Parameter("l1", Double.self, "weight of the first", where: .atLeast(0)) { 0.01 },
      Parameter("l2", Double.self, "weight of the second", where: .atLeast(0)) { 0.01 },
      returns: "Regularizer", example: "Dense(20, regularizer=l1_l2(0.001, 0.01))", makes: type
    ) { .object(PenaltyObject(Penalty(l1: $0, l2: $1))) },
  ]
}

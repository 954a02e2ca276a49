public import Catalog
internal import Tensors

/// A penalty as a script holds it.
public final class PenaltyObject: Object {
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
      Parameter("half", Bool.self, "half of it, as lectures write it: the gradient is factor * w") {
        false
      },
      returns: "Regularizer", example: "Dense(20, regularizer=l2(0.001))",
      details: """
        `factor * sum(w**2)`, its gradient is `2 * factor * w`, as in Keras. With plain SGD it is \
        weight decay of 2 * factor. Source: Hoerl and Kennard 1970.
        """, makes: type
    ) { .object(PenaltyObject(Penalty(l2: $1 ? $0 / 2 : $0))) },
    Entry(
      "l1", "A regularizer: adds factor * sum(abs(w)) to the loss.",
      Parameter("factor", Double.self, "its weight", where: .atLeast(0)) { 0.01 },
      returns: "Regularizer", example: "Dense(20, regularizer=l1(0.001))",
      details: """
        `factor * sum(abs(w))`, its gradient is `factor * sign(w)`, 0 at 0. It never gives exact \
        zeros; a proximal optimizer does. Source: Tibshirani 1996.
        """, makes: type
    ) { .object(PenaltyObject(Penalty(l1: $0))) },
    Entry(
      "l1_l2", "A regularizer: adds l1 * sum(abs(w)) + l2 * sum(w * w) to the loss.",
      Parameter("l1", Double.self, "weight of the first", where: .atLeast(0)) { 0.01 },
      Parameter("l2", Double.self, "weight of the second", where: .atLeast(0)) { 0.01 },
      returns: "Regularizer", example: "Dense(20, regularizer=l1_l2(0.001, 0.01))",
      details: """
        `l1 * sum(abs(w)) + l2 * sum(w**2)`, the elastic net. Keras's class L1L2 has the defaults 0, its function 0.01. Source: Zou and \
        Hastie 2005.
        """, makes: type
    ) { .object(PenaltyObject(Penalty(l1: $0, l2: $1))) },
    Entry(
      "orthogonal_regularizer", "A regularizer: rows or columns of a matrix at right angles.",
      Parameter("factor", Double.self, "its weight", where: .atLeast(0)) { 0.01 },
      Parameter("mode", Penalty.Mode.self, "which vectors") { .rows },
      returns: "Regularizer", example: "Dense(20, regularizer=orthogonal_regularizer(0.1))",
      details: """
        `factor * mean(abs(cos))` over all pairs of vectors, each brought to length 1, times 1/2 \
        for each order of a pair, as Keras's OrthogonalRegularizer. Source: Keras.
        """, makes: type
    ) { .object(PenaltyObject(Penalty(orthogonality: Penalty.Orthogonality($0, $1)))) },
  ]
}

public import Catalog
internal import Tensors

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
    var positional = arguments.positional
    for (name, value) in arguments.named {
      switch name {
      case "sample_weight" where positional.count == 2: positional.append(value)
      case "y_true" where positional.isEmpty, "y_pred" where positional.count == 1:
        positional.append(value)
      default: throw misuse
      }
    }
    guard positional.count == 2 || positional.count == 3,
      let truth = try Tensor.read(positional[0]), let output = try Tensor.read(positional[1])
    else { throw misuse }
    let floats = output.dtype.isFloating ? output : try output.astype(.f32)
    var weights: Tensor?
    if positional.count == 3, !positional[2].isNone {
      weights = try Tensor.read(positional[2])
      guard weights?.rank == 1, weights?.count == output.shape.first else {
        throw Failure(
          .shape, "sample_weight needs one number for each of \(output.shape.first ?? 0) examples",
          code: "L301")
      }
    }
    return .tensor(
      try loss(
        floats, Targets.read(truth, for: floats, loss), isLogits: isLogits, weights: weights))
  }

  private var misuse: Failure {
    Failure(
      .type, "a loss is called with two tensors: \(loss.name)(y_true, y_pred)", code: "L105")
  }
}

extension Targets {
  /// Targets beside outputs, in the form that a loss takes.
  static func read(_ truth: Tensor, for output: Tensor, _ loss: Loss) throws -> Target {
    let width = output.shape.last ?? 1
    if loss.form == .classes, output.rank > 0 {
      if truth.rank == output.rank - 1 {
        return .classes(try labels(truth, classes: width, ignoring: loss.ignored))
      }
      if truth.rank == output.rank, truth.shape.last == 1, width > 1 {
        let flat = try truth.reshape(Shape(Array(truth.shape.dropLast())))
        return .classes(try labels(flat, classes: width, ignoring: loss.ignored))
      }
    }
    guard truth.count == output.count, output.rank > 0 || loss.form != .classes else {
      throw Failure(
        .shape, "y_true is \(truth.shape), y_pred is \(output.shape)", code: "L304",
        help: "both need one shape"
          + (loss.form == .classes ? ", or y_true class numbers, one per row" : ""))
    }
    return .values(truth)
  }
}

internal import Catalog
internal import Tensors

extension Targets {
  /// The mean loss of a batch.
  ///
  /// - Parameters:
  ///   - weights: how much each example counts; nil: all the same.
  ///   - learns: a gradient is wanted, so a script must return a tensor.
  func value(
    _ output: Tensor, _ target: Target, weights: Tensor? = nil, learns: Bool = false
  ) throws -> Tensor {
    switch loss {
    case .builtIn(let loss):
      let value = try loss(output, target, isLogits: isLogits, weights: weights)
      return value.rank == 0 ? value : try value.mean()
    case .script(let function):
      if weights != nil {
        throw Failure(
          .value, "the loss \(loss.name) is the script's, which weighs examples itself",
          help: "leave out class_weight and sample_weight, or use a loss of the library")
      }
      let result = try function(.object(target.tensor), .object(output))
      switch result {
      case .object(let tensor as Tensor):
        guard tensor.dtype.isFloating else { break }
        return tensor.rank == 0 ? tensor : try tensor.mean()
      case .float, .int:
        // Nothing follows the gradient here, so a mean in double precision is a plain number.
        if !learns, let number = Double.read(result) { return try Tensor(scalar: number) }
      default: break
      }
      throw Failure(
        .type, "the loss \(loss.name) returned \(returned(result)), expected a tensor of floats",
        code: "L105", help: advice(result))
    }
  }

  private func returned(_ result: Value) -> String {
    if case .object(let tensor as Tensor) = result { return "a tensor of \(tensor.dtype.name)" }
    return result.typeName
  }

  private func advice(_ result: Value) -> String? {
    switch result {
    case .none: "end it with: return …"
    case .float, .int:
      "float() and item() leave the gradient behind: return the tensor itself, such as a mean"
    default: nil
    }
  }
}

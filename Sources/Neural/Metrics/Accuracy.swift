internal import Tensors

/// The share of right answers.
enum Accuracy {
  /// How many rows of a batch are right.
  ///
  /// Several outputs: the largest stands at the label. One output: on the right side of the middle
  /// (0 for logits, 0.5 for shares).
  static func right(_ output: Tensor, _ target: Target, isLogits: Bool, loss: Loss) throws -> Int {
    let width = output.shape.last ?? 1
    let rows = output.count / max(width, 1)
    if loss.form == .answers || loss.form == .signs {
      let edge = isLogits || loss.form == .signs ? 0.0 : 0.5
      let given = output.doubles
      let wanted = try target.rows(like: output).doubles
      // A row counts when all its labels are right.
      return (0..<rows).count { row in
        (row * width..<(row + 1) * width).allSatisfy { (given[$0] > edge) == (wanted[$0] > 0.5) }
      }
    }
    let guesses = try output.argmax(-1).ints
    let labels: [Int]
    switch target {
    case .classes(let tensor): labels = tensor.ints
    case .values(let tensor): labels = try tensor.reshape(output.shape).argmax(-1).ints
    }
    return zip(guesses, labels).count { $0 == $1 }
  }
}

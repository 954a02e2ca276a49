internal import Catalog
internal import Tensors

/// Figures of each feature over all examples, in f64 whatever the examples are in.
///
/// Examples are read in blocks, so that large sets need little memory beside themselves.
struct ColumnFigures {
  private let x: Tensor
  let count: Int
  /// The shape of one example.
  let shape: Shape
  private static let block = 4096

  /// - Throws: a `Failure` when there are no examples.
  init(_ x: Tensor) throws {
    guard let count = x.shape.first, x.rank > 0, count > 0 else {
      throw Failure(
        .value, "there are no examples to learn from: x has shape \(x.shape)",
        help: "examples stand on the first axis")
    }
    self.x = x.detached()
    self.count = count
    shape = try Shape(Array(x.shape.dropFirst()))
  }

  private func fold(
    _ body: (Tensor) throws -> Tensor, _ join: (Tensor, Tensor) throws -> Tensor
  ) throws -> Tensor {
    var result: Tensor?
    for start in stride(from: 0, to: count, by: ColumnFigures.block) {
      let rows = try x.rows(start..<min(start + ColumnFigures.block, count)).astype(.f64)
      let part = try body(rows)
      result = try result.map { try join($0, part) } ?? part
    }
    return try result ?? Tensor.zeros(shape, dtype: .f64)
  }

  func mean() throws -> Tensor {
    try fold({ try $0.sum(axes: [0]) }, { try $0 + $1 }) / Double(count)
  }

  /// The mean squared distance from the mean, divided by `count - ddof`.
  func variance(around mean: Tensor, ddof: Int) throws -> Tensor {
    let squares = try fold({ try ($0 - mean).square().sum(axes: [0]) }, { try $0 + $1 })
    return try squares / Double(max(count - ddof, 0))
  }

  func minimum() throws -> Tensor {
    try fold({ try $0.min(axes: [0]) }, { try Tensor.binary(.minimum, $0, $1) })
  }

  func maximum() throws -> Tensor {
    try fold({ try $0.max(axes: [0]) }, { try Tensor.binary(.maximum, $0, $1) })
  }

  /// Values below which these shares of the examples lie, between neighbours on a line.
  func quantiles(_ shares: [Double]) throws -> [Tensor] {
    let sorted = try x.astype(.f64).sorted(0)
    return try shares.map { share in
      let place = share * Double(count - 1)
      let low = Int(exactly: place.rounded(.down)) ?? 0
      let high = min(low + 1, count - 1)
      let (a, b) = (try sorted.at([.at(low)]), try sorted.at([.at(high)]))
      return try a + (b - a) * (place - Double(low))
    }
  }

  /// 1 where the scale is 0 or undefined, so that a constant feature is not divided away.
  static func divisor(_ scale: Tensor, isConstant: Tensor? = nil) throws -> Tensor {
    let flat = try Tensor.compare(.equal, scale, .float(0))
    let undefined = try Tensor.compare(.notEqual, scale, scale)
    let one = try Tensor.ones([], dtype: scale.dtype)
    var result = try Tensor.select(flat, one, Tensor.select(undefined, one, scale))
    if let isConstant { result = try Tensor.select(isConstant, one, result) }
    return result
  }

  /// Where a variance is no more than rounding leaves of a constant feature.
  func isConstant(mean: Tensor, variance: Tensor) throws -> Tensor {
    let n = Double(count)
    let bound = try variance * (n * Double.ulpOfOne) + (mean * (n * Double.ulpOfOne)).square()
    return try Tensor.compare(.lessOrEqual, variance, bound)
  }
}

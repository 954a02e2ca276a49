public import Catalog
public import Tensors

/// A linear map of each feature, learnt from one set and applied to others: (x - centre) / spread.
public struct Scaling: Sendable {
  public enum Method: String, Choice {
    /// Mean 0, variance 1 (ddof 0); a constant feature is only centred.
    case standard
    /// From 0 to 1.
    case minmax
    /// Divided by the largest absolute value.
    case maxabs
    /// Mean 0, units kept.
    case center
  }

  public let method: Method
  /// One per feature, in the order of the elements of one input.
  public let centre: [Double]
  public let spread: [Double]

  /// Learns from examples on the first axis.
  public init(_ method: Method, of x: Tensor) throws {
    guard let count = x.shape.first, count > 0, x.rank > 0 else {
      throw Failure(.value, "there are no examples to scale by: x has shape \(x.shape)")
    }
    self.method = method
    let width = x.count / count
    let values = x.doubles
    var centre = [Double](repeating: 0, count: width)
    var spread = [Double](repeating: 1, count: width)
    switch method {
    case .standard, .center:
      for row in 0..<count {
        for column in 0..<width { centre[column] += values[row * width + column] }
      }
      for column in 0..<width { centre[column] /= Double(count) }
      if method == .standard {
        var squares = [Double](repeating: 0, count: width)
        for row in 0..<count {
          for column in 0..<width {
            let distance = values[row * width + column] - centre[column]
            squares[column] += distance * distance
          }
        }
        for column in 0..<width {
          let deviation = (squares[column] / Double(count)).squareRoot()
          // Rounding leaves a trace of variance in a constant feature.
          let isConstant = deviation <= 1e-12 * max(abs(centre[column]), 1)
          spread[column] = isConstant ? 1 : deviation
        }
      }
    case .minmax, .maxabs:
      var low = Array(values.prefix(width))
      var high = low
      for row in 0..<count {
        for column in 0..<width {
          let value = values[row * width + column]
          low[column] = min(low[column], value)
          high[column] = max(high[column], value)
        }
      }
      for column in 0..<width {
        if method == .minmax { centre[column] = low[column] }
        let range =
          method == .minmax
          ? high[column] - low[column] : max(abs(low[column]), abs(high[column]))
        spread[column] = range > 0 ? range : 1
      }
    }
    self.centre = centre
    self.spread = spread
  }

  /// The scaled inputs, of the same dtype when that is a float, else f32.
  public func apply(_ x: Tensor) throws -> Tensor {
    try mapped(x) { ($0 - centre[$1]) / spread[$1] }
  }

  /// The inputs as they were before `apply`.
  public func undo(_ x: Tensor) throws -> Tensor {
    try mapped(x) { $0 * spread[$1] + centre[$1] }
  }

  private func mapped(_ x: Tensor, _ body: (Double, Int) -> Double) throws -> Tensor {
    let width = centre.count
    guard width > 0, x.count % width == 0, Shape.features(x.shape) == width else {
      throw Failure(
        .shape, "this scaling was learnt from \(width) features, x has shape \(x.shape)",
        code: "L301")
    }
    var values = x.doubles
    var column = 0
    for index in values.indices {
      values[index] = body(values[index], column)
      column += 1
      if column == width { column = 0 }
    }
    return try Tensor(values, shape: x.shape, dtype: x.dtype == .f64 ? .f64 : .f32)
  }
}

extension Shape {
  /// The elements of one example.
  static func features(_ shape: Shape) -> Int { shape.dropFirst().reduce(1, *) }
}

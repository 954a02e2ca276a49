public import Tensors

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

/// What can go wrong with tensors through no fault of the library.
public enum TensorError: Error, Hashable, Sendable {
  /// Shapes that do not stretch to one another (L302).
  case broadcast(Shape, Shape, operation: String)
  /// Inner sizes of a matrix product that differ (L302).
  case product(Shape, Shape)
  /// Element counts that differ (L303).
  case reshape(from: Shape, to: [Int])
  /// A dtype the operation cannot take (L305).
  case dtype(String, help: String)
  /// A gradient that does not exist or would be wrong (L306).
  case gradient(String, help: String)
  /// Shapes that a convolution or pooling cannot take (L301).
  case window(String, help: String)
  case axis(Int, rank: Int)
  case rank(Int)
  case index(String)
  case value(String)
  case type(String)
  case overflow(String)
  /// A matrix that cannot be solved or taken apart.
  case linear(String, help: String?)
  /// A library of the system that cannot be loaded.
  case missing(String, help: String)
  /// Storage beyond the budget.
  case memory(asked: Int, live: Int, limit: Int)
  /// A write to storage that something else is reading.
  case pinned(reader: String)
  /// The user asked to stop.
  case interrupted
}

extension TensorError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .broadcast(let a, let b, let operation):
      "operands of \(operation) could not be broadcast together with shapes \(a) and \(b)"
    case .product(let a, let b):
      "matmul of \(a) and \(b): the last axis of the first (\(a.last ?? 0)) must equal "
        + "the \(b.count == 1 ? "only" : "second to last") axis of the second "
        + "(\(b.count == 1 ? b[0] : b.count > 1 ? b[b.count - 2] : 0))"
    case .reshape(let from, let to):
      "cannot reshape array of size \(from.elements) into shape \(Self.tuple(to))"
    case .dtype(let text, _), .gradient(let text, _), .window(let text, _), .index(let text),
      .value(let text), .type(let text), .overflow(let text), .linear(let text, _),
      .missing(let text, _):
      text
    case .axis(let axis, let rank):
      "axis \(axis) is out of bounds for array of dimension \(rank)"
    case .rank(let rank):
      "a tensor has at most \(Shape.maximumRank) axes, this would have \(rank)"
    case .memory(let asked, let live, let limit):
      "unable to allocate \(Self.bytes(asked)); tensors hold \(Self.bytes(live)) "
        + "of the limit \(Self.bytes(limit))"
    case .pinned(let reader):
      "this array is being read by \(reader); write to a copy, or wait until it is done"
    case .interrupted:
      "interrupted"
    }
  }

  static func tuple(_ sizes: [Int]) -> String {
    sizes.count == 1 ? "(\(sizes[0]),)" : "(" + sizes.map(String.init).joined(separator: ", ") + ")"
  }

  static func bytes(_ count: Int) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
    var value = Double(count)
    var unit = 0
    while value >= 1024, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    if unit == 0 { return "\(count) bytes" }
    let tenths = (value * 10).rounded() / 10
    return "\(tenths) \(units[unit])"
  }
}

public import Catalog

extension TensorError: FailureConvertible {
  /// The error as a script's exception, with its code, its cause and a way out.
  public var failure: Failure {
    switch self {
    case .broadcast(let a, let b, _):
      Failure(
        .shape, description, code: "L302", notes: Self.aligned(a, b),
        help: "sizes are compared from the right; each pair must be equal, or one of them 1")
    case .product(let a, let b):
      Failure(.shape, description, code: "L302", help: Self.productHelp(a, b))
    case .reshape(let from, let to):
      Failure(
        .shape, description, code: "L303",
        notes: ["\(from) has \(from.elements) elements, \(Self.tuple(to)) \(Self.wanted(to))"],
        help: "one size may be -1; it then follows from the others")
    case .dtype(let text, let help): Failure(.dtype, text, code: "L305", help: help)
    case .gradient(let text, let help): Failure(.gradient, text, code: "L306", help: help)
    case .window(let text, let help): Failure(.shape, text, code: "L301", help: help)
    case .axis, .value, .rank: Failure(.value, description)
    case .index: Failure(.index, description, code: "L107")
    case .type: Failure(.type, description)
    case .overflow: Failure(.overflow, description)
    case .linear(let text, let help): Failure(.linearAlgebra, text, help: help)
    case .missing(let text, let help): Failure(.import, text, help: help)
    case .memory: Failure(.memory, description, code: "L114")
    case .pinned: Failure(.value, description)
    case .interrupted: Interrupted().failure
    }
  }

  /// Both shapes aligned on the right, with a mark under the axis that does not fit.
  private static func aligned(_ a: Shape, _ b: Shape) -> [String] {
    let rank = max(a.count, b.count)
    var (first, second, mark, reason) = ("left ", "right", "     ", "")
    for axis in 0..<rank {
      let x = axis < rank - a.count ? nil : a[axis - (rank - a.count)]
      let y = axis < rank - b.count ? nil : b[axis - (rank - b.count)]
      let (left, right) = (x.map(String.init) ?? "", y.map(String.init) ?? "")
      let width = max(left.count, right.count) + 2
      first += String(repeating: " ", count: width - left.count) + left
      second += String(repeating: " ", count: width - right.count) + right
      if let x, let y, x != y, x != 1, y != 1 {
        mark += "  " + String(repeating: "^", count: width - 2)
        if reason.isEmpty { reason = " axis \(axis - rank): \(x) and \(y)" }
      } else {
        mark += String(repeating: " ", count: width)
      }
    }
    return [first, second, mark + reason]
  }

  private static func productHelp(_ a: Shape, _ b: Shape) -> String? {
    guard a.count > 0, b.count > 1 else { return nil }
    if a[a.count - 1] == b[b.count - 1] {
      return "the second would fit transposed: a @ b.T"
    }
    if a.count > 1, a[a.count - 2] == b[b.count - 2] {
      return "the first would fit transposed: a.T @ b"
    }
    return nil
  }

  private static func wanted(_ sizes: [Int]) -> String {
    var product = 1
    for size in sizes where size != -1 {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      if overflow { return "more than fit in memory" }
      product = next
    }
    return sizes.contains(-1) ? "a multiple of \(product)" : "\(product)"
  }
}

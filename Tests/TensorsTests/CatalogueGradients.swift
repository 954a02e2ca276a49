import Catalog
import Tensors
import Testing

/// One call of an entry of the catalogue, for checking its gradients.
struct CallSample: Sendable, CustomTestStringConvertible {
  /// `exp`, or `.sum` for a method, or `linalg.inv`.
  let name: String
  let shapes: [Shape]
  let low: Double
  let high: Double
  /// Whether the derivative is one of a smooth function, so that a second one can be checked.
  let isSmooth: Bool
  /// The arguments made of the tensors that the gradients are for.
  let arguments: @Sendable ([Tensor]) throws -> [Value]
  /// The part of the result that the gradients follow.
  let part: Int?

  var testDescription: String { "\(name) \(shapes)" }

  init(
    _ name: String, _ shapes: Shape..., from low: Double = 0.2, to high: Double = 0.8,
    isSmooth: Bool = true, extra: [Value] = [], part: Int? = nil,
    arguments: (@Sendable ([Tensor]) throws -> [Value])? = nil
  ) {
    self.init(
      name, all: shapes, from: low, to: high, isSmooth: isSmooth, extra: extra, part: part,
      arguments: arguments)
  }

  private init(
    _ name: String, all shapes: [Shape], from low: Double = 0.2, to high: Double = 0.8,
    isSmooth: Bool = true, extra: [Value] = [], part: Int? = nil,
    arguments: (@Sendable ([Tensor]) throws -> [Value])? = nil
  ) {
    self.name = name
    self.shapes = shapes
    self.low = low
    self.high = high
    self.isSmooth = isSmooth
    self.part = part
    let rest = SendableValues(extra)
    self.arguments = arguments ?? { tensors in tensors.map { .object($0) } + rest.values }
  }

  /// Numbers, texts and lists of them.
  private struct SendableValues: Sendable {
    private let make: @Sendable () -> [Value]
    var values: [Value] { make() }

    init(_ values: [Value]) {
      let texts = values.map(Plain.init)
      make = { texts.map(\.value) }
    }

    private indirect enum Plain: Sendable {
      case none, bool(Bool), int(Int), float(Double), string(String), list([Plain])

      init(_ value: Value) {
        switch value {
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .float(let value): self = .float(value)
        case .string(let value): self = .string(value)
        case .list(let list): self = .list(((try? list.elements()) ?? []).map(Plain.init))
        default: self = .none
        }
      }

      var value: Value {
        switch self {
        case .none: .none
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .float(let value): .float(value)
        case .string(let value): .string(value)
        case .list(let all): .array(all.map(\.value))
        }
      }
    }
  }

  /// A symmetric positive matrix made of any.
  private static func positive(_ x: Tensor) throws -> Tensor {
    try x.matmul(x.transposed) + Tensor.eye(x.shape[0], x.shape[0], dtype: x.dtype) * 2
  }

  private static let shapes: [Shape] = [[2, 3], [], [1, 1], [0, 2]]

  private static let elementwise: [CallSample] = UnaryOperation.allCases.filter {
    !without.contains($0.rawValue)
  }.flatMap { operation in
    let isMethod = operation == .abs || operation == .round
    let isSmooth = ![.sign, .floor, .ceil, .round, .trunc, .abs].contains(operation)
    return shapes.map {
      CallSample((isMethod ? "." : "") + operation.rawValue, $0, isSmooth: isSmooth)
    }
  }

  private static let pairs: [(Shape, Shape)] = [
    ([2, 3], [2, 3]), ([2, 3], [3]), ([3, 1], [1, 4]), ([], [2, 2]), ([1], [2, 1, 2]),
    ([0, 3], [3]),
  ]

  private static let binary: [CallSample] = BinaryOperation.allCases.filter {
    !without.contains($0.rawValue)
  }.flatMap { operation in
    pairs.map { a, b in
      CallSample(
        operation.rawValue, a, b, from: 0.3, to: 2.1,
        isSmooth: ![.maximum, .minimum, .remainder].contains(operation))
    }
  }

  private static let folds: [CallSample] = [
    ".sum", "mean", "prod", ".max", ".min", "logsumexp", "var", "std",
  ].flatMap { name in
    let isSmooth = name != ".max" && name != ".min"
    return [
      CallSample(name, [2, 3], isSmooth: isSmooth),
      CallSample(name, [2, 3], isSmooth: isSmooth, extra: [.int(-1)]),
      CallSample(name, [2, 1, 3], isSmooth: isSmooth, extra: [.array([.int(0), .int(2)])]),
    ] + (name == "std" ? [] : [CallSample(name, [1, 2], isSmooth: isSmooth, extra: [.int(0)])])
  }

  private static let shaping: [CallSample] = [
    CallSample("reshape", [2, 6], extra: [.array([.int(3), .int(-1)])]),
    CallSample("transpose", [2, 3, 2], extra: [.array([.int(2), .int(0), .int(1)])]),
    CallSample(".permute", [2, 3, 2], extra: [.int(2), .int(0), .int(1)]),
    CallSample("expand_dims", [2, 3], extra: [.int(1)]),
    CallSample("squeeze", [2, 1, 3]), CallSample("swapaxes", [2, 3], extra: [.int(0), .int(1)]),
    CallSample("broadcast_to", [2, 1], extra: [.array([.int(2), .int(2), .int(3)])]),
    CallSample("flip", [2, 3], extra: [.int(0)]), CallSample(".flatten", [2, 3]),
    CallSample(".ravel", [2, 3]), CallSample(".T", [2, 3]), CallSample(".copy", [2, 2]),
    CallSample(".astype", [3], extra: [.string("float64")]),
    CallSample("concat", [2, 3], [2, 1]) { [.array($0.map { .object($0) }), .int(1)] },
    CallSample("concatenate", [0, 2], [3, 2]) { [.array($0.map { .object($0) })] },
    CallSample("stack", [2, 3], [2, 3]) { [.array($0.map { .object($0) }), .int(-1)] },
    CallSample("repeat", [2, 3], extra: [.int(2), .int(1)]),
    CallSample("tile", [2, 3], extra: [.array([.int(2), .int(2)])]),
    CallSample("pad", [2, 3], extra: [.array([.int(1), .int(2)])]),
    CallSample("take", [4, 2], extra: [.array([.int(2), .int(0), .int(2)]), .int(0)]),
    CallSample("take_along_axis", [2, 3]) {
      [.object($0[0]), .object(try Tensor([2, 0, 1, 1] as [Int], shape: [2, 2])), .int(1)]
    },
    CallSample("where", [2, 3], [3]) {
      [.object(try Tensor([true, false, true])), .object($0[0]), .object($0[1])]
    },
    CallSample("clip", [5], isSmooth: false, extra: [.float(0.35), .float(0.6)]),
    CallSample("sort", [2, 4], extra: [.int(1)]), CallSample("cumsum", [2, 4], extra: [.int(1)]),
    CallSample("cumprod", [2, 4], extra: [.int(1)]), CallSample("cumprod", [3]),
    CallSample("tril", [3, 4], extra: [.int(1)]), CallSample("triu", [3, 3]),
    CallSample("diag", [3, 3]), CallSample("diag", [3]), CallSample("trace", [3, 3]),
    CallSample("softmax", [3, 4]), CallSample("softmax", [3, 4], extra: [.int(0)]),
    CallSample("log_softmax", [2, 5]), CallSample("softmax", [0, 3]),
    CallSample("norm", [2, 3]), CallSample("norm", [2, 3], extra: [.int(1), .int(-1)]),
    CallSample("norm", [3], extra: [.float(3)]),
  ]

  private static let joins: [CallSample] = [
    joined("vstack", [3], [2, 3]), joined("vstack", [2, 1, 3], [1, 1, 3]),
    joined("vstack", [0, 2], [1, 2]), joined("hstack", [2], [1]), joined("hstack", [], [3]),
    joined("hstack", [2, 3], [2, 1]), joined("hstack", [2, 0], [2, 2]),
    joined("column_stack", [2], [2]), joined("column_stack", [2], [2, 3]),
    joined("column_stack", [0], [0, 2]),
    CallSample("array_split", [5, 2], extra: [.int(3)], part: 1),
    CallSample("array_split", [2, 5], extra: [.array([.int(1), .int(4)]), .int(-1)], part: 1),
    CallSample("array_split", [2], extra: [.int(3)], part: 2),
    CallSample("array_split", [1], extra: [.int(1)], part: 0),
    CallSample("roll", [5], extra: [.int(2)]), CallSample("roll", [2, 3], extra: [.int(-4)]),
    CallSample("roll", [2, 3], extra: [.int(1), .int(-1)]),
    CallSample("roll", [0, 2], extra: [.int(1), .int(0)]),
    CallSample("moveaxis", [2, 1, 3], extra: [.int(0), .int(-1)]),
    CallSample("moveaxis", [0, 3], extra: [.int(1), .int(0)]),
    CallSample("meshgrid", [3], [2], part: 0), CallSample("meshgrid", [3], [2], [2], part: 1),
    CallSample("meshgrid", [], [2], part: 0), CallSample("meshgrid", [0], [2], part: 1),
  ]

  private static func joined(_ name: String, _ shapes: Shape...) -> CallSample {
    CallSample(name, all: shapes) { [.array($0.map { .object($0) })] }
  }

  private static let statistics: [CallSample] = [
    CallSample("average", [2, 3]), CallSample("average", [2, 3], extra: [.int(0)]),
    CallSample("average", [2, 3], [2, 3]) { [.object($0[0]), .none, .object($0[1])] },
    CallSample("average", [2, 3], [3]) { [.object($0[0]), .int(-1), .object($0[1])] },
    CallSample("average", [1, 1], [1]) { [.object($0[0]), .int(0), .object($0[1])] },
    CallSample("average", [0, 2], [2]) { [.object($0[0]), .int(1), .object($0[1])] },
    CallSample("diff", [2, 5]), CallSample("diff", [5, 2], extra: [.int(2), .int(0)]),
    CallSample("diff", [3], extra: [.int(0)]), CallSample("diff", [1]),
    CallSample("diff", [0, 3]),
    CallSample("cov", [3, 5]), CallSample("cov", [5, 2], extra: [.bool(false), .int(0)]),
    CallSample("cov", [4]), CallSample("cov", [0, 3]),
    CallSample("corrcoef", [3, 5]),
    CallSample("corrcoef", [4], [4]),
    CallSample("corrcoef", [5, 2], [5]) {
      [.object($0[0]), .object(try $0[1].reshape([5, 1])), .bool(false)]
    },
    CallSample("median", [5]), CallSample("median", [2, 3, 2]),
    CallSample("median", [3, 2], extra: [.int(0)]),
    CallSample("median", [2, 4, 2], extra: [.int(1), .bool(true)]), CallSample("median", [1]),
    CallSample("median", []), CallSample("median", [0, 2], extra: [.int(1)]),
    CallSample("quantile", [2, 5], extra: [.float(0.3)]),
    CallSample(
      "quantile", [5, 2], extra: [.array([.float(0), .float(0.6), .float(1)]), .int(0)]),
    CallSample("quantile", [1], extra: [.float(0.5)]),
    CallSample("quantile", [0, 2], extra: [.float(0.5), .int(1)]),
    CallSample("percentile", [2, 5], extra: [.array([.float(10), .float(82)]), .int(-1)]),
    CallSample("percentile", [7], extra: [.int(25)]),
  ]

  private static let products: [CallSample] = [
    CallSample("matmul", [3, 4], [4, 2]), CallSample("matmul", [4], [4, 2]),
    CallSample("matmul", [3, 4], [4]), CallSample("matmul", [2, 1, 3, 4], [3, 4, 2]),
    CallSample("matmul", [0, 4], [4, 2]), CallSample("matmul", [3, 0], [0, 2]),
    CallSample("matmul", [1, 1], [1, 1]), CallSample("dot", [4], [4]),
    CallSample("outer", [3], [2]),
    CallSample("einsum", [2, 3], [3, 2]) { tensors in
      [.string("ij,jk->ki")] + tensors.map { .object($0) }
    },
    CallSample("einsum", [3, 3]) { tensors in [.string("ii->i")] + tensors.map { .object($0) } },
    CallSample("dot", [2, 3], [3, 2]),
    CallSample("linalg.norm", [2, 3]),
    CallSample("linalg.inv", [3, 3]) { [.object(try positive($0[0]))] },
    CallSample("linalg.det", [3, 3]) { [.object(try positive($0[0]))] },
    CallSample("linalg.slogdet", [3, 3], part: 1) { [.object(try positive($0[0]))] },
    CallSample("linalg.solve", [3, 3], [3, 2]) {
      [.object(try positive($0[0])), .object($0[1])]
    },
    CallSample("linalg.matrix_power", [3, 3], extra: [.int(3)]),
    CallSample("linalg.cholesky", [3, 3], isSmooth: false) { [.object(try positive($0[0]))] },
    CallSample("linalg.eigh", [3, 3], isSmooth: false, part: 0) {
      [.object(try positive($0[0]))]
    },
    CallSample("linalg.eigvalsh", [3, 3], isSmooth: false) { [.object(try positive($0[0]))] },
  ]

  private static let windows: [CallSample] = [
    CallSample("conv1d", [1, 5, 2], [3, 2, 2], [2], isSmooth: false),
    CallSample("conv2d", [1, 4, 5, 1], [2, 2, 1, 2], [2], isSmooth: false),
    CallSample("conv2d_transpose", [1, 2, 3, 1], [2, 2, 2, 1], [2], isSmooth: false),
    CallSample("max_pool1d", [1, 5, 2], isSmooth: false),
    CallSample("max_pool2d", [1, 4, 5, 1], isSmooth: false),
    CallSample("avg_pool1d", [1, 5, 2], isSmooth: false),
    CallSample("avg_pool2d", [1, 4, 5, 1], isSmooth: false),
  ]

  static let all =
    elementwise + binary + folds + shaping + joins + statistics + products + windows

  /// Entries whose results have no gradient: truth values, places, counts, text, new tensors; and
  /// decompositions that say so when one is wanted.
  static let without: Set<String> = [
    "invert", "logical_not", "isnan", "isinf", "isfinite", "floor_divide", "bitwise_and",
    "bitwise_or", "bitwise_xor", "left_shift", "right_shift", "less", "greater", "equal",
    "less_equal", "greater_equal", "not_equal", "isclose", "allclose", "array_equal", ".any",
    ".all",
    "argmax", "argmin", "argsort", "unique", "one_hot", "nonzero", ".sort", ".fill", ".item",
    ".tolist", ".numpy", ".detach", ".dtype", ".shape", ".size", ".ndim", ".nbytes",
    "linalg.svd", "linalg.svdvals", "linalg.qr", "linalg.lstsq", "linalg.pinv",
    "linalg.matrix_rank", "linalg.cond", "argwhere", "bincount", "count_nonzero", "histogram",
    "logical_and", "logical_or", "logical_xor", "logspace", "searchsorted",
  ]
}

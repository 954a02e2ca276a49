import Catalog
import Tensors
import Testing

/// One differentiable function with the shapes of its arguments.
struct GradientCase: Sendable, CustomTestStringConvertible {
  let name: String
  let shapes: [Shape]
  var low = -2.0
  var high = 2.0
  let function: @Sendable ([Tensor]) throws -> Tensor

  var testDescription: String { "\(name) \(shapes)" }

  init(
    _ name: String, _ shapes: Shape..., from low: Double = -2, to high: Double = 2,
    _ function: @escaping @Sendable ([Tensor]) throws -> Tensor
  ) {
    self.name = name
    self.shapes = shapes
    self.low = low
    self.high = high
    self.function = function
  }

  static let unary: [GradientCase] = {
    let everywhere: [UnaryOperation] = [
      .negative, .square, .exp, .expm1, .sin, .cos, .arctan, .sinh, .cosh, .tanh, .sigmoid,
      .softplus, .erf,
    ]
    let positive: [UnaryOperation] = [
      .sqrt, .log, .log1p, .log2, .log10, .reciprocal, .abs, .relu, .tan, .arcsin, .arccos, .sign,
      .floor, .ceil, .trunc,
    ]
    return everywhere.flatMap { operation -> [GradientCase] in
      ([[2, 3], [], [1, 1], [0]] as [Shape]).map { shape in
        GradientCase("\(operation)", shape) { try $0[0].unary(operation) }
      }
    }
      + positive.map { operation in
        GradientCase("\(operation)", [2, 3], from: 0.2, to: 0.8) { try $0[0].unary(operation) }
      }
  }()

  static let binary: [GradientCase] = {
    let pairs: [(Shape, Shape)] = [
      ([2, 3], [2, 3]), ([2, 3], [3]), ([3, 1], [1, 4]), ([], [2, 2]), ([2, 1, 3], [2, 1]),
      ([0, 3], [3]),
    ]
    let operations: [BinaryOperation] = [
      .add, .subtract, .multiply, .divide, .power, .maximum, .minimum, .remainder, .atan2,
    ]
    return operations.flatMap { operation in
      pairs.map { a, b in
        GradientCase("\(operation)", a, b, from: 0.3, to: 2.1) {
          try Tensor.binary(operation, $0[0], $0[1])
        }
      }
    }
  }()

  static let folds: [GradientCase] = {
    let axes: [[Int]?] = [nil, [0], [1], [-1], [0, 2], []]
    return axes.flatMap { axes -> [GradientCase] in
      let shape: Shape = [2, 3, 4]
      return [
        GradientCase("sum \(axes ?? [])", shape) { try $0[0].sum(axes: axes) },
        GradientCase("mean", shape) { try $0[0].mean(axes: axes, keepdims: true) },
        GradientCase("variance", shape) { try $0[0].variance(axes: axes, ddof: 0) },
        GradientCase("deviation", shape) { try $0[0].deviation(axes: axes, ddof: 0) + 0.1 },
        GradientCase("product", shape) { try $0[0].product(axes: axes) },
        GradientCase("max", shape) { try $0[0].max(axes: axes) },
        GradientCase("min", shape) { try $0[0].min(axes: axes, keepdims: true) },
        GradientCase("logsumexp", shape) { try $0[0].logSumExp(axes: axes) },
        GradientCase("norm", shape) { try $0[0].norm(2, axes: axes) },
        GradientCase("norm 1", shape) { try $0[0].norm(1, axes: axes) },
      ].filter { $0.name != "deviation" && $0.name != "variance" || axes != [] }
    }
  }()

  static let shaping: [GradientCase] = [
    GradientCase("reshape", [2, 6]) { try $0[0].reshape([3, 4]) },
    GradientCase("reshape of a transposed", [2, 6]) { try $0[0].transposed.reshape([3, 4]) },
    GradientCase("permute", [2, 3, 4]) { try $0[0].permute([2, 0, 1]) },
    GradientCase("expand", [2, 1]) { try $0[0].expandDims(0).broadcast(to: [2, 2, 3]) },
    GradientCase("squeeze", [2, 1, 3, 1]) { try $0[0].squeeze() },
    GradientCase("flip", [2, 3]) { try $0[0].flip([1]) },
    GradientCase("slice", [4, 5]) { try $0[0][.range(1, 3), .slice(from: nil, to: nil, step: -2)] },
    GradientCase("one row", [4, 5]) { try $0[0][.at(-1)] },
    GradientCase("new axis", [3]) { try $0[0][.newAxis, .ellipsis, .newAxis] },
    GradientCase("rows picked twice", [3, 2]) { try $0[0].rows([0, 2, 0, 1]) },
    GradientCase("mask", [2, 3]) {
      try $0[0][.picks(Tensor([true, false, true, true, false, false], shape: [2, 3]))]
    },
    GradientCase("picks between slices", [2, 3, 4]) {
      try $0[0][.all, .picks(Tensor([2, 0] as [Int])), .range(1, 3)]
    },
    GradientCase("picks apart", [2, 3, 4]) {
      try $0[0][.picks(Tensor([1, 0] as [Int])), .all, .picks(Tensor([3, 3] as [Int]))]
    },
    GradientCase("take along", [2, 3]) {
      try $0[0].takeAlong(Tensor([2, 0, 1, 1] as [Int], shape: [2, 2]), axis: 1)
    },
    GradientCase("concat", [2, 3], [2, 1]) { try Tensor.concat($0, axis: 1) },
    GradientCase("stack", [2, 3], [2, 3]) { try Tensor.stack($0, axis: -1) },
    GradientCase("repeat", [2, 3]) { try $0[0].repeated(2, axis: 1) },
    GradientCase("tile", [2, 3]) { try $0[0].tiled([2, 1, 2]) },
    GradientCase("pad", [2, 3]) { try $0[0].padded([(1, 0), (2, 1)], value: 3) },
    GradientCase("where", [2, 3], [3]) {
      try Tensor.select(Tensor([true, false, true]), $0[0], $0[1])
    },
    GradientCase("clip", [5]) { try $0[0].clip(.float(-0.9), .float(0.7)) },
    GradientCase("cumsum", [2, 4]) { try $0[0].cumulativeSum(1) },
    GradientCase("cumprod", [2, 4], from: 0.5, to: 1.5) { try $0[0].cumulativeProduct(1) },
    GradientCase("sort", [2, 4]) { try $0[0].sorted(1) },
    GradientCase("triangle", [3, 3]) { try $0[0].triangle(upper: true, diagonal: 1) },
    GradientCase("diagonal", [3, 3]) { try $0[0].diagonal() },
    GradientCase("softmax", [3, 4]) { try $0[0].softmax() },
    GradientCase("softmax of columns", [3, 4]) { try $0[0].softmax(0) },
    GradientCase("log softmax", [3, 20]) { try $0[0].logSoftmax() },
    GradientCase("astype", [3]) { try $0[0].astype(.f64) },
  ]

  static let products: [GradientCase] = [
    GradientCase("matmul", [3, 4], [4, 2]) { try $0[0].matmul($0[1]) },
    GradientCase("matmul of transposed", [4, 3], [2, 4]) {
      try $0[0].transposed.matmul($0[1].transposed)
    },
    GradientCase("vector times matrix", [4], [4, 2]) { try $0[0].matmul($0[1]) },
    GradientCase("matrix times vector", [3, 4], [4]) { try $0[0].matmul($0[1]) },
    GradientCase("vector times vector", [4], [4]) { try $0[0].matmul($0[1]) },
    GradientCase("stacks", [2, 3, 4], [2, 4, 5]) { try $0[0].matmul($0[1]) },
    GradientCase("stretched stacks", [2, 1, 3, 4], [3, 4, 2]) { try $0[0].matmul($0[1]) },
    GradientCase("stack times matrix", [2, 3, 4], [4, 5]) { try $0[0].matmul($0[1]) },
    GradientCase("no rows", [0, 4], [4, 2]) { try $0[0].matmul($0[1]) },
    GradientCase("no depth", [3, 0], [0, 2]) { try $0[0].matmul($0[1]) },
    GradientCase("outer", [3], [2]) { try $0[0].outer($0[1]) },
  ]

  /// A symmetric matrix with eigenvalues apart from one another and from 0.
  private static func definite(_ x: Tensor) throws -> Tensor {
    let n = x.shape[x.rank - 1]
    let steps = try Tensor((1...n).map { Double($0 * 3) })
    return try x.matmul(x.swapAxes(-1, -2)) + steps.diagonal()
  }

  static let linear: [GradientCase] = [
    GradientCase("solve", [3, 3], [3, 2]) { try definite($0[0]).solve($0[1]) },
    GradientCase("solve of a vector", [3, 3], [3]) {
      try ($0[0] + 5 * Tensor.eye(3, dtype: .f64)).solve($0[1])
    },
    GradientCase("solve of stretched stacks", [2, 1, 2, 2], [3, 2, 1]) {
      try ($0[0] + 5 * Tensor.eye(2, dtype: .f64)).solve($0[1])
    },
    GradientCase("inv", [3, 3]) { try ($0[0] + 5 * Tensor.eye(3, dtype: .f64)).inverse() },
    GradientCase("inv of one number", [1, 1], from: 1, to: 2) { try $0[0].inverse() },
    GradientCase("det", [3, 3]) { try definite($0[0]).determinant() },
    GradientCase("det of a stack", [2, 2, 2]) { try definite($0[0]).determinant() },
    GradientCase("slogdet", [3, 3]) { try definite($0[0]).signAndLogDeterminant().logarithm },
    GradientCase("cholesky", [3, 3]) { try definite($0[0]).cholesky() },
    GradientCase("eigenvalues", [3, 3]) { try definite($0[0]).eigvalsh() },
    GradientCase("eigenvectors", [3, 3]) { try definite($0[0]).eigh().vectors.square() },
    GradientCase("matrix power", [2, 2]) {
      try ($0[0] + 5 * Tensor.eye(2, dtype: .f64)).matrixPower(-3)
    },
  ]

  static let assignment: [GradientCase] = [
    GradientCase("assignment", [2, 3], [3]) { x in
      let buffer = try x[0] * 1
      try buffer.assign([.at(1)], x[1] * x[1])
      return try buffer * buffer
    },
    GradientCase("assignment into zeros", [3]) { x in
      let buffer = try Tensor.zeros([2, 3], dtype: .f64)
      try buffer.assign([.at(0)], x[0])
      try buffer.assign([.all, .at(2)], x[0][.at(1)])
      return buffer
    },
    GradientCase("in place", [2, 3], [3]) { x in
      let sum = try x[0] * 2
      try sum.updateInPlace(.add, .tensor(x[1]))
      try sum.updateInPlace(.multiply, .tensor(x[1]))
      return sum
    },
  ]
}

@Suite("Gradients")
struct GradientTests {
  static let cases =
    GradientCase.unary + GradientCase.binary + GradientCase.folds + GradientCase.shaping
    + GradientCase.products + GradientCase.linear + GradientCase.assignment

  /// A weighted sum, so that every element of the result matters differently.
  private static func loss(_ sample: GradientCase, _ arguments: [Tensor]) throws -> Tensor {
    let result = try sample.function(arguments)
    let weights = try Tensor(
      (0..<result.count).map { 0.5 + Double($0 % 7) * 0.25 }, shape: result.shape)
    return try (result * weights).sum()
  }

  @Test("pullbacks agree with central differences", arguments: cases)
  func centralDifferences(_ sample: GradientCase) throws {
    var stream = RandomStream(seed: 5, name: sample.name)
    let arguments = try sample.shapes.map {
      try stream.uniform($0, sample.low, sample.high, dtype: .f64)
    }
    let gradients = try gradient(at: arguments) { try Self.loss(sample, $0) }
    let step = 1e-6
    for (place, argument) in arguments.enumerated() {
      let values = argument.doubles
      #expect(gradients[place].shape == argument.shape)
      #expect(gradients[place].dtype == .f64)
      for (i, found) in gradients[place].doubles.enumerated() {
        var ends: [Double] = []
        for sign in [1.0, -1.0] {
          var moved = values
          moved[i] += sign * step
          var all = arguments
          all[place] = try Tensor(moved, shape: argument.shape)
          ends.append(try Self.loss(sample, all).item())
        }
        let expected = (ends[0] - ends[1]) / (2 * step)
        #expect(
          abs(found - expected) <= 1e-5 * max(1, abs(expected)),
          "argument \(place), element \(i): \(found), by differences \(expected)")
      }
    }
  }

  @Test(
    "second derivatives agree with differences of the first",
    arguments: [
      GradientCase("tanh", [3]) { try $0[0].tanh() },
      GradientCase("sigmoid", [3]) { try $0[0].sigmoid() },
      GradientCase("softmax", [4]) { try $0[0].softmax() },
      GradientCase("log softmax", [4]) { try $0[0].logSoftmax() },
      GradientCase("quotient", [3], from: 0.5, to: 2) { try 1 / ($0[0] * $0[0]) },
      GradientCase("power", [3], from: 0.5, to: 2) { try Tensor.power($0[0], 3) },
      GradientCase("matmul", [2, 2]) { try $0[0].matmul($0[0]).matmul($0[0]) },
      GradientCase("norm", [3]) { try $0[0].norm() },
      GradientCase("inv", [2, 2], from: 1, to: 2) {
        try ($0[0] + 3 * Tensor.eye(2, dtype: .f64)).inverse()
      },
      GradientCase("det", [2, 2]) { try $0[0].determinant() },
      GradientCase("picked", [3]) { try $0[0].rows([0, 0, 2]).square().exp() },
    ])
  func second(_ sample: GradientCase) throws {
    var stream = RandomStream(seed: 6, name: sample.name)
    let x = try stream.uniform(sample.shapes[0], sample.low, sample.high, dtype: .f64)
    let slope: (Tensor) throws -> Tensor = { x in
      let first = try gradient(at: x) { try Self.loss(sample, [$0]) }
      return try (first * first).sum()
    }
    let found = try gradient(at: x, of: slope).doubles
    for (i, found) in found.enumerated() {
      var ends: [Double] = []
      for sign in [1.0, -1.0] {
        var moved = x.doubles
        moved[i] += sign * 1e-6
        ends.append(try slope(Tensor(moved, shape: x.shape)).item())
      }
      let expected = (ends[0] - ends[1]) / 2e-6
      #expect(abs(found - expected) <= 1e-4 * max(1, abs(expected)))
    }
  }

  @Test("an inner gradient sees what the outer one follows")
  func captured() throws {
    // d/dw of d/dy (w y^2) at y = 3 is 2 y = 6.
    let w = try Tensor(scalar: 2.0)
    let result = try gradient(at: w) { w in
      try gradient(at: Tensor(scalar: 3.0)) { y in try w * y * y }
    }
    #expect(try result.item() == 6)
  }

  @Test("a value that a gradient needs must not be overwritten")
  func overwritten() throws {
    let x = try Tensor([1, 2, 3] as [Double])
    let failure = #expect(throws: TensorError.self) {
      try gradient(at: x) { x in
        let y = try x * 2
        let z = try y * y
        try y.assign([.at(0)], Tensor(scalar: 5.0))
        return try z.sum()
      }
    }
    #expect(failure?.failure.code == "L306")
    #expect(
      failure?.failure.message
        == "a value that the gradient of 'multiply' needs was overwritten in place")
  }

  @Test("gradients need one float result that depends on the arguments")
  func refused() throws {
    let x = try Tensor([1, 2] as [Double])
    #expect(throws: TensorError.self) { try gradient(at: x) { try $0 * 2 } }
    #expect(throws: TensorError.self) {
      try gradient(at: Tensor([1, 2] as [Int])) { try $0.sum() }
    }
    // A constant has the gradient zero.
    #expect(try gradient(at: x) { _ in try Tensor(scalar: 1.0) }.doubles == [0, 0])
    // A number taken out does not.
    let lost = #expect(throws: TensorError.self) {
      try gradient(at: x) { x in
        let number = try x.sum().scalar()
        guard case .float(let sum)? = number else { return x }
        return try Tensor(scalar: sum * 2)
      }
    }
    #expect(lost?.failure.exception == "GradientError")
  }

  @Test("a tensor that outlives its tape is a plain value")
  func outlives() throws {
    var kept: Tensor?
    let x = try Tensor([1, 2] as [Double])
    _ = try gradient(at: x) { x in
      kept = try x * 3
      return try x.sum()
    }
    let left = try #require(kept)
    #expect(!left.isTraced)
    #expect(try (left + 1).doubles == [4, 7])
  }

  @Test("a tape of half a million operations is released")
  func long() throws {
    let x = try Tensor(scalar: 1.0)
    let slope = try gradient(at: x) { x in
      var y = x
      for _ in 0..<500_000 { y = try y + 1.0 }
      return y
    }
    #expect(try slope.item() == 1)
  }

  @Test("parameters are followed where they are")
  func watched() throws {
    let w = try Tensor([2, 3] as [Float])
    let found = try Tape.recording { tape in
      try tape.watch(w)
      return try tape.gradients(of: (w * w).sum(), for: [w])[0].floats
    }
    #expect(found == [4, 6])
    #expect(!w.isTraced)
  }
}

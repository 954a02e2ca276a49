public import Catalog
public import Tensors

/// Layers without weights that only move numbers: borders, other shapes, other orders, repetition.
public final class Rearranging: Layer {
  public enum Kind: Sendable, Hashable {
    /// Zeros around sequences (one pair) or images (two).
    case border([Padding.Pair])
    /// Another shape for each input; one size may be -1.
    case reshape([Int])
    /// The axes of each input in another order, counted from 0 without the batch.
    case permute([Int])
    /// Every cell repeated, for each axis.
    case repeated([Int])

    var name: String {
      switch self {
      case .border(let pairs): "ZeroPadding\(pairs.count)D"
      case .reshape: "Reshape"
      case .permute: "Permute"
      case .repeated(let counts): "UpSampling\(counts.count)D"
      }
    }
  }

  public let state: LayerState
  public let kind: Kind

  public init(_ kind: Kind, name: String = "") {
    self.kind = kind
    state = LayerState(name: name)
  }

  public var type: ObjectType { Self.types[kind.name] ?? LayerType.layer }
  public func fresh() -> any Layer { Rearranging(kind, name: state.name) }
  public var step: PlanStep? {
    if case .reshape = kind { return .reshape }
    return nil
  }

  public var settings: String {
    switch kind {
    case .border(let pairs): "padding=\(Padding.cells(pairs).shown)"
    case .reshape(let sizes): Self.tuple(sizes)
    case .permute(let order): Self.tuple(order.map { $0 + 1 })
    case .repeated(let counts): "size=\(Convolution.shown(counts))"
    }
  }

  private static func tuple(_ sizes: [Int]) -> String {
    "(" + sizes.map(String.init).joined(separator: ", ") + (sizes.count == 1 ? ",)" : ")")
  }

  public func outputShape(_ input: [Int]) throws -> [Int] {
    let output = try moved(input)
    _ = try Shape(output)
    return output
  }

  private func moved(_ input: [Int]) throws -> [Int] {
    switch kind {
    case .border(let pairs):
      _ = try Convolution.channels(of: input, axes: pairs.count)
      return zip(input, pairs).map { $0 + $1.low + $1.high } + input.suffix(1)
    case .repeated(let counts):
      _ = try Convolution.channels(of: input, axes: counts.count)
      return try zip(input, counts).map { size, count in
        let (product, overflow) = size.multipliedReportingOverflow(by: count)
        guard !overflow, product <= 1 << 48 else {
          throw LayerProblem.unfit(
            expected: "a smaller size=", got: input, help: "the output would not fit in memory")
        }
        return product
      } + input.suffix(1)
    case .permute(let order):
      guard order.sorted() == Array(0..<input.count) else {
        throw LayerProblem.unfit(
          expected: "inputs with \(order.count) axes beside the batch", got: input,
          help: "dims counts the axes of one input from 1, each once")
      }
      return order.map { input[$0] }
    case .reshape(let sizes):
      let count = input.reduce(1, *)
      var known = 1
      for size in sizes where size != -1 {
        let (product, overflow) = known.multipliedReportingOverflow(by: size)
        known = overflow ? Int.max : product
      }
      let open = sizes.count { $0 == -1 }
      guard
        open == 0 ? known == count : open == 1 && known > 0 && count % known == 0
      else {
        throw LayerProblem.unfit(
          expected: "inputs that make \(Self.tuple(sizes))", got: input,
          help: "each has \(count) numbers\(open == 0 ? ", the shape \(known)" : "")")
      }
      return sizes.map { $0 == -1 ? count / max(known, 1) : $0 }
    }
  }

  public func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    let output = try outputShape(Array(x.shape.dropFirst()))
    switch kind {
    case .border(let pairs):
      return try x.padded([(0, 0)] + pairs.map { ($0.low, $0.high) } + [(0, 0)])
    case .reshape: return try x.reshape(Shape([x.shape.first ?? 0] + output))
    case .permute(let order): return try x.permute([0] + order.map { $0 + 1 })
    case .repeated(let counts):
      var y = x
      for (axis, count) in counts.enumerated() where count > 1 {
        y = try y.repeated(count, axis: axis + 1)
      }
      return y
    }
  }

  static let types: [String: ObjectType] = {
    var types: [String: ObjectType] = [:]
    for (name, sentence) in [
      ("ZeroPadding1D", "Zeros around sequences."), ("ZeroPadding2D", "Zeros around images."),
      ("Reshape", "Gives each input another shape."),
      ("Permute", "Puts the axes of each input into another order."),
      ("UpSampling1D", "Repeats each step of sequences."),
      ("UpSampling2D", "Repeats each cell of images."),
    ] {
      types[name] = ObjectType(
        name, sentence, base: LayerType.layer, members: { commonMembers() })
    }
    return types
  }()
}

extension Rearranging {
  private static let inputParameter = Parameter(
    "input_shape", Shape?.self, "the shape of one input, to build at once", passing: .keywordOnly,
    default: { nil })
  private static let nameParameter = Parameter(
    "name", String.self, "its name in the model", passing: .keywordOnly, default: { "" })
  private static let formatParameter = Parameter(
    "data_format", ChannelsLast.self, "only \"channels_last\"", default: { ChannelsLast() })

  private static func border(_ axes: Int) -> Entry {
    Entry(
      "ZeroPadding\(axes)D", axes == 1 ? "Zeros around sequences." : "Zeros around images.",
      Parameter("padding", Padding.self, "a number, one for each axis, or pairs (before, after)") {
        .cells([Padding.Pair(1, 1)])
      }, formatParameter, inputParameter, nameParameter, returns: "ZeroPadding\(axes)D",
      example: "ZeroPadding\(axes)D(1)",
      details: """
        `y[i] = x[i - before]`, 0 outside. Shapes: \
        \(axes == 2 ? "(batch, height, width, channels)" : "(batch, steps, channels)"); n cells \
        become n + before + after.
        """, makes: types["ZeroPadding\(axes)D"]
    ) { padding, _, input, name in
      guard case .cells(var pairs) = padding else {
        throw Failure(
          .value, "padding is a number or pairs here, not \(padding.shown)", code: "L308")
      }
      // Keras reads one pair of numbers for a sequence as before and after.
      if axes == 1, pairs.count == 2, pairs.allSatisfy({ $0.low == $0.high }) {
        pairs = [Padding.Pair(pairs[0].low, pairs[1].low)]
      }
      if pairs.count == 1 { pairs = Array(repeating: pairs[0], count: axes) }
      guard pairs.count == axes,
        pairs.allSatisfy({ min($0.low, $0.high) >= 0 && max($0.low, $0.high) <= 1 << 24 })
      else {
        throw Failure(
          .value, "padding is one number or \(axes), at least 0, got \(padding.shown)",
          code: "L308")
      }
      return Rearranging(.border(pairs), name: name).wanting(input)
    }
  }

  private static func growth(_ axes: Int) -> Entry {
    Entry(
      "UpSampling\(axes)D",
      axes == 1 ? "Repeats each step of sequences." : "Repeats each cell of images.",
      Parameter("size", Extent.self, "how often, on each axis", default: { Extent(values: [2]) }),
      formatParameter,
      Parameter("interpolation", Nearest.self, "only \"nearest\"", default: { .nearest }),
      inputParameter, nameParameter, returns: "UpSampling\(axes)D",
      example: "UpSampling\(axes)D(2)",
      details: """
        `y[i] = x[i // size]`. Shapes: \
        \(axes == 2 ? "(batch, height, width, channels)" : "(batch, steps, channels)"); n cells \
        become n · size. Peers: Keras has further interpolations.
        """, makes: types["UpSampling\(axes)D"]
    ) { size, _, _, input, name in
      Rearranging(.repeated(try size.expanded(axes, "size")), name: name).wanting(input)
    }
  }

  /// How cells are filled in.
  enum Nearest: String, Choice {
    case nearest
  }

  static let entries: [Entry] = [
    border(1), border(2),
    Entry(
      "Reshape", "Gives each input another shape; one size may be -1.",
      Parameter("target_shape", Axes.self, "the shape of one output"), inputParameter,
      nameParameter, returns: "Reshape", example: "Reshape((28, 28, 1))",
      details: """
        `y[b] = x[b].reshape(target_shape)`. Shapes: (batch, …) gives (batch, *target_shape).
        """, makes: types["Reshape"]
    ) { shape, input, name in
      let sizes = shape.values ?? [-1]
      guard sizes.count < Shape.maximumRank, sizes.allSatisfy({ $0 >= -1 }) else {
        throw Failure(
          .value, "a shape has sizes from 0, or -1 once, got \(shape.shown)", code: "L303")
      }
      return Rearranging(.reshape(sizes), name: name).wanting(input)
    },
    Entry(
      "Permute", "Puts the axes of each input into another order.",
      Parameter("dims", Axes.self, "the axes of one input, counted from 1"), inputParameter,
      nameParameter, returns: "Permute", example: "Permute((2, 1))",
      details: """
        `y[b] = x[b].transpose(dims - 1)`. Shapes: Permute((2, 1)) makes (batch, n, m) of (batch, m, \
        n). Peers: Keras counts from 1, too; PyTorch from 0 with the batch.
        """, makes: types["Permute"]
    ) { order, input, name in
      let order = (order.values ?? []).map { $0 &- 1 }
      guard order.sorted() == Array(0..<order.count), order.count < Shape.maximumRank else {
        throw Failure(
          .value, "dims counts the axes of one input from 1, each once", code: "L308",
          help: "Permute((2, 1)) exchanges the two axes of a matrix")
      }
      return Rearranging(.permute(order), name: name).wanting(input)
    },
    growth(1), growth(2),
  ]
}

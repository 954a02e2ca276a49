public import Catalog
public import Tensors

/// Pooling layers: the largest or the mean of windows, or of the whole input, channel by channel.
public final class PoolingLayer: Layer {
  public enum Kind: String, Sendable {
    case max1D = "MaxPool1D"
    case max2D = "MaxPool2D"
    case average1D = "AveragePool1D"
    case average2D = "AveragePool2D"
    case globalMax1D = "GlobalMaxPool1D"
    case globalMax2D = "GlobalMaxPool2D"
    case globalAverage1D = "GlobalAveragePool1D"
    case globalAverage2D = "GlobalAveragePool2D"

    /// Axes that the windows run over.
    public var axes: Int {
      switch self {
      case .max1D, .average1D, .globalMax1D, .globalAverage1D: 1
      case .max2D, .average2D, .globalMax2D, .globalAverage2D: 2
      }
    }

    public var isMean: Bool {
      switch self {
      case .average1D, .average2D, .globalAverage1D, .globalAverage2D: true
      case .max1D, .max2D, .globalMax1D, .globalMax2D: false
      }
    }

    public var isGlobal: Bool {
      switch self {
      case .globalMax1D, .globalMax2D, .globalAverage1D, .globalAverage2D: true
      case .max1D, .max2D, .average1D, .average2D: false
      }
    }
  }

  public let state: LayerState
  public let kind: Kind
  /// The window, one number for each axis; empty for global pooling.
  public let size: [Int]
  public let options: WindowOptions
  /// Whether padding counts in a mean.
  public let countsPadding: Bool
  /// Whether global pooling keeps its axes, with size one.
  public let keepsAxes: Bool

  public init(
    _ kind: Kind, _ size: [Int] = [], _ options: WindowOptions? = nil, countsPadding: Bool = false,
    keepsAxes: Bool = false, name: String = ""
  ) {
    self.kind = kind
    self.size = size
    self.options = options ?? WindowOptions(strides: size.isEmpty ? [1] : size)
    self.countsPadding = countsPadding
    self.keepsAxes = keepsAxes
    state = LayerState(name: name)
  }

  /// The largest of square windows, side by side.
  public static func max2D(_ size: Int = 2) -> PoolingLayer {
    PoolingLayer(.max2D, [size, size])
  }

  public var type: ObjectType { Self.types[kind] ?? LayerType.layer }

  public var settings: String {
    var parts: [String] = []
    if kind.isGlobal { return keepsAxes ? "keepdims=True" : "" }
    parts.append("pool_size=\(Convolution.shown(size))")
    if options.strides != size { parts.append("strides=\(Convolution.shown(options.strides))") }
    if options.padding != .valid { parts.append("padding=\(options.padding.shown)") }
    if countsPadding { parts.append("count_include_pad=True") }
    return parts.joined(separator: ", ")
  }

  public func fresh() -> any Layer {
    PoolingLayer(
      kind, size, options, countsPadding: countsPadding, keepsAxes: keepsAxes, name: state.name)
  }

  public func outputShape(_ input: [Int]) throws -> [Int] {
    let channels = try Convolution.channels(of: input, axes: kind.axes)
    if kind.isGlobal {
      guard !input.contains(0) else {
        throw LayerProblem.unfit(
          expected: "at least one cell on each axis", got: input, help: "give it larger inputs")
      }
      return (keepsAxes ? Array(repeating: 1, count: kind.axes) : []) + [channels]
    }
    do {
      return try options.poolAxes(Array(input.dropLast()), kernel: size).map(\.outputs)
        + [channels]
    } catch {
      throw LayerProblem.window(error, got: input)
    }
  }

  public func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    let output = try outputShape(Array(x.shape.dropFirst()))
    let window = kind.isGlobal ? Array(x.shape.dropFirst().dropLast()) : size
    let chosen = kind.isGlobal ? WindowOptions(strides: [1]) : options
    let y =
      try kind.isMean
      ? x.averagePooled(window, chosen, countsPadding: countsPadding) : x.maxPooled(window, chosen)
    return kind.isGlobal ? try y.reshape(Shape([x.shape[0]] + output)) : y
  }

  public var step: PlanStep? { .pooling(self) }
}

extension PoolingLayer {
  static let types: [Kind: ObjectType] = {
    var types: [Kind: ObjectType] = [:]
    for kind in [
      Kind.max1D, .max2D, .average1D, .average2D, .globalMax1D, .globalMax2D, .globalAverage1D,
      .globalAverage2D,
    ] {
      types[kind] = ObjectType(
        kind.rawValue, sentence(kind), base: LayerType.layer, members: { commonMembers() })
    }
    return types
  }()

  private static func sentence(_ kind: Kind) -> String {
    let what = kind.isMean ? "mean" : "largest"
    let of = kind.axes == 2 ? "image" : "sequence"
    return kind.isGlobal
      ? "The \(what) of each channel over a whole \(of)."
      : "The \(what) of windows of \(kind.axes == 2 ? "images" : "sequences"), by channel."
  }

  private static let formatParameter = Parameter(
    "data_format", ChannelsLast.self, "only \"channels_last\"", default: { ChannelsLast() })
  private static let inputParameter = Parameter(
    "input_shape", Shape?.self, "the shape of one input, to build at once", passing: .keywordOnly,
    default: { nil })
  private static let nameParameter = Parameter(
    "name", String.self, "its name in the model", passing: .keywordOnly, default: { "" })

  private static func windowed(_ kind: Kind) -> Entry {
    Entry(
      kind.rawValue, sentence(kind),
      Parameter("pool_size", Extent.self, "the window", default: { Extent(values: [2]) }),
      Parameter(
        "strides", Extent?.self, "cells from one window to the next; None: the window's size",
        also: ["stride"], default: { nil }),
      Parameter(
        "padding", Padding.self, "\"valid\", \"same\", a number, or pairs (before, after)",
        default: { .valid }), formatParameter,
      Parameter(
        "count_include_pad", Bool.self, "whether padding counts in a mean",
        passing: .keywordOnly, default: { false }), inputParameter, nameParameter,
      returns: kind.rawValue, example: "\(kind.rawValue)(2)",
      details: """
        \(kind.isMean
          ? "`y[i] = mean_u x[i * s + u]`, the gradient is spread evenly. Padding is left out."
          : "`y[i] = max_u x[i * s + u]`, the gradient goes to the first of the largest. Padding "
            + "counts as -inf.") \
        Shapes: (batch, \(kind.axes == 2 ? "height, width" : "steps"), channels); n cells become \
        `floor((n + p - k) / s) + 1`, with "same" ⌈n / s⌉. \
        \(kind.isMean
          ? "Peers: Keras leaves padding out of the mean, too; PyTorch counts it, as "
            + "count_include_pad=True does. Source: LeCun et al. 1998."
          : "Source: Scherer et al. 2010.")
        """,
      makes: types[kind]
    ) { size, strides, padding, _, counts, input, name in
      let window = try size.expanded(kind.axes, "pool_size")
      return PoolingLayer(
        kind, window,
        WindowOptions(
          strides: try strides?.checked(kind.axes, "strides") ?? window, padding: padding),
        countsPadding: counts, name: name
      ).wanting(input)
    }
  }

  private static func global(_ kind: Kind) -> Entry {
    Entry(
      kind.rawValue, sentence(kind), formatParameter,
      Parameter("keepdims", Bool.self, "whether the axes stay, with size one") { false },
      inputParameter, nameParameter, returns: kind.rawValue, example: "\(kind.rawValue)()",
      details: """
        `y_c = \(kind.isMean ? "mean" : "max")_i x[i, c]`. Shapes: (batch, \
        \(kind.axes == 2 ? "height, width" : "steps"), channels) gives (batch, channels). Source: \
        \(kind.isMean ? "Lin et al. 2014, Network in network" : "Oquab et al. 2015").
        """, makes: types[kind]
    ) { _, keeps, input, name in
      PoolingLayer(kind, keepsAxes: keeps, name: name).wanting(input)
    }
  }

  private static let own: [Entry] = [
    windowed(.max1D), windowed(.max2D), windowed(.average1D), windowed(.average2D),
    global(.globalMax1D), global(.globalMax2D), global(.globalAverage1D),
    global(.globalAverage2D),
  ]

  /// With Keras's longer names: `MaxPooling2D`.
  static let entries: [Entry] =
    own
    + own.map { $0.also($0.name.replacingPool) }
}

extension String {
  /// `MaxPool2D` as `MaxPooling2D`.
  fileprivate var replacingPool: String {
    guard let at = firstIndex(of: "P"), let end = index(at, offsetBy: 4, limitedBy: endIndex) else {
      return self
    }
    return String(self[..<at]) + "Pooling" + String(self[end...])
  }
}

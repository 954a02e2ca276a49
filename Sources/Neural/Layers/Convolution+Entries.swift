public import Catalog
internal import Tensors

extension Convolution {
  static let type = ObjectType(
    "Conv2D", "Convolution of images.", base: LayerType.layer, members: { members })

  static let types: [Kind: ObjectType] = [
    .conv1D: ObjectType(
      "Conv1D", "Convolution of sequences.", base: LayerType.layer, members: { members }),
    .conv2D: type,
    .depthwise2D: ObjectType(
      "DepthwiseConv2D", "Convolution of each channel by itself.", base: LayerType.layer,
      members: { members }),
    .separable2D: ObjectType(
      "SeparableConv2D", "Convolution of each channel by itself, then of all in one place.",
      base: LayerType.layer, members: { members }),
    .transposed1D: ObjectType(
      "Conv1DTranspose", "Transposed convolution of sequences.", base: LayerType.layer,
      members: { members }),
    .transposed2D: ObjectType(
      "Conv2DTranspose", "Transposed convolution of images.", base: LayerType.layer,
      members: { members }),
  ]

  private static var members: [Entry] {
    commonMembers() + [
      .attribute(
        of: Convolution.self, "filters", "The channels of its output.", returns: "int",
        example: "Conv2D(8, 3).filters"
      ) { .int($0.filters) },
      .attribute(
        of: Convolution.self, "kernel_size", "The taps of its kernel on each axis.",
        returns: "tuple", example: "Conv2D(8, 3).kernel_size"
      ) { .tuple($0.size.map { .int($0) }) },
      .attribute(
        of: Convolution.self, "strides", "The cells from one output to the next.",
        returns: "tuple", example: "Conv2D(8, 3).strides"
      ) { layer in
        let strides = layer.own.options.strides
        return .tuple(layer.size.indices.map { .int(strides[strides.count == 1 ? 0 : $0]) })
      },
      .attribute(
        of: Convolution.self, "weight", "A live view of the kernel.", returns: "Tensor",
        example: "net[0].weight", get: { try $0.live($0.kernel, isThere: true) }),
      .attribute(
        of: Convolution.self, "kernel", "The same as weight.", returns: "Tensor",
        example: "net[0].kernel", get: { try $0.live($0.kernel, isThere: true) }),
      .attribute(
        of: Convolution.self, "bias", "A live view of the bias, (filters,); None without one.",
        returns: "Tensor or None", example: "net[0].bias",
        get: { try $0.live($0.bias, isThere: $0.own.usesBias) }),
      .attribute(
        of: Convolution.self, "pointwise_kernel",
        "A live view of the second kernel of a separable layer; None in others.",
        returns: "Tensor or None", example: "net[0].pointwise_kernel",
        get: { try $0.live($0.pointwise, isThere: $0.kind == .separable2D) }),
    ]
  }

  private func live(_ weight: Weight?, isThere: Bool) throws -> Value {
    guard isThere else { return .none }
    guard let weight else { throw NotBuilt(layer: name).failure }
    return .object(weight.tensor)
  }

  // MARK: Parameters

  private static let filtersParameter = Parameter(
    "filters", Int.self, "channels of the output", where: .within(1, 1 << 24))
  private static let sizeParameter = Parameter(
    "kernel_size", Extent.self, "taps of the kernel on each axis")
  private static let stridesParameter = Parameter(
    "strides", Extent.self, "cells from one output to the next", also: ["stride"],
    default: { Extent(values: [1]) })
  private static let paddingParameter = Parameter(
    "padding", Padding.self, "\"valid\", \"same\", \"full\", a number, or pairs (before, after)",
    default: { .valid })
  private static let formatParameter = Parameter(
    "data_format", ChannelsLast.self, "only \"channels_last\"", default: { ChannelsLast() })
  private static let dilationParameter = Parameter(
    "dilation_rate", Extent.self, "cells from one tap to the next", also: ["dilation"],
    default: { Extent(values: [1]) })
  private static let groupsParameter = Parameter(
    "groups", Int.self, "parts that channels and filters fall into", where: .within(1, 1 << 24),
    default: { 1 })
  private static let activationParameter = Parameter(
    "activation", ActivationChoice.self, "applied to the sum", default: { .builtIn(.linear) })
  private static let biasParameter = Parameter(
    "use_bias", Bool.self, "whether a bias is added", default: { true })
  private static let startParameter = Parameter(
    "init", InitializerChoice.self, "how the kernel starts; \"auto\" goes by the activation",
    also: ["kernel_initializer", "depthwise_initializer"], default: { .automatic })
  private static let biasStartParameter = Parameter(
    "bias_init", InitializerChoice.self, "how the bias starts", also: ["bias_initializer"],
    default: { .named(.zeros) })
  private static let penaltyParameter = Parameter(
    "regularizer", Penalty?.self, "what the kernel adds to the loss: l1(…), l2(…), a function",
    also: ["kernel_regularizer", "depthwise_regularizer"], default: { nil })
  private static let biasPenaltyParameter = Parameter(
    "bias_regularizer", Penalty?.self, "what the bias adds to the loss", passing: .keywordOnly,
    default: { nil })
  private static let activityPenaltyParameter = Parameter(
    "activity_regularizer", Penalty?.self,
    "what the output adds to the loss, divided by the number of examples", passing: .keywordOnly,
    default: { nil })
  private static let constraintParameter = Parameter(
    "constraint", Constraint?.self, "what the kernel must fulfil after each step",
    also: ["kernel_constraint", "depthwise_constraint"], passing: .keywordOnly, default: { nil })
  private static let biasConstraintParameter = Parameter(
    "bias_constraint", Constraint?.self, "what the bias must fulfil after each step",
    passing: .keywordOnly, default: { nil })
  private static let modeParameter = Parameter(
    "padding_mode", PaddingMode.self, "what stands in the padding", passing: .keywordOnly,
    default: { .zeros })
  private static let multiplierParameter = Parameter(
    "depth_multiplier", Int.self, "filters for each channel", where: .within(1, 1 << 16),
    default: { 1 })
  private static let extraParameter = Parameter(
    "output_padding", Extent?.self, "cells more at the end of each axis", default: { nil })
  private static let inputParameter = Parameter(
    "input_shape", Shape?.self, "the shape of one input, to build at once", passing: .keywordOnly,
    default: { nil })
  private static let nameParameter = Parameter(
    "name", String.self, "its name in the model", passing: .keywordOnly, default: { "" })

  // MARK: Entries

  private static func plain(
    _ kind: Kind, _ sentence: String, example: String, details: String
  ) -> Entry {
    Entry(
      kind.rawValue, sentence, filtersParameter, sizeParameter, stridesParameter,
      paddingParameter, formatParameter, dilationParameter, groupsParameter, activationParameter,
      biasParameter, startParameter, biasStartParameter, penaltyParameter, modeParameter,
      constraintParameter, biasConstraintParameter, biasPenaltyParameter, activityPenaltyParameter,
      inputParameter, nameParameter,
      returns: kind.rawValue, example: example, details: details,
      makes: types[kind]
    ) {
      filters, size, strides, padding, _, dilation, groups, activation, usesBias, start, biasStart,
      penalty, mode, constraint, biasConstraint, biasPenalty, activityPenalty, input, name in
      let options = WindowOptions(
        strides: try strides.checked(kind.axes, "strides"),
        dilation: try dilation.checked(kind.axes, "dilation_rate"), padding: padding, mode: mode,
        groups: groups)
      return Convolution(
        kind, filters, try size.expanded(kind.axes, "kernel_size"), activation,
        Settings(
          options, initializer: start, biasInitializer: biasStart, usesBias: usesBias,
          penalty: penalty, biasPenalty: biasPenalty, activityPenalty: activityPenalty,
          constraint: constraint, biasConstraint: biasConstraint),
        name: name
      ).wanting(input)
    }
  }

  private static func transposed(
    _ kind: Kind, _ sentence: String, example: String
  ) -> Entry {
    Entry(
      kind.rawValue, sentence, filtersParameter, sizeParameter, stridesParameter,
      paddingParameter, extraParameter, formatParameter, dilationParameter, activationParameter,
      biasParameter, startParameter, biasStartParameter, penaltyParameter, constraintParameter,
      biasConstraintParameter, biasPenaltyParameter, activityPenaltyParameter, inputParameter,
      nameParameter, returns: kind.rawValue, example: example,
      details: """
        `y[i * s + u * d - p] += x[i] * K[u]`: each input spreads over a window, which is the \
        gradient of a convolution with respect to its input. Shapes: x (batch, …, channels), K (…, \
        filters, channels), y (batch, …, filters); n cells become n s + max(k - s, 0) with "valid", \
        n s with "same", which are Keras's sizes. Peers: PyTorch's sizes are (n - 1) s + k - 2 p, \
        which padding=p gives. Source: Zeiler et al. 2010.
        """, makes: types[kind]
    ) {
      filters, size, strides, padding, extra, _, dilation, activation, usesBias, start, biasStart,
      penalty, constraint, biasConstraint, biasPenalty, activityPenalty, input, name in
      let options = WindowOptions(
        strides: try strides.checked(kind.axes, "strides"),
        dilation: try dilation.checked(kind.axes, "dilation_rate"), padding: padding)
      return Convolution(
        kind, filters, try size.expanded(kind.axes, "kernel_size"), activation,
        Settings(
          options, extra: try extra?.checked(kind.axes, "output_padding"), initializer: start,
          biasInitializer: biasStart, usesBias: usesBias, penalty: penalty,
          biasPenalty: biasPenalty, activityPenalty: activityPenalty, constraint: constraint,
          biasConstraint: biasConstraint),
        name: name
      ).wanting(input)
    }
  }

  static let depthwise = Entry(
    "DepthwiseConv2D", "Convolution of each channel of an image by itself.", sizeParameter,
    stridesParameter, paddingParameter, multiplierParameter, formatParameter, dilationParameter,
    activationParameter, biasParameter, startParameter, biasStartParameter, penaltyParameter,
    modeParameter, constraintParameter, biasConstraintParameter, biasPenaltyParameter,
    activityPenaltyParameter, inputParameter, nameParameter,
    returns: "DepthwiseConv2D",
    example: "DepthwiseConv2D(3, padding=\"same\")",
    details: """
      `y[i, j, c * m + q] = sum_uv x[i * s + u * d - p, j * s + v * d - p, c] * K[u, v, c, q] + \
      b`, m being depth_multiplier. Shapes: x (batch, height, width, channels), K (height, \
      width, channels, depth_multiplier), y (batch, …, channels · depth_multiplier). Peers: \
      PyTorch's is Conv2d with groups=channels. Source: Sifre 2014; Howard et al. 2017, \
      MobileNets.
      """, makes: types[.depthwise2D]
  ) {
    size, strides, padding, multiplier, _, dilation, activation, usesBias, start, biasStart,
    penalty, mode, constraint, biasConstraint, biasPenalty, activityPenalty, input, name in
    let options = WindowOptions(
      strides: try strides.checked(2, "strides"),
      dilation: try dilation.checked(2, "dilation_rate"), padding: padding, mode: mode)
    return Convolution(
      .depthwise2D, 1, try size.expanded(2, "kernel_size"), activation,
      Settings(
        options, multiplier: multiplier, initializer: start, biasInitializer: biasStart,
        usesBias: usesBias, penalty: penalty, biasPenalty: biasPenalty,
        activityPenalty: activityPenalty, constraint: constraint, biasConstraint: biasConstraint
      ),
      name: name
    ).wanting(input)
  }

  static let separable = Entry(
    "SeparableConv2D", "Convolution of each channel by itself, then of all channels in one place.",
    filtersParameter, sizeParameter, stridesParameter, paddingParameter, formatParameter,
    dilationParameter, multiplierParameter, activationParameter, biasParameter, startParameter,
    biasStartParameter, penaltyParameter, modeParameter, constraintParameter,
    biasConstraintParameter, biasPenaltyParameter, activityPenaltyParameter, inputParameter,
    nameParameter,
    returns: "SeparableConv2D", example: "SeparableConv2D(8, 3, activation=\"relu\")",
    details: """
      `y = pointwise(depthwise(x)) + b`: each channel is convolved by itself, then a 1 x 1 \
      convolution mixes them. Shapes: depthwise kernel (height, width, channels, \
      depth_multiplier), pointwise kernel (1, 1, channels · depth_multiplier, filters), bias \
      (filters,). Source: Chollet 2017, Xception.
      """, makes: types[.separable2D]
  ) {
    filters, size, strides, padding, _, dilation, multiplier, activation, usesBias, start,
    biasStart, penalty, mode, constraint, biasConstraint, biasPenalty, activityPenalty, input, name
    in
    let options = WindowOptions(
      strides: try strides.checked(2, "strides"),
      dilation: try dilation.checked(2, "dilation_rate"), padding: padding, mode: mode)
    return Convolution(
      .separable2D, filters, try size.expanded(2, "kernel_size"), activation,
      Settings(
        options, multiplier: multiplier, initializer: start, biasInitializer: biasStart,
        usesBias: usesBias, penalty: penalty, biasPenalty: biasPenalty,
        activityPenalty: activityPenalty, constraint: constraint, biasConstraint: biasConstraint
      ),
      name: name
    ).wanting(input)
  }

  private static let peers = """
    "same" gives ⌈n / s⌉ outputs, the odd cell at the end. Peers: "same" is Keras's and \
    TensorFlow's; PyTorch's is for stride 1 only, and its number p puts p cells on both sides, as \
    padding=p does here, which differs from "same" for stride 2. Keras starts kernels with \
    glorot_uniform, "auto" goes by the activation; PyTorch has channels in front.
    """

  static let entries: [Entry] = [
    plain(
      .conv1D, "Convolution of sequences with kernels that learn.",
      example: "Conv1D(8, 3, activation=\"relu\", padding=\"causal\")",
      details: """
        `y[i, o] = activation(sum_uc x[i * s + u * d - p, c] * K[u, c, o] + b_o)`: \
        cross-correlation, not flipped. padding="causal" lets output t see inputs up to t. Shapes: x \
        (batch, steps, channels), K (taps, channels / groups, filters), b (filters,), y (batch, \
        `floor((steps + p - (k - 1) * d - 1) / s) + 1`, filters), p both sides together. \
        \(peers) Source: Waibel et al. 1989; causal: van den Oord et al. 2016, WaveNet.
        """),
    plain(
      .conv2D, "Convolution of images with kernels that learn.",
      example: "Conv2D(32, 3, activation=\"relu\")",
      details: """
        `y[i, j, o] = activation(sum_uvc x[i * s + u * d - p, j * s + v * d - p, c] * K[u, v, c, o] \
        + b_o)`: cross-correlation, not flipped. Shapes: x (batch, height, width, channels), K \
        (height, width, channels / groups, filters), b (filters,); each axis of n cells becomes \
        `floor((n + p - (k - 1) * d - 1) / s) + 1`, p both sides together. \(peers) Source: LeCun et \
        al. 1998.
        """),
    depthwise, separable,
    transposed(
      .transposed1D, "Transposed convolution of sequences, for growing them.",
      example: "Conv1DTranspose(8, 3, strides=2)"),
    transposed(
      .transposed2D, "Transposed convolution of images, for growing them.",
      example: "Conv2DTranspose(8, 3, strides=2, padding=\"same\")"),
  ]
}

/// One number for all axes, or one for each: `3`, `(3, 5)`.
public struct Extent: Argument, Sendable {
  public let values: [Int]

  public init(values: [Int]) {
    self.values = values
  }

  public static var kind: String { "int or tuple of ints" }

  public static func read(_ value: Value) throws -> Extent? {
    try Axes.read(value)?.values.map { Extent(values: $0) }
  }

  public var shown: String {
    values.count == 1
      ? "\(values[0])" : "(" + values.map(String.init).joined(separator: ", ") + ")"
  }

  func checked(_ axes: Int, _ name: String) throws -> [Int] {
    guard values.count == 1 || values.count == axes else {
      throw Failure(
        .value, "\(name) is one number\(axes == 1 ? "" : " or \(axes) numbers"), got \(shown)",
        code: "L308")
    }
    let lowest = name == "output_padding" ? 0 : 1
    guard values.allSatisfy({ $0 >= lowest && $0 <= 1 << 24 }) else {
      throw Failure(.value, "\(name) is at least \(lowest), got \(shown)", code: "L308")
    }
    return values
  }

  func expanded(_ axes: Int, _ name: String) throws -> [Int] {
    let values = try checked(axes, name)
    return values.count == axes ? values : Array(repeating: values[0], count: axes)
  }
}

/// `data_format`: images have their channels last; anything else says what to do.
public struct ChannelsLast: Argument, Sendable {
  public init() {}

  public static var kind: String { "str" }
  public static var choices: [String] { ["channels_last"] }

  public static func read(_ value: Value) throws -> ChannelsLast? {
    switch value {
    case .none: return ChannelsLast()
    case .string("channels_last"): return ChannelsLast()
    case .string("channels_first"):
      throw Failure(
        .value, "data_format=\"channels_first\" does not exist here: channels stand last",
        code: "L308", help: "turn the images once: x.transpose(0, 2, 3, 1)")
    case .string(let name): throw Failure.unknownOption(name, among: choices)
    default: return nil
    }
  }

  public var shown: String { "\"channels_last\"" }
}

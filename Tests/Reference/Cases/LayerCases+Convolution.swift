internal import Catalog
internal import Neural

extension Operations {
  static let windows: [String: Check] = [
    "conv1d": { c in try c.convolution(.conv1D) },
    "conv2d": { c in try c.convolution(.conv2D) },
    "conv1d_transpose": { c in try c.convolution(.transposed1D) },
    "conv2d_transpose": { c in try c.convolution(.transposed2D) },
    "conv_output_size": { c in try c.outputSizes() },
    "max_pool1d": { c in try c.pooling(.max1D) },
    "max_pool2d": { c in try c.pooling(.max2D) },
    "avg_pool1d": { c in try c.pooling(.average1D) },
    "avg_pool2d": { c in try c.pooling(.average2D) },
    "global_avg_pool": { c in try c.pooling(.globalAverage2D) },
    "global_max_pool": { c in try c.pooling(.globalMax2D) },
  ]
}

extension Case {
  /// Fails when the case has a setting that is not read.
  func know(_ names: String...) throws {
    for (name, _) in parameters.members ?? [] where !names.contains(name) {
      throw Unsupported("the setting \(name)")
    }
  }

  /// `"same"`, `1`, `[1, 2]` or `[[1, 0], [0, 2]]`.
  static func padding(_ json: JSON?) throws -> Padding {
    switch json {
    case nil, .null?: return .valid
    case .string(let name)?:
      guard let padding = try Padding.read(.string(name)) else { break }
      return padding
    case .array(let all)?:
      return .cells(
        try all.map { part in
          if let single = part.int { return Padding.Pair(single, single) }
          guard let pair = part.array?.compactMap(\.int), pair.count == 2 else {
            throw Unsupported("padding \(part)")
          }
          return Padding.Pair(pair[0], pair[1])
        })
    case let other?:
      if let single = other.int { return .cells([Padding.Pair(single, single)]) }
    }
    throw Unsupported("padding")
  }

  /// One number or one for each axis; 1 when missing.
  static func sizes(_ json: JSON?, or missing: [Int] = [1]) -> [Int] {
    json?.int.map { [$0] } ?? json?.array?.compactMap(\.int) ?? missing
  }

  private func options() throws -> WindowOptions {
    let p = parameters
    guard let mode = PaddingMode(rawValue: p["padding_mode"]?.string ?? "zeros") else {
      throw Unsupported("padding_mode")
    }
    return WindowOptions(
      strides: Case.sizes(p["strides"]), dilation: Case.sizes(p["dilation"]),
      padding: try Case.padding(p["padding"]), mode: mode, groups: p["groups"]?.int ?? 1)
  }

  func convolution(_ kind: Convolution.Kind) throws {
    try know(
      "padding", "pads", "padding_mode", "strides", "dilation", "groups", "use_bias", "out_hw",
      "out_w", "kernel_layout", "output_padding")
    let kernel = try input("K").shape
    let size = Array(kernel.dropLast(2))
    let isTransposed = kind == .transposed1D || kind == .transposed2D
    let usesBias = has("b")
    if let said = parameters["use_bias"]?.bool, said != usesBias { fail("use_bias and inputs") }
    let options = try options()
    let layer = Convolution(
      kind, kernel[kernel.count - (isTransposed ? 2 : 1)], size, .builtIn(.linear),
      Convolution.Settings(
        options, extra: parameters["output_padding"].map { Case.sizes($0) }, usesBias: usesBias))
    let x = try input("x").shape
    let y = try run(layer, weights: usesBias ? ["K", "b"] : ["K"])
    if let pads = parameters["pads"]?.array {
      let axes = try options.axes(Array(x.dropFirst().dropLast()), kernel: size)
      let found = axes.map { [Double($0.low), Double($0.high)] }
      compare(found.flatMap { $0 }, pads.flatMap { Case.sizes($0).map(Double.init) }, "pads")
    }
    if let wanted = (parameters["out_hw"] ?? parameters["out_w"]).map({ Case.sizes($0) }) {
      compare(y.shape.dropFirst().dropLast().map(Double.init), wanted.map(Double.init), "sizes")
    }
  }

  func pooling(_ kind: PoolingLayer.Kind) throws {
    try know("pool", "strides", "padding", "pads", "count_include_pad")
    let count = try input("x").shape.count - 2
    var kind = kind
    if kind == .globalAverage2D, count == 1 { kind = .globalAverage1D }
    if kind == .globalMax2D, count == 1 { kind = .globalMax1D }
    let pool = Case.sizes(parameters["pool"], or: [])
    let size = pool.count == 1 ? Array(repeating: pool[0], count: count) : pool
    let options = WindowOptions(
      strides: Case.sizes(parameters["strides"], or: size.isEmpty ? [1] : size),
      padding: try Case.padding(parameters["padding"]))
    try run(PoolingLayer(kind, size, options, countsPadding: flag("count_include_pad")))
  }

  /// A table of sizes: columns n, k, stride, dilation, padding, and what follows from them.
  func outputSizes() throws {
    let expected = json["expect"]
    let columns = expected?["columns"]?.array?.compactMap(\.string) ?? []
    let known = ["n", "k", "stride", "dilation", "padding", "pad_low", "pad_high", "out"]
    guard columns == known else { throw Unsupported("columns \(columns)") }
    for row in expected?["rows"]?.array ?? [] {
      let cells = row.array ?? []
      let numbers = cells.map { $0.int ?? 0 }
      let axis = try WindowAxis(
        size: numbers[0], kernel: numbers[1], stride: numbers[2], dilation: numbers[3],
        padding: Case.padding(cells[4]))
      compare(
        [Double(axis.low), Double(axis.high), Double(axis.outputs)],
        numbers[5...7].map(Double.init), "\(cells)")
    }
  }
  /// The weights that learn, by the names that trained models give them.
  static func named(_ layer: any Layer) -> [(Weight, String)] {
    layer.weights.filter(\.isTrainable).map { weight in
      switch weight.name {
      case "kernel": (weight, layer is Convolution ? "K" : "W")
      case "bias": (weight, "b")
      default: (weight, weight.name)
      }
    }
  }

  /// Kinds of layers in a trained model that run windows over images.
  static let windowKinds = [
    "conv1d", "conv2d", "maxpool1d", "maxpool2d", "avgpool1d", "avgpool2d", "globalavgpool2d",
    "globalmaxpool2d",
  ]

  /// A layer of a trained model.
  static func windowLayer(
    _ part: JSON, _ type: String, _ penalty: Penalty?, _ constraint: Constraint? = nil
  ) throws -> any Layer {
    let known = [
      "type", "filters", "kernel", "padding", "strides", "stride", "dilation", "groups", "pool",
      "size", "padding_mode", "use_bias", "count_include_pad",
    ]
    for (name, _) in part.members ?? [] where !known.contains(name) {
      throw Unsupported("the setting \(name) of \(type)")
    }
    let axes = type.hasSuffix("1d") ? 1 : 2
    func expanded(_ list: [Int]) -> [Int] {
      list.count == 1 ? Array(repeating: list[0], count: axes) : list
    }
    guard let mode = PaddingMode(rawValue: part["padding_mode"]?.string ?? "zeros") else {
      throw Unsupported("padding_mode")
    }
    let strides = (part["strides"] ?? part["stride"]).map { sizes($0) }
    var options = WindowOptions(
      strides: strides ?? [1], dilation: sizes(part["dilation"]),
      padding: try padding(part["padding"]), mode: mode, groups: part["groups"]?.int ?? 1)
    let kind: PoolingLayer.Kind
    switch type {
    case "conv1d", "conv2d":
      return Convolution(
        axes == 1 ? .conv1D : .conv2D, part["filters"]?.int ?? 1,
        expanded(sizes(part["kernel"], or: [3])), .builtIn(.linear),
        Convolution.Settings(
          options, usesBias: part["use_bias"]?.bool ?? true, penalty: penalty,
          constraint: constraint))
    case "maxpool1d": kind = .max1D
    case "maxpool2d": kind = .max2D
    case "avgpool1d": kind = .average1D
    case "avgpool2d": kind = .average2D
    case "globalavgpool2d": return PoolingLayer(.globalAverage2D)
    default: return PoolingLayer(.globalMax2D)
    }
    let size = expanded(sizes(part["pool"] ?? part["size"], or: [2]))
    options.strides = strides ?? size
    return PoolingLayer(
      kind, size, options, countsPadding: part["count_include_pad"]?.bool ?? false)
  }
}

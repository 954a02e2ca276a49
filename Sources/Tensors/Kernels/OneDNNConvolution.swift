internal import Catalog

/// Convolution in f32 on oneDNN: one thread per call, blocks of images on our own workers.
///
/// Images stay `[batch, height, width, channels]`, which measured as fast as oneDNN's own layouts;
/// kernels are packed into the layout it likes best, once per call. Blocks of about 150 MFLOP fit
/// the caches better than a whole batch.
enum OneDNNConvolution {
  /// A run of images that one call computes.
  private struct Segment {
    let primitive: ConvolutionPrimitive
    /// The packed kernel, by primitive.
    let kernel: Int
    let images: Range<Int>
  }

  /// How the images of a batch are cut; nil when one of them is too much for one call.
  private static func cut(_ w: Window, work: Double) -> Int? {
    let area = max(w.rows.size * w.columns.size, w.rows.outputs * w.columns.outputs)
    let (cells, overflow) = area.multipliedReportingOverflow(by: max(w.channels, w.filters))
    guard !overflow, cells < 1 << 28, w.work <= 1e9 else { return nil }
    let most = min(Int(exactly: (work / max(w.work, 1)).rounded(.up)) ?? w.batch, (1 << 28) / cells)
    let run = max(1, min(w.batch, most))
    // A divisor of the batch saves a second primitive for the last block.
    return ((run + 1) / 2...run).last { w.batch % $0 == 0 } ?? run
  }

  private static func segments(
    _ w: Window, _ pass: ConvolutionPrimitive.Pass, work: Double = 150e6
  ) -> (all: [Segment], primitives: [ConvolutionPrimitive])? {
    guard let run = cut(w, work: work) else { return nil }
    var (all, primitives) = ([Segment](), [ConvolutionPrimitive]())
    for start in stride(from: 0, to: w.batch, by: run) {
      let images = start..<min(start + run, w.batch)
      if primitives.last?.images != images.count {
        guard let primitive = ConvolutionPrimitive.of(pass, w, images: images.count) else {
          return nil
        }
        primitives.append(primitive)
      }
      guard let last = primitives.last else { return nil }
      all.append(Segment(primitive: last, kernel: primitives.count - 1, images: images))
    }
    return (all, primitives)
  }

  private static func run(_ count: Int, _ body: @escaping (Int) -> Void) throws {
    let watch = count > 1 ? Workers.pending : nil
    Workers.shared.run(blocks: count) { index in
      if let watch, watch.reasons.contains(.interrupt) { return }
      body(index)
    }
    if let watch, watch.reasons.contains(.interrupt) { throw TensorError.interrupted }
  }

  /// - Returns: false when oneDNN has no kernel for it; nothing is written then.
  static func forward(
    _ x: Tensor, _ k: Tensor, _ bias: Tensor?, rectifies: Bool, into y: Tensor, _ w: Window
  ) throws -> Bool {
    let pass = ConvolutionPrimitive.Pass.forward(bias: bias != nil, rectifies: rectifies)
    guard let (segments, primitives) = segments(w, pass) else { return false }
    let kernels = try primitives.map { try $0.packed(k) }
    let (from, to) = (x.count / w.batch, y.count / w.batch)
    try run(segments.count) { index in
      let segment = segments[index]
      unsafe segment.primitive.run(
        x.pointer(segment.images.lowerBound * from), kernels[segment.kernel].pointer,
        bias?.pointer, y.pointer(segment.images.lowerBound * to))
    }
    return true
  }

  static func inputGradient(_ g: Tensor, _ k: Tensor, into x: Tensor, _ w: Window) throws -> Bool {
    guard let (segments, primitives) = segments(w, .inputGradient) else { return false }
    let kernels = try primitives.map { try $0.packed(k) }
    let (from, to) = (x.count / w.batch, g.count / w.batch)
    try run(segments.count) { index in
      let segment = segments[index]
      unsafe segment.primitive.run(
        x.pointer(segment.images.lowerBound * from), kernels[segment.kernel].pointer, nil,
        g.pointer(segment.images.lowerBound * to))
    }
    return true
  }

  /// Runs of segments add up in one partial sum each, and the sums are added in order.
  static func kernelGradient(
    _ x: Tensor, _ g: Tensor, into k: Tensor, bias: Tensor?, _ w: Window
  ) throws -> Bool {
    let pass = ConvolutionPrimitive.Pass.kernelGradient(bias: bias != nil)
    let work = min(max(150e6, 200 * Double(k.count)), 1e9)
    guard let (segments, primitives) = segments(w, pass, work: work) else { return false }
    let parts = min(segments.count, 16)
    var sums = [(k, bias)]
    for _ in 1..<parts {
      sums.append(
        (
          try Tensor(uninitialized: k.shape, .f32),
          try bias.map { try Tensor(uninitialized: $0.shape, .f32) }
        ))
    }
    let own = try (0..<parts).map { _ in
      (
        try Tensor(uninitialized: k.shape, .f32),
        try bias.map { try Tensor(uninitialized: $0.shape, .f32) }
      )
    }
    let spare = try (0..<parts).map { part in try primitives.map { try $0.room() } }
    let (from, to) = (x.count / w.batch, g.count / w.batch)
    let watch = segments.count > 1 ? Workers.pending : nil
    try run(parts) { [sums] part in
      let range = (part * segments.count / parts)..<((part + 1) * segments.count / parts)
      for index in range {
        // A part grows with the batch, a segment does not.
        if let watch, watch.reasons.contains(.interrupt) { return }
        let segment = segments[index]
        let room = spare[part][segment.kernel]
        let isFirst = index == range.lowerBound
        let (target, targetBias) = isFirst ? sums[part] : own[part]
        unsafe segment.primitive.run(
          x.pointer(segment.images.lowerBound * from), room.pointer, targetBias?.pointer,
          g.pointer(segment.images.lowerBound * to))
        segment.primitive.unpack(room, into: target)
        if !isFirst {
          sums[part].0.apply(.add, sums[part].0, target)
          if let sum = sums[part].1, let more = targetBias { sum.apply(.add, sum, more) }
        }
      }
    }
    for (sum, more) in sums.dropFirst() {
      k.apply(.add, k, sum)
      if let bias, let more { bias.apply(.add, bias, more) }
    }
    return true
  }
}

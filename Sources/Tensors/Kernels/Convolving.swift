internal import CKernels
internal import COneDNN
internal import Catalog

/// The three passes of a convolution on contiguous memory of one floating dtype.
///
/// f32 runs on oneDNN where that has a kernel; else, and for f64, rows of patches are multiplied
/// with the kernel. Work is cut by shape alone, and partial sums are added in order.
enum Convolving {
  /// `y = x ∗ k + bias`, and with `rectifies` its positive part.
  static func forward(
    _ x: Tensor, _ k: Tensor, _ bias: Tensor?, rectifies: Bool = false, into y: Tensor,
    _ w: Window
  ) throws {
    y.storage.version += 1
    guard y.count > 0 else { return }
    if x.dtype == .f32, w.depth > 0,
      try OneDNNConvolution.forward(x, k, bias, rectifies: rectifies, into: y, w)
    {
      return
    }
    if w.depth > 0 { try Patches.forward(x, k, into: y, w) } else { y.fill(0) }
    if bias != nil || rectifies {
      Fused.activate(rectifies ? .relu : .linear, y, bias: bias, into: y)
    }
  }

  /// The gradient of the input from that of the output.
  static func inputGradient(_ g: Tensor, _ k: Tensor, into x: Tensor, _ w: Window) throws {
    x.storage.version += 1
    guard x.count > 0 else { return }
    guard g.count > 0 else { return x.fill(0) }
    if x.dtype == .f32, try OneDNNConvolution.inputGradient(g, k, into: x, w) { return }
    try Patches.inputGradient(g, k, into: x, w)
  }

  /// The gradient of the kernel, and of the bias where it is wanted.
  static func kernelGradient(
    _ x: Tensor, _ g: Tensor, into k: Tensor, bias: Tensor?, _ w: Window
  ) throws {
    k.storage.version += 1
    bias?.storage.version += 1
    guard k.count > 0, g.count > 0 else {
      k.fill(0)
      if let bias, bias.count > 0 { Fused.columnSums(g, into: bias) }
      return
    }
    if x.dtype == .f32, try OneDNNConvolution.kernelGradient(x, g, into: k, bias: bias, w) {
      return
    }
    try Patches.kernelGradient(x, g, into: k, w)
    if let bias { Fused.columnSums(g, into: bias) }
  }
}

extension Window {
  /// The sizes as the kernels in C take them.
  var sizes: gk_window {
    gk_window(
      height: rows.size, width: columns.size, channels: channels, out_height: rows.outputs,
      out_width: columns.outputs, kernel_height: rows.kernel, kernel_width: columns.kernel,
      row_stride: rows.stride, column_stride: columns.stride, row_dilation: rows.dilation,
      column_dilation: columns.dilation, top: rows.low, left: columns.low)
  }

  /// Output places of all images.
  var places: Int { batch * rows.outputs * columns.outputs }
}

/// Convolution by rows of patches, one for each place of the output, and products with them.
enum Patches {
  /// Bytes of the patches that one thread keeps at a time, unless a single row is longer.
  private static let memory = 256 << 10

  /// Places whose patches are made at a time.
  private static func run(_ w: Window, _ dtype: DType) throws -> Int {
    if dtype == .f32 { _ = try OneDNN.needed() }
    let row = max(w.depth * dtype.size, 1)
    try StoragePool.shared.reserve(max(row, memory) * 2)
    return max(1, memory / row)
  }

  /// How many blocks `count` places are cut into.
  private static func blocks(_ w: Window, _ count: Int, dtype: DType) -> Int {
    let cost = Double(w.filters) * Double(w.depth) * Double(count) * (dtype == .f64 ? 8 : 2)
    return max(1, min(16, count, Int(exactly: (cost / 8_000_000).rounded(.down)) ?? 16))
  }

  /// Calls `body` with runs of places of each block, and memory for their patches.
  private static func forEach(
    _ w: Window, dtype: DType, blocks: Int, _ range: @escaping (Int) -> Range<Int>,
    _ body: @escaping (_ block: Int, _ places: Range<Int>, _ patches: Scratch) -> Void
  ) throws {
    let run = try run(w, dtype)
    let watch = Workers.pending
    Workers.shared.run(blocks: blocks) { block in
      let all = range(block)
      let patches = Scratch(bytes: min(run, max(all.count, 1)) * w.depth * dtype.size)
      for start in stride(from: all.lowerBound, to: all.upperBound, by: run) {
        if let watch, watch.reasons.contains(.interrupt) { return }
        body(block, start..<min(start + run, all.upperBound), patches)
      }
    }
    if let watch, watch.reasons.contains(.interrupt) { throw TensorError.interrupted }
  }

  private static func part(_ block: Int, of blocks: Int, _ count: Int) -> Range<Int> {
    (block * count / blocks)..<((block + 1) * count / blocks)
  }

  /// One product, on this thread, whole: `c = a b + beta c`.
  private static func multiply(
    _ a: MatrixLayout, _ b: MatrixLayout, beta: Double, _ c: MatrixLayout, _ dtype: DType
  ) {
    if dtype == .f64 {
      unsafe gk_gemm_f64(
        c.rows, c.columns, a.columns, a.base.assumingMemoryBound(to: Double.self), a.rowStep,
        a.columnStep, b.base.assumingMemoryBound(to: Double.self), b.rowStep, b.columnStep, beta,
        c.base.assumingMemoryBound(to: Double.self), c.rowStep)
      return
    }
    guard let x = a.blas, let y = b.blas, let dnn = OneDNN.loaded else {
      preconditionFailure("patches and kernels have unit steps, and oneDNN was asked for")
    }
    gk_one_thread()
    let status = unsafe dnn.call.sgemm(
      CChar(x.transposed ? 84 : 78), CChar(y.transposed ? 84 : 78), Int64(c.rows),
      Int64(c.columns), Int64(a.columns), 1, a.base.assumingMemoryBound(to: Float.self),
      Int64(x.leading), b.base.assumingMemoryBound(to: Float.self), Int64(y.leading), Float(beta),
      c.base.assumingMemoryBound(to: Float.self), Int64(max(c.rowStep, c.columns)))
    precondition(status == dnnl_success, "oneDNN refused a product of checked shapes")
  }

  /// The kernel of one group as a matrix `[depth, filters of the group]`.
  private static func matrix(_ k: Tensor, _ group: Int, _ w: Window) -> MatrixLayout {
    unsafe MatrixLayout(
      base: k.pointer(group * w.groupFilters), rows: w.depth, columns: w.groupFilters,
      rowStep: w.filters, columnStep: 1)
  }

  /// Places of the output as a matrix `[places, filters of the group]`.
  private static func matrix(
    _ y: Tensor, _ group: Int, _ places: Range<Int>, _ w: Window
  ) -> MatrixLayout {
    unsafe MatrixLayout(
      base: y.pointer(places.lowerBound * w.filters + group * w.groupFilters), rows: places.count,
      columns: w.groupFilters, rowStep: w.filters, columnStep: 1)
  }

  private static func fill(
    _ patches: Scratch, from x: Tensor, _ group: Int, _ places: Range<Int>, _ sizes: gk_window,
    _ w: Window
  ) -> MatrixLayout {
    var sizes = sizes
    unsafe gk_patches(
      Int32(x.dtype.rawValue), &sizes, group * w.groupChannels, w.groupChannels, places.lowerBound,
      places.upperBound, patches.base, x.pointer)
    return matrix(patches, places.count, w)
  }

  private static func matrix(_ patches: Scratch, _ count: Int, _ w: Window) -> MatrixLayout {
    unsafe MatrixLayout(
      base: patches.base, rows: count, columns: w.depth, rowStep: w.depth, columnStep: 1)
  }

  private static func transposed(_ a: MatrixLayout) -> MatrixLayout {
    unsafe MatrixLayout(
      base: a.base, rows: a.columns, columns: a.rows, rowStep: a.columnStep, columnStep: a.rowStep)
  }

  static func forward(_ x: Tensor, _ k: Tensor, into y: Tensor, _ w: Window) throws {
    let (dtype, sizes) = (x.dtype, w.sizes)
    let blocks = blocks(w, w.places, dtype: dtype)
    try forEach(w, dtype: dtype, blocks: blocks, { part($0, of: blocks, w.places) }) {
      _, places, patches in
      for group in 0..<w.groups {
        multiply(
          fill(patches, from: x, group, places, sizes, w), matrix(k, group, w), beta: 0,
          matrix(y, group, places, w), dtype)
      }
    }
  }

  /// Blocks are images: windows of neighbouring places overlap.
  static func inputGradient(_ g: Tensor, _ k: Tensor, into x: Tensor, _ w: Window) throws {
    let (dtype, sizes, area) = (g.dtype, w.sizes, w.rows.outputs * w.columns.outputs)
    x.fill(0)
    let blocks = min(blocks(w, w.places, dtype: dtype), w.batch)
    let images: (Int) -> Range<Int> = { block in
      let part = part(block, of: blocks, w.batch)
      return (part.lowerBound * area)..<(part.upperBound * area)
    }
    try forEach(w, dtype: dtype, blocks: blocks, images) { _, places, patches in
      var sizes = sizes
      for group in 0..<w.groups {
        multiply(
          matrix(g, group, places, w), transposed(matrix(k, group, w)), beta: 0,
          matrix(patches, places.count, w), dtype)
        unsafe gk_patches_add(
          Int32(dtype.rawValue), &sizes, group * w.groupChannels, w.groupChannels,
          places.lowerBound, places.upperBound, patches.base, x.pointer)
      }
    }
  }

  static func kernelGradient(_ x: Tensor, _ g: Tensor, into k: Tensor, _ w: Window) throws {
    let (dtype, sizes) = (x.dtype, w.sizes)
    let blocks = min(blocks(w, w.places, dtype: dtype), 8)
    var sums = [k]
    for _ in 1..<blocks { sums.append(try Tensor(uninitialized: k.shape, dtype)) }
    for sum in sums { sum.fill(0) }
    try forEach(w, dtype: dtype, blocks: blocks, { part($0, of: blocks, w.places) }) {
      [sums] block, places, patches in
      for group in 0..<w.groups {
        multiply(
          transposed(fill(patches, from: x, group, places, sizes, w)),
          matrix(g, group, places, w), beta: 1, matrix(sums[block], group, w), dtype)
      }
    }
    for sum in sums.dropFirst() { k.apply(.add, k, sum) }
  }
}

/// Memory of one thread during one call.
///
/// `@safe`: valid as long as the object lives, and used only by the call that made it.
@safe
final class Scratch {
  let base: UnsafeMutableRawPointer

  init(bytes: Int) {
    unsafe base = .allocate(byteCount: max(bytes, 64), alignment: 64)
  }

  deinit { unsafe base.deallocate() }
}

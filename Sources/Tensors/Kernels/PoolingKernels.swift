internal import CKernels
internal import Catalog

/// Pooling on contiguous memory of one floating dtype, cut into blocks by shape alone.
enum Pooling {
  /// Calls `body` for runs of `count` rows or images, of which one takes `cost` operations.
  private static func forEach(
    _ count: Int, cost: Int, _ body: @escaping (Range<Int>) -> Void
  ) throws {
    guard count > 0 else { return }
    let run = max(1, min(count, 1_000_000 / max(cost, 1)))
    let watch = Workers.pending
    let blocks = (count + run - 1) / run
    Workers.shared.run(blocks: blocks) { block in
      if let watch, watch.reasons.contains(.interrupt) { return }
      body((block * run)..<min((block + 1) * run, count))
    }
    if let watch, watch.reasons.contains(.interrupt) { throw TensorError.interrupted }
  }

  /// Operations for one row of the output.
  private static func cost(_ w: Window) -> Int {
    let (row, overflow) = w.columns.outputs.multipliedReportingOverflow(by: max(w.channels, 1))
    let (all, more) = row.multipliedReportingOverflow(by: w.rows.kernel * w.columns.kernel)
    return overflow || more ? Int.max : all
  }

  static func largest(_ x: Tensor, _ w: Window, into y: Tensor, _ places: Tensor) throws {
    y.storage.version += 1
    guard y.count > 0 else { return }
    let kind = Int32(x.dtype.rawValue)
    try forEach(w.batch * w.rows.outputs, cost: cost(w)) { rows in
      var sizes = w.sizes
      unsafe gk_pool_max(
        kind, &sizes, rows.lowerBound, rows.upperBound, y.pointer,
        places.pointer.assumingMemoryBound(to: Int32.self), x.pointer)
    }
  }

  /// Blocks are images, since windows may overlap.
  static func spread(_ g: Tensor, _ places: Tensor, _ w: Window, into x: Tensor) throws {
    x.storage.version += 1
    guard g.count > 0 else { return x.fill(0) }
    let (kind, rows) = (Int32(x.dtype.rawValue), w.rows.outputs)
    let isAlone = w.rows.isTiled && w.columns.isTiled
    if !isAlone { x.fill(0) }
    try forEach(w.batch, cost: max(cost(w), 1).multipliedFully(by: rows)) { images in
      var sizes = w.sizes
      unsafe gk_pool_spread(
        kind, &sizes, isAlone ? 1 : 0, images.lowerBound * rows, images.upperBound * rows,
        x.pointer, g.pointer,
        places.pointer.assumingMemoryBound(to: Int32.self))
    }
  }

  static func pick(_ x: Tensor, _ places: Tensor, _ w: Window, into y: Tensor) throws {
    guard y.count > 0 else { return }
    let kind = Int32(x.dtype.rawValue)
    try forEach(w.batch * w.rows.outputs, cost: cost(w)) { rows in
      var sizes = w.sizes
      unsafe gk_pool_pick(
        kind, &sizes, rows.lowerBound, rows.upperBound, y.pointer, x.pointer,
        places.pointer.assumingMemoryBound(to: Int32.self))
    }
  }

  static func mean(_ x: Tensor, _ w: Window, countsPadding: Bool, into y: Tensor) throws {
    y.storage.version += 1
    guard y.count > 0 else { return }
    let kind = Int32(x.dtype.rawValue)
    try forEach(w.batch * w.rows.outputs, cost: cost(w)) { rows in
      var sizes = w.sizes
      unsafe gk_pool_mean(
        kind, &sizes, countsPadding ? 1 : 0, rows.lowerBound, rows.upperBound, y.pointer,
        x.pointer)
    }
  }

  static func share(_ g: Tensor, _ w: Window, countsPadding: Bool, into x: Tensor) throws {
    x.storage.version += 1
    guard g.count > 0 else { return x.fill(0) }
    let (kind, rows) = (Int32(x.dtype.rawValue), w.rows.outputs)
    x.fill(0)
    try forEach(w.batch, cost: max(cost(w), 1).multipliedFully(by: rows)) { images in
      var sizes = w.sizes
      unsafe gk_pool_share(
        kind, &sizes, countsPadding ? 1 : 0, images.lowerBound * rows, images.upperBound * rows,
        x.pointer, g.pointer)
    }
  }
}

extension WindowAxis {
  /// Whether every cell of the input lies in exactly one window.
  fileprivate var isTiled: Bool {
    kernel == stride && dilation == 1 && low == 0 && high == 0 && outputs * stride == size
  }
}

extension Int {
  /// The product, or the largest number when it does not fit.
  fileprivate func multipliedFully(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}

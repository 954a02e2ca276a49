internal import CKernels
internal import COneDNN
internal import Catalog

/// A matrix in memory: its first element and the distances between rows and between columns.
///
/// `@safe`: whoever makes one keeps the storage alive while it is used.
@safe
struct MatrixLayout {
  let base: UnsafeMutableRawPointer
  let rows: Int
  let columns: Int
  let rowStep: Int
  let columnStep: Int

  init(base: UnsafeMutableRawPointer, rows: Int, columns: Int, rowStep: Int, columnStep: Int) {
    unsafe self.base = unsafe base
    self.rows = rows
    self.columns = columns
    self.rowStep = rowStep
    self.columnStep = columnStep
  }

  /// oneDNN's description, when it can read the matrix without packing.
  var blas: (transposed: Bool, leading: Int)? {
    if columns <= 1 || columnStep == 1 {
      if rows <= 1 { return (false, max(columns, 1)) }
      if rowStep >= max(columns, 1), columns > 1 || columnStep == 1 { return (false, rowStep) }
    }
    if rows <= 1 || rowStep == 1 {
      if columns <= 1 { return (true, max(rows, 1)) }
      if columnStep >= max(rows, 1) { return (true, columnStep) }
    }
    if columns <= 1, rowStep >= 1 { return (false, rowStep) }
    return nil
  }
}

/// Matrix products, cut into blocks of the result by shape alone.
enum Product {
  /// Operations in one block: at least this many, so that handing it out costs little.
  private static let smallestBlock = 6_000_000
  /// At most this many, so that an interrupt waits no longer than about 20 ms.
  private static let largestBlock = 1_000_000_000

  /// How a product is cut: the size of a block of the result, and the depth of one call.
  struct Cut {
    let rows: Int
    let columns: Int
    let depth: Int
    /// Blocks side by side.
    let across: Int
    let count: Int

    /// Rows first, but not below 64, then columns, not below 128: measured on one thread, thin row
    /// blocks cost up to a quarter of the speed when the second operand is transposed, wide column
    /// blocks next to nothing.
    ///
    /// - Parameter cost: time of one multiplication relative to f32.
    init(rows: Int, columns: Int, depth: Int, cost: Int = 1) {
      let work = 2 * Double(cost) * Double(rows) * Double(columns) * Double(depth)
      let wanted =
        work / Double(largestBlock) > 8
        ? Int(exactly: (work / Double(largestBlock)).rounded(.up)) ?? Int.max
        : max(1, min(8, Int(exactly: (work / Double(smallestBlock)).rounded(.down)) ?? 8))
      let down = max(1, min(wanted, rows / 64))
      let across = max(1, min(wanted / down, columns / 128))
      // Multiples of 16 suit the kernels' register tiles.
      let tall = down == 1 ? rows : ((rows + down - 1) / down + 15) / 16 * 16
      let wide = across == 1 ? columns : ((columns + across - 1) / across + 15) / 16 * 16
      self.rows = max(1, min(tall, rows))
      self.columns = max(1, min(wide, columns))
      let perDepth = 2 * cost * self.rows * self.columns
      self.depth = max(1, largestBlock / max(1, perDepth))
      self.across = (columns + self.columns - 1) / self.columns
      count = (rows + self.rows - 1) / self.rows * self.across
    }
  }

  /// Calls `body` for every block of the result and every run of its depth, in order.
  ///
  /// - Throws: `TensorError.interrupted`, between calls.
  private static func run(
    _ cut: Cut, rows: Int, columns: Int, depth: Int,
    _ body: @escaping (_ row: Range<Int>, _ column: Range<Int>, _ inner: Range<Int>) -> Void
  ) throws {
    let watch = cut.count > 1 || cut.depth < depth ? Workers.pending : nil
    let block: (Int) -> Void = { index in
      let (row, column) = (index / cut.across * cut.rows, index % cut.across * cut.columns)
      for start in stride(from: 0, to: depth, by: cut.depth) {
        if let watch, watch.reasons.contains(.interrupt) { return }
        body(
          row..<min(row + cut.rows, rows), column..<min(column + cut.columns, columns),
          start..<min(start + cut.depth, depth))
      }
    }
    if cut.count == 1 { block(0) } else { Workers.shared.run(blocks: cut.count, block) }
    if let watch, watch.reasons.contains(.interrupt) { throw TensorError.interrupted }
  }

  /// c = alpha a b + beta c for f32; `c` has contiguous columns.
  ///
  /// - Throws: `TensorError.interrupted`, between blocks; `missing` without oneDNN.
  static func f32(
    _ a: MatrixLayout, _ b: MatrixLayout, alpha: Float, beta: Float, _ c: MatrixLayout
  ) throws {
    guard let x = a.blas, let y = b.blas else {
      preconditionFailure("a product's operands are packed before")
    }
    let dnn = try OneDNN.needed()
    let cut = Cut(rows: c.rows, columns: c.columns, depth: a.columns)
    try run(cut, rows: c.rows, columns: c.columns, depth: a.columns) { row, column, inner in
      gk_one_thread()
      let left =
        unsafe a.base + 4
        * (row.lowerBound * a.rowStep + inner.lowerBound * a.columnStep)
      let right =
        unsafe b.base + 4
        * (inner.lowerBound * b.rowStep + column.lowerBound * b.columnStep)
      let out = unsafe c.base + 4 * (row.lowerBound * c.rowStep + column.lowerBound)
      let status = unsafe dnn.call.sgemm(
        CChar(x.transposed ? 84 : 78), CChar(y.transposed ? 84 : 78), Int64(row.count),
        Int64(column.count), Int64(inner.count), alpha,
        left.assumingMemoryBound(to: Float.self), Int64(x.leading),
        right.assumingMemoryBound(to: Float.self), Int64(y.leading),
        inner.lowerBound == 0 ? beta : 1, out.assumingMemoryBound(to: Float.self),
        Int64(max(c.rowStep, c.columns)))
      precondition(status == dnnl_success, "oneDNN refused a product of checked shapes")
    }
  }

  /// c = a b + beta c for f64, by own kernels.
  static func f64(_ a: MatrixLayout, _ b: MatrixLayout, beta: Double, _ c: MatrixLayout) throws {
    let cut = Cut(rows: c.rows, columns: c.columns, depth: a.columns, cost: 4)
    try run(cut, rows: c.rows, columns: c.columns, depth: a.columns) { row, column, inner in
      let left =
        unsafe a.base + 8
        * (row.lowerBound * a.rowStep + inner.lowerBound * a.columnStep)
      let right =
        unsafe b.base + 8
        * (inner.lowerBound * b.rowStep + column.lowerBound * b.columnStep)
      let out = unsafe c.base + 8 * (row.lowerBound * c.rowStep + column.lowerBound)
      unsafe gk_gemm_f64(
        row.count, column.count, inner.count, left.assumingMemoryBound(to: Double.self), a.rowStep,
        a.columnStep, right.assumingMemoryBound(to: Double.self), b.rowStep, b.columnStep,
        inner.lowerBound == 0 ? beta : 1, out.assumingMemoryBound(to: Double.self), c.rowStep)
    }
  }

  /// c = a b for i64, wrapping.
  static func i64(_ a: MatrixLayout, _ b: MatrixLayout, _ c: MatrixLayout) {
    unsafe gk_gemm_i64(
      c.rows, c.columns, a.columns, a.base.assumingMemoryBound(to: Int64.self), a.rowStep,
      a.columnStep, b.base.assumingMemoryBound(to: Int64.self), b.rowStep, b.columnStep,
      c.base.assumingMemoryBound(to: Int64.self), c.rowStep)
  }
}

extension Tensor {
  /// The last two axes at an offset of elements.
  func matrix(_ at: Int = 0) -> MatrixLayout {
    let (r, c) = (rank - 2, rank - 1)
    return unsafe MatrixLayout(
      base: pointer(at), rows: shape[r], columns: shape[c], rowStep: strides[r],
      columnStep: strides[c])
  }

  /// Itself when oneDNN can read the last two axes as they lie, else a contiguous copy.
  func packed() throws -> Tensor { matrix().blas == nil ? try cast(to: dtype) : self }

  /// `result = a b`, all of one dtype and with the batch axes of `result`.
  static func multiplyMatrices(_ a: Tensor, _ b: Tensor, into result: Tensor) throws {
    let outer = result.rank - 2
    guard result.count > 0 else { return }
    guard a.shape[a.rank - 1] > 0 else { return result.fill(0) }
    var (sizes, out, left, right) = (Shape(), Shape(), Shape(), Shape())
    for axis in 0..<outer {
      sizes.unchecked(append: result.shape[axis])
      out.unchecked(append: result.strides[axis])
      left.unchecked(append: a.strides[axis])
      right.unchecked(append: b.strides[axis])
    }
    var failure: (any Error)?
    Rows(sizes, [out, left, right]).forEach { n, at, step in
      for i in 0..<n where failure == nil {
        let c = result.matrix(at[0] + i * step[0])
        let (x, y) = (a.matrix(at[1] + i * step[1]), b.matrix(at[2] + i * step[2]))
        do {
          switch result.dtype {
          case .f32: try Product.f32(x, y, alpha: 1, beta: 0, c)
          case .f64: try Product.f64(x, y, beta: 0, c)
          default: Product.i64(x, y, c)
          }
        } catch { failure = error }
      }
    }
    if let failure { throw failure }
  }
}

internal import CKernels
internal import COneDNN
internal import Catalog

/// A matrix in memory: its first element and the distances between rows and between columns.
///
/// `@unsafe` in use only: whoever calls keeps the storage alive.
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

/// Matrix products, cut into row blocks by shape alone.
enum Product {
  /// Operations in one block: at least this many, so that handing it out costs little.
  private static let smallestBlock = 6_000_000
  /// At most this many, so that an interrupt waits no longer than about 20 ms.
  private static let largestBlock = 1_000_000_000

  /// The rows of one block and the depth of one call.
  ///
  /// - Parameter cost: time of one multiplication relative to f32.
  static func blocks(
    rows: Int, columns: Int, depth: Int, cost: Int = 1
  ) -> (rows: Int, depth: Int) {
    let perRow = max(1, 2 * cost * columns * depth)
    let total = perRow.multipliedReportingOverflow(by: rows)
    let work = total.overflow ? Int.max : total.partialValue
    let count = max(1, min(work / smallestBlock, 16), work / largestBlock)
    // Multiples of 16 rows suit the kernels' register tiles.
    let even = (rows + count - 1) / count
    let block = count == 1 ? rows : max(16, (even + 15) / 16 * 16)
    let perDepth = max(1, 2 * cost * columns * min(block, rows))
    return (min(block, max(rows, 1)), max(1, largestBlock / perDepth))
  }

  /// c = a b + beta c for f32; `c` has contiguous columns.
  ///
  /// - Throws: `TensorError.interrupted`, between blocks.
  static func f32(
    _ a: MatrixLayout, _ b: MatrixLayout, alpha: Float, beta: Float, _ c: MatrixLayout
  )
    throws
  {
    guard let x = a.blas, let y = b.blas else {
      preconditionFailure("a product's operands are packed before")
    }
    let (rows, columns, depth) = (c.rows, c.columns, a.columns)
    let block = blocks(rows: rows, columns: columns, depth: depth)
    let count = (rows + block.rows - 1) / block.rows
    let watch = count > 1 || block.depth < depth ? Workers.pending : nil
    let body: (Int) -> Void = { index in
      gk_one_thread()
      let first = index * block.rows
      let size = min(block.rows, rows - first)
      var start = 0
      repeat {
        if let watch, watch.reasons.contains(.interrupt) { return }
        let length = min(block.depth, depth - start)
        let left = unsafe a.base + 4 * (first * a.rowStep + start * a.columnStep)
        let right = unsafe b.base + 4 * (start * b.rowStep)
        let out = unsafe c.base + 4 * (first * c.rowStep)
        let status = unsafe dnnl_sgemm(
          CChar(x.transposed ? 84 : 78), CChar(y.transposed ? 84 : 78), Int64(size),
          Int64(columns), Int64(length), alpha, left.assumingMemoryBound(to: Float.self),
          Int64(x.leading), right.assumingMemoryBound(to: Float.self), Int64(y.leading),
          start == 0 ? beta : 1, out.assumingMemoryBound(to: Float.self),
          Int64(max(c.rowStep, columns)))
        precondition(status == dnnl_success, "oneDNN refused a product of checked shapes")
        start += length
      } while start < depth
    }
    if count == 1 { body(0) } else { Workers.shared.run(blocks: count, body) }
    if let watch, watch.reasons.contains(.interrupt) { throw TensorError.interrupted }
  }

  /// c = a b + beta c for f64, by own kernels.
  static func f64(_ a: MatrixLayout, _ b: MatrixLayout, beta: Double, _ c: MatrixLayout) throws {
    let (rows, columns, depth) = (c.rows, c.columns, a.columns)
    let block = blocks(rows: rows, columns: columns, depth: depth, cost: 8)
    let count = (rows + block.rows - 1) / block.rows
    let watch = count > 1 || block.depth < depth ? Workers.pending : nil
    let body: (Int) -> Void = { index in
      let first = index * block.rows
      let size = min(block.rows, rows - first)
      var start = 0
      repeat {
        if let watch, watch.reasons.contains(.interrupt) { return }
        let length = min(block.depth, depth - start)
        let left = unsafe a.base + 8 * (first * a.rowStep + start * a.columnStep)
        let right = unsafe b.base + 8 * (start * b.rowStep)
        let out = unsafe c.base + 8 * (first * c.rowStep)
        unsafe gk_gemm_f64(
          size, columns, length, left.assumingMemoryBound(to: Double.self), a.rowStep, a.columnStep,
          right.assumingMemoryBound(to: Double.self), b.rowStep, b.columnStep,
          start == 0 ? beta : 1, out.assumingMemoryBound(to: Double.self), c.rowStep)
        start += length
      } while start < depth
    }
    if count == 1 { body(0) } else { Workers.shared.run(blocks: count, body) }
    if let watch, watch.reasons.contains(.interrupt) { throw TensorError.interrupted }
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

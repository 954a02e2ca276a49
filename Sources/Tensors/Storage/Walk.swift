internal import CKernels
internal import Catalog

/// Visits up to three operands of one shape in runs along the innermost axis.
///
/// Neighbouring axes that every operand steps through evenly are merged first, so contiguous
/// operands of any rank are one run.
struct Walk {
  private(set) var shape = Shape()
  private var a = Shape()
  private var b = Shape()
  private var c = Shape()

  /// - Parameters: strides of the operands, all with the axes of `shape`.
  init(_ full: Shape, _ sa: Shape, _ sb: Shape, _ sc: Shape) {
    for axis in 0..<full.count {
      let size = full[axis]
      if size == 1 { continue }
      let last = shape.count - 1
      if last >= 0, a[last] == sa[axis] * size, b[last] == sb[axis] * size,
        c[last] == sc[axis] * size
      {
        shape[last] *= size
        a[last] = sa[axis]
        b[last] = sb[axis]
        c[last] = sc[axis]
      } else {
        shape.unchecked(append: size)
        a.unchecked(append: sa[axis])
        b.unchecked(append: sb[axis])
        c.unchecked(append: sc[axis])
      }
    }
  }

  /// Calls `run(count, offsets, steps)` for each run.
  @inline(__always)
  func forEach(
    _ run: (_ count: Int, _ offsets: (Int, Int, Int), _ steps: (Int, Int, Int)) -> Void
  ) {
    let rank = shape.count
    if rank == 0 {
      run(1, (0, 0, 0), (1, 1, 1))
      return
    }
    let inner = rank - 1
    let count = shape[inner]
    let steps = (a[inner], b[inner], c[inner])
    if shape.elements == 0 { return }
    var index = Shape(repeating: 0, count: inner)
    var offsets = (0, 0, 0)
    while true {
      run(count, offsets, steps)
      var axis = inner - 1
      while axis >= 0 {
        index[axis] += 1
        offsets.0 += a[axis]
        offsets.1 += b[axis]
        offsets.2 += c[axis]
        if index[axis] < shape[axis] { break }
        offsets.0 -= a[axis] * shape[axis]
        offsets.1 -= b[axis] * shape[axis]
        offsets.2 -= c[axis] * shape[axis]
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}

extension Tensor {
  /// Strides that repeat this tensor over `target`, which its shape broadcasts to.
  func strides(over target: Shape) -> Shape {
    if shape == target { return strides }
    var result = Shape(repeating: 0, count: target.count)
    let shift = target.count - shape.count
    for axis in 0..<shape.count where shape[axis] != 1 { result[axis + shift] = strides[axis] }
    return result
  }

  /// Copies and converts all elements, in row-major order, to memory of `count` elements.
  static func copyOut(_ source: Tensor, to target: UnsafeMutableRawPointer, as dtype: DType) {
    let steps = source.shape.contiguousStrides
    Walk(source.shape, steps, source.strides, steps).forEach { count, offsets, strides in
      unsafe gk_cast(
        Int32(dtype.rawValue), Int32(source.dtype.rawValue), count,
        target + offsets.0 &* dtype.size, strides.0, source.pointer(offsets.1), strides.1)
    }
  }

  /// Copies and converts `source`, stretched, over the elements of this view.
  func write(_ source: Tensor, watch: Pending? = nil) {
    let from = source.strides(over: shape)
    Walk(shape, strides, from, from).forEach(watch: watch) { count, offsets, steps in
      unsafe gk_cast(
        Int32(dtype.rawValue), Int32(source.dtype.rawValue), count, pointer(offsets.0), steps.0,
        source.pointer(offsets.1), steps.1)
    }
  }

  /// Overwrites all elements, without asking readers: for fresh memory.
  func fill(_ value: Double, watch: Pending? = nil) {
    var value = value
    unsafe withUnsafePointer(to: &value) { source in
      Walk(shape, strides, strides, strides).forEach(watch: watch) { count, offsets, steps in
        unsafe gk_cast(
          Int32(dtype.rawValue), Int32(DType.f64.rawValue), count, pointer(offsets.0), steps.0,
          source, 0)
      }
    }
  }
}

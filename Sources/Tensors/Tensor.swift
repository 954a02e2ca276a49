/// A rectangular array of numbers: a strided view on shared storage.
///
/// Basic slicing gives views of the same storage, and writes show through them, as in NumPy.
/// The element type is a run-time `dtype`.
public final class Tensor {
  public let storage: Storage
  /// Elements from the start of the storage to the first element.
  public let offset: Int
  public let shape: Shape
  /// Elements between neighbours on each axis; negative and zero are allowed.
  public let strides: Shape
  public let dtype: DType
  /// Whether the elements lie one after another in row-major order.
  public let isContiguous: Bool
  /// The place on a running tape, when a gradient is being computed.
  var trace: Trace?
  /// No tape follows this view, even when traced values were written to its storage.
  private(set) var isDetached = false

  init(storage: Storage, offset: Int, shape: Shape, strides: Shape, dtype: DType) {
    self.storage = storage
    self.offset = offset
    self.shape = shape
    self.strides = strides
    self.dtype = dtype
    isContiguous = Tensor.isContiguous(shape, strides)
  }

  /// New contiguous memory with undefined contents.
  ///
  /// - Throws: `TensorError.memory` before allocating, when the budget would be exceeded.
  init(uninitialized shape: Shape, _ dtype: DType) throws(TensorError) {
    let (bytes, overflow) = shape.elements.multipliedReportingOverflow(by: dtype.size)
    if overflow { throw .memory(asked: Int.max, live: 0, limit: StoragePool.shared.limit) }
    storage = try Storage(byteCount: bytes)
    offset = 0
    self.shape = shape
    strides = shape.contiguousStrides
    self.dtype = dtype
    isContiguous = true
  }

  /// The number of axes.
  public var rank: Int { shape.count }
  /// The number of elements.
  public var count: Int { shape.elements }

  private static func isContiguous(_ shape: Shape, _ strides: Shape) -> Bool {
    var step = 1
    var axis = shape.count - 1
    while axis >= 0 {
      let size = shape[axis]
      if size != 1, strides[axis] != step { return shape.elements == 0 }
      step *= size
      axis -= 1
    }
    return true
  }

  /// Another view of the same storage, without a place on a tape.
  func view(shape: Shape, strides: Shape, offset: Int) -> Tensor {
    let view = Tensor(
      storage: storage, offset: offset, shape: shape, strides: strides, dtype: dtype)
    view.isDetached = isDetached
    return view
  }

  /// The same view without a place on a tape: gradients do not flow through it.
  public func detached() -> Tensor {
    let view = view(shape: shape, strides: strides, offset: offset)
    view.isDetached = true
    return view
  }
}

internal import CKernels

// Elements in and out. Everything here ends in a pointer, so bounds are checked before.
extension Tensor {
  /// The address of the first element.
  @inline(__always)
  var pointer: UnsafeMutableRawPointer {
    unsafe storage.base + offset &* dtype.size
  }

  /// The address of an element `offset` elements from the first.
  @inline(__always)
  func pointer(_ elements: Int) -> UnsafeMutableRawPointer {
    unsafe storage.base + (offset &+ elements) &* dtype.size
  }

  /// A tensor of the values' own dtype.
  ///
  /// - Parameter shape: one axis when nil; its product must equal the number of values.
  /// - Throws: `TensorError.reshape` or `.memory`.
  public convenience init<T: Element>(_ values: [T], shape: Shape? = nil) throws {
    let shape = try shape ?? Shape([values.count])
    guard shape.elements == values.count else {
      throw TensorError.reshape(from: try Shape([values.count]), to: Array(shape))
    }
    try self.init(uninitialized: shape, T.dtype)
    unsafe values.withUnsafeBytes { bytes in
      guard let source = bytes.baseAddress else { return }
      unsafe storage.base.copyMemory(from: source, byteCount: bytes.count)
    }
  }

  /// A tensor of `dtype` from values of another type, converted as a cast converts.
  public convenience init<T: Element>(_ values: [T], shape: Shape? = nil, dtype: DType) throws {
    let shape = try shape ?? Shape([values.count])
    guard shape.elements == values.count else {
      throw TensorError.reshape(from: try Shape([values.count]), to: Array(shape))
    }
    try self.init(uninitialized: shape, dtype)
    unsafe values.withUnsafeBytes { bytes in
      guard let source = bytes.baseAddress else { return }
      unsafe gk_cast(
        Int32(dtype.rawValue), Int32(T.dtype.rawValue), values.count, storage.base, 1, source, 1)
    }
  }

  /// A tensor from the bytes of its elements, row-major and in the byte order of this machine.
  ///
  /// - Throws: `TensorError.value` unless there are as many bytes as the shape needs.
  public convenience init(bytes: ArraySlice<UInt8>, shape: Shape, dtype: DType) throws {
    let (size, overflow) = shape.elements.multipliedReportingOverflow(by: dtype.size)
    guard !overflow, bytes.count == size else {
      throw TensorError.value("\(bytes.count) bytes are not \(shape) of \(dtype.name)")
    }
    try self.init(uninitialized: shape, dtype)
    unsafe bytes.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      unsafe storage.base.copyMemory(from: start, byteCount: source.count)
    }
    // A truth value is 0 or 1, whatever a file says.
    if dtype == .bool { try assign([.ellipsis], Tensor(bytes.map { $0 != 0 }, shape: shape)) }
  }

  /// The bytes of all elements, row-major and in the byte order of this machine.
  public var bytes: [UInt8] {
    let size = count * dtype.size
    return unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      if let target = buffer.baseAddress {
        unsafe Tensor.copyOut(self, to: UnsafeMutableRawPointer(target), as: dtype)
      }
      filled = size
    }
  }

  /// A tensor of truth values.
  public convenience init(_ values: [Bool], shape: Shape? = nil) throws {
    try self.init(values.map { Truth($0) }, shape: shape)
  }

  /// A tensor without axes that holds one number.
  public convenience init<T: Element>(scalar value: T, dtype: DType? = nil) throws {
    try self.init([value], shape: [], dtype: dtype ?? T.dtype)
  }

  /// All elements in row-major order, converted as a cast converts.
  public func values<T: Element>(as type: T.Type = T.self) -> [T] {
    let count = self.count
    return unsafe [T](unsafeUninitializedCapacity: count) { buffer, filled in
      if let target = buffer.baseAddress {
        unsafe Tensor.copyOut(self, to: UnsafeMutableRawPointer(target), as: T.dtype)
      }
      filled = count
    }
  }

  /// All elements as `Float`.
  public var floats: [Float] { values(as: Float.self) }
  /// All elements as `Double`.
  public var doubles: [Double] { values(as: Double.self) }
  /// All elements as `Int`.
  public var ints: [Int] { values(as: Int.self) }
  /// All elements as truth values.
  public var bools: [Bool] { values(as: Truth.self).map(\.value) }

  /// The only element of a tensor that has one.
  ///
  /// - Throws: `TensorError.value` when the count is not 1.
  public func item() throws -> Double {
    guard count == 1 else {
      throw TensorError.value(
        "only a tensor with one element converts to a number, this one has shape \(shape)")
    }
    return element(0)
  }

  /// The element `offset` elements from the first; the caller has checked it.
  func element(_ offset: Int) -> Double {
    var result = 0.0
    unsafe gk_cast(
      Int32(DType.f64.rawValue), Int32(dtype.rawValue), 1, &result, 1, pointer(offset), 1)
    return result
  }

  /// The same, exact for 64-bit integers.
  func integer(_ offset: Int) -> Int {
    var result = 0
    unsafe gk_cast(
      Int32(DType.i64.rawValue), Int32(dtype.rawValue), 1, &result, 1, pointer(offset), 1)
    return result
  }

  /// Reads the elements of a contiguous tensor of this type in place.
  ///
  /// - Throws: `TensorError.dtype` for another dtype, `.value` when not contiguous.
  public func withSpan<T: Element, R>(
    of type: T.Type, _ body: (Span<T>) throws -> R
  ) throws -> R {
    try requireLayout(T.dtype)
    let typed = unsafe UnsafeBufferPointer(
      start: pointer.assumingMemoryBound(to: T.self), count: count)
    return try unsafe body(Span(_unsafeElements: typed))
  }

  /// Writes the elements of a contiguous tensor of this type in place.
  ///
  /// - Throws: as `withSpan`, and `TensorError.pinned` when something else reads the storage.
  public func withMutableSpan<T: Element, R>(
    of type: T.Type, _ body: (inout MutableSpan<T>) throws -> R
  ) throws -> R {
    try requireLayout(T.dtype)
    try storage.willWrite()
    let typed = unsafe UnsafeMutableBufferPointer(
      start: pointer.assumingMemoryBound(to: T.self), count: count)
    var span = unsafe MutableSpan(_unsafeElements: typed)
    return try body(&span)
  }

  private func requireLayout(_ wanted: DType) throws(TensorError) {
    guard dtype == wanted else {
      throw .dtype(
        "expected a \(wanted.name) tensor, got \(dtype.name)",
        help: "convert it: x.astype(\"\(wanted.name)\")")
    }
    guard isContiguous else {
      throw .value("expected contiguous elements; take a copy first")
    }
  }
}

internal import CKernels

/// One Philox block: four words from a key and a position.
struct RandomBlock {
  let words: (UInt32, UInt32, UInt32, UInt32)

  init(key: UInt64, position: UInt64) {
    var out: InlineArray<4, UInt32> = .init(repeating: 0)
    var span = out.mutableSpan
    unsafe span.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { unsafe gk_philox(key, 0, position, base) }
    }
    words = (out[0], out[1], out[2], out[3])
  }

  static func uniforms(key: UInt64, position: UInt64, count: Int) -> [Double] {
    unsafe [Double](unsafeUninitializedCapacity: max(count, 0)) { buffer, filled in
      if let base = buffer.baseAddress {
        unsafe gk_uniform(Int32(DType.f64.rawValue), key, 0, position, count, base)
      }
      filled = max(count, 0)
    }
  }

  static func normals(key: UInt64, position: UInt64, count: Int) -> [Double] {
    unsafe [Double](unsafeUninitializedCapacity: max(count, 0)) { buffer, filled in
      if let base = buffer.baseAddress {
        unsafe gk_normal(Int32(DType.f64.rawValue), key, 0, position, count, base)
      }
      filled = max(count, 0)
    }
  }
}

extension Tensor {
  /// A new tensor of uniform or normal numbers; other dtypes than f32 give f64.
  static func random(
    _ shape: Shape, _ dtype: DType, key: UInt64, position: UInt64, isNormal: Bool
  ) throws -> Tensor {
    let result = try Tensor(uninitialized: shape, dtype == .f32 ? .f32 : .f64)
    let kind = Int32(result.dtype.rawValue)
    // Stretches begin at whole blocks, so that the numbers are the same.
    let perBlock = !isNormal && result.dtype == .f32 ? 4 : 2
    for start in stride(from: 0, to: result.count, by: Workers.stretch) {
      if start > 0 { try Workers.check() }
      let (at, count) = (
        position &+ UInt64(start / perBlock), Swift.min(Workers.stretch, result.count - start)
      )
      if isNormal {
        unsafe gk_normal(kind, key, 0, at, count, result.pointer(start))
      } else {
        unsafe gk_uniform(kind, key, 0, at, count, result.pointer(start))
      }
    }
    return result
  }
}

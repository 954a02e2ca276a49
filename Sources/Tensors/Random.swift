internal import CKernels
public import Catalog

/// A stream of random numbers that is the same on every processor.
///
/// Counter based (Philox 4x32-10): a stream is a seed, a name and a position, so a checkpoint stores
/// two numbers and a resumed run draws the same values. Every call starts at a fresh block.
public struct RandomStream: Sendable {
  private let key: UInt64
  /// Blocks drawn so far; store it to continue later.
  public var position: UInt64

  public init(seed: UInt64, name: String, position: UInt64 = 0) {
    // FNV-1a of the name, then the finalizer of SplitMix64 over both.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var mixed = seed &+ 0x9e37_79b9_7f4a_7c15 &+ (hash &* 0xff51_afd7_ed55_8ccd)
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    key = mixed ^ (mixed >> 31)
    self.position = position
  }

  /// The four words of one Philox block.
  public static func words(key: UInt64, position: UInt64) -> [UInt32] {
    let block = RandomBlock(key: key, position: position).words
    return [block.0, block.1, block.2, block.3]
  }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    let block = RandomBlock(key: key, position: position)
    position &+= 1
    return UInt64(block.words.0) << 32 | UInt64(block.words.1)
  }

  /// Uniform in [0, 1), a multiple of 2^-53.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Uniform in [low, high).
  public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// Normal with mean 0 and variance 1.
  public mutating func normal() -> Double {
    normals(1)[0]
  }

  /// An integer in `0..<bound`, all equally likely; 0 when the bound is below 2.
  public mutating func integer(below bound: Int) -> Int {
    guard bound > 1 else { return 0 }
    let range = UInt64(bound)
    // Lemire 2019: the high half of a product, redrawn in the rare biased case.
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// `count` uniform numbers in [0, 1).
  public mutating func uniforms(_ count: Int) -> [Double] {
    defer { position &+= UInt64((count + 1) / 2) }
    return RandomBlock.uniforms(key: key, position: position, count: count)
  }

  /// `count` normal numbers with mean 0 and variance 1.
  public mutating func normals(_ count: Int) -> [Double] {
    defer { position &+= UInt64((count + 1) / 2) }
    return RandomBlock.normals(key: key, position: position, count: count)
  }

  /// A random order (Fisher and Yates).
  public mutating func shuffle<T>(_ values: inout [T]) {
    shuffle(&values) {}
  }

  /// The same, where `pause` is called now and then and may throw.
  private mutating func shuffle<T>(
    _ values: inout [T], pause: () throws -> Void
  ) rethrows {
    guard values.count > 1 else { return }
    for last in stride(from: values.count - 1, to: 0, by: -1) {
      values.swapAt(last, integer(below: last + 1))
      if last & 0xFFFF == 0 { try pause() }
    }
  }

  /// The numbers `0..<count` in a random order.
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<max(count, 0))
    shuffle(&order)
    return order
  }

  /// The same; it throws when the evaluator of this thread is to stop.
  mutating func interruptiblePermutation(_ count: Int) throws -> [Int] {
    var order = Array(0..<max(count, 0))
    try shuffle(&order) { try Workers.check() }
    return order
  }

  /// A tensor of uniform numbers in [low, high).
  public mutating func uniform(
    _ shape: Shape, _ low: Double = 0, _ high: Double = 1, dtype: DType = .f32
  ) throws -> Tensor {
    let result = try Tensor.random(shape, dtype, key: key, position: position, isNormal: false)
    position &+= UInt64((shape.elements + (dtype == .f32 ? 3 : 1)) / (dtype == .f32 ? 4 : 2))
    if low == 0, high == 1 { return result }
    return try result * (high - low) + low
  }

  /// A tensor of normal numbers.
  public mutating func normal(
    _ shape: Shape, mean: Double = 0, deviation: Double = 1, dtype: DType = .f32
  ) throws -> Tensor {
    let result = try Tensor.random(shape, dtype, key: key, position: position, isNormal: true)
    position &+= UInt64((shape.elements + 1) / 2)
    if mean == 0, deviation == 1 { return result }
    return try result * deviation + mean
  }
}

extension Context {
  /// Draws from the session's stream of that name and remembers how far it got.
  public func draw<R>(
    from name: String, _ body: (inout RandomStream) throws -> R
  ) rethrows -> R {
    var stream = RandomStream(seed: seed, name: name, position: drawn[name] ?? 0)
    defer { drawn[name] = stream.position }
    return try body(&stream)
  }
}

/// Elementary functions in plain IEEE operations: the same bytes on every processor, unlike libm.
public enum Elementary {
  public static func exp(_ x: Double) -> Double { gk_exp(x) }
  public static func log(_ x: Double) -> Double { gk_log(x) }
  public static func sin(_ x: Double) -> Double { gk_sin(x) }
  public static func cos(_ x: Double) -> Double { gk_cos(x) }
  public static func tanh(_ x: Double) -> Double { gk_tanh(x) }
}

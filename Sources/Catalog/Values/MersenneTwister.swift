/// The generator behind `random` and `numpy.random`: MT19937 (Matsumoto and Nishimura 1998), with
/// the seeding of each.
public struct MersenneTwister {
  private static let size = 624
  private static let period = 397

  private var state: [UInt32]
  private var index = size
  /// The second normal number of `gauss`, kept for the next call.
  public var spare: Double?

  /// Seeded by the 32-bit words of a number, least significant first.
  public init(words: [UInt32]) {
    let key = words.isEmpty ? [0] : words
    state = Self.expanded(19_650_218)
    var position = 1
    var word = 0
    for _ in 0..<max(Self.size, key.count) {
      let previous = state[position - 1]
      state[position] =
        (state[position] ^ ((previous ^ (previous >> 30)) &* 1_664_525)) &+ key[word]
        &+ UInt32(truncatingIfNeeded: word)
      position += 1
      word += 1
      if position >= Self.size {
        state[0] = state[Self.size - 1]
        position = 1
      }
      if word >= key.count { word = 0 }
    }
    for _ in 0..<(Self.size - 1) {
      let previous = state[position - 1]
      state[position] =
        (state[position] ^ ((previous ^ (previous >> 30)) &* 1_566_083_941))
        &- UInt32(truncatingIfNeeded: position)
      position += 1
      if position >= Self.size {
        state[0] = state[Self.size - 1]
        position = 1
      }
    }
    state[0] = 0x8000_0000
  }

  /// Seeded by the magnitude of a number, as `random.seed(3)`.
  public init(magnitude: UInt) {
    let low = UInt32(truncatingIfNeeded: magnitude)
    let high = UInt32(truncatingIfNeeded: magnitude >> 32)
    self.init(words: high == 0 ? [low] : [low, high])
  }

  /// Seeded by one number, as NumPy's `seed(3)`.
  public init(number: UInt32) {
    state = Self.expanded(number)
  }

  private static func expanded(_ seed: UInt32) -> [UInt32] {
    var state = [seed]
    state.reserveCapacity(size)
    for index in 1..<size {
      let previous = state[index - 1]
      state.append(
        1_812_433_253 &* (previous ^ (previous >> 30)) &+ UInt32(truncatingIfNeeded: index))
    }
    return state
  }

  /// The next 32 bits.
  public mutating func next() -> UInt32 {
    if index >= Self.size { refill() }
    var bits = state[index]
    index += 1
    bits ^= bits >> 11
    bits ^= bits << 7 & 0x9D2C_5680
    bits ^= bits << 15 & 0xEFC6_0000
    return bits ^ bits >> 18
  }

  private mutating func refill() {
    for position in 0..<Self.size {
      let bits =
        state[position] & 0x8000_0000 | state[(position + 1) % Self.size] & 0x7FFF_FFFF
      let twist: UInt32 = bits & 1 == 0 ? 0 : 0x9908_B0DF
      state[position] = state[(position + Self.period) % Self.size] ^ bits >> 1 ^ twist
    }
    index = 0
  }

  /// A float in [0, 1) with 53 random bits.
  public mutating func uniform() -> Double {
    let high = Double(next() >> 5)
    let low = Double(next() >> 6)
    return (high * 67_108_864 + low) * (1 / 9_007_199_254_740_992)
  }

  /// `getrandbits(count)` for up to 64 bits.
  public mutating func bits(_ count: Int) -> UInt64 {
    guard count > 0 else { return 0 }
    if count <= 32 { return UInt64(next() >> UInt32(32 - count)) }
    let low = UInt64(next())
    return low | UInt64(next() >> UInt32(64 - count)) << 32
  }

  /// A whole number in `0..<bound`, each as likely.
  public mutating func below(_ bound: UInt) -> UInt {
    guard bound > 0 else { return 0 }
    let count = UInt.bitWidth - bound.leadingZeroBitCount
    while true {
      let drawn = UInt(bits(count))
      if drawn < bound { return drawn }
    }
  }
}

/// SHA-512 (FIPS 180-4): what `random.seed(text)` is defined by.
enum SHA512 {
  static func digest(_ message: [UInt8]) -> [UInt8] {
    var padded = message
    padded.append(0x80)
    while padded.count % 128 != 112 { padded.append(0) }
    padded.append(contentsOf: repeatElement(0, count: 8))
    let bits = UInt64(message.count) * 8
    for shift in stride(from: 56, through: 0, by: -8) {
      padded.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
    var hash = roots(of: 2, from: 0, count: 8)
    let constants = roots(of: 3, from: 0, count: 80)
    for start in stride(from: 0, to: padded.count, by: 128) {
      compress(padded[start..<start + 128], into: &hash, constants)
    }
    return hash.flatMap { word in
      stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
    }
  }

  private static func compress(
    _ block: ArraySlice<UInt8>, into hash: inout [UInt64], _ constants: [UInt64]
  ) {
    var words: [UInt64] = []
    for index in 0..<16 {
      let start = block.startIndex + index * 8
      words.append(block[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) })
    }
    for index in 16..<80 {
      let near = words[index - 2]
      let far = words[index - 15]
      let s1 = rotate(near, 19) ^ rotate(near, 61) ^ near >> 6
      let s0 = rotate(far, 1) ^ rotate(far, 8) ^ far >> 7
      words.append(words[index - 16] &+ s0 &+ words[index - 7] &+ s1)
    }
    var v = hash
    for index in 0..<80 {
      let s1 = rotate(v[4], 14) ^ rotate(v[4], 18) ^ rotate(v[4], 41)
      let choice = v[4] & v[5] ^ ~v[4] & v[6]
      let first = v[7] &+ s1 &+ choice &+ constants[index] &+ words[index]
      let s0 = rotate(v[0], 28) ^ rotate(v[0], 34) ^ rotate(v[0], 39)
      let majority = v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]
      v = [first &+ s0 &+ majority, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
    }
    for index in 0..<8 { hash[index] &+= v[index] }
  }

  private static func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
    word >> count | word << (64 - count)
  }

  /// The first 64 bits of the fractions of the square or cube roots of the first primes.
  private static func roots(of degree: Int, from: Int, count: Int) -> [UInt64] {
    var primes: [UInt64] = []
    var candidate: UInt64 = 2
    while primes.count < count {
      if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
      candidate += 1
    }
    return primes.map { fraction($0, degree) }
  }

  /// Finds the fraction bit by bit: the largest f with (n + f/2^64)^degree ≤ prime.
  private static func fraction(_ prime: UInt64, _ degree: Int) -> UInt64 {
    var root: [UInt32] = [0, 0, 0]
    for bit in stride(from: 68, through: 0, by: -1) {
      root[bit / 32] |= 1 << UInt32(bit % 32)
      var power = root
      for _ in 1..<degree { power = multiply(power, root) }
      // prime · 2^(64·degree)
      let limit = Array(repeating: UInt32(0), count: 2 * degree) + [UInt32(prime)]
      if isGreater(power, limit) { root[bit / 32] &= ~(1 << UInt32(bit % 32)) }
    }
    return UInt64(root[1]) << 32 | UInt64(root[0])
  }

  private static func multiply(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
    var product = Array(repeating: UInt32(0), count: left.count + right.count)
    for (i, a) in left.enumerated() {
      var carry: UInt64 = 0
      for (j, b) in right.enumerated() {
        let sum = UInt64(a) * UInt64(b) + UInt64(product[i + j]) + carry
        product[i + j] = UInt32(truncatingIfNeeded: sum)
        carry = sum >> 32
      }
      product[i + right.count] = UInt32(truncatingIfNeeded: carry)
    }
    return product
  }

  private static func isGreater(_ left: [UInt32], _ right: [UInt32]) -> Bool {
    for index in stride(from: max(left.count, right.count) - 1, through: 0, by: -1) {
      let a = index < left.count ? left[index] : 0
      let b = index < right.count ? right[index] : 0
      if a != b { return a > b }
    }
    return false
  }
}

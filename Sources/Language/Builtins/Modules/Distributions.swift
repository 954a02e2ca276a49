import Catalog
import Glibc

/// The distributions of `random`, drawing in CPython's order.
extension MersenneTwister {
  mutating func normal(_ mean: Double, _ deviation: Double) -> Double {
    let magic = 4 * exp(-0.5) / 2.0.squareRoot()
    while true {
      let first = uniform()
      let second = 1 - uniform()
      let z = magic * (first - 0.5) / second
      if z * z / 4 <= -log(second) { return mean + z * deviation }
    }
  }

  mutating func gauss(_ mean: Double, _ deviation: Double) -> Double {
    if let z = spare {
      spare = nil
      return mean + z * deviation
    }
    let angle = uniform() * (2 * Double.pi)
    let radius = (-2 * log(1 - uniform())).squareRoot()
    spare = sin(angle) * radius
    return mean + cos(angle) * radius * deviation
  }

  mutating func exponential(_ rate: Double) -> Double {
    -log(1 - uniform()) / rate
  }

  mutating func triangular(_ low: Double, _ high: Double, _ mode: Double?) -> Double {
    var draw = uniform()
    if high == low { return low }
    var middle = mode.map { ($0 - low) / (high - low) } ?? 0.5
    var (low, high) = (low, high)
    if draw > middle {
      draw = 1 - draw
      middle = 1 - middle
      (low, high) = (high, low)
    }
    return low + (high - low) * (draw * middle).squareRoot()
  }

  /// Gamma with shape `alpha` and scale `beta`, both above 0.
  mutating func gamma(_ alpha: Double, _ beta: Double) -> Double {
    if alpha > 1 { return largeGamma(alpha, beta) }
    if alpha == 1 { return -log(1 - uniform()) * beta }
    let e = M_E
    while true {
      let draw = uniform()
      let b = (e + alpha) / e
      let p = b * draw
      let x = p <= 1 ? pow(p, 1 / alpha) : -log((b - p) / alpha)
      let second = uniform()
      if p > 1 {
        if second <= pow(x, alpha - 1) { return x * beta }
      } else if second <= exp(-x) {
        return x * beta
      }
    }
  }

  /// Cheng 1977, for shapes above 1.
  private mutating func largeGamma(_ alpha: Double, _ beta: Double) -> Double {
    let magic = 1 + log(4.5)
    let ainv = (2 * alpha - 1).squareRoot()
    let bbb = alpha - log(4)
    let ccc = alpha + ainv
    while true {
      let first = uniform()
      guard first > 1e-7, first < 0.9999999 else { continue }
      let second = 1 - uniform()
      let v = log(first / (1 - first)) / ainv
      let x = alpha * exp(v)
      let z = first * first * second
      let r = bbb + ccc * v - x
      if r + magic - 4.5 * z >= 0 || r >= log(z) { return x * beta }
    }
  }

  mutating func beta(_ alpha: Double, _ beta: Double) -> Double {
    let y = gamma(alpha, 1)
    return y == 0 ? 0 : y / (y + gamma(beta, 1))
  }

  mutating func pareto(_ alpha: Double) -> Double {
    pow(1 - uniform(), -1 / alpha)
  }

  mutating func weibull(_ scale: Double, _ shape: Double) -> Double {
    scale * pow(-log(1 - uniform()), 1 / shape)
  }

  /// The positions of `sample(population, count)`, drawn without repetition.
  ///
  /// - Parameter pause: called now and then; it throws when the work is to stop.
  mutating func sample<E: Error>(
    _ count: Int, of size: Int, pause: () throws(E) -> Void
  ) throws(E) -> [Int] {
    var limit = 21.0
    if count > 5 { limit += pow(4, (log(Double(count * 3)) / log(4)).rounded(.up)) }
    var chosen: [Int] = []
    chosen.reserveCapacity(count)
    if Double(size) <= limit {
      var pool = Array(0..<size)
      for round in 0..<count {
        let index = Int(below(UInt(size - round)))
        chosen.append(pool[index])
        pool[index] = pool[size - round - 1]
        if round & 0xFFFF == 0xFFFF { try pause() }
      }
      return chosen
    }
    var taken: Set<Int> = []
    while chosen.count < count {
      let index = Int(below(UInt(size)))
      if taken.insert(index).inserted { chosen.append(index) }
      if chosen.count & 0xFFFF == 0 { try pause() }
    }
    return chosen
  }
}

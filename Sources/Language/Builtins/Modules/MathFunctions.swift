import Catalog
import Glibc

/// The functions of `math`, with CPython's errors and, where the C library is less exact, its
/// own formulas.
enum MathFunctions {
  static func domain() -> Failure { Failure(.value, "math domain error") }
  static func range() -> Failure { Failure(.overflow, "math range error") }

  /// Calls a function of the C library; a result that is not a number is a domain error, an
  /// infinite one a range error or, where a pole is the only way to it, a domain error.
  @inline(__always)
  static func checked(
    _ x: Double, overflows: Bool = false, _ function: (Double) -> Double
  ) throws -> Double {
    let result = function(x)
    if result.isFinite { return result }
    if result.isNaN, !x.isNaN { throw domain() }
    if result.isInfinite, x.isFinite { throw overflows ? range() : domain() }
    return result
  }

  static func exp(_ x: Double) -> Double { Glibc.exp(x) }

  static func log(_ x: Double) throws -> Double {
    if x > 0 || x.isNaN { return Glibc.log(x) }
    throw domain()
  }

  static func log2(_ x: Double) throws -> Double {
    if x > 0 || x.isNaN { return Glibc.log2(x) }
    throw domain()
  }

  static func log10(_ x: Double) throws -> Double {
    if x > 0 || x.isNaN { return Glibc.log10(x) }
    throw domain()
  }

  static func power(_ x: Double, _ y: Double) throws -> Double {
    let result = Glibc.pow(x, y)
    if result.isFinite || !x.isFinite || !y.isFinite { return result }
    if result.isNaN { throw domain() }
    if x == 0 { throw domain() }
    throw range()
  }

  static func fmod(_ x: Double, _ y: Double) throws -> Double {
    if y.isInfinite, x.isFinite { return x }
    let result = Glibc.fmod(x, y)
    if result.isNaN, !x.isNaN, !y.isNaN { throw domain() }
    return result
  }

  static func remainder(_ x: Double, _ y: Double) throws -> Double {
    if x.isNaN { return x }
    if y.isNaN { return y }
    if x.isInfinite || y == 0 { throw domain() }
    return Glibc.remainder(x, y)
  }

  static func ldexp(_ x: Double, _ exponent: Int) throws -> Double {
    if x == 0 || !x.isFinite { return x }
    let result = Glibc.scalbn(x, Int32(clamping: exponent))
    if result.isInfinite { throw range() }
    return result
  }

  private static let numerators: [Double] = [
    23531376880.410759, 42919803642.649099, 35711959237.355668, 17921034426.037210,
    6039542586.3520280, 1439720407.3117216737, 248874557.86205416, 31426415.585400194,
    2876370.6289353724, 186056.265395223495, 8071.6720023658162, 210.82427775157935,
    2.5066282746310003,
  ]
  private static let denominators: [Double] = [
    0, 39916800, 120543840, 150917976, 105258076, 45995730, 13339535, 2637558, 357423, 32670,
    1925, 66, 1,
  ]
  private static let g = 6.024680040776729583740234375

  /// Lanczos' sum as a quotient of polynomials.
  private static func lanczos(_ x: Double) -> Double {
    var top = 0.0
    var bottom = 0.0
    if x < 5 {
      for index in stride(from: 12, through: 0, by: -1) {
        top = top * x + numerators[index]
        bottom = bottom * x + denominators[index]
      }
    } else {
      for index in 0...12 {
        top = top / x + numerators[index]
        bottom = bottom / x + denominators[index]
      }
    }
    return top / bottom
  }

  /// sin(πx), exact at whole numbers.
  private static func sinpi(_ x: Double) -> Double {
    let y = Glibc.fmod(x.magnitude, 2)
    let result: Double
    switch Int(exactly: (2 * y).rounded()) {
    case 0: result = sin(Double.pi * y)
    case 1: result = cos(Double.pi * (y - 0.5))
    case 2: result = sin(Double.pi * (1 - y))
    case 3: result = -cos(Double.pi * (y - 1.5))
    default: result = sin(Double.pi * (y - 2))
    }
    return x < 0 ? -result : result
  }

  static func gamma(_ x: Double) throws -> Double {
    if !x.isFinite {
      if x.isNaN || x > 0 { return x }
      throw domain()
    }
    if x == 0 { throw domain() }
    if x == x.rounded(.down) {
      if x < 0 { throw domain() }
      if x <= 23 { return (1..<Int(x)).reduce(1.0) { $0 * Double($1) } }
    }
    let magnitude = x.magnitude
    if magnitude < 1e-20 {
      let result = 1 / x
      if result.isInfinite { throw range() }
      return result
    }
    if magnitude > 200 {
      if x < 0 { return 0 / sinpi(x) }
      throw range()
    }
    let y = magnitude + (g - 0.5)
    var z: Double
    if magnitude > g - 0.5 {
      let q = y - magnitude
      z = q - (g - 0.5)
    } else {
      let q = y - (g - 0.5)
      z = q - magnitude
    }
    z = z * g / y
    var result: Double
    if x < 0 {
      result = -Double.pi / sinpi(magnitude) / magnitude * exp(y) / lanczos(magnitude)
      result -= z * result
      if magnitude < 140 {
        result /= pow(y, magnitude - 0.5)
      } else {
        let root = pow(y, magnitude / 2 - 0.25)
        result /= root
        result /= root
      }
    } else {
      result = lanczos(magnitude) / exp(y)
      result += z * result
      if magnitude < 140 {
        result *= pow(y, magnitude - 0.5)
      } else {
        let root = pow(y, magnitude / 2 - 0.25)
        result *= root
        result *= root
      }
    }
    if result.isInfinite { throw range() }
    return result
  }

  static func logGamma(_ x: Double) throws -> Double {
    if !x.isFinite { return x.isNaN ? x : .infinity }
    if x == x.rounded(.down), x <= 2 {
      if x <= 0 { throw domain() }
      return 0
    }
    let magnitude = x.magnitude
    if magnitude < 1e-20 { return -Glibc.log(magnitude) }
    var result = Glibc.log(lanczos(magnitude)) - g
    result += (magnitude - 0.5) * (Glibc.log(magnitude + g - 0.5) - 1)
    if x < 0 {
      result =
        Glibc.log(Double.pi) - Glibc.log(sinpi(magnitude).magnitude)
        - Glibc.log(magnitude) - result
    }
    if result.isInfinite { throw range() }
    return result
  }

  /// The length of a vector, rounded once: squares are summed in doubled precision.
  static func norm(_ vector: [Double]) -> Double {
    var largest = 0.0
    var hasNaN = false
    for x in vector {
      hasNaN = hasNaN || x.isNaN
      if x.magnitude > largest { largest = x.magnitude }
    }
    if largest.isInfinite { return largest }
    if hasNaN { return .nan }
    if largest == 0 || vector.count <= 1 { return largest }
    let exponent = Int(largest.exponent) + 1
    var (sum, first, second, third) = (1.0, 0.0, 0.0, 0.0)
    guard exponent >= -1023 else {
      for x in vector { add(x / largest * (x / largest), to: &sum, lost: &first) }
      return largest * (sum - 1 + first).squareRoot()
    }
    let scale = Glibc.scalbn(1, Int32(-exponent))
    for x in vector {
      let (high, low) = split(x * scale)
      add(high * high, to: &sum, lost: &first)
      add(2 * high * low, to: &sum, lost: &second)
      third += low * low
    }
    let root = (sum - 1 + (first + second + third)).squareRoot()
    let (high, low) = split(root)
    add(-high * high, to: &sum, lost: &first)
    add(-2 * high * low, to: &sum, lost: &second)
    add(-low * low, to: &sum, lost: &third)
    let rest = sum - 1 + (first + second + third)
    return (root + rest / (2 * root)) / scale
  }

  private static func add(_ x: Double, to sum: inout Double, lost: inout Double) {
    let old = sum
    sum += x
    lost += (old - sum) + x
  }

  /// Veltkamp's halves of a double.
  private static func split(_ x: Double) -> (high: Double, low: Double) {
    let t = x * 134_217_729
    let high = t - (t - x)
    return (high, x - high)
  }

  /// The exactly rounded sum (Shewchuk 1997).
  static func exactSum(_ values: [Double]) throws -> Double {
    var partials: [Double] = []
    var special = 0.0
    var infinities = 0.0
    for value in values {
      var x = value
      var kept = 0
      for index in partials.indices {
        var y = partials[index]
        if x.magnitude < y.magnitude { swap(&x, &y) }
        let high = x + y
        let low = y - (high - x)
        if low != 0 {
          partials[kept] = low
          kept += 1
        }
        x = high
      }
      partials.removeSubrange(kept...)
      guard x != 0 else { continue }
      if x.isFinite {
        partials.append(x)
      } else {
        if value.isFinite { throw Failure(.overflow, "intermediate overflow in fsum") }
        if value.isInfinite { infinities += value }
        special += value
        partials.removeAll()
      }
    }
    if special != 0 || special.isNaN {
      if infinities.isNaN { throw Failure(.value, "-inf + inf in fsum") }
      return special
    }
    guard var high = partials.popLast() else { return 0 }
    var low = 0.0
    while let y = partials.popLast() {
      let x = high
      high = x + y
      low = y - (high - x)
      if low != 0 { break }
    }
    if let next = partials.last, (low < 0 && next < 0) || (low > 0 && next > 0) {
      let y = low * 2
      let x = high + y
      if y == x - high { high = x }
    }
    return high
  }

  static func gcd(_ left: Int, _ right: Int) throws -> Int {
    var (a, b) = (left.magnitude, right.magnitude)
    while b != 0 { (a, b) = (b, a % b) }
    guard let result = Int(exactly: a) else { throw NumberText.tooLarge() }
    return result
  }

  static func lcm(_ left: Int, _ right: Int) throws -> Int {
    guard left != 0, right != 0 else { return 0 }
    let (a, b) = (left.magnitude, right.magnitude)
    let common = UInt(try gcd(left, right))
    let (result, overflow) = (a / common).multipliedReportingOverflow(by: b)
    guard !overflow, let whole = Int(exactly: result) else { throw NumberText.tooLarge() }
    return whole
  }

  static func factorial(_ n: Int) throws -> Int {
    guard n >= 0 else { throw Failure(.value, "factorial() not defined for negative values") }
    guard n <= 20 else { throw NumberText.tooLarge() }
    return n < 2 ? 1 : (2...n).reduce(1, *)
  }

  static func combinations(_ n: Int, _ k: Int) throws -> Int {
    guard n >= 0 else { throw Failure(.value, "n must be a non-negative integer") }
    guard k >= 0 else { throw Failure(.value, "k must be a non-negative integer") }
    guard k <= n else { return 0 }
    var result: UInt64 = 1
    let count = UInt64(min(k, n - k))
    var index: UInt64 = 0
    while index < count {
      // result · (n - index) / (index + 1) is whole; the product may need 128 bits.
      let (high, low) = result.multipliedFullWidth(by: UInt64(n) - index)
      guard high < index + 1 else { throw NumberText.tooLarge() }
      result = (index + 1).dividingFullWidth((high, low)).quotient
      index += 1
    }
    guard let whole = Int(exactly: result) else { throw NumberText.tooLarge() }
    return whole
  }

  static func permutations(_ n: Int, _ k: Int) throws -> Int {
    guard n >= 0 else { throw Failure(.value, "n must be a non-negative integer") }
    guard k >= 0 else { throw Failure(.value, "k must be a non-negative integer") }
    guard k <= n else { return 0 }
    var result = 1
    var index = 0
    while index < k {
      let (product, overflow) = result.multipliedReportingOverflow(by: n - index)
      guard !overflow else { throw NumberText.tooLarge() }
      result = product
      index += 1
    }
    return result
  }

  /// The whole part of a square root.
  static func squareRoot(_ n: Int) throws -> Int {
    guard n >= 0 else { throw Failure(.value, "isqrt() argument must be nonnegative") }
    var root = UInt64(Double(n).squareRoot())
    while root * root > UInt64(n) { root -= 1 }
    while (root + 1) * (root + 1) <= UInt64(n) { root += 1 }
    return Int(root)
  }
}

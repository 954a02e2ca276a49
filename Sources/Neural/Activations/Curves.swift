internal import Tensors

// The functions on one number that curves are made of.

/// 1 / (1 + exp(-x)) without overflow.
@Sendable func logistic(_ x: Double) -> Double {
  if x >= 0 { return 1 / (1 + Elementary.exp(-x)) }
  let e = Elementary.exp(x)
  return e / (1 + e)
}

/// log(1 + exp(x)) without overflow.
@Sendable func softPlus(_ x: Double) -> Double {
  max(x, 0) + log1p(Elementary.exp(-abs(x)))
}

/// log(1 + x) for x from 0 to 1, accurate near 0.
func log1p(_ x: Double) -> Double {
  let sum = 1 + x
  return sum == 1 ? x : Elementary.log(sum) * x / (sum - 1)
}

/// exp(x) - 1, accurate near 0 (Kahan).
func expm1(_ x: Double) -> Double {
  let e = Elementary.exp(x)
  if e == 1 { return x }
  if e - 1 == -1 { return -1 }
  return (e - 1) * x / Elementary.log(e)
}

/// The share of a standard normal distribution below x, by its series.
func normalShare(_ x: Double) -> Double {
  let z = abs(x)
  if z > 8 { return x > 0 ? 1 : 0 }
  // sum of x^(2k+1) / (1·3·5···(2k+1)), which converges for every x.
  var term = z
  var sum = z
  var k = 1.0
  while term > sum * 1e-17, k < 400 {
    term *= z * z / (2 * k + 1)
    sum += term
    k += 1
  }
  let half = sum * Elementary.exp(-z * z / 2) * 0.398_942_280_401_432_7
  return x >= 0 ? 0.5 + half : 0.5 - half
}

/// x within two bounds; NaN stays.
func clamp(_ x: Double, _ low: Double, _ high: Double) -> Double {
  x < low ? low : x > high ? high : x
}

// MARK: Pieces of tensors

/// `condition ? a : b` where only one side is a tensor.
func select(_ x: Tensor, above edge: Double, _ a: Tensor, _ b: Tensor) throws -> Tensor {
  try Tensor.select(x.greater(edge), a, b)
}

/// `value` where x lies above an edge, `other` elsewhere, also where x is NaN.
func select(_ x: Tensor, above edge: Double, _ value: Double, _ other: Tensor) throws -> Tensor {
  try Tensor.select(x.greater(edge), Tensor.full([], value, dtype: x.dtype), other)
}

/// `a` where x lies below an edge, `b` elsewhere, also where x is NaN.
func select(_ x: Tensor, below edge: Double, _ a: Tensor, _ b: Tensor) throws -> Tensor {
  try Tensor.select(x.less(edge), a, b)
}

/// min(x, 0), so that the unused branch of an exponential cannot overflow; no gradient above 0.
func negativePart(_ x: Tensor) throws -> Tensor {
  try select(x, above: 0, 0, x)
}

/// x where it is above -1000: below, what it is multiplied by has vanished, and infinity times zero
/// must not appear.
func gated(_ x: Tensor) throws -> Tensor { try Tensor.maximum(x, -1000) }

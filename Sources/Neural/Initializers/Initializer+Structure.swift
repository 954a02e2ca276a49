internal import Catalog
internal import Tensors

// Weights that are more than independent draws.

extension Initializer {
  /// All but the last axis together, as one side of a matrix.
  private static func sides(_ size: Shape, _ what: String) throws -> (rows: Int, columns: Int) {
    guard size.count >= 2, let columns = size.last else {
      throw Failure(.value, "the \(what) initializer makes matrices, not \(size)", code: "L308")
    }
    return (columns == 0 ? 0 : size.elements / columns, columns)
  }

  /// Q of the QR decomposition of normal numbers, with the signs of R's diagonal.
  ///
  /// The signs make all rotations equally likely (Saxe et al. 2014; Mezzadri 2007).
  static func orthogonal(
    _ size: Shape, gain: Double, dtype: DType, from stream: inout RandomStream
  ) throws -> Tensor {
    let (rows, columns) = try sides(size, "orthogonal")
    let (long, short) = (Swift.max(rows, columns), Swift.min(rows, columns))
    let normal = try stream.normal(Shape([long, short]), dtype: .f64)
    let q = try orthonormal(normal)
    let turned = rows < columns ? try q.swapAxes(0, 1) : q
    return try (turned * gain).astype(dtype).reshape(size)
  }

  /// Orthonormal columns that span those of a matrix, by Householder's reflections.
  ///
  /// In plain IEEE operations, so that the weights are the same bytes on every processor.
  static func orthonormal(_ given: Tensor) throws -> Tensor {
    let (m, n) = (given.shape[0], given.shape[1])
    let a = try given.copy()
    var mirrors: [Tensor?] = []
    var signs: [Double] = []
    for j in 0..<n {
      let column = try a.at([.range(j, m), .range(j, j + 1)]).copy()
      let first = column.doubles.first ?? 0
      let sign = first < 0 ? -1.0 : 1.0
      let length = try column.square().sum().sqrt().item()
      try column.assign([.range(0, 1)], Tensor(scalar: first + sign * length))
      let scale = try column.square().sum().sqrt().item()
      // A column that is zero from here on needs no mirror.
      let mirror = scale > 0 ? try column / scale : nil
      mirrors.append(mirror)
      signs.append(-sign)
      if let mirror { try reflect(a, from: j, mirror) }
    }
    let q = try Tensor.eye(m, n, dtype: .f64)
    for j in (0..<n).reversed() {
      if let mirror = mirrors[j] { try reflect(q, from: j, mirror) }
    }
    return try q * Tensor(signs)
  }

  /// Mirrors the part of a matrix from row and column j on.
  private static func reflect(_ a: Tensor, from j: Int, _ mirror: Tensor) throws {
    let block: [Index] = [.range(j, a.shape[0]), .range(j, a.shape[1])]
    let part = try a.at(block)
    let along = try (mirror * part).sum(0, keepdims: true)
    try a.assign(block, part - mirror * along * 2)
  }

  /// `count` different inputs for every output unit.
  static func connected(
    _ size: Shape, count: Int, deviation: Double, dtype: DType, from stream: inout RandomStream
  ) throws -> Tensor {
    let (rows, columns) = try sides(size, "sparse")
    let kept = Swift.min(count, rows)
    let values = try stream.normal(size, deviation: deviation, dtype: dtype)
    var mask = Array(repeating: false, count: rows * columns)
    for column in 0..<columns {
      for row in stream.permutation(rows).prefix(kept) { mask[row * columns + column] = true }
    }
    return try values * Tensor(mask, shape: size).astype(dtype)
  }

  /// Zero for a share of the output units at every input, rounded up (PyTorch's `sparse_`).
  static func sparse(
    _ size: Shape, share: Double, deviation: Double, dtype: DType, from stream: inout RandomStream
  ) throws -> Tensor {
    let (rows, columns) = try sides(size, "sparse")
    guard let zeros = Int(exactly: (share * Double(columns)).rounded(.up)) else {
      throw OptionProblem("sparsity must be from 0 to 1, got \(share)")
    }
    let values = try stream.normal(size, deviation: deviation, dtype: dtype)
    var mask = Array(repeating: true, count: rows * columns)
    for row in 0..<rows {
      for column in stream.permutation(columns).prefix(zeros) {
        mask[row * columns + column] = false
      }
    }
    return try values * Tensor(mask, shape: size).astype(dtype)
  }
}

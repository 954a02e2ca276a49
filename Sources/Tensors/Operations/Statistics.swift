internal import Catalog

// What a sample says: quantiles, counts, histograms, how variables move together.

extension Tensor {
  /// The values along an axis, or all of them, in order on the last axis, as f64.
  ///
  /// - Returns: also for each row whether it holds no values, or one that is no number.
  private func ordered(along axis: Int?) throws -> (rows: Tensor, isLost: Tensor) {
    let values = try axis.map { try moveAxis($0, to: -1) } ?? reshape([count])
    let rows = try values.astype(.f64).sorted(-1)
    let size = rows.shape[rows.rank - 1]
    let rest = rows.shape.removing(rows.rank - 1)
    guard size > 0 else { return (rows, try Tensor.ones(rest, dtype: .bool)) }
    // What is no number stands last.
    let last = try rows.detached().slice(rows.rank - 1, size - 1, size).reshape(rest)
    return (rows, try last.unary(.isnan))
  }

  /// The values below which given shares of the elements lie, linear between neighbours.
  ///
  /// The gradient goes to the two neighbours.
  ///
  /// - Returns: the shape of `shares`, then the axes that are left.
  /// - Throws: `TensorError.value` for a share outside 0...1.
  public func quantile(_ shares: Tensor, axis: Int? = nil) throws -> Tensor {
    let wanted = shares.doubles
    guard wanted.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
      throw TensorError.value("Quantiles must be in the range [0, 1]")
    }
    let (rows, isLost) = try ordered(along: axis)
    let (along, rest) = (rows.rank - 1, isLost.shape)
    let size = rows.shape[along]
    let shape = try Shape(Array(shares.shape) + Array(rest))
    guard size > 0 else { return try Tensor.full(shape, .nan, dtype: dtype.floating) }
    let places = wanted.map { $0 * Double(size - 1) }
    let low = places.map { Int(exactly: $0.rounded(.down)) ?? 0 }
    let a = try rows.take(Tensor(low), axis: along)
    let b = try rows.take(Tensor(low.map { Swift.min($0 + 1, size - 1) }), axis: along)
    let share = try Tensor(zip(places, low).map { $0 - Double($1) })
    // As NumPy rounds it: from the nearer end.
    let isUpper = try Tensor(share.doubles.map { $0 >= 0.5 })
    let found = try Tensor.select(
      isUpper, b - (b - a) * (1 - share), a + (b - a) * share)
    let missing = try Tensor.full([], .nan, dtype: .f64)
    return try Tensor.select(isLost.expandDims(-1), missing, found).moveAxis(-1, to: 0)
      .reshape(shape).astype(dtype.floating)
  }

  /// The middle value along an axis, or of all elements; between two the mean of both.
  public func median(_ axis: Int? = nil, keepdims: Bool = false) throws -> Tensor {
    let (rows, isLost) = try ordered(along: axis)
    let size = rows.shape[rows.rank - 1]
    let middle = try rows.slice(
      rows.rank - 1, Swift.max((size - 1) / 2, 0), Swift.min(size / 2 + 1, size))
    let missing = try Tensor.full([], .nan, dtype: .f64)
    let result = try Tensor.select(isLost, missing, middle.mean(axes: [-1]))
      .astype(dtype.floating)
    guard keepdims else { return result }
    guard let axis else { return try result.reshape(Shape(repeating: 1, count: rank)) }
    return try result.expandDims(try shape.axis(axis))
  }

  /// Differences of neighbours along an axis, `n` times over.
  public func difference(_ n: Int = 1, axis: Int = -1) throws -> Tensor {
    guard n >= 0 else { throw TensorError.value("order must be non-negative but got \(n)") }
    guard rank > 0 else {
      throw TensorError.value("diff requires input that is at least one dimensional")
    }
    let along = try shape.axis(axis)
    var result = self
    for _ in 0..<Swift.min(n, shape[along]) {
      let size = result.shape[along]
      result =
        try result.slice(along, Swift.min(1, size), size)
        - result.slice(along, 0, Swift.max(size - 1, 0))
    }
    return result === self ? try copy() : result
  }

  /// How often each whole number from 0 occurs, or the sum of its weights.
  public func counts(weights: Tensor? = nil, atLeast least: Int = 0) throws -> Tensor {
    guard dtype.isInteger || dtype == .bool, rank == 1 else {
      throw TensorError.value(
        "bincount takes one axis of whole numbers, got \(dtype.name) \(shape)")
    }
    let values = ints
    guard values.allSatisfy({ $0 >= 0 }) else {
      throw TensorError.value("'list' argument must have no negative elements")
    }
    let size = Swift.max(least, (values.max() ?? -1) &+ 1)
    try StoragePool.shared.reserve(size, of: 16)
    if let weights {
      guard weights.count == values.count else {
        throw TensorError.value("The weights and list don't have the same length.")
      }
      var sums = Array(repeating: 0.0, count: size)
      for (place, weight) in zip(values, weights.doubles) { sums[place] += weight }
      return try Tensor(sums, dtype: .f64)
    }
    var counts = Array(repeating: 0, count: size)
    for place in values { counts[place] += 1 }
    return try Tensor(counts)
  }

  /// Where values would stand in this sorted row: before equal ones, or behind them.
  public func places(of values: Tensor, after: Bool = false) throws -> Tensor {
    guard rank == 1 else { throw TensorError.value("object too deep for desired array") }
    let sorted = doubles
    let found = values.doubles.map { value -> Int in
      var (low, high) = (0, sorted.count)
      while low < high {
        let middle = (low + high) / 2
        // NaN sorts behind everything.
        let isBelow =
          after
          ? !(value < sorted[middle] || (sorted[middle].isNaN && !value.isNaN))
          : sorted[middle] < value || (value.isNaN && !sorted[middle].isNaN)
        if isBelow { low = middle + 1 } else { high = middle }
      }
      return low
    }
    return try Tensor(found, shape: values.shape)
  }

  /// Counts in even intervals, as NumPy cuts them, and their edges.
  public func histogram(bins: Int, range: (Double, Double)? = nil) throws -> (
    counts: [Double], edges: [Double]
  ) {
    guard bins > 0 else { throw TensorError.value("`bins` must be positive, when an integer") }
    try StoragePool.shared.reserve(bins, of: 32)
    let values = doubles
    var (first, last) = range ?? (values.min() ?? 0, values.max() ?? 1)
    guard first <= last else {
      throw TensorError.value("max must be larger than min in range parameter.")
    }
    guard first.isFinite, last.isFinite else {
      throw TensorError.value("autodetected range of [\(first), \(last)] is not finite")
    }
    if first == last { (first, last) = (first - 0.5, last + 0.5) }
    let edges = try Tensor.linspace(first, last, count: bins + 1, dtype: .f64).doubles
    var counts = Array(repeating: 0.0, count: bins)
    for value in values where value >= first && value <= last {
      let place = (value - first) / (last - first) * Double(bins)
      var bin = Swift.min(Int(exactly: place.rounded(.down)) ?? 0, bins - 1)
      if value < edges[bin] {
        bin -= 1
      } else if bin < bins - 1, value >= edges[bin + 1] {
        bin += 1
      }
      counts[Swift.max(bin, 0)] += 1
    }
    return (counts, edges)
  }

  /// Counts between given edges; the last interval holds its upper edge too.
  public func histogram(edges: Tensor) throws -> (counts: [Double], edges: [Double]) {
    let ends = edges.doubles
    guard ends.count > 1, zip(ends, ends.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      throw TensorError.value("`bins` must increase monotonically, when an array")
    }
    var counts = Array(repeating: 0.0, count: ends.count - 1)
    let places = try edges.places(of: reshape([count]), after: true).ints
    for (place, value) in zip(places, doubles) {
      let bin = value == ends[ends.count - 1] ? counts.count : place
      if counts.indices.contains(bin - 1) { counts[bin - 1] += 1 }
    }
    return (counts, ends)
  }

  /// How variables move together; rows are variables unless `rowvar` is off.
  public func covariance(rowvar: Bool = true, ddof: Double = 1) throws -> Tensor {
    let wide = rank < 2 ? try reshape([1, count]) : rowvar ? self : try transposed
    let x = wide.dtype.isFloating ? wide : try wide.astype(.f64)
    let centred = try x - x.mean(axes: [1], keepdims: true)
    let product = try centred.matmul(centred.transposed)
    return try (product / Swift.max(Double(x.shape[1]) - ddof, 0)).squeeze()
  }

  /// Covariances divided by both deviations: from -1 to 1.
  public func correlation(rowvar: Bool = true) throws -> Tensor {
    let c = try covariance(rowvar: rowvar)
    guard c.rank == 2 else { return try c / c }
    let deviation = try c.diagonal().sqrt()
    let n = deviation.count
    return try (c / deviation.reshape([n, 1]) / deviation.reshape([1, n]))
      .clip(.float(-1), .float(1))
  }

  /// The mean over axes with weights.
  public func average(_ axis: Int?, weights: Tensor?) throws -> Tensor {
    guard let weights else { return try mean(axes: axis.map { [$0] }) }
    let x = dtype.isFloating ? self : try astype(.f64)
    var w = weights.dtype.isFloating ? weights : try weights.astype(.f64)
    if w.shape != shape {
      guard let axis else {
        throw TensorError.type("Axis must be specified when shapes of a and weights differ.")
      }
      let along = try shape.axis(axis)
      guard w.rank == 1, w.count == shape[along] else {
        throw TensorError.value("Length of weights not compatible with specified axis.")
      }
      var sizes = Array(repeating: 1, count: rank)
      sizes[along] = w.count
      w = try w.reshape(Shape(sizes)).broadcast(to: shape)
    }
    let axes = axis.map { [$0] }
    return try (x * w).sum(axes: axes) / w.sum(axes: axes)
  }
}

// MARK: Entries

extension Tensor {
  private static func quantileEntry(_ name: String, _ sentence: String, scale: Double) -> Entry {
    Entry(
      name, sentence, Parameter("x", Tensor.self, "the elements"),
      Parameter("q", Tensor.self, "one share, or several", also: ["shares"]),
      Parameter("axis", Int?.self, "the axis that vanishes", default: { nil }),
      returns: "tensor", example: "\(name)(tensor([1.0, 2.0, 4.0]), \(scale / 2))",
      details: """
        `x_k + (h - k) * (x_(k+1) - x_k)` of the sorted x, \
        `h = (n - 1) * q\(scale == 1 ? "" : " / 100")`, `k = floor(h)`. Shapes: that of q, then that \
        of x without the axis. Source: NumPy's `\(name)`.
        """
    ) { x, q, axis in
      .tensor(try x.quantile(Tensor(q.doubles.map { $0 / scale }, shape: q.shape), axis: axis))
    }
  }

  static let statisticsEntries: [Entry] = [
    Entry(
      "median", "The middle value; between two the mean of both.",
      Parameter("x", Tensor.self, "the elements"),
      Parameter("axis", Int?.self, "the axis that vanishes", default: { nil }),
      Parameter("keepdims", Bool.self, "keep it with size one", default: { false }),
      returns: "tensor", example: "median(tensor([3.0, 1.0, 2.0]))",
      details: """
        `(x_((n-1)//2) + x_(n//2)) / 2` of the sorted x. Shapes: that of x without the axis. \
        Source: NumPy's `median`.
        """
    ) { x, axis, keep in .tensor(try x.median(axis, keepdims: keep)) },
    quantileEntry("quantile", "The values below which shares from 0 to 1 lie.", scale: 1),
    quantileEntry("percentile", "The values below which so many percent lie.", scale: 100),
    Entry(
      "average", "The mean with weights.", Parameter("x", Tensor.self, "the elements"),
      Parameter("axis", Int?.self, "the axis that vanishes", default: { nil }),
      Parameter("weights", Tensor?.self, "one for each element", default: { nil }),
      returns: "tensor", example: "average(tensor([1.0, 4.0]), weights=tensor([3.0, 1.0]))",
      details: """
        `sum(w * x) / sum(w)`. Shapes: that of x without the axis; weights have the shape of x, \
        or one for each place of the axis. Source: NumPy's `average`.
        """
    ) { x, axis, weights in .tensor(try x.average(axis, weights: weights)) },
    Entry(
      "diff", "Differences of neighbours.", Parameter("x", Tensor.self, "the elements"),
      Parameter("n", Int.self, "how often", default: { 1 }),
      Parameter("axis", Int.self, "the axis", default: { -1 }), returns: "tensor",
      example: "diff(tensor([1, 4, 9]))",
      details: """
        `y_i = x_(i+1) - x_i`, n times over. Shapes: the axis becomes n shorter. Source: NumPy's \
        `diff`.
        """
    ) { x, n, axis in .tensor(try x.difference(n, axis: axis)) },
    Entry(
      "bincount", "How often each whole number from 0 occurs.",
      Parameter("x", Tensor.self, "whole numbers"),
      Parameter("weights", Tensor?.self, "added in place of ones", default: { nil }),
      Parameter("minlength", Int.self, "at least so many counts", default: { 0 }),
      returns: "tensor", example: "bincount(tensor([0, 2, 2]))",
      details: """
        `y_k = sum(w_i for x_i == k)`, w 1 unless given. Shapes: x (n,), the result (max(x) + \
        1,), or minlength if that is more. Source: NumPy's `bincount`.
        """
    ) { x, weights, least in .tensor(try x.counts(weights: weights, atLeast: least)) },
    Entry(
      "searchsorted", "Where values would stand in a sorted row.",
      Parameter("x", Tensor.self, "the sorted row"), Parameter("v", Tensor.self, "the values"),
      Parameter("side", Side.self, "before equal ones or behind them", default: { .left }),
      returns: "tensor", example: "searchsorted(tensor([1, 3, 5]), tensor([3, 4]))",
      details: """
        left: `x_(i-1) < v <= x_i`, right: `x_(i-1) <= v < x_i`. Shapes: x (n,); the result has \
        that of v. Source: NumPy's `searchsorted`.
        """
    ) { x, v, side in .tensor(try x.places(of: v, after: side == .right)) },
    Entry(
      "histogram", "Counts in intervals, and the edges of these.",
      Parameter("x", Tensor.self, "the elements"),
      Parameter("bins", Tensor?.self, "how many even ones, or their edges; None: 10") { nil },
      Parameter("range", [Double]?.self, "lower and upper end", default: { nil }),
      Parameter("density", Bool.self, "shares per unit in place of counts", default: { false }),
      returns: "tuple of tensors", example: "histogram(tensor([1.0, 2.0, 2.5, 4.0]), 3)",
      details: """
        `c_k = #(edge_k <= x < edge_(k+1))`, the last interval with its end; density: `c_k / \
        (sum(c) * width_k)`. Shapes: counts (bins,), edges (bins + 1,). Source: NumPy's \
        `histogram`.
        """
    ) { x, bins, range, density in
      guard range == nil || range?.count == 2 else {
        throw Failure(.value, "range must be two numbers, lower and upper end")
      }
      let ends = range.map { ($0[0], $0[1]) }
      let (counts, edges) =
        if let bins, bins.rank > 0 {
          try x.histogram(edges: bins)
        } else {
          try x.histogram(bins: bins.map { $0.integer(0) } ?? 10, range: ends)
        }
      let corners: Value = .object(try Tensor(edges, dtype: .f64))
      guard density else {
        return .tuple([.object(try Tensor(counts, dtype: .i64)), corners])
      }
      let total = counts.reduce(0, +)
      let shares = counts.indices.map { counts[$0] / (edges[$0 + 1] - edges[$0]) / total }
      return .tuple([.object(try Tensor(shares, dtype: .f64)), corners])
    },
    Entry(
      "cov", "How variables move together: one row and column for each.",
      Parameter("x", Tensor.self, "a row for each variable"),
      Parameter("rowvar", Bool.self, "False: a column for each variable", default: { true }),
      Parameter("ddof", Double.self, "taken from the count in the divisor", default: { 1 }),
      returns: "tensor", example: "cov(tensor([[1.0, 2.0, 4.0], [1.0, 0.0, 2.0]]))",
      details: """
        `(x - mean) @ (x - mean).T / (n - ddof)`. Shapes: x (variables, n), the result \
        (variables, variables). Source: NumPy's `cov`.
        """
    ) { x, rowvar, ddof in .tensor(try x.covariance(rowvar: rowvar, ddof: ddof)) },
    Entry(
      "corrcoef", "Correlations of variables: from -1 to 1.",
      Parameter("x", Tensor.self, "a row for each variable, or one variable"),
      Parameter("y", Tensor?.self, "one more variable", default: { nil }),
      Parameter("rowvar", Bool.self, "False: a column for each variable", default: { true }),
      returns: "tensor", example: "corrcoef(tensor([1.0, 2.0, 4.0]), tensor([1.0, 0.0, 2.0]))",
      details: """
        `c_ij / sqrt(c_ii * c_jj)` with c the covariance. Shapes: x (variables, n), the result \
        (variables, variables). Source: NumPy's `corrcoef`.
        """
    ) { x, y, rowvar in
      guard let y else { return .tensor(try x.correlation(rowvar: rowvar)) }
      let parts = try [x, y].map { part in
        part.rank < 2 ? try part.reshape([1, part.count]) : rowvar ? part : try part.transposed
      }
      return .tensor(try concat(parts, axis: 0).correlation())
    },
  ]

  private enum Side: String, Choice {
    case left
    case right
  }
}

// Borders: constant, mirrored, repeated, or from the other end.

extension Tensor {
  /// A border around the elements; `widths` has (before, after) for each axis.
  ///
  /// - Throws: `TensorError.value` when the elements do not reach for the mode.
  public func padded(_ widths: [(Int, Int)], mode: PaddingMode) throws -> Tensor {
    if mode == .zeros { return try padded(widths) }
    guard widths.count == rank else {
      throw TensorError.value("pad needs one pair of widths per axis, \(rank) here")
    }
    guard widths.allSatisfy({ $0.0 >= 0 && $0.1 >= 0 }) else {
      throw TensorError.value("index can't contain negative values")
    }
    var result = self
    for (axis, (low, high)) in widths.enumerated() where low > 0 || high > 0 {
      let size = shape[axis]
      let most = mode == .reflect ? size - 1 : mode == .circular ? size : Int.max
      guard size > 0, Swift.max(low, high) <= most else {
        throw TensorError.window(
          "a border of \(Swift.max(low, high)) in mode \"\(mode.rawValue)\" needs "
            + (mode == .reflect
              ? "more than \(Swift.max(low, high))" : "at least \(Swift.max(low, high, 1))")
            + " elements on axis \(axis), there are \(size)",
          help: "use a narrower border, or mode \"replicate\" or \"zeros\"")
      }
      let (ends, overflow) = low.addingReportingOverflow(high)
      let (total, more) = ends.addingReportingOverflow(size)
      if overflow || more { throw TensorError.value("pad widths are too large") }
      try StoragePool.shared.reserve(total, of: 32)
      let places = (0..<total).map { place -> Int in
        let at = place - low
        switch mode {
        case .zeros, .replicate: return Swift.min(Swift.max(at, 0), size - 1)
        case .circular: return at < 0 ? at + size : at >= size ? at - size : at
        case .reflect: return at < 0 ? -at : at >= size ? 2 * size - 2 - at : at
        }
      }
      result = try result.take(Tensor(places), axis: axis)
    }
    return result === self ? try copy() : result
  }
}

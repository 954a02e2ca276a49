extension Tensor {
  /// All elements up to a number of them; of more, some that lie evenly far apart.
  ///
  /// For a quick look at a large tensor: the cost does not grow with it.
  public func sample(
    of size: Int = 20_000, above limit: Int = 200_000
  ) -> (values: [Double], isWhole: Bool) {
    guard count > limit, size > 0 else { return (doubles, true) }
    let step = count / size
    var values: [Double] = []
    values.reserveCapacity(size)
    for index in 0..<size { values.append(element(place(of: index * step))) }
    return (values, false)
  }

  /// Where the element with this number in row-major order lies, in elements from the first.
  private func place(of number: Int) -> Int {
    var rest = number
    var place = 0
    for axis in (0..<rank).reversed() {
      place += rest % shape[axis] * strides[axis]
      rest /= shape[axis]
    }
    return place
  }
}

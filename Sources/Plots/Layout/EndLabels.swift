/// Moves labels apart so that none covers another, as little as possible, keeping their order.
enum EndLabels {
  /// - Parameters:
  ///   - wanted: where each label would like to be.
  ///   - gap: the least distance between two.
  /// - Returns: the places in the order of `wanted`; nil when they do not fit.
  static func pushApart(_ wanted: [Double], gap: Double, lower: Double, upper: Double)
    -> [Double]?
  {
    guard Double(wanted.count - 1) * gap <= upper - lower else { return nil }
    let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    // Groups of touching labels move together around the mean of what they want.
    var groups: [(first: Int, count: Int, start: Double)] = []
    for (rank, index) in order.enumerated() {
      groups.append((rank, 1, min(max(wanted[index], lower), upper)))
      while groups.count > 1 {
        let last = groups[groups.count - 1]
        let before = groups[groups.count - 2]
        if before.start + Double(before.count) * gap <= last.start { break }
        groups.removeLast(2)
        let count = before.count + last.count
        var mean = 0.0
        for member in 0..<count {
          mean += wanted[order[before.first + member]] - Double(member) * gap
        }
        mean /= Double(count)
        let start = min(max(mean, lower), upper - Double(count - 1) * gap)
        groups.append((before.first, count, start))
      }
    }
    var placed = wanted
    for group in groups {
      for member in 0..<group.count {
        placed[order[group.first + member]] = group.start + Double(member) * gap
      }
    }
    return placed
  }
}

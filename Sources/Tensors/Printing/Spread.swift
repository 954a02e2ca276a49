internal import Catalog

/// The smallest, largest and mean element of a tensor; of a sample when it is large.
public struct Spread {
  public let text: String

  /// Nil for a tensor without elements, and for truth values.
  public init?(of tensor: Tensor) {
    guard tensor.count > 0, tensor.dtype != .bool else { return nil }
    let (values, isWhole) = tensor.sample()
    var low = Double.infinity
    var high = -Double.infinity
    var sum = 0.0
    var broken = 0
    for value in values {
      guard value.isFinite else {
        broken += 1
        continue
      }
      low = min(low, value)
      high = max(high, value)
      sum += value
    }
    let count = values.count - broken
    var parts: [String] = []
    if count > 0 {
      let isInteger = tensor.dtype.isInteger
      let ends = [low, high].map { end in
        isInteger
          ? Int(exactly: end).map(String.init) ?? ShortNumber.text(end)
          : ShortNumber.text(end)
      }
      parts = [
        "min \(ends[0])", "max \(ends[1])", "mean \(ShortNumber.text(sum / Double(count)))",
      ]
    }
    if broken > 0 { parts.append("\(broken) not finite") }
    text = parts.joined(separator: ", ") + (isWhole ? "" : " (of a sample)")
  }
}

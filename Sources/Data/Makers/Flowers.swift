internal import Catalog
public import Tensors

/// Made flowers of three kinds: four lengths that grow together.
public enum Flowers {
  static let kinds = ["bluebell", "foxglove", "primrose"]
  static let names = ["sepal_length", "sepal_width", "petal_length", "petal_width"]

  /// Mean lengths in centimetres.
  private static let means: [[Double]] = [
    [5.9, 2.8, 4.2, 1.3], [6.6, 3.0, 5.5, 2.0], [5.0, 3.4, 1.5, 0.3],
  ]
  /// How much of the deviation the size of the whole flower makes, and the rest of each length.
  private static let size = [0.40, 0.20, 0.35, 0.12]
  private static let own = [0.25, 0.22, 0.18, 0.12]

  /// Two kinds overlap, the third stands apart.
  ///
  /// - Parameter noise: scales all deviations.
  public static func make(
    _ count: Int, noise: Double = 1, from stream: inout RandomStream
  ) throws -> Dataset {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: 128)
    guard !overflow else { throw Failure(.memory, "\(count) flowers do not fit in memory") }
    try StoragePool.shared.reserve(bytes)
    let labels = stream.permutation(count).map { $0 % 3 }
    var values: [Double] = []
    for label in labels {
      let drawn = stream.normals(5)
      for feature in 0..<4 {
        let deviation = size[feature] * drawn[4] + own[feature] * drawn[feature]
        values.append(max(means[label][feature] + noise * deviation, 0.1))
      }
    }
    return try Dataset(
      x: Tensor(values, shape: Shape([count, 4]), dtype: .f32), y: Tensor(labels),
      title: "flowers", names: names, classes: kinds)
  }
}

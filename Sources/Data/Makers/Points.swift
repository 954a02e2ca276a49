internal import Catalog
public import Tensors

/// Points in the plane that classes share out among them.
public enum Points {
  /// Two half circles, the second upside down and shifted by (1, -0.5).
  public static func moons(
    _ count: Int, noise: Double = 0.1, from stream: inout RandomStream
  ) throws -> Dataset {
    try make("moons", count, classes: 2, noise: noise, from: &stream) { label, stream in
      let angle = 3.141_592_653_589_793 * stream.uniform()
      let (x, y) = (Elementary.cos(angle), Elementary.sin(angle))
      return label == 0 ? (x, y) : (1 - x, 0.5 - y)
    }
  }

  /// Two circles around one point, of radius 1 and `factor`.
  public static func circles(
    _ count: Int, noise: Double = 0.1, factor: Double = 0.5, from stream: inout RandomStream
  ) throws -> Dataset {
    try make("circles", count, classes: 2, noise: noise, from: &stream) { label, stream in
      let angle = 6.283_185_307_179_586 * stream.uniform()
      let radius = label == 0 ? 1 : factor
      return (radius * Elementary.cos(angle), radius * Elementary.sin(angle))
    }
  }

  /// Arms that wind around the middle, one per class: radius 0 to 1.
  ///
  /// - Parameters:
  ///   - noise: standard deviation of the angle.
  ///   - turns: how often an arm winds around; nil: four radians.
  public static func spirals(
    _ count: Int, classes: Int = 3, noise: Double = 0.2, turns: Double? = nil,
    from stream: inout RandomStream
  ) throws -> Dataset {
    let sweep = turns.map { $0 * 6.283_185_307_179_586 } ?? 4
    return try make("spirals", count, classes: classes, noise: 0, from: &stream) { label, stream in
      let radius = stream.uniform()
      let start = 6.283_185_307_179_586 * Double(label) / Double(classes)
      let angle = start + sweep * radius + noise * stream.normal()
      return (radius * Elementary.sin(angle), radius * Elementary.cos(angle))
    }
  }

  /// Four squares around the middle; those that touch only at a corner are one class.
  public static func xor(
    _ count: Int, noise: Double = 0.1, from stream: inout RandomStream
  ) throws -> Dataset {
    try make("xor", count, classes: 2, noise: noise, from: &stream) { label, stream in
      let (x, y) = (stream.uniform(0.1, 1), stream.uniform(0.1, 1))
      let side: Double = stream.uniform() < 0.5 ? -1 : 1
      return (side * x, (label == 0 ? side : -side) * y)
    }
  }

  /// The fields of a board from -1 to 1, `cells` on a side, in turn of one class and the other.
  public static func checker(
    _ count: Int, cells: Int = 4, noise: Double = 0, from stream: inout RandomStream
  ) throws -> Dataset {
    let size = 2 / Double(cells)
    return try make("checker", count, classes: 2, noise: noise, from: &stream) { label, stream in
      // A row, then one of its fields of that class: odd boards have one more of the first.
      var (row, first, fields) = (0, 0, 0)
      repeat {
        row = stream.integer(below: cells)
        first = (row + label) % 2
        fields = (cells - first + 1) / 2
      } while fields == 0 || stream.integer(below: (cells + 1) / 2) >= fields
      let column = first + 2 * stream.integer(below: fields)
      return (
        -1 + size * (Double(column) + stream.uniform()),
        -1 + size * (Double(row) + stream.uniform())
      )
    }
  }

  /// Round clouds around centres on a circle of radius `apart`.
  public static func blobs(
    _ count: Int, classes: Int = 3, noise: Double = 1, apart: Double = 4,
    from stream: inout RandomStream
  ) throws -> Dataset {
    try make("blobs", count, classes: classes, noise: noise, from: &stream) { label, _ in
      let angle = 6.283_185_307_179_586 * Double(label) / Double(classes)
      return (apart * Elementary.cos(angle), apart * Elementary.sin(angle))
    }
  }

  private static func make(
    _ title: String, _ count: Int, classes: Int, noise: Double, from stream: inout RandomStream,
    point: (_ label: Int, _ stream: inout RandomStream) -> (Double, Double)
  ) throws -> Dataset {
    let (size, overflow) = count.multipliedReportingOverflow(by: 64)
    guard !overflow else { throw Failure(.memory, "\(count) points do not fit in memory") }
    try StoragePool.shared.reserve(size)
    let labels = stream.permutation(count).map { $0 % classes }
    var values: [Double] = []
    values.reserveCapacity(2 * count)
    for label in labels {
      let (x, y) = point(label, &stream)
      values.append(x)
      values.append(y)
    }
    if noise > 0 {
      let grain = stream.normals(2 * count)
      for index in values.indices { values[index] += noise * grain[index] }
    }
    return try Dataset(
      x: Tensor(values, shape: Shape([count, 2]), dtype: .f32), y: Tensor(labels), title: title,
      names: ["x1", "x2"], classes: (0..<classes).map(String.init))
  }
}

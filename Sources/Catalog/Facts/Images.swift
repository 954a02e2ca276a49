/// A grid of small pictures of one size.
public struct ImageSheet: Sendable {
  public var title: String
  public var count: Int
  public var height: Int
  public var width: Int
  /// 1 (grey) or 3 (red, green, blue).
  public var channels: Int
  /// `count * height * width * channels` bytes, row-major.
  public var pixels: [UInt8]
  /// One below each picture; may be empty.
  public var labels: [String]
  public var columns: Int

  public init(
    title: String = "", count: Int, height: Int, width: Int, channels: Int = 1,
    pixels: [UInt8], labels: [String] = [], columns: Int = 10
  ) {
    self.title = title
    self.count = count
    self.height = height
    self.width = width
    self.channels = channels
    self.pixels = pixels
    self.labels = labels
    self.columns = columns
  }
}

/// Numbers in rows and columns, shown by colour.
public struct Matrix: Sendable {
  public var title: String
  public var rows: Int
  public var columns: Int
  /// Row-major.
  public var values: [Double]
  public var rowLabels: [String]
  public var columnLabels: [String]
  /// Whether the numbers are written into the cells.
  public var showsValues: Bool

  public init(
    title: String = "", rows: Int, columns: Int, values: [Double], rowLabels: [String] = [],
    columnLabels: [String] = [], showsValues: Bool = false
  ) {
    self.title = title
    self.rows = rows
    self.columns = columns
    self.values = values
    self.rowLabels = rowLabels
    self.columnLabels = columnLabels
    self.showsValues = showsValues
  }
}

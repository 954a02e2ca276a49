internal import Catalog
internal import Data

/// The endings of array files, for `export`.
enum ExportArrays {
  /// - Returns: false when the ending or the value is of another kind.
  static func write(_ value: Value, to path: String) throws -> Bool {
    try FileEntries.export(value, to: path)
  }
}

/// Rows and columns of text and numbers.
public struct Table: Sendable {
  public struct Column: Sendable {
    public var name: String
    public var isNumeric: Bool

    public init(_ name: String, isNumeric: Bool = false) {
      self.name = name
      self.isNumeric = isNumeric
    }
  }

  public enum Cell: Sendable, Equatable {
    case text(String)
    case number(Double)
    case whole(Int)
    case missing
  }

  public var title: String
  public var columns: [Column]
  public var rows: [[Cell]]
  /// Lines below the table, such as totals.
  public var notes: [String]
  /// The row to be marked as the best, from 0.
  public var best: Int?

  public init(
    title: String = "", columns: [Column], rows: [[Cell]], notes: [String] = [], best: Int? = nil
  ) {
    self.title = title
    self.columns = columns
    self.rows = rows
    self.notes = notes
    self.best = best
  }
}

extension Table {
  /// Whether a column is one of numbers: it says so, or holds numbers and no text.
  public func isNumeric(_ column: Int) -> Bool {
    if columns[column].isNumeric { return true }
    var hasNumber = false
    for row in rows where column < row.count {
      switch row[column] {
      case .text: return false
      case .number, .whole: hasNumber = true
      case .missing: break
      }
    }
    return hasNumber
  }
}

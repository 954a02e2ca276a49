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

  public init(
    title: String = "", columns: [Column], rows: [[Cell]], notes: [String] = []
  ) {
    self.title = title
    self.columns = columns
    self.rows = rows
    self.notes = notes
  }
}

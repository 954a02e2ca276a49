public import Catalog

/// A notebook: cells in order, with everything the file said that this program does not know.
public struct Notebook: Sendable {
  public var cells: [Cell]
  public var metadata: JSON
  /// Members of the file besides cells, metadata and format numbers.
  public var others: [(key: String, value: JSON)]

  public init(
    cells: [Cell] = [], metadata: JSON = .object([]), others: [(key: String, value: JSON)] = []
  ) {
    self.cells = cells
    self.metadata = metadata
    self.others = others
  }

  public struct Cell: Sendable {
    public enum Kind: String, Sendable {
      case code
      case markdown
      case raw
    }

    public var kind: Kind
    /// 1 to 64 letters, digits, `-` and `_`, unlike that of any other cell.
    public var id: String
    public var source: String
    public var metadata: JSON
    /// As the format's outputs, with texts joined; only code cells have some.
    public var outputs: [JSON]
    public var executionCount: Int?
    /// Members besides these, such as attachments.
    public var others: [(key: String, value: JSON)]

    public init(
      _ kind: Kind, id: String, source: String, metadata: JSON = .object([]),
      outputs: [JSON] = [], executionCount: Int? = nil,
      others: [(key: String, value: JSON)] = []
    ) {
      self.kind = kind
      self.id = id
      self.source = source
      self.metadata = metadata
      self.outputs = outputs
      self.executionCount = executionCount
      self.others = others
    }

    public var tags: [String] { metadata["tags"]?.array?.compactMap(\.string) ?? [] }

    /// Whether there is something to run.
    public var isRunnable: Bool {
      kind == .code && source.unicodeScalars.contains { !$0.properties.isWhitespace }
    }
  }
}

/// What could stand at a place in a cell.
public struct Completion: Sendable {
  public struct Match: Sendable, Equatable {
    public enum Kind: String, Sendable {
      case function
      case `class`
      case module
      case instance
      case keyword
      case parameter = "param"
      case property
      case option = "value"
      case key
      case path
      case magic
    }

    /// What replaces the range.
    public var text: String
    public var kind: Kind
    /// `Dense(units, activation="linear")`, or empty.
    public var signature: String

    public init(_ text: String, _ kind: Kind, signature: String = "") {
      self.text = text
      self.kind = kind
      self.signature = signature
    }
  }

  /// What is replaced, in code points of the text.
  public let range: Range<Int>
  /// Best first.
  public let matches: [Match]

  public init(range: Range<Int>, matches: [Match]) {
    self.range = range
    self.matches = matches
  }

  /// Completes a cell's text at a cursor, counted in code points.
  ///
  /// Never runs script code.
  public init(of text: String, at cursor: Int, in directory: Directory) {
    self.init(range: cursor..<cursor, matches: [])
  }
}

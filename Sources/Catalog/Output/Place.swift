extension Failure {
  /// A line of a cell or file that a note names.
  public struct Place: Sendable, Hashable, CustomStringConvertible {
    /// `Cell [3]`, or a file's name.
    public let source: String
    /// From 1.
    public let line: Int

    public init(_ source: String, line: Int) {
      self.source = source
      self.line = line
    }

    /// `Cell [5], line 2`.
    public var description: String { "\(source), line \(line)" }
  }
}

/// An object of the library that knows where a script made it, for notes in errors.
public protocol Placed: AnyObject {
  /// Nil when no script made it.
  var origin: Failure.Place? { get set }
}

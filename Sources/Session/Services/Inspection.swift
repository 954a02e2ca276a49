public import Catalog

/// What is known of the name at a place in a cell, or of the function whose call surrounds it.
public struct Inspection: Sendable {
  /// Plain text and Markdown.
  public let media: Media

  /// Looks up the name at a cursor counted in code points; nil: nothing is known.
  ///
  /// - Parameter detail: 0: signature, sentence, defaults; 1: with details, examples, source.
  public init?(of text: String, at cursor: Int, detail: Int = 0, in directory: Directory) {
    return nil
  }
}

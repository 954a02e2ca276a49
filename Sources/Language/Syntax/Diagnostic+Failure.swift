public import Catalog

extension Diagnostic {
  /// The error as a user sees it, with the line of the source it stands on.
  public func failure(in source: Source) -> Failure {
    let advice = SyntaxAdvice(self, in: source)
    return Failure(
      named: exception.rawValue, message, code: advice.code, notes: notes, help: advice.help,
      frames: [source.frame(at: advice.mark, in: "<module>")])
  }
}

extension Source {
  /// A place in this source as a level of a traceback; of a span over several lines, the first.
  ///
  /// - Parameter function: the function whose code stands there; `<module>` at top level.
  public func frame(at span: SourceSpan, in function: String) -> Failure.Frame {
    let start = position(at: span.start)
    let line = self.span(ofLine: start.line)
    let end = position(at: min(max(span.end, span.start), line.end))
    return Failure.Frame(
      source: name, function: function, line: start.line, column: start.column + 1,
      endColumn: max(start.column + 2, end.line == start.line ? end.column + 1 : 0),
      text: text(of: line))
  }
}

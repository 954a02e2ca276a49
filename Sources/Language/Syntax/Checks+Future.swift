/// `from __future__ import …`: CPython knows its features before it looks at anything else, and wants
/// them at the beginning.
extension Checks {
  /// The features of CPython 3.11.
  static let features: Set = [
    "nested_scopes", "generators", "division", "absolute_import", "with_statement",
    "print_function", "unicode_literals", "barry_as_FLUFL", "generator_stop", "annotations",
  ]

  private static let late = "from __future__ imports must occur at the beginning of the file"

  /// Reads the future statements at the beginning; only a documentation may stand before them.
  mutating func checkFutures() {
    var isOver = false
    var last = 0
    for (index, statement) in tree.body.enumerated() {
      let line = tree.source.line(at: statement.span.start)
      if isOver, line > last { return }
      last = line
      switch statement.form {
      case .importFrom(let fromImport) where Checks.isFuture(fromImport):
        if isOver { addFutureError(Checks.late, statement.span) }
        checkFeatures(fromImport, statement.span)
        futureLine = line
      case .expression(let value) where index == 0 && Checks.isText(value): break
      default: isOver = true
      }
    }
  }

  /// A future statement anywhere else.
  mutating func checkPlace(of fromImport: FromImport, _ span: SourceSpan) {
    guard Checks.isFuture(fromImport), tree.source.line(at: span.start) > futureLine else { return }
    misplaced(
      Checks.late, span, help: "move it to the top; all that it asks for is here without it")
  }

  private mutating func checkFeatures(_ fromImport: FromImport, _ span: SourceSpan) {
    guard let members = fromImport.members else {
      return addFutureError("future feature * is not defined", span)
    }
    for name in members.map(\.name) where !Checks.features.contains(name.text) {
      addFutureError(
        name.text == "braces" ? "not a chance" : "future feature \(name.text) is not defined",
        name.span)
    }
  }

  private static func isFuture(_ fromImport: FromImport) -> Bool {
    fromImport.path.map(\.text) == ["__future__"]
  }

  private static func isText(_ value: Expression) -> Bool {
    if case .string = value.form { true } else { false }
  }
}

/// What is wrong at a place of a source: an error, or a warning that stops nothing.
public struct Diagnostic: Error, Sendable {
  public enum Severity: Sendable {
    case error
    case warning
  }

  /// The class CPython 3.11 raises.
  public enum Exception: String, Sendable {
    case syntax = "SyntaxError"
    case indentation = "IndentationError"
    case tab = "TabError"
  }

  public let severity: Severity
  public let exception: Exception
  /// CPython's message where it has one.
  public let message: String
  /// The code of the manual's page, `L001` to `L010`; nil where the message says all.
  public let code: String?
  public let span: SourceSpan
  /// What else is known, such as the line of the block's header.
  public let notes: [String]
  /// What to do about it, without the word `help`.
  public let help: String?

  public init(
    _ exception: Exception = .syntax, _ message: String, at span: SourceSpan,
    code: String? = nil, notes: [String] = [], help: String? = nil, severity: Severity = .error
  ) {
    self.severity = severity
    self.exception = exception
    self.message = message
    self.code = code
    self.span = span
    self.notes = notes
    self.help = help
  }
}

/// A parsed source: always a tree, and what was wrong with the text, in its order.
public struct Parse: Sendable {
  /// Complete when `errors` is empty; else with `invalid` where the text made no sense.
  public let tree: Tree
  public let errors: [Diagnostic]
  public let warnings: [Diagnostic]

  public init(tree: Tree, errors: [Diagnostic], warnings: [Diagnostic]) {
    self.tree = tree
    self.errors = errors
    self.warnings = warnings
  }

  /// The tree, or the first error.
  public func checked() throws(Diagnostic) -> Tree {
    if let first = errors.first { throw first }
    return tree
  }
}

/// What went wrong, as a user sees it: exception, message, place, cause and way out.
///
/// The only form in which an error reaches a script or a front end. Library code throws it
/// directly or throws a typed error that is `FailureConvertible`.
public struct Failure: Error, Sendable {
  /// The name of the exception class: `ValueError`, `ShapeError`.
  public var exception: String
  public var message: String
  /// The stable code of the manual's page on it, such as `L301`.
  public var code: String?
  public var notes: [String]
  /// What to do about it, without the word `help`.
  public var help: String?
  /// Where it happened, outermost call first; filled in by the machine.
  public var frames: [Frame]
  /// The exception it was raised from, or while handling.
  public var causes: [Cause]

  public struct Cause: Sendable {
    public enum Link: Sendable {
      case raisedFrom
      case whileHandling
    }
    public let link: Link
    public let failure: Failure

    public init(_ link: Link, _ failure: Failure) {
      self.link = link
      self.failure = failure
    }
  }

  public init(
    _ exception: Exception, _ message: String, code: String? = nil, notes: [String] = [],
    help: String? = nil, frames: [Frame] = [], causes: [Cause] = []
  ) {
    self.init(
      named: exception.rawValue, message, code: code, notes: notes, help: help, frames: frames,
      causes: causes)
  }

  public init(
    named exception: String, _ message: String, code: String? = nil, notes: [String] = [],
    help: String? = nil, frames: [Frame] = [], causes: [Cause] = []
  ) {
    self.exception = exception
    self.message = message
    self.code = code
    self.notes = notes
    self.help = help
    self.frames = frames
    self.causes = causes
  }

  /// Any error as a failure; the only such conversion.
  public init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let convertible as any FailureConvertible: self = convertible.failure
    default: self.init(.runtime, "\(error)")
    }
  }

  /// An unknown string where one of a few was expected (L308).
  public static func unknownOption(_ name: String, among choices: [String]) -> Failure {
    Failure(
      .value, "unknown option '\(name)'", code: "L308",
      notes: ["known: " + choices.joined(separator: ", ")],
      help: Nearest.question(name, among: choices))
  }
}

/// A typed error that knows how a user should see it.
public protocol FailureConvertible: Error {
  var failure: Failure { get }
}

extension Failure {
  /// The built-in exception classes.
  public enum Exception: String, Sendable, CaseIterable {
    case arithmetic = "ArithmeticError"
    case assertion = "AssertionError"
    case attribute = "AttributeError"
    case dtype = "DTypeError"
    case fileNotFound = "FileNotFoundError"
    case floatingPoint = "FloatingPointError"
    case gradient = "GradientError"
    case `import` = "ImportError"
    case indentation = "IndentationError"
    case index = "IndexError"
    case key = "KeyError"
    case linearAlgebra = "LinAlgError"
    case keyboardInterrupt = "KeyboardInterrupt"
    case memory = "MemoryError"
    case moduleNotFound = "ModuleNotFoundError"
    case name = "NameError"
    case notImplemented = "NotImplementedError"
    case os = "OSError"
    case overflow = "OverflowError"
    case permission = "PermissionError"
    case recursion = "RecursionError"
    case runtime = "RuntimeError"
    case shape = "ShapeError"
    case stopIteration = "StopIteration"
    case syntax = "SyntaxError"
    case systemExit = "SystemExit"
    case tab = "TabError"
    case type = "TypeError"
    case unboundLocal = "UnboundLocalError"
    case value = "ValueError"
    case zeroDivision = "ZeroDivisionError"

    /// The class it derives from; nil for those directly under `Exception`.
    ///
    /// The library's own errors are kinds of the ones a Python program would catch.
    public var base: Exception? {
      switch self {
      case .zeroDivision, .overflow, .floatingPoint: .arithmetic
      case .moduleNotFound: .import
      case .indentation: .syntax
      case .tab: .indentation
      case .unboundLocal: .name
      case .recursion, .notImplemented: .runtime
      case .fileNotFound, .permission: .os
      case .shape, .gradient, .linearAlgebra: .value
      case .dtype: .type
      default: nil
      }
    }
  }

  /// One level of a traceback.
  public struct Frame: Sendable, Equatable {
    /// `Cell [3]`, or a file's name.
    public var source: String
    /// The function's name; `<module>` at top level.
    public var function: String
    /// From 1.
    public var line: Int
    /// From 1, in code points.
    public var column: Int
    /// The column after the last marked one, on the same line.
    public var endColumn: Int
    /// The line's text.
    public var text: String
    /// How often the last `group` frames, this one included, follow one another.
    public var repeats: Int
    /// How many frames repeat together: 2 where two functions call each other.
    public var group = 1
    /// How many frames after this one are left out.
    public var omitted = 0

    public init(
      source: String, function: String, line: Int, column: Int, endColumn: Int, text: String,
      repeats: Int = 1
    ) {
      self.source = source
      self.function = function
      self.line = line
      self.column = column
      self.endColumn = endColumn
      self.text = text
      self.repeats = repeats
    }
  }
}

/// The interrupt of a user; not an error to swallow.
public struct Interrupted: FailureConvertible {
  /// How far the work had come, and what holds.
  public let note: String?

  public init(note: String? = nil) {
    self.note = note
  }

  public var failure: Failure {
    Failure(.keyboardInterrupt, "", code: "L113", notes: note.map { [$0] } ?? [])
  }
}

/// A word of the language with its place; what it says is read from the source's bytes.
public struct Token: Sendable, Equatable {
  public let kind: Kind
  public let span: SourceSpan

  public init(_ kind: Kind, _ span: SourceSpan) {
    self.kind = kind
    self.span = span
  }

  public var start: Int { span.start }
  public var end: Int { span.end }

  public enum Kind: UInt8, Sendable {
    // structure
    case newline, indent, dedent, end
    /// Bytes that no token begins with; the lexer has a diagnostic for them.
    case invalid
    // atoms
    case name, number, string
    /// A string without an end, a number that breaks a rule; the lexer has noted it.
    case brokenString, brokenNumber
    /// A string with the prefix `f`, quotes included; its holes are lexed on their own.
    case formatString
    // keywords
    case `false`, none, `true`, and, `as`, assert, async, await, `break`, `class`, `continue`
    case def, del, elif, `else`, except, finally, `for`, from, global, `if`, `import`, `in`, `is`
    case lambda, nonlocal, not, or, pass, raise, `return`, `try`, `while`, with, yield
    // brackets
    case leftParenthesis, rightParenthesis, leftBracket, rightBracket, leftBrace, rightBrace
    // punctuation
    case comma, colon, semicolon, dot, ellipsis, arrow, at, equal, colonEqual, exclamation
    // operators
    case plus, minus, star, slash, doubleSlash, percent, doubleStar
    case ampersand, bar, caret, tilde, shiftLeft, shiftRight
    case less, lessEqual, greater, greaterEqual, equalEqual, notEqual
    // augmented assignment
    case plusEqual, minusEqual, starEqual, slashEqual, doubleSlashEqual, percentEqual
    case doubleStarEqual, atEqual, ampersandEqual, barEqual, caretEqual
    case shiftLeftEqual, shiftRightEqual

    /// Whether it is one of CPython's reserved words.
    public var isKeyword: Bool {
      rawValue >= Kind.false.rawValue && rawValue <= Kind.yield.rawValue
    }
  }
}

/// What the front end refuses to go beyond; each has its own message (L010).
public enum Limit {
  /// Open brackets at one place.
  public static let brackets = 200
  public static let indentation = 100
  /// Levels of one expression; chains of operators count once.
  public static let expressionDepth = 2_000
  /// Parameters of a function.
  public static let parameters = 255
  /// Errors noted in one text, of each of lexer and parser; those beyond are dropped.
  static let diagnostics = 1_000
  /// Length of a cell or file, in UTF-8 bytes.
  public static let cellBytes = 64 << 20
}

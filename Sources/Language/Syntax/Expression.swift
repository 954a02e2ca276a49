/// An expression with the bytes it covers, as CPython counts them: without the parentheses around
/// it, unless it is a tuple or a generator expression.
public struct Expression: Sendable {
  public let form: Form
  public let span: SourceSpan

  public init(_ form: Form, _ span: SourceSpan) {
    self.form = form
    self.span = span
  }

  public indirect enum Form: Sendable {
    case none
    case `true`
    case `false`
    case ellipsis
    case name(String)
    case integer(Int)
    /// An integer beyond 64 bits: its digits in base 10, 16, 8 or 2, without prefix and `_`.
    case bigInteger(digits: String, radix: Int)
    case float(Double)
    /// Adjacent literals joined, escapes resolved.
    case string(String)
    /// An f-string, joined with the literals beside it.
    case format([FormatPart])
    case tuple([Expression])
    case list([Expression])
    case set([Expression])
    case dictionary([DictionaryItem])
    case comprehension(Comprehension)
    case attribute(Expression, Identifier)
    /// `base[index]`; the index is a tuple when it was written with commas.
    case element(Expression, index: Expression)
    /// Only as an index, or inside the tuple that is one.
    case slice(lower: Expression?, upper: Expression?, step: Expression?)
    case call(Expression, [CallArgument])
    case unary(UnaryOperator, Expression)
    /// `first op a op b …`: operators of one precedence, applied from left to right.
    ///
    /// Flat, so that a chain of any length needs no depth; `**` always has one step.
    case binary(Expression, [BinaryStep])
    /// `first < a <= b …`, chained as in Python.
    case comparison(Expression, [ComparisonStep])
    /// `a and b and …` or `a or b or …`; at least two operands.
    case boolean(BooleanOperator, [Expression])
    case conditional(condition: Expression, then: Expression, else: Expression)
    case lambda(Function)
    /// `name := value`.
    case named(Identifier, Expression)
    /// `*value` in a display, subscript, target or on the right of an assignment.
    case starred(Expression)
    case yield(Expression?)
    case yieldFrom(Expression)
    /// Something that could not be parsed; only in trees with diagnostics.
    case invalid
  }
}

/// An operator and its right operand in a chain.
public struct BinaryStep: Sendable {
  public let `operator`: BinaryOperator
  public let operatorSpan: SourceSpan
  public let operand: Expression
  /// From the start of the chain to here, with the parentheses around the operand: what an error
  /// of this step marks.
  public let span: SourceSpan

  public init(
    _ operator: BinaryOperator, at operatorSpan: SourceSpan, _ operand: Expression,
    span: SourceSpan
  ) {
    self.operator = `operator`
    self.operatorSpan = operatorSpan
    self.operand = operand
    self.span = span
  }
}

/// A comparison and its right operand in a chain.
public struct ComparisonStep: Sendable {
  public let `operator`: ComparisonOperator
  /// Both words of `not in` and `is not`.
  public let operatorSpan: SourceSpan
  public let operand: Expression

  public init(_ operator: ComparisonOperator, at operatorSpan: SourceSpan, _ operand: Expression) {
    self.operator = `operator`
    self.operatorSpan = operatorSpan
    self.operand = operand
  }
}

public enum BinaryOperator: String, Sendable, CaseIterable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case matrixMultiply = "@"
  case divide = "/"
  case floorDivide = "//"
  case modulo = "%"
  case power = "**"
  case shiftLeft = "<<"
  case shiftRight = ">>"
  case bitAnd = "&"
  case bitOr = "|"
  case bitXor = "^"
}

public enum UnaryOperator: String, Sendable, CaseIterable {
  case plus = "+"
  case minus = "-"
  case invert = "~"
  case not
}

public enum ComparisonOperator: String, Sendable, CaseIterable {
  case less = "<"
  case lessEqual = "<="
  case greater = ">"
  case greaterEqual = ">="
  case equal = "=="
  case notEqual = "!="
  case `in`
  case notIn = "not in"
  case `is`
  case isNot = "is not"
}

public enum BooleanOperator: String, Sendable, CaseIterable {
  case and
  case or
}

public enum DictionaryItem: Sendable {
  case pair(Expression, Expression)
  /// `**mapping`.
  case spread(Expression)
}

public struct CallArgument: Sendable {
  public enum Kind: Sendable {
    case positional
    case named(Identifier)
    /// `*values`.
    case spread
    /// `**mapping`.
    case spreadNamed
  }

  public let kind: Kind
  public let value: Expression
  /// With the name or stars before the value.
  public let span: SourceSpan

  public init(kind: Kind, value: Expression, span: SourceSpan) {
    self.kind = kind
    self.value = value
    self.span = span
  }
}

public struct Comprehension: Sendable {
  public enum Kind: Sendable {
    case list
    case set
    case dictionary
    case generator
  }

  /// One `for target in iterable`, and the `if`s after it.
  public struct Clause: Sendable {
    public let target: Expression
    public let iterable: Expression
    public let conditions: [Expression]

    public init(target: Expression, iterable: Expression, conditions: [Expression]) {
      self.target = target
      self.iterable = iterable
      self.conditions = conditions
    }
  }

  public let kind: Kind
  /// The element, or the key of a dictionary.
  public let element: Expression
  /// The value of a dictionary's item; nil in the other kinds.
  public let value: Expression?
  /// At least one; the first iterable is evaluated in the enclosing scope.
  public let clauses: [Clause]
  public let scope: ScopeNumber

  public init(
    kind: Kind, element: Expression, value: Expression?, clauses: [Clause], scope: ScopeNumber
  ) {
    self.kind = kind
    self.element = element
    self.value = value
    self.clauses = clauses
    self.scope = scope
  }
}

/// A piece of an f-string.
public enum FormatPart: Sendable {
  case text(String)
  case value(FormatValue)
}

/// A hole of an f-string.
///
/// For `{x=}` the parser puts the text `x=` before it and, as CPython does, sets the conversion to
/// `repr` where neither conversion nor format was given: nothing is left for the compiler to do.
public struct FormatValue: Sendable {
  public enum Conversion: Sendable {
    case str
    case repr
    case ascii
  }

  public let expression: Expression
  public let conversion: Conversion?
  /// The parts after `:`; nil without one.
  public let format: [FormatPart]?
  /// The hole with its braces.
  public let span: SourceSpan

  public init(
    expression: Expression, conversion: Conversion?, format: [FormatPart]?, span: SourceSpan
  ) {
    self.expression = expression
    self.conversion = conversion
    self.format = format
    self.span = span
  }
}

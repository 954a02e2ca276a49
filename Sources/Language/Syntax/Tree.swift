/// The syntax of one cell or file.
public struct Tree: Sendable {
  public let source: Source
  public let body: [Statement]
  /// How many scopes the parser numbered: the cell itself is 0, the others 1 to `scopeCount - 1`.
  public let scopeCount: Int
  /// Whether the last statement is followed by `;`, which keeps a cell from showing its value.
  public let endsQuietly: Bool

  public init(source: Source, body: [Statement], scopeCount: Int, endsQuietly: Bool) {
    self.source = source
    self.body = body
    self.scopeCount = scopeCount
    self.endsQuietly = endsQuietly
  }
}

/// A name where it stands.
public struct Identifier: Sendable {
  public let text: String
  public let span: SourceSpan

  public init(_ text: String, _ span: SourceSpan) {
    self.text = text
    self.span = span
  }
}

/// The number of a function, class or comprehension in its tree, in no particular order.
public typealias ScopeNumber = Int

/// A statement with the bytes it covers, without the end of its line.
public struct Statement: Sendable {
  public let form: Form
  public let span: SourceSpan

  public init(_ form: Form, _ span: SourceSpan) {
    self.form = form
    self.span = span
  }

  public indirect enum Form: Sendable {
    case expression(Expression)
    /// `a = b = value`, targets from left to right.
    case assign(targets: [Expression], value: Expression)
    /// `target op= value`; the target is a name, attribute or subscript.
    case augment(target: Expression, operator: BinaryOperator, value: Expression)
    /// `target: annotation = value`; `isPlainName` when the target is a name without parentheses.
    case annotate(
      target: Expression, annotation: Expression, value: Expression?, isPlainName: Bool)
    case delete([Expression])
    case pass
    case `break`
    case `continue`
    case `return`(Expression?)
    case raise(Expression?, from: Expression?)
    case assert(Expression, message: Expression?)
    case global([Identifier])
    case nonlocal([Identifier])
    case `import`([ImportedModule])
    case importFrom(FromImport)
    /// `if` and its `elif`s in order, then the `else` block, empty without one.
    case `if`([Branch], else: [Statement])
    case `while`(condition: Expression, body: [Statement], else: [Statement])
    case `for`(target: Expression, iterable: Expression, body: [Statement], else: [Statement])
    case `try`(TryStatement)
    case with([WithItem], body: [Statement])
    case function(Function)
    case `class`(ClassDefinition)
    /// Something that could not be parsed; only in trees with diagnostics.
    case invalid
  }
}

/// One `if` or `elif` with its block.
public struct Branch: Sendable {
  public let condition: Expression
  public let body: [Statement]

  public init(condition: Expression, body: [Statement]) {
    self.condition = condition
    self.body = body
  }
}

/// One `dotted.path as name` of an `import`.
public struct ImportedModule: Sendable {
  /// The parts of the dotted path.
  public let path: [Identifier]
  public let alias: Identifier?
  public let span: SourceSpan

  public init(path: [Identifier], alias: Identifier?, span: SourceSpan) {
    self.path = path
    self.alias = alias
    self.span = span
  }

  public var dotted: String { path.map(\.text).joined(separator: ".") }
  /// The name it binds: the alias, or the first part of the path.
  public var bound: Identifier { alias ?? path[0] }
}

/// `from path import …`.
public struct FromImport: Sendable {
  public struct Member: Sendable {
    public let name: Identifier
    public let alias: Identifier?

    public init(name: Identifier, alias: Identifier?) {
      self.name = name
      self.alias = alias
    }

    /// The name it binds.
    public var bound: Identifier { alias ?? name }
  }

  /// Leading dots of a relative import.
  public let level: Int
  /// The parts of the dotted path; empty only after leading dots.
  public let path: [Identifier]
  /// Nil for `*`.
  public let members: [Member]?

  public init(level: Int, path: [Identifier], members: [Member]?) {
    self.level = level
    self.path = path
    self.members = members
  }

  public var dotted: String {
    String(repeating: ".", count: level) + path.map(\.text).joined(separator: ".")
  }
}

public struct TryStatement: Sendable {
  public struct Handler: Sendable {
    /// What it catches; nil for a bare `except:`.
    public let type: Expression?
    public let name: Identifier?
    public let body: [Statement]
    public let span: SourceSpan

    public init(type: Expression?, name: Identifier?, body: [Statement], span: SourceSpan) {
      self.type = type
      self.name = name
      self.body = body
      self.span = span
    }
  }

  public let body: [Statement]
  public let handlers: [Handler]
  public let otherwise: [Statement]
  public let finally: [Statement]

  public init(
    body: [Statement], handlers: [Handler], otherwise: [Statement], finally: [Statement]
  ) {
    self.body = body
    self.handlers = handlers
    self.otherwise = otherwise
    self.finally = finally
  }
}

/// One `context as target` of a `with`.
public struct WithItem: Sendable {
  public let context: Expression
  public let target: Expression?

  public init(context: Expression, target: Expression?) {
    self.context = context
    self.target = target
  }
}

/// A `def` or a `lambda`.
public struct Function: Sendable {
  public enum Body: Sendable {
    case block([Statement])
    case expression(Expression)
  }

  /// Nil for a lambda.
  public let name: Identifier?
  public let decorators: [Expression]
  public let parameters: [Parameter]
  /// The annotation after `->`.
  public let returns: Expression?
  public let body: Body
  /// Whether a `yield` stands in its body.
  public let isGenerator: Bool
  public let scope: ScopeNumber

  public init(
    name: Identifier?, decorators: [Expression], parameters: [Parameter], returns: Expression?,
    body: Body, isGenerator: Bool, scope: ScopeNumber
  ) {
    self.name = name
    self.decorators = decorators
    self.parameters = parameters
    self.returns = returns
    self.body = body
    self.isGenerator = isGenerator
    self.scope = scope
  }

  /// The string its body starts with.
  public var documentation: String? {
    guard case .block(let statements) = body else { return nil }
    return statements.documentation
  }
}

/// A parameter of a function, in the order written.
public struct Parameter: Sendable {
  public enum Kind: Sendable {
    /// Before `/`.
    case positionalOnly
    case positional
    /// `*name`.
    case rest
    /// After `*` or `*name`.
    case keywordOnly
    /// `**name`.
    case restNamed
  }

  public let name: Identifier
  public let kind: Kind
  public let annotation: Expression?
  public let `default`: Expression?

  public init(name: Identifier, kind: Kind, annotation: Expression?, default: Expression?) {
    self.name = name
    self.kind = kind
    self.annotation = annotation
    self.default = `default`
  }
}

public struct ClassDefinition: Sendable {
  public let name: Identifier
  public let decorators: [Expression]
  public let base: Expression?
  /// Named arguments after the base: `metaclass`, and what `__init_subclass__` receives.
  public let keywords: [CallArgument]
  public let body: [Statement]
  public let scope: ScopeNumber

  public init(
    name: Identifier, decorators: [Expression], base: Expression?,
    keywords: [CallArgument] = [], body: [Statement], scope: ScopeNumber
  ) {
    self.keywords = keywords
    self.name = name
    self.decorators = decorators
    self.base = base
    self.body = body
    self.scope = scope
  }

  /// The string its body starts with.
  public var documentation: String? { body.documentation }
}

extension [Statement] {
  /// The string a function, class or file starts with.
  public var documentation: String? {
    guard case .expression(let first)? = first?.form, case .string(let text) = first.form else {
      return nil
    }
    return text
  }
}

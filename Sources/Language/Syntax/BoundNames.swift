/// A name that a text binds.
public struct BoundName: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case variable
    case parameter
    case function
    case `class`
    /// `import a.b` binds a module; the dotted path of it.
    case module(String)
    /// `from m import a`: the module and the name there.
    case member(of: String, name: String)
  }

  public let text: String
  public let kind: Kind
  /// For a function, its parameters as written: `(x, rate=0.1)`.
  public let signature: String?
  /// For `name = Thing(…)` or `name = other`, what it was last bound to.
  public let value: Path?
}

/// Collects the names that are visible at a place in a text.
struct BoundNames {
  private let source: Source
  private let cursor: Int
  /// Names of the scopes around the cursor, outermost first.
  private var scopes: [[BoundName]] = [[]]

  /// Names bound before `cursor` and visible there, innermost scope first, each once.
  static func visible(in source: Source, at cursor: Int) -> [BoundName] {
    // A name at the cursor gives the line its place among the blocks.
    let text = source.text(of: SourceSpan(0, cursor))
    let marked = Source(text + "_", name: "")
    var lexer = Lexer(marked, skippingMagics: true)
    lexer.run()
    var parser = Parser(lexer)
    let body = parser.statements()
    var names = BoundNames(source: marked, cursor: cursor)
    names.collect(body)
    names.scan(TokenWindow(marked, lexer.tokens, end: marked.bytes.count))
    var seen: Set<String> = []
    return names.scopes.reversed().flatMap { scope in
      scope.reversed().filter { seen.insert($0.text).inserted }
    }
  }

  private init(source: Source, cursor: Int) {
    self.source = source
    self.cursor = cursor
  }

  private mutating func add(
    _ text: String, _ kind: BoundName.Kind, signature: String? = nil, value: Path? = nil
  ) {
    guard text != "_" else { return }
    scopes[scopes.count - 1].append(
      BoundName(text: text, kind: kind, signature: signature, value: value))
  }

  // MARK: The tree

  private mutating func collect(_ statements: [Statement]) {
    for statement in statements { collect(statement) }
  }

  private mutating func collect(_ statement: Statement) {
    switch statement.form {
    case .assign, .augment, .annotate:
      // A statement still being written has bound nothing yet.
      if statement.span.end <= cursor { collectAssignment(statement) }
    case .expression(let value): named(in: value)
    case .import(let modules):
      for module in modules {
        add(
          module.bound.text, .module(module.alias == nil ? module.bound.text : module.dotted))
      }
    case .importFrom(let fromImport):
      for member in fromImport.members ?? [] {
        add(member.bound.text, .member(of: fromImport.dotted, name: member.name.text))
      }
    case .if(let branches, let otherwise):
      for branch in branches {
        named(in: branch.condition)
        collect(branch.body)
      }
      collect(otherwise)
    case .while(let condition, let body, let otherwise):
      named(in: condition)
      collect(body)
      collect(otherwise)
    case .for(let target, _, let body, let otherwise):
      bind(target, nil)
      collect(body)
      collect(otherwise)
    case .try(let statement):
      collect(statement.body)
      for handler in statement.handlers {
        if let name = handler.name { add(name.text, .variable) }
        collect(handler.body)
      }
      collect(statement.otherwise)
      collect(statement.finally)
    case .with(let items, let body):
      for item in items { if let target = item.target { bind(target, item.context) } }
      collect(body)
    case .function(let function): collect(function, statement.span)
    case .class(let definition):
      add(definition.name.text, .class)
      if statement.span.end > cursor {
        scopes.append([])
        collect(definition.body)
      }
    default: break
    }
  }

  private mutating func collectAssignment(_ statement: Statement) {
    switch statement.form {
    case .assign(let targets, let value):
      for target in targets { bind(target, value) }
      named(in: value)
    case .augment(let target, _, _): bind(target, nil)
    case .annotate(let target, _, let value, _): bind(target, value)
    default: break
    }
  }

  private mutating func collect(_ function: Function, _ span: SourceSpan) {
    if let name = function.name {
      add(name.text, .function, signature: signature(of: function.parameters))
    }
    guard span.end > cursor, case .block(let body) = function.body else { return }
    // Names of a class around it are not visible in a method; its own attributes go through self.
    scopes.append([])
    for parameter in function.parameters { add(parameter.name.text, .parameter) }
    collect(body)
  }

  private func signature(of parameters: [Parameter]) -> String {
    var parts: [String] = []
    var sawStar = false
    for (index, parameter) in parameters.enumerated() {
      var part = parameter.name.text
      switch parameter.kind {
      case .rest:
        part = "*" + part
        sawStar = true
      case .restNamed: part = "**" + part
      case .keywordOnly where !sawStar:
        parts.append("*")
        sawStar = true
      default: break
      }
      if let annotation = parameter.annotation { part += ": " + source.text(of: annotation.span) }
      if let value = parameter.default {
        part += (parameter.annotation == nil ? "=" : " = ") + source.text(of: value.span)
      }
      parts.append(part)
      let isLast = index + 1 == parameters.count
      if parameter.kind == .positionalOnly,
        isLast || parameters[index + 1].kind != .positionalOnly
      {
        parts.append("/")
      }
    }
    return "(" + parts.joined(separator: ", ") + ")"
  }

  private mutating func bind(_ target: Expression, _ value: Expression?) {
    switch target.form {
    case .name(let name): add(name, .variable, value: value?.path)
    case .tuple(let items), .list(let items): for item in items { bind(item, nil) }
    case .starred(let inner): bind(inner, nil)
    default: break
    }
  }

  /// Walruses at the top of an expression or in its parentheses.
  private mutating func named(in expression: Expression) {
    switch expression.form {
    case .named(let name, let value): add(name.text, .variable, value: value.path)
    case .comparison(let first, _): named(in: first)
    case .boolean(_, let operands): for operand in operands { named(in: operand) }
    case .unary(_, let operand): named(in: operand)
    case .call(_, let arguments): for argument in arguments { named(in: argument.value) }
    default: break
    }
  }

  // MARK: The statement at the cursor

  /// Names that the unfinished statement binds: of comprehensions, lambdas, `as` and walruses.
  private mutating func scan(_ window: TokenWindow) {
    var index = window.statementStart
    let end = window.tokens.endIndex
    while index < end {
      switch window.kind(index) {
      case .for:
        index += 1
        while index < end, window.kind(index) != .in, window.tokens[index].start < cursor {
          if window.kind(index) == .name { add(window.text(index), .variable) }
          index += 1
        }
      case .lambda:
        index += 1
        while index < end, window.kind(index) != .colon {
          let before = window.kind(index - 1)
          if window.kind(index) == .name,
            [.lambda, .comma, .star, .doubleStar].contains(before),
            window.tokens[index].start < cursor
          {
            add(window.text(index), .parameter)
          }
          index += 1
        }
      case .colonEqual where window.kind(index - 1) == .name: add(window.text(index - 1), .variable)
      default:
        index += 1
        continue
      }
      index += 1
    }
  }
}

extension Expression {
  /// The path that the expression is; nil for anything but names, attributes, literals and calls.
  fileprivate var path: Path? {
    switch form {
    case .name(let name): return Path(.name(name), [])
    case .string, .format: return Path(.literal("str"), [])
    case .integer, .bigInteger: return Path(.literal("int"), [])
    case .float: return Path(.literal("float"), [])
    case .list: return Path(.literal("list"), [])
    case .dictionary: return Path(.literal("dict"), [])
    case .attribute(let base, let name): return base.path?.appending(.attribute(name.text))
    case .call(let function, _): return function.path?.appending(.call)
    default: return nil
    }
  }
}

extension Path {
  /// Nil for paths too long to be looked up.
  fileprivate func appending(_ step: Step) -> Path? {
    steps.count < 64 ? Path(root, steps + [step]) : nil
  }
}

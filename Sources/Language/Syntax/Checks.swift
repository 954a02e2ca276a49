/// What CPython checks after parsing: names and their declarations, and statements in places where
/// they mean nothing.
///
/// As there, faults of names come before misplaced statements, wherever they stand.
struct Checks {
  let tree: Tree
  private(set) var warnings: [Diagnostic] = []
  /// Faults of future statements, which CPython looks for first.
  private var futureErrors: [Diagnostic] = []
  /// The line of the last future statement at the beginning.
  var futureLine = 0
  /// Faults that CPython's symbol table finds.
  var nameErrors: [Diagnostic] = []
  /// Faults that its compiler finds.
  private var placeErrors: [Diagnostic] = []
  var scopes: [Scope] = []
  /// The scope being read.
  var scope = 0
  private var loops = 0
  /// How many iterables of comprehensions enclose the expression being read.
  var iterableDepth = 0

  init(_ tree: Tree) { self.tree = tree }

  var errors: [Diagnostic] {
    [futureErrors, nameErrors, placeErrors].first { !$0.isEmpty } ?? []
  }

  mutating func run() {
    scopes = [Scope(kind: .cell, parent: nil)]
    checkFutures()
    block(tree.body)
    checkNonlocals()
  }

  mutating func misplaced(
    _ message: String, _ span: SourceSpan, code: String? = nil, help: String? = nil
  ) {
    placeErrors.append(Diagnostic(.syntax, message, at: span, code: code, help: help))
  }

  mutating func addFutureError(_ message: String, _ span: SourceSpan) {
    futureErrors.append(Diagnostic(.syntax, message, at: span))
  }

  mutating func warn(_ message: String, _ span: SourceSpan) {
    warnings.append(Diagnostic(.syntax, message, at: span, severity: .warning))
  }

  // MARK: Statements

  private mutating func block(_ statements: [Statement]) {
    for statement in statements { check(statement) }
  }

  private mutating func loop(_ body: [Statement], else otherwise: [Statement]) {
    loops += 1
    block(body)
    loops -= 1
    block(otherwise)
  }

  private mutating func check(_ statement: Statement) {
    switch statement.form {
    case .expression(let value):
      rejectStar(value)
      visit(value)
    case .assign(let targets, let value):
      rejectStar(value)
      for target in targets { bind(target, isWhole: true) }
      visit(value)
    case .augment(let target, _, let value):
      rejectStar(value)
      bind(target, isWhole: true)
      if case .name(let name) = target.form { use(name) }
      visit(value)
    case .annotate(let target, let annotation, let value, let isPlainName):
      annotate(target, isPlainName: isPlainName, hasValue: value != nil, statement.span)
      visit(annotation)
      if let value {
        rejectStar(value)
        visit(value)
      }
    case .delete(let targets): for target in targets { bind(target, isWhole: false) }
    case .pass, .invalid: break
    case .break: if loops == 0 { misplaced("'break' outside loop", statement.span) }
    case .continue:
      if loops == 0 { misplaced("'continue' not properly in loop", statement.span) }
    case .return(let value):
      if scopes[scope].kind != .function {
        misplaced(
          "'return' outside function", statement.span,
          help: "a cell shows the value of its last line; write only the expression")
      }
      if let value {
        rejectStar(value)
        visit(value)
      }
    case .raise(let value, let cause):
      if let value { visit(value) }
      if let cause { visit(cause) }
    case .assert(let condition, let message):
      if case .tuple(let items) = condition.form, !items.isEmpty {
        warn("assertion is always true, perhaps remove parentheses?", statement.span)
      }
      visit(condition)
      if let message { visit(message) }
    case .global(let names): declare(names, .global, statement.span)
    case .nonlocal(let names): declare(names, .nonlocal, statement.span)
    case .import(let modules):
      for module in modules { define(module.bound.text, module.bound.span, .local) }
    case .importFrom(let fromImport):
      checkPlace(of: fromImport, statement.span)
      importNames(fromImport, statement.span)
    default: checkCompound(statement)
    }
  }

  private mutating func importNames(_ fromImport: FromImport, _ span: SourceSpan) {
    guard let members = fromImport.members else {
      if scopes[scope].kind != .cell {
        addNameError("import * only allowed at module level", span)
      }
      return
    }
    for member in members { define(member.bound.text, member.bound.span, .local) }
  }

  private mutating func checkCompound(_ statement: Statement) {
    switch statement.form {
    case .if(let branches, let otherwise):
      for branch in branches {
        visit(branch.condition)
        block(branch.body)
      }
      block(otherwise)
    case .while(let condition, let body, let otherwise):
      visit(condition)
      loop(body, else: otherwise)
    case .for(let target, let iterable, let body, let otherwise):
      bind(target, isWhole: true)
      rejectStar(iterable)
      visit(iterable)
      loop(body, else: otherwise)
    case .try(let statement): check(statement)
    case .with(let items, let body):
      for item in items {
        visit(item.context)
        if let target = item.target { bind(target, isWhole: true) }
      }
      block(body)
    case .function(let function): check(function)
    case .class(let definition):
      define(definition.name.text, definition.name.span, .local)
      if let base = definition.base { visit(base) }
      for keyword in definition.keywords { visit(keyword.value) }
      for decorator in definition.decorators { visit(decorator) }
      let outer = enter(.class)
      block(definition.body)
      leave(to: outer)
    default: break
    }
  }

  private mutating func check(_ statement: TryStatement) {
    block(statement.body)
    for (index, handler) in statement.handlers.enumerated() {
      if handler.type == nil, index < statement.handlers.count - 1 {
        misplaced("default 'except:' must be last", handler.span)
      }
      if let type = handler.type { visit(type) }
      if let name = handler.name { define(name.text, name.span, .local) }
      block(handler.body)
    }
    block(statement.otherwise)
    block(statement.finally)
  }

  // MARK: Functions

  mutating func check(_ function: Function) {
    if let name = function.name { define(name.text, name.span, .local) }
    for parameter in function.parameters {
      if let value = parameter.default { visit(value) }
      if let annotation = parameter.annotation {
        visit(annotation)
      }
    }
    if let returns = function.returns { visit(returns) }
    for decorator in function.decorators { visit(decorator) }
    let outer = enter(.function)
    define(function.parameters)
    switch function.body {
    case .block(let body): block(body)
    case .expression(let value): visit(value)
    }
    leave(to: outer)
  }

  private mutating func define(_ parameters: [Parameter]) {
    for parameter in parameters {
      let name = parameter.name
      if scopes[scope].names[name.text] != nil {
        addNameError("duplicate argument '\(name.text)' in function definition", name.span)
      }
      define(name.text, name.span, .parameter)
    }
  }

  /// What `leave` restores.
  struct Outer {
    let scope: Int
    let loops: Int
    let iterableDepth: Int
  }

  /// Begins a new scope, where no outer loop counts.
  mutating func enter(_ kind: Scope.Kind) -> Outer {
    let outer = Outer(scope: scope, loops: loops, iterableDepth: iterableDepth)
    scopes.append(Scope(kind: kind, parent: scope))
    scope = scopes.count - 1
    loops = 0
    return outer
  }

  mutating func leave(to outer: Outer) {
    scope = outer.scope
    loops = outer.loops
    iterableDepth = outer.iterableDepth
  }

  // MARK: Targets

  /// A starred expression that stands alone where a value is wanted.
  private mutating func rejectStar(_ value: Expression) {
    if case .starred = value.form {
      misplaced("can't use starred expression here", value.span)
    }
  }

  /// Names that a target binds, and the stars in it.
  mutating func bind(_ target: Expression, isWhole: Bool) {
    switch target.form {
    case .name(let name): define(name, target.span, .local)
    case .tuple(let items), .list(let items):
      var stars = 0
      for item in items {
        if case .starred(let value) = item.form {
          stars += 1
          if stars == 2 {
            misplaced("multiple starred expressions in assignment", target.span)
          }
          bind(value, isWhole: false)
        } else {
          bind(item, isWhole: false)
        }
      }
    case .starred(let value):
      if isWhole {
        misplaced("starred assignment target must be in a list or tuple", target.span)
      }
      bind(value, isWhole: false)
    case .attribute(let base, let name):
      if name.text == "__debug__" { misplaced("cannot assign to __debug__", target.span) }
      visit(base)
    default: visit(target)
    }
  }
}

/// Finds the scopes of a tree and what each name in them means.
struct Resolver {
  private(set) var scopes: [ScopeNumber: Scope] = [:]
  let module: Scope
  private var current: Scope
  /// Names declared global in a function and deleted there.
  private(set) var vanishing: Set<String> = []
  private var all: [Scope]

  init(_ tree: Tree) throws(Diagnostic) {
    module = Scope(.module, parent: nil, name: "<module>")
    current = module
    all = [module]
    for statement in tree.body { try visit(statement) }
    for scope in all { scope.settle() }
  }

  private mutating func open(_ kind: Scope.Kind, _ number: ScopeNumber, _ name: String) -> Scope {
    let scope = Scope(kind, parent: current, name: name)
    scopes[number] = scope
    all.append(scope)
    return scope
  }

  private mutating func bind(_ name: String) {
    current.bind(name)
    if current.nonlocals.contains(name) { current.use(name) }
  }

  private mutating func visit(_ block: [Statement]) throws(Diagnostic) {
    for statement in block { try visit(statement) }
  }

  private mutating func visit(_ statement: Statement) throws(Diagnostic) {
    switch statement.form {
    case .expression(let expression): try visit(expression)
    case .assign(let targets, let value):
      try visit(value)
      for target in targets { try bind(target: target) }
    case .augment(let target, _, let value):
      if case .name(let name) = target.form { current.use(name) }
      try bind(target: target)
      try visit(value)
    case .annotate(let target, _, let value, let isPlainName):
      if let value { try visit(value) }
      if value != nil || isPlainName { try bind(target: target) }
    case .delete(let targets):
      for target in targets { try delete(target) }
    case .pass, .break, .continue, .invalid: break
    case .return(let value):
      if current.frame.kind != .function {
        throw Diagnostic(.syntax, "'return' outside function", at: statement.span)
      }
      if let value { try visit(value) }
    case .raise(let value, let cause):
      if let value { try visit(value) }
      if let cause { try visit(cause) }
    case .assert(let condition, let message):
      try visit(condition)
      if let message { try visit(message) }
    case .global(let names):
      for name in names {
        if current.kind != .module {
          current.declareGlobal(name.text)
        }
      }
    case .nonlocal(let names):
      for name in names {
        if current.kind == .module {
          throw Diagnostic(
            .syntax, "nonlocal declaration not allowed at module level", at: name.span)
        }
        current.declareNonlocal(name.text)
        current.use(name.text)
      }
    case .import(let modules):
      for module in modules { bind(module.bound.text) }
    case .importFrom(let statement):
      for member in statement.members ?? [] { bind(member.bound.text) }
    case .if(let branches, let otherwise):
      for branch in branches {
        try visit(branch.condition)
        try visit(branch.body)
      }
      try visit(otherwise)
    case .while(let condition, let body, let otherwise):
      try visit(condition)
      try visit(body)
      try visit(otherwise)
    case .for(let target, let iterable, let body, let otherwise):
      try visit(iterable)
      try bind(target: target)
      try visit(body)
      try visit(otherwise)
    case .try(let statement):
      try visit(statement.body)
      for handler in statement.handlers {
        if let type = handler.type { try visit(type) }
        if let name = handler.name {
          bind(name.text)
          current.delete(name.text)
          noteVanishing(name.text)
        }
        try visit(handler.body)
      }
      try visit(statement.otherwise)
      try visit(statement.finally)
    case .with(let items, let body):
      for item in items {
        try visit(item.context)
        if let target = item.target { try bind(target: target) }
      }
      try visit(body)
    case .function(let function):
      if let name = function.name { bind(name.text) }
      try visit(function)
    case .class(let definition):
      bind(definition.name.text)
      for decorator in definition.decorators { try visit(decorator) }
      if let base = definition.base { try visit(base) }
      for keyword in definition.keywords { try visit(keyword.value) }
      let outer = current
      current = open(.classBody, definition.scope, definition.name.text)
      try visit(definition.body)
      current = outer
    }
  }

  private mutating func noteVanishing(_ name: String) {
    if current.kind != .module, current.globals.contains(name) { vanishing.insert(name) }
    if current.frame.kind == .module { vanishing.insert(name) }
  }

  private mutating func delete(_ target: Expression) throws(Diagnostic) {
    switch target.form {
    case .name(let name):
      bind(name)
      current.use(name)
      current.delete(name)
      noteVanishing(name)
    case .tuple(let parts), .list(let parts):
      for part in parts { try delete(part) }
    default: try bind(target: target)
    }
  }

  private mutating func bind(target: Expression) throws(Diagnostic) {
    switch target.form {
    case .name(let name): bind(name)
    case .tuple(let parts), .list(let parts):
      for part in parts { try bind(target: part) }
    case .starred(let inner): try bind(target: inner)
    case .attribute(let base, _): try visit(base)
    case .element(let base, let index):
      try visit(base)
      try visit(index)
    default: break
    }
  }

  private mutating func visit(_ function: Function) throws(Diagnostic) {
    for decorator in function.decorators { try visit(decorator) }
    for parameter in function.parameters {
      if let value = parameter.default { try visit(value) }
    }
    let outer = current
    current = open(.function, function.scope, function.name?.text ?? "<lambda>")
    var names: Set<String> = []
    for parameter in function.parameters {
      if !names.insert(parameter.name.text).inserted {
        throw Diagnostic(
          .syntax,
          "duplicate argument '\(parameter.name.text)' in function definition",
          at: parameter.name.span)
      }
      bind(parameter.name.text)
    }
    switch function.body {
    case .block(let statements): try visit(statements)
    case .expression(let expression): try visit(expression)
    }
    current = outer
  }

  private mutating func visit(_ expressions: [Expression]) throws(Diagnostic) {
    for expression in expressions { try visit(expression) }
  }

  private mutating func visit(_ parts: [FormatPart]) throws(Diagnostic) {
    for case .value(let value) in parts {
      try visit(value.expression)
      if let format = value.format { try visit(format) }
    }
  }

  private mutating func visit(_ expression: Expression) throws(Diagnostic) {
    switch expression.form {
    case .none, .true, .false, .ellipsis, .integer, .bigInteger, .float, .string, .invalid: break
    case .name(let name):
      current.use(name)
      if name == "super" { current.use(Scope.classCell) }
    case .format(let parts): try visit(parts)
    case .tuple(let parts), .list(let parts), .set(let parts): try visit(parts)
    case .dictionary(let items):
      for item in items {
        switch item {
        case .pair(let key, let value):
          try visit(key)
          try visit(value)
        case .spread(let value): try visit(value)
        }
      }
    case .comprehension(let comprehension): try visit(comprehension)
    case .attribute(let base, _): try visit(base)
    case .element(let base, let index):
      try visit(base)
      try visit(index)
    case .slice(let lower, let upper, let step):
      for part in [lower, upper, step] {
        if let part { try visit(part) }
      }
    case .call(let function, let arguments):
      try visit(function)
      for argument in arguments { try visit(argument.value) }
    case .unary(_, let operand): try visit(operand)
    case .binary(let first, let steps):
      try visit(first)
      for step in steps { try visit(step.operand) }
    case .comparison(let first, let steps):
      try visit(first)
      for step in steps { try visit(step.operand) }
    case .boolean(_, let operands): try visit(operands)
    case .conditional(let condition, let then, let otherwise):
      try visit(condition)
      try visit(then)
      try visit(otherwise)
    case .lambda(let function): try visit(function)
    case .named(let name, let value):
      try visit(value)
      // The name belongs to the scope around all comprehensions.
      var scope = current
      while scope.isComprehensionLike, let parent = scope.parent {
        if scope.binds(name.text) {
          throw Diagnostic(
            .syntax,
            "assignment expression cannot rebind comprehension iteration variable "
              + "'\(name.text)'", at: name.span)
        }
        scope.use(name.text)
        if generatorScopes.contains(ObjectIdentifier(scope)) {
          if parent.frame.kind == .module || parent.globals.contains(name.text) {
            scope.declareGlobal(name.text)
          } else {
            scope.declareNonlocal(name.text)
          }
        }
        scope = parent
      }
      scope.bind(name.text)
      current.use(name.text)
    case .starred(let value): try visit(value)
    case .yield(let value):
      try checkYield(expression)
      if let value { try visit(value) }
    case .yieldFrom(let value):
      try checkYield(expression)
      try visit(value)
    }
  }

  private var generatorScopes: Set<ObjectIdentifier> = []

  private func checkYield(_ expression: Expression) throws(Diagnostic) {
    if current.frame.kind != .function {
      throw Diagnostic(.syntax, "'yield' outside function", at: expression.span)
    }
    if current.kind == .comprehension || generatorScopes.contains(ObjectIdentifier(current)) {
      throw Diagnostic(.syntax, "'yield' inside list comprehension", at: expression.span)
    }
  }

  private mutating func visit(_ comprehension: Comprehension) throws(Diagnostic) {
    guard let first = comprehension.clauses.first else { return }
    try visit(first.iterable)
    let outer = current
    let isGenerator = comprehension.kind == .generator
    current = open(
      isGenerator ? .function : .comprehension, comprehension.scope,
      isGenerator ? "<genexpr>" : "<listcomp>")
    current.isComprehensionLike = true
    if isGenerator {
      generatorScopes.insert(ObjectIdentifier(current))
      current.bind(".0")
    }
    for (index, clause) in comprehension.clauses.enumerated() {
      if index > 0 { try visit(clause.iterable) }
      try bind(target: clause.target)
      try visit(clause.conditions)
    }
    try visit(comprehension.element)
    if let value = comprehension.value { try visit(value) }
    current = outer
  }
}

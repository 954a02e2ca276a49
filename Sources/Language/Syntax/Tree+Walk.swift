extension Statement {
  /// The blocks inside, in the order written.
  var blocks: [[Statement]] {
    switch form {
    case .if(let branches, let otherwise): branches.map(\.body) + [otherwise]
    case .while(_, let body, let otherwise): [body, otherwise]
    case .for(_, _, let body, let otherwise): [body, otherwise]
    case .try(let statement):
      [statement.body] + statement.handlers.map(\.body) + [statement.otherwise, statement.finally]
    case .with(_, let body): [body]
    case .function(let function): if case .block(let body) = function.body { [body] } else { [] }
    case .class(let definition): [definition.body]
    default: []
    }
  }

  /// The expressions of the statement itself, not of its blocks.
  var expressions: [Expression] {
    switch form {
    case .expression(let value): [value]
    case .assign(let targets, let value): targets + [value]
    case .augment(let target, _, let value): [target, value]
    case .annotate(let target, _, let value, _): [target] + (value.map { [$0] } ?? [])
    case .delete(let targets): targets
    case .return(let value): value.map { [$0] } ?? []
    case .raise(let value, let cause): [value, cause].compactMap { $0 }
    case .assert(let condition, let message): [condition, message].compactMap { $0 }
    case .if(let branches, _): branches.map(\.condition)
    case .while(let condition, _, _): [condition]
    case .for(let target, let iterable, _, _): [target, iterable]
    case .try(let statement): statement.handlers.compactMap(\.type)
    case .with(let items, _): items.flatMap { [$0.context, $0.target].compactMap { $0 } }
    case .function(let function): function.decorators + function.parameters.compactMap(\.default)
    case .class(let definition):
      definition.decorators + (definition.base.map { [$0] } ?? [])
        + definition.keywords.map(\.value)
    default: []
    }
  }

  /// Calls `body` on this statement and all inside it, functions and classes included.
  func walk(_ body: (Statement) -> Void) {
    body(self)
    for block in blocks { for statement in block { statement.walk(body) } }
  }
}

extension Expression {
  /// The expressions directly inside, in the order written.
  var children: [Expression] {
    switch form {
    case .format(let parts): Expression.holes(of: parts)
    case .tuple(let items), .list(let items), .set(let items), .boolean(_, let items): items
    case .dictionary(let items):
      items.flatMap { item in
        switch item {
        case .pair(let key, let value): [key, value]
        case .spread(let value): [value]
        }
      }
    case .comprehension(let comprehension):
      [comprehension.element] + (comprehension.value.map { [$0] } ?? [])
        + comprehension.clauses.flatMap { [$0.target, $0.iterable] + $0.conditions }
    case .attribute(let base, _), .unary(_, let base), .named(_, let base), .starred(let base),
      .yieldFrom(let base):
      [base]
    case .element(let base, let index): [base, index]
    case .slice(let lower, let upper, let step): [lower, upper, step].compactMap { $0 }
    case .call(let function, let arguments): [function] + arguments.map(\.value)
    case .binary(let first, let steps): [first] + steps.map(\.operand)
    case .comparison(let first, let steps): [first] + steps.map(\.operand)
    case .conditional(let condition, let then, let otherwise): [then, condition, otherwise]
    case .lambda(let function):
      if case .expression(let value) = function.body { [value] } else { [] }
    case .yield(let value): value.map { [$0] } ?? []
    default: []
    }
  }

  private static func holes(of parts: [FormatPart]) -> [Expression] {
    parts.flatMap { part -> [Expression] in
      guard case .value(let hole) = part else { return [] }
      return [hole.expression] + (hole.format.map(holes) ?? [])
    }
  }

  /// Calls `body` on this expression and all inside it.
  func walk(_ body: (Expression) -> Void) {
    body(self)
    for child in children { child.walk(body) }
  }

  /// The name it is; nil for anything else.
  var name: String? { if case .name(let name) = form { name } else { nil } }

  /// Whether it is a number, string or other literal, so that its value can be seen.
  var isPlainValue: Bool {
    switch form {
    case .none, .true, .false, .integer, .bigInteger, .float, .string, .ellipsis: true
    default: false
    }
  }
}

extension Source {
  /// Whether a statement at its top gives the name a value.
  public func binds(_ name: String) -> Bool {
    // Most of many cells do not even hold the name.
    text.contains(name) && Tree.parse(self).tree.bindings.contains { $0.name == name }
  }
}

/// A place where a cell or function gives a name its value.
struct Binding: Sendable {
  enum Form: Sendable {
    case assignment(Expression?)
    case function
    case definedClass
    case module
    case loop
    case handler
  }

  let name: String
  let form: Form
  let source: Source
  /// From 1.
  let line: Int
}

extension Tree {
  /// Where names are bound at the top, in the order written.
  var bindings: [Binding] { Bindings(source).of(body) }

  /// The expressions and statements around a span, outermost first.
  func path(to span: SourceSpan) -> (statements: [Statement], expressions: [Expression]) {
    var statements: [Statement] = []
    var level = body
    while let inner = level.last(where: { $0.span.start <= span.start && span.end <= $0.span.end })
    {
      statements.append(inner)
      level = inner.blocks.flatMap { $0 }
    }
    var expressions: [Expression] = []
    var candidates = statements.last?.expressions ?? []
    while let inner = candidates.last(where: { expression in
      expression.span.start <= span.start && span.end <= expression.span.end
    }) {
      expressions.append(inner)
      candidates = inner.children
    }
    return (statements, expressions)
  }
}

/// Collects the bindings of one scope.
struct Bindings {
  private let source: Source
  private var found: [Binding] = []

  init(_ source: Source) {
    self.source = source
  }

  /// The bindings of these statements and their blocks, but not of functions and classes in them.
  func of(_ statements: [Statement]) -> [Binding] {
    var collected = self
    collected.collect(statements)
    return collected.found
  }

  private mutating func add(_ name: String, _ form: Binding.Form, at offset: Int) {
    found.append(
      Binding(name: name, form: form, source: source, line: source.line(at: offset)))
  }

  private mutating func collect(_ statements: [Statement]) {
    for statement in statements {
      switch statement.form {
      case .function(let function):
        if let name = function.name { add(name.text, .function, at: name.span.start) }
        continue
      case .class(let definition):
        add(definition.name.text, .definedClass, at: definition.name.span.start)
        continue
      case .assign(let targets, let value):
        for target in targets { bind(target, .assignment(value)) }
      case .augment(let target, _, _): bind(target, .assignment(nil))
      case .annotate(let target, _, let value?, _): bind(target, .assignment(value))
      case .for(let target, _, _, _): bind(target, .loop)
      case .with(let items, _):
        for item in items { if let target = item.target { bind(target, .assignment(nil)) } }
      case .try(let statement):
        for handler in statement.handlers {
          if let name = handler.name { add(name.text, .handler, at: name.span.start) }
        }
      case .import(let modules):
        for module in modules { add(module.bound.text, .module, at: module.span.start) }
      case .importFrom(let members):
        for member in members.members ?? [] {
          add(member.bound.text, .module, at: member.bound.span.start)
        }
      default: break
      }
      for expression in statement.expressions {
        expression.walk { inner in
          if case .named(let name, let value) = inner.form {
            add(name.text, .assignment(value), at: name.span.start)
          }
        }
      }
      for block in statement.blocks { collect(block) }
    }
  }

  private mutating func bind(_ target: Expression, _ form: Binding.Form) {
    switch target.form {
    case .name(let name): add(name, form, at: target.span.start)
    case .tuple(let items), .list(let items):
      for item in items {
        if case .assignment = form { bind(item, .assignment(nil)) } else { bind(item, form) }
      }
    case .starred(let inner): bind(inner, .assignment(nil))
    default: break
    }
  }
}

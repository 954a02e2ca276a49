/// Functions and classes of a text, as names.
struct ClassNames {
  private let source: Source

  init(_ source: Source) {
    self.source = source
  }

  /// Nil for a lambda.
  func name(of function: Function) -> BoundName? {
    guard let name = function.name else { return nil }
    var bound = BoundName(
      name.text, .function, name.span, signature: signature(of: function.parameters))
    bound.documentation = function.documentation
    bound.returns = function.returns?.path
    bound.returnsText = function.returns.map { source.text(of: $0.span) }
    return bound
  }

  func name(of definition: ClassDefinition) -> BoundName {
    var bound = BoundName(definition.name.text, .class, definition.name.span)
    bound.documentation = definition.documentation
    bound.base = definition.base?.path
    var methods: [Function] = []
    for statement in definition.body {
      switch statement.form {
      case .function(let function):
        guard var member = name(of: function) else { continue }
        member.binding =
          function.isDecorated("property")
          ? .property : function.isDecorated("staticmethod") ? .none : .receiver
        // `@size.setter` defines the same property once more.
        if function.decorators.contains(where: { $0.isPropertyPart }) { continue }
        bound.members.append(member)
        if member.text == "__init__" { bound.signature = withoutFirst(function.parameters) }
        if member.binding == .receiver { methods.append(function) }
      case .assign(let targets, let value):
        for case .name(let text) in targets.map(\.form) {
          bound.members.append(BoundName(text, .variable, statement.span, value: value.path))
        }
      case .annotate(let target, let annotation, let value, _):
        guard case .name(let text) = target.form else { continue }
        let path = value?.path ?? annotation.path?.appending(.call)
        bound.members.append(BoundName(text, .variable, statement.span, value: path))
      default: continue
      }
    }
    let known = Set(bound.members.map(\.text))
    bound.members =
      SelfAttributes(of: methods).names.filter { !known.contains($0.text) } + bound.members
    return bound
  }

  private func withoutFirst(_ parameters: [Parameter]) -> String {
    signature(of: Array(parameters.dropFirst()))
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
}

/// What methods assign to the object they are called on.
struct SelfAttributes {
  private(set) var names: [BoundName] = []
  private var receiver = ""

  init(of methods: [Function]) {
    for method in methods {
      guard let first = method.parameters.first, case .block(let body) = method.body else {
        continue
      }
      receiver = first.name.text
      collect(body)
    }
  }

  private mutating func collect(_ statements: [Statement]) {
    for statement in statements {
      switch statement.form {
      case .assign(let targets, let value): for target in targets { bind(target, value.path) }
      case .annotate(let target, let annotation, let value, _):
        bind(target, value?.path ?? annotation.path?.appending(.call))
      case .if(let branches, let otherwise):
        for branch in branches { collect(branch.body) }
        collect(otherwise)
      case .while(_, let body, let otherwise):
        collect(body)
        collect(otherwise)
      case .for(let target, _, let body, let otherwise):
        bind(target, nil)
        collect(body)
        collect(otherwise)
      case .try(let statement):
        collect(statement.body)
        for handler in statement.handlers { collect(handler.body) }
        collect(statement.otherwise)
        collect(statement.finally)
      case .with(_, let body): collect(body)
      default: break
      }
    }
  }

  private mutating func bind(_ target: Expression, _ value: Path?) {
    switch target.form {
    case .attribute(let base, let name):
      guard case .name(receiver) = base.form, !names.contains(where: { $0.text == name.text })
      else { return }
      names.append(BoundName(name.text, .variable, name.span, value: value))
    case .tuple(let items), .list(let items): for item in items { bind(item, nil) }
    case .starred(let inner): bind(inner, nil)
    default: break
    }
  }
}

/// The names of a loop, with what they are bound to first.
struct LoopTargets {
  private(set) var names: [BoundName] = []

  init(_ target: Expression, over iterable: Expression) {
    bind(target, LoopTargets.values(of: iterable), iterable.path?.appending(.element))
  }

  private mutating func bind(_ target: Expression, _ values: [Path?], _ whole: Path?) {
    switch target.form {
    case .name(let name): names.append(BoundName(name, .variable, target.span, value: whole))
    case .tuple(let items), .list(let items):
      for (index, item) in items.enumerated() {
        bind(item, [], values.indices.contains(index) ? values[index] : nil)
      }
    case .starred(let inner): bind(inner, [], Path(.literal("list")))
    default: break
    }
  }

  /// What `enumerate`, `zip` and `items` give side by side.
  private static func values(of iterable: Expression) -> [Path?] {
    guard case .call(let function, let arguments) = iterable.form else { return [] }
    switch function.form {
    case .name("enumerate"):
      return [Path(.literal("int")), arguments.first?.value.path?.appending(.element)]
    case .name("zip"): return arguments.map { $0.value.path?.appending(.element) }
    case .attribute(let base, let name) where name.text == "items":
      return [base.path?.appending(.element)]
    default: return []
    }
  }
}

extension Function {
  func isDecorated(_ name: String) -> Bool {
    decorators.contains { decorator in
      if case .name(name) = decorator.form { true } else { false }
    }
  }
}

extension Expression {
  /// `size.setter` or `size.deleter`.
  fileprivate var isPropertyPart: Bool {
    guard case .attribute(_, let name) = form else { return false }
    return ["setter", "deleter", "getter"].contains(name.text)
  }

  /// What the expression is, as far as names, literals and calls tell.
  var path: Path? { path(depth: 0) }

  private func path(depth: Int) -> Path? {
    guard depth < 64 else { return nil }
    func inner(_ expression: Expression) -> Path? { expression.path(depth: depth + 1) }
    switch form {
    case .name(let name): return Path(.name(name))
    case .string, .format: return Path(.literal("str"))
    case .integer, .bigInteger: return Path(.literal("int"))
    case .float: return Path(.literal("float"))
    case .true, .false, .comparison: return Path(.literal("bool"))
    case .list: return Path(.literal("list"))
    case .tuple: return Path(.literal("tuple"))
    case .set: return Path(.literal("set"))
    case .dictionary: return Path(.literal("dict"))
    case .comprehension(let comprehension):
      switch comprehension.kind {
      case .list: return Path(.literal("list"))
      case .set: return Path(.literal("set"))
      case .dictionary: return Path(.literal("dict"))
      case .generator: return nil
      }
    case .attribute(let base, let name): return inner(base)?.appending(.attribute(name.text))
    case .call(let function, _): return inner(function)?.appending(.call)
    case .element(let base, let index): return inner(base).flatMap { index.indexed($0) }
    case .binary(let first, let steps):
      // Text stays text, and a list a list; numbers may change their type.
      guard let path = inner(first), path.steps.isEmpty, case .literal(let type) = path.root else {
        return nil
      }
      return ["str", "list", "tuple"].contains(type)
        && steps.allSatisfy { [.add, .multiply, .modulo].contains($0.operator) }
        ? Path(.literal(type)) : nil
    case .unary(.not, _): return Path(.literal("bool"))
    case .unary(.minus, let operand): return inner(operand)
    case .conditional(_, let then, let otherwise): return inner(then) ?? inner(otherwise)
    case .boolean(_, let operands): return operands.lazy.compactMap { inner($0) }.first
    case .named(_, let value): return inner(value)
    default: return nil
    }
  }

  /// An element of what stands at a path, this being its index.
  private func indexed(_ base: Path) -> Path? {
    switch form {
    case .integer(let index): base.appending(.index(index))
    case .unary(.minus, let operand):
      if case .integer(let index) = operand.form { base.appending(.index(-index)) } else { nil }
    case .string(let key): base.appending(.key(key))
    // A part of a sequence is a sequence of its kind.
    case .slice: base
    default: nil
    }
  }
}

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
  /// Where it is bound.
  public let span: SourceSpan
  /// For a function, its parameters as written: `(x, rate=0.1)`.
  public internal(set) var signature: String?
  /// For `name = Thing(…)` or `name = other`, what it was last bound to.
  public internal(set) var value: Path?
  /// Whether it belongs to a function or class around the cursor, so that no name of the session
  /// is meant.
  public internal(set) var isLocal = false
  /// The string a function or class starts with.
  public internal(set) var documentation: String?
  /// For a function, what its annotation says that it returns.
  public internal(set) var returns: Path?
  /// The same as it is written.
  public internal(set) var returnsText: String?
  /// For a class, what it derives from.
  public internal(set) var base: Path?
  /// For a class, its methods and attributes, those assigned to `self` included.
  public internal(set) var members: [BoundName] = []
  /// In a class, how a method is called.
  public internal(set) var binding = Binding.none

  /// What a member of a class receives before its arguments.
  public enum Binding: Hashable, Sendable {
    /// Nothing: a static method, or no method at all.
    case none
    /// The object, or the class.
    case receiver
    /// It is read like an attribute.
    case property
  }

  init(
    _ text: String, _ kind: Kind, _ span: SourceSpan, signature: String? = nil, value: Path? = nil
  ) {
    self.text = text
    self.kind = kind
    self.span = span
    self.signature = signature
    self.value = value
  }
}

/// Collects the names that are visible at a place in a text.
struct BoundNames {
  private struct Scope {
    var names: [BoundName] = []
    let isClass: Bool
  }

  let source: Source
  private let cursor: Int
  /// Names of the scopes around the cursor, outermost first.
  private var scopes = [Scope(isClass: false)]

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
    let window = TokenWindow(marked, lexer.tokens, end: marked.bytes.count)
    names.scan(window)
    names.scanOn(source, open: window.open.count)
    var all = names.visible
    if all.contains(where: { $0.kind == .class }) {
      // The text behind the cursor says more about a class that is being written.
      let whole = classes(in: source, around: cursor)
      for index in all.indices where all[index].kind == .class {
        for member in whole[all[index].text]?.members ?? []
        where !all[index].members.contains(where: { $0.text == member.text }) {
          all[index].members.append(member)
        }
      }
    }
    return all
  }

  /// The classes of the whole text, whatever stands in the line of the cursor.
  private static func classes(in source: Source, around cursor: Int) -> [String: BoundName] {
    let line = source.span(ofLine: source.line(at: cursor))
    let text = source.text(of: line)
    let space = text.prefix { $0 == " " || $0 == "\t" }
    let stands = text.hasSuffix(":") ? "if _:" : "pass"
    let marked = Source(
      source.text(of: SourceSpan(0, line.start)) + space + stands
        + source.text(of: SourceSpan(line.end, source.bytes.count)), name: "")
    var lexer = Lexer(marked, skippingMagics: true)
    lexer.run()
    var parser = Parser(lexer)
    var names = BoundNames(source: marked, cursor: Int.max)
    names.collect(parser.statements())
    return Dictionary(
      names.visible.filter { $0.kind == .class }.map { ($0.text, $0) },
      uniquingKeysWith: { first, _ in first })
  }

  private init(source: Source, cursor: Int) {
    self.source = source
    self.cursor = cursor
  }

  private var visible: [BoundName] {
    var seen: Set<String> = []
    var all: [BoundName] = []
    for (depth, scope) in scopes.enumerated().reversed() {
      // The body of a class sees its names, its methods do not.
      if scope.isClass, depth < scopes.count - 1 { continue }
      for var name in scope.names.reversed() where seen.insert(name.text).inserted {
        name.isLocal = depth > 0
        all.append(name)
      }
    }
    return all
  }

  private mutating func add(_ name: BoundName) {
    guard name.text != "_" else { return }
    scopes[scopes.count - 1].names.append(name)
  }

  private mutating func add(
    _ name: Identifier, _ kind: BoundName.Kind = .variable, value: Path? = nil
  ) {
    add(BoundName(name.text, kind, name.span, value: value))
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
        add(module.bound, .module(module.alias == nil ? module.bound.text : module.dotted))
      }
    case .importFrom(let fromImport):
      for member in fromImport.members ?? [] {
        add(member.bound, .member(of: fromImport.dotted, name: member.name.text))
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
    case .for(let target, let iterable, let body, let otherwise):
      for bound in LoopTargets(target, over: iterable).names { add(bound) }
      collect(body)
      collect(otherwise)
    case .try(let statement):
      collect(statement.body)
      for handler in statement.handlers {
        if let name = handler.name {
          add(name, value: handler.type?.path?.appending(.call))
        }
        collect(handler.body)
      }
      collect(statement.otherwise)
      collect(statement.finally)
    case .with(let items, let body):
      for item in items { if let target = item.target { bind(target, item.context) } }
      collect(body)
    case .function(let function): collect(function, statement.span)
    case .class(let definition):
      add(ClassNames(source).name(of: definition))
      if statement.span.end > cursor {
        scopes.append(Scope(isClass: true))
        collect(definition.body, of: definition)
      }
    default: break
    }
  }

  private mutating func collect(_ body: [Statement], of definition: ClassDefinition) {
    for statement in body {
      guard case .function(let function) = statement.form else {
        collect(statement)
        continue
      }
      collect(function, statement.span, in: definition)
    }
  }

  private mutating func collectAssignment(_ statement: Statement) {
    switch statement.form {
    case .assign(let targets, let value):
      for target in targets { bind(target, value) }
      named(in: value)
    case .augment(let target, _, _):
      // `total += 1` leaves a number a number.
      if case .name(let name) = target.form {
        let value = scopes.reversed().lazy.compactMap { scope in
          scope.names.last { $0.text == name }
        }.first?.value
        add(BoundName(name, .variable, target.span, value: value))
      }
    case .annotate(let target, let annotation, let value, _):
      guard case .name(let name) = target.form else { return }
      let path = value?.path ?? annotation.path?.appending(.call)
      add(BoundName(name, .variable, target.span, value: path))
    default: break
    }
  }

  private mutating func collect(
    _ function: Function, _ span: SourceSpan, in definition: ClassDefinition? = nil
  ) {
    if let name = ClassNames(source).name(of: function) { add(name) }
    guard span.end > cursor, case .block(let body) = function.body else { return }
    // The class around a method is not among the scopes that the method sees.
    scopes.append(Scope(isClass: false))
    for (index, parameter) in function.parameters.enumerated() {
      var value = parameter.annotation?.path?.appending(.call) ?? parameter.default?.path
      switch parameter.kind {
      case .rest: value = Path(.literal("tuple"))
      case .restNamed: value = Path(.literal("dict"))
      default: break
      }
      if let definition, index == 0, !function.isDecorated("staticmethod") {
        let path = Path(.name(definition.name.text))
        value = function.isDecorated("classmethod") ? path : path.appending(.call)
      }
      add(parameter.name, .parameter, value: value)
    }
    collect(body)
  }

  private mutating func bind(_ target: Expression, _ value: Expression?) {
    switch target.form {
    case .name(let name): add(BoundName(name, .variable, target.span, value: value?.path))
    case .tuple(let items), .list(let items):
      // `a, b = 1, "x"` says what each of them is.
      var parts: [Expression]?
      switch value?.form {
      case .tuple(let all)?, .list(let all)?: parts = all.count == items.count ? all : nil
      default: break
      }
      for (index, item) in items.enumerated() { bind(item, parts?[index]) }
    case .starred(let inner):
      if case .name(let name) = inner.form {
        add(BoundName(name, .variable, inner.span, value: Path(.literal("list"))))
      }
    default: break
    }
  }

  /// Walruses at the top of an expression or in its parentheses.
  private mutating func named(in expression: Expression) {
    switch expression.form {
    case .named(let name, let value): add(name, value: value.path)
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
      case .for: loop(window, &index)
      case .lambda:
        index += 1
        while index < end, window.kind(index) != .colon {
          let before = window.kind(index - 1)
          if window.kind(index) == .name,
            [.lambda, .comma, .star, .doubleStar].contains(before),
            window.tokens[index].start < cursor
          {
            add(BoundName(window.text(index), .parameter, window.tokens[index].span))
          }
          index += 1
        }
      case .colonEqual where window.kind(index - 1) == .name:
        add(BoundName(window.text(index - 1), .variable, window.tokens[index - 1].span))
      default: break
      }
      index += 1
    }
  }

  /// `for a, b in xs` from its first word on; leaves `index` at `in`.
  ///
  /// - Parameter isWhole: without `in` it is no loop.
  private mutating func loop(
    _ window: TokenWindow, _ index: inout Int, isWhole: Bool = false
  ) {
    let end = window.tokens.endIndex
    var targets: [Int] = []
    index += 1
    while index < end, window.kind(index) != .in, window.tokens[index].start < cursor {
      if window.kind(index) == .name { targets.append(index) }
      index += 1
    }
    guard !isWhole || window.kind(index) == .in else { return }
    let value = targets.count == 1 ? window.path(startingAt: index + 1)?.appending(.element) : nil
    for target in targets {
      add(BoundName(window.text(target), .variable, window.tokens[target].span, value: value))
    }
  }

  /// The loops of comprehensions that follow the cursor inside the brackets open there.
  private mutating func scanOn(_ source: Source, open: Int) {
    guard open > 0 else { return }
    let end = min(source.bytes.count, cursor + 2000)
    guard cursor < end else { return }
    var lexer = Lexer(hole: cursor..<end, of: source)
    lexer.run()
    let window = TokenWindow(source, lexer.tokens, end: end)
    var depth = 0
    var index = window.tokens.startIndex
    var rest = BoundNames(source: source, cursor: Int.max)
    while index < window.tokens.endIndex {
      switch window.kind(index) {
      case .leftParenthesis, .leftBracket, .leftBrace: depth += 1
      case .rightParenthesis, .rightBracket, .rightBrace:
        depth -= 1
        if depth <= -open { index = window.tokens.endIndex }
      case .for where depth <= 0: rest.loop(window, &index, isWhole: true)
      default: break
      }
      index += 1
    }
    for name in rest.scopes[0].names { add(name) }
  }
}

extension Definition {
  /// The function as its text says it, with annotations; nil: the text is no `def`.
  public var function: BoundName? {
    parsed.flatMap { function, source in ClassNames(source).name(of: function) }
  }

  /// What the function assigns to attributes of its first parameter.
  public var attributes: [BoundName] {
    parsed.map { function, _ in SelfAttributes(of: [function]).names } ?? []
  }

  private var parsed: (Function, Source)? {
    let source = Source(text, name: "")
    var lexer = Lexer(source)
    lexer.run()
    var parser = Parser(lexer)
    guard case .function(let function)? = parser.statements().first?.form else { return nil }
    return (function, source)
  }
}

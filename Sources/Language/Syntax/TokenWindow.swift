/// The tokens of a text up to a place in it, for services that look at text still being written.
struct TokenWindow {
  let source: Source
  /// Without the ends of blocks and text that the end of the window makes.
  let tokens: ArraySlice<Token>
  /// For every bracket its partner, where it has one.
  private let partners: [Int: Int]
  /// The brackets open at the end, outermost first.
  let open: [Int]

  init(_ source: Source, _ all: ContiguousArray<Token>, end: Int) {
    self.source = source
    var tokens = Array(all)[...]
    while let last = tokens.last,
      last.kind == .end || last.kind == .dedent || last.isEmptyLineEnd(end)
    {
      tokens.removeLast()
    }
    self.tokens = tokens
    var partners: [Int: Int] = [:]
    var open: [Int] = []
    for (index, token) in tokens.enumerated() {
      switch token.kind {
      case .leftParenthesis, .leftBracket, .leftBrace: open.append(index)
      case .rightParenthesis, .rightBracket, .rightBrace:
        guard let start = open.popLast() else { break }
        partners[index] = start
        partners[start] = index
      default: break
      }
    }
    self.partners = partners
    self.open = open
  }

  func kind(_ index: Int) -> Token.Kind? {
    tokens.indices.contains(index) ? tokens[index].kind : nil
  }

  func text(_ index: Int) -> String { source.text(of: tokens[index].span) }

  /// Whether an opening bracket continues an operand: a call or a subscript.
  func continuesOperand(_ bracket: Int) -> Bool {
    switch kind(bracket - 1) {
    case .name, .string, .formatString, .rightParenthesis, .rightBracket, .rightBrace: true
    default: false
    }
  }

  /// The path that ends with the token at `index`; nil when its value cannot be told from names.
  func path(endingAt index: Int) -> Path? {
    // The steps are met from the last to the first.
    var steps: [Path.Step] = []
    var index = index
    while true {
      switch kind(index) {
      case .name:
        guard kind(index - 1) == .dot else {
          return Path(.name(text(index)), steps.reversed())
        }
        steps.append(.attribute(text(index)))
        index -= 2
      case .string: return Path(.literal("str"), steps.reversed())
      case .formatString: return Path(.literal("str"), steps.reversed())
      case .number:
        let isFloat = text(index).utf8.contains(Byte.dot)
        return Path(.literal(isFloat ? "float" : "int"), steps.reversed())
      case .rightParenthesis:
        guard let start = partners[index] else { return nil }
        guard continuesOperand(start) else {
          return literal(inParentheses: start + 1..<index, steps.reversed())
        }
        steps.append(.call)
        index = start - 1
      case .rightBrace:
        guard let start = partners[index] else { return nil }
        let isDict = start + 1 == index || isDict(start + 1..<index)
        return Path(.literal(isDict ? "dict" : "set"), steps.reversed())
      case .rightBracket:
        guard let start = partners[index] else { return nil }
        guard continuesOperand(start) else { return Path(.literal("list"), steps.reversed()) }
        guard let step = literalIndex(start + 1..<index) else { return nil }
        steps.append(step)
        index = start - 1
      default: return nil
      }
    }
  }

  /// The path that starts with the token at `index`; nil when its value cannot be told from names.
  func path(startingAt first: Int) -> Path? { path(from: first)?.path }

  /// The path, and the index of the first token behind it.
  private func path(from first: Int) -> (path: Path, end: Int)? {
    var path: Path?
    switch kind(first) {
    case .name: path = Path(.name(text(first)))
    case .string, .formatString: path = Path(.literal("str"))
    case .leftBracket:
      guard let partner = partners[first] else { return nil }
      return (Path(.literal("list")), partner + 1)
    default: return nil
    }
    var index = first + 1
    while true {
      switch kind(index) {
      case .dot where kind(index + 1) == .name:
        path = path?.appending(.attribute(text(index + 1)))
        index += 2
      case .leftParenthesis:
        guard let partner = partners[index] else { return nil }
        path = path?.appending(.call)
        index = partner + 1
      case .leftBracket:
        guard let partner = partners[index], let step = literalIndex(index + 1..<partner) else {
          return nil
        }
        path = path?.appending(step)
        index = partner + 1
      default: return path.map { ($0, index) }
      }
    }
  }

  /// `(a)`, `("text")` or `(1, 2)`.
  private func literal(inParentheses range: Range<Int>, _ steps: [Path.Step]) -> Path? {
    var index = range.lowerBound
    while index < range.upperBound {
      if kind(index) == .comma { return Path(.literal("tuple"), steps) }
      index = (partners[index] ?? index) + 1
    }
    guard let (inner, end) = path(from: range.lowerBound), end == range.upperBound else {
      return nil
    }
    return Path(inner.root, inner.steps + steps)
  }

  /// Whether a colon stands between these braces, outside other brackets.
  private func isDict(_ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound {
      if kind(index) == .colon || kind(index) == .doubleStar { return true }
      if kind(index) == .lambda { return false }
      index = max(index, partners[index] ?? index) + 1
    }
    return false
  }

  /// `[3]`, `[-1]` or `["key"]`.
  private func literalIndex(_ range: Range<Int>) -> Path.Step? {
    let isNegative = kind(range.lowerBound) == .minus
    let first = range.lowerBound + (isNegative ? 1 : 0)
    guard first + 1 == range.upperBound else { return nil }
    switch kind(first) {
    case .number: return Int(text(first)).map { .index(isNegative ? -$0 : $0) }
    case .string where !isNegative: return .key(String(text(first).dropFirst().dropLast()))
    default: return nil
    }
  }

  /// The call whose parentheses are open at the end, looking out through other brackets if wanted.
  func call(throughBrackets: Bool) -> CallContext? {
    for bracket in open.reversed() {
      if kind(bracket) == .leftParenthesis, continuesOperand(bracket) {
        return callContext(bracket)
      }
      guard throughBrackets else { return nil }
    }
    return nil
  }

  private func callContext(_ bracket: Int) -> CallContext {
    var context = CallContext(
      function: path(endingAt: bracket - 1), position: 0, keyword: nil, given: [],
      isDefinition: kind(bracket - 2) == .def || kind(bracket - 2) == .class)
    var index = bracket + 1
    var isNamed = false
    while index < tokens.endIndex {
      if let partner = partners[index], partner > index {
        index = partner + 1
        continue
      }
      switch tokens[index].kind {
      case .comma where !open.contains(where: { $0 > bracket && $0 < index }):
        if let keyword = context.keyword { context.given.append(keyword) }
        context.keyword = nil
        if !isNamed { context.position += 1 }
        isNamed = false
      case .equal where index == argumentStart(before: index, after: bracket) + 1:
        if kind(index - 1) == .name, !open.contains(where: { $0 > bracket && $0 < index }) {
          context.keyword = text(index - 1)
          isNamed = true
        }
      default: break
      }
      index += 1
    }
    return context
  }

  /// The first token of the argument that holds the token before `index`.
  private func argumentStart(before index: Int, after bracket: Int) -> Int {
    guard index - 2 > bracket else { return bracket + 1 }
    return kind(index - 2) == .comma ? index - 1 : index
  }

  /// Whether the end stands in the head of a clause that begins with this word.
  func isClause(_ word: Token.Kind) -> Bool {
    let start = statementStart
    guard kind(start) == word else { return false }
    return !tokens[start...].contains { $0.kind == .colon || $0.kind == .as }
  }

  /// The first token of the statement at the end.
  var statementStart: Int {
    var index = tokens.endIndex
    while index > tokens.startIndex {
      switch tokens[index - 1].kind {
      case .newline, .indent, .dedent: return index
      case .semicolon where open.isEmpty: return index
      default: index -= 1
      }
    }
    return index
  }
}

extension Token {
  /// Whether it is the newline that the end of a window adds.
  fileprivate func isEmptyLineEnd(_ end: Int) -> Bool { kind == .newline && start == end }
}

/// A value named by names, attributes and literal indices, such as `model.layers[0].units`.
public struct Path: Hashable, Sendable {
  public enum Root: Hashable, Sendable {
    case name(String)
    /// A literal, by its type: `str`, `list`, `int`, `float`.
    case literal(String)
  }

  public enum Step: Hashable, Sendable {
    case attribute(String)
    case index(Int)
    case key(String)
    /// What a loop over it gives.
    case element
    /// What calling it gives.
    case call
  }

  public let root: Root
  public let steps: [Step]

  public init(_ root: Root, _ steps: [Step] = []) {
    self.root = root
    self.steps = steps
  }

  /// The path with one step more; nil for paths too long to be looked up.
  public func appending(_ step: Step) -> Path? {
    steps.count < 64 ? Path(root, steps + [step]) : nil
  }

  /// `a.b.c` when it is made of names and attributes only.
  public var dotted: String? {
    guard case .name(var text) = root else { return nil }
    for step in steps {
      guard case .attribute(let name) = step else { return nil }
      text += "." + name
    }
    return text
  }
}

/// A call whose parentheses are open.
public struct CallContext: Hashable, Sendable {
  /// What is called; nil when it cannot be told from names.
  public var function: Path?
  /// How many positional arguments stand before the one at the cursor.
  public var position: Int
  /// The name the argument at the cursor is passed by.
  public var keyword: String?
  /// Names of arguments already given.
  public var given: [String]
  /// Whether the parentheses are those of a `def` or `class` line.
  public var isDefinition: Bool
}

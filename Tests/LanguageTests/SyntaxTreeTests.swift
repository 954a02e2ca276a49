import Language
import Testing

/// The expression a text consists of.
private func expression(_ text: String) throws -> (Expression, Source) {
  let source = Source(text, name: "test")
  let tree = try Tree.parse(source).checked()
  guard case .expression(let value)? = tree.body.first?.form else {
    Issue.record("no expression: \(text)")
    return (Expression(.invalid, SourceSpan(0, 0)), source)
  }
  return (value, source)
}

/// An expression with every operation in parentheses.
private func grouped(_ value: Expression) -> String {
  switch value.form {
  case .none: "None"
  case .true: "True"
  case .false: "False"
  case .ellipsis: "..."
  case .name(let name): name
  case .integer(let number): String(number)
  case .bigInteger(let digits, let radix): "\(digits)_\(radix)"
  case .float(let number): "\(number)"
  case .string(let text): text.debugDescription
  case .tuple(let items): "(" + items.map { grouped($0) + "," }.joined() + ")"
  case .list(let items): "[" + items.map(grouped).joined(separator: ",") + "]"
  case .set(let items): "{" + items.map(grouped).joined(separator: ",") + "}"
  case .attribute(let base, let name): grouped(base) + "." + name.text
  case .element(let base, let index): grouped(base) + "[" + grouped(index) + "]"
  case .slice(let lower, let upper, let step):
    [lower, upper, step].map { $0.map(grouped) ?? "" }.joined(separator: ":")
  case .call(let function, let arguments):
    grouped(function) + "(" + arguments.map { grouped($0.value) }.joined(separator: ",") + ")"
  case .unary(let op, let operand): "(\(op.rawValue) \(grouped(operand)))"
  case .binary(let first, let steps):
    steps.reduce(grouped(first)) { "(\($0)\($1.operator.rawValue)\(grouped($1.operand)))" }
  case .comparison(let first, let steps):
    "(" + grouped(first)
      + steps.map { " \($0.operator.rawValue) \(grouped($0.operand))" }.joined() + ")"
  case .boolean(let op, let operands):
    "(" + operands.map(grouped).joined(separator: " \(op.rawValue) ") + ")"
  case .conditional(let condition, let value, let otherwise):
    "(\(grouped(value)) if \(grouped(condition)) else \(grouped(otherwise)))"
  case .named(let name, let value): "(\(name.text):=\(grouped(value)))"
  case .starred(let value): "*" + grouped(value)
  default: "?"
  }
}

@Suite struct SyntaxTreeTests {
  @Test(arguments: [
    ("a + b * c - d", "((a+(b*c))-d)"),
    ("a - b - c", "((a-b)-c)"),
    ("a ** b ** c", "(a**(b**c))"),
    ("-a ** -b", "(- (a**(- b)))"),
    ("not a == b", "(not (a == b))"),
    ("a < b <= c is not d not in e", "(a < b <= c is not d not in e)"),
    ("(a < b) < c", "((a < b) < c)"),
    ("a or b and not c or d", "(a or (b and (not c)) or d)"),
    ("a | b ^ c & d << e + f * g", "(a|(b^(c&(d<<(e+(f*g))))))"),
    ("a if b else c if d else e", "(a if b else (c if d else e))"),
    ("a.b(c)[d:e, ::f].g", "a.b(c)[(d:e:,::f,)].g"),
    ("a[*b]", "a[(*b,)]"),
    ("(a)", "a"), ("(a,)", "(a,)"), ("()", "()"), ("a, *b", "(a,*b,)"),
    ("(x := 1) + 2", "((x:=1)+2)"),
    ("1_000 + 0xff + 0o17 + 0b11", "(((1000+255)+15)+3)"),
    ("9223372036854775807, 9223372036854775808", "(9223372036854775807,9223372036854775808_10,)"),
    ("0xFFFF_FFFF_FFFF_FFFFF", "FFFFFFFFFFFFFFFFF_16"),
    ("1., .5, 1e3, 1_0.5e-1_0", "(1.0,0.5,1000.0,1.05e-09,)"),
    (#"'a' "b" '''c''' r'\d'"#, #""abc\\d""#),
    (#"'\x41\u00e9\N{BULLET}\101\n'"#, "\"Aé•A\\n\""),
  ])
  func `operators bind as in Python`(_ text: String, _ expected: String) throws {
    #expect(grouped(try expression(text).0) == expected)
  }

  @Test(arguments: [
    ("(a + b) * c", "(a + b) * c"), ("(a + b)", "a + b"), ("(a, b)", "(a, b)"),
    ("f(x)(y)", "f(x)(y)"), ("[é, 'ü'] + z", "[é, 'ü'] + z"), ("  ", ""),
  ])
  func `a span covers the expression without parentheses around it`(
    _ text: String, _ expected: String
  ) throws {
    guard !expected.isEmpty else { return }
    let (value, source) = try expression(text)
    #expect(source.text(of: value.span) == expected)
  }

  @Test func `every step of a chain knows what it marks`() throws {
    let (value, source) = try expression("a + (b) - c * d")
    guard case .binary(_, let steps) = value.form else { return #expect(Bool(false)) }
    #expect(steps.map { source.text(of: $0.span) } == ["a + (b)", "a + (b) - c * d"])
    #expect(steps.map { source.text(of: $0.operatorSpan) } == ["+", "-"])
  }

  @Test func `an f-string is cut into texts and holes`() throws {
    let (value, source) = try expression(#"'n: ' f"{{{a!r:>{w}.2f}}} {b = }{c=!s}\t""#)
    guard case .format(let parts) = value.form else { return #expect(Bool(false)) }
    func show(_ parts: [FormatPart]) -> String {
      parts.map { part in
        switch part {
        case .text(let text): text.debugDescription
        case .value(let hole):
          "<\(source.text(of: hole.expression.span)) \(hole.conversion.map { "\($0)" } ?? "-") "
            + (hole.format.map(show) ?? "-") + ">"
        }
      }.joined()
    }
    #expect(
      show(parts)
        == #""n: {"<a repr ">"<w - ->".2f">"} b = "<b repr ->"c="<c str ->"\t""#)
  }

  @Test func `parameters keep their kinds`() throws {
    let tree = try Tree.parse(
      Source("def f(a, b=1, /, c: int = 2, *d, e, **g) -> None: yield", name: "t")
    ).checked()
    guard case .function(let function)? = tree.body.first?.form else {
      return #expect(Bool(false))
    }
    #expect(
      function.parameters.map { "\($0.name.text) \($0.kind)" } == [
        "a positionalOnly", "b positionalOnly", "c positional", "d rest", "e keywordOnly",
        "g restNamed",
      ])
    #expect(function.isGenerator)
    #expect(tree.scopeCount == 2)
  }

  @Test func `elif chains are flat`() throws {
    let tree = try Tree.parse(
      Source("if a: b\nelif c: d\nelif e: f\nelse: g", name: "t")
    ).checked()
    guard case .if(let branches, let otherwise)? = tree.body.first?.form else {
      return #expect(Bool(false))
    }
    #expect(branches.count == 3)
    #expect(otherwise.count == 1)
  }

  @Test(arguments: [("a", false), ("a;", true), ("a; b", false), ("a;\n", true), ("a;\nb", false)])
  func `a semicolon at the end keeps a cell quiet`(_ text: String, _ isQuiet: Bool) {
    #expect(Tree.parse(Source(text, name: "t")).tree.endsQuietly == isQuiet)
  }

  @Test func `a broken line leaves the others in the tree`() {
    let tree = Tree.parse(
      Source("a = 1\nb = = 2\nif x\n    c = 3\nd = 4\ndef f(:\n    e = 5\ng = 6", name: "t")
    ).tree
    let kinds = tree.body.map { statement in
      switch statement.form {
      case .assign: "assign"
      case .if: "if"
      case .invalid: "invalid"
      default: "other"
      }
    }
    #expect(kinds == ["assign", "invalid", "if", "assign", "invalid"])
  }

  @Test func `positions are lines and code points`() {
    let source = Source("é = '😀'\r\nx\rü = 1\n", name: "t")
    #expect(source.lineCount == 4)
    #expect(source.text(ofLine: 1) == "é = '😀'")
    #expect(source.text(ofLine: 3) == "ü = 1")
    #expect(source.text(ofLine: 4) == "")
    #expect(source.text(ofLine: 9) == "")
    let position = source.position(at: source.offset(ofCodePoint: 6))
    #expect(position == Source.Position(line: 1, column: 6))
    #expect(source.offset(of: Source.Position(line: 3, column: 2)) == 18)
    #expect(source.offset(of: Source.Position(line: 3, column: 99)) == 21)
    #expect(source.codePoint(at: source.bytes.count) == 17)
  }

  @Test func `what CPython warns of is warned of`() {
    func warnings(_ text: String) -> [String] {
      Tree.parse(Source(text, name: "t")).warnings.map(\.message)
    }
    #expect(warnings("x is 1") == ["\"is\" with a literal. Did you mean \"==\"?"])
    #expect(warnings("x is not 'a'") == ["\"is not\" with a literal. Did you mean \"!=\"?"])
    #expect(warnings("x is None") == [])
    #expect(
      warnings("assert (x, 'no')") == ["assertion is always true, perhaps remove parentheses?"])
    #expect(
      warnings("[1, 2](3)")
        == ["'list' object is not callable; perhaps you missed a comma?"])
    #expect(
      warnings("[1, 2][3, 4]")
        == [
          "list indices must be integers or slices, not tuple; perhaps you missed a comma?"
        ])
  }
}

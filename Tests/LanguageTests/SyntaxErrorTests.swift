import Catalog
import Language
import Testing

/// The report of a cell's first error.
private func report(_ text: String) -> String {
  let source = Source(cell: text, executionCount: 7)
  guard let error = Tree.parse(source).errors.first else { return "no error" }
  return error.failure(in: source).report().joined(separator: "\n")
}

@Suite struct SyntaxErrorTests {
  static let reports: [(String, String)] = [
    (
      "print(“hi”)",
      """
      Cell [7], line 1, column 7
        1 | print(“hi”)
          |       ^
      SyntaxError [L001]: invalid character '“' (U+201C)
        help: type a straight " instead
      """
    ),
    (
      "x\u{A0}= 1",
      """
      Cell [7], line 1, column 2
        1 | x\u{A0}= 1
          |  ^
      SyntaxError [L001]: invalid non-printable character U+00A0
        help: it looks like a space; type a space instead
      """
    ),
    (
      "total = sum([1, 2, 3]\nprint(total)",
      """
      Cell [7], line 1, column 12
        1 | total = sum([1, 2, 3]
          |            ^
      SyntaxError [L002]: '(' was never closed
        help: write the closing ')'
      """
    ),
    (
      "x = 'it\nprint(x)",
      """
      Cell [7], line 1, column 5
        1 | x = 'it
          |     ^
      SyntaxError [L002]: unterminated string literal (detected at line 1)
        help: write the closing '
      """
    ),
    (
      "x = 'don't'",
      """
      Cell [7], line 1, column 11
        1 | x = 'don't'
          |           ^
      SyntaxError [L002]: unterminated string literal (detected at line 1)
        help: a ' inside the text ended the string; put the text in "…"
      """
    ),
    (
      "x = [1, 2)",
      """
      Cell [7], line 1, column 10
        1 | x = [1, 2)
          |          ^
      SyntaxError [L002]: closing parenthesis ')' does not match opening parenthesis '['
        note: '[' was opened on line 1, column 5
        help: close with what was opened: write ']'
      """
    ),
    (
      "for i in range(3)\n    print(i)",
      """
      Cell [7], line 1, column 18
        1 | for i in range(3)
          |                  ^
      SyntaxError [L003]: expected ':'
        help: write ':' at the end of the line
      """
    ),
    (
      "if x = 3:\n    pass",
      """
      Cell [7], line 1, column 4
        1 | if x = 3:
          |    ^^^^^
      SyntaxError [L004]: invalid syntax. Maybe you meant '==' or ':=' instead of '='?
        help: use == to compare
      """
    ),
    (
      "while f(x) = 3: pass",
      """
      Cell [7], line 1, column 7
        1 | while f(x) = 3: pass
          |       ^^^^
      SyntaxError [L004]: cannot assign to function call here. Maybe you meant '==' instead of '='?
        help: use == to compare
      """
    ),
    (
      "x = 1\n  y = 2",
      """
      Cell [7], line 2, column 3
        2 |   y = 2
          |   ^
      IndentationError [L005]: unexpected indent
        help: only the block of a line that ends with ':' is indented; line this up with the line above
      """
    ),
    (
      "def f(x):\nreturn x",
      """
      Cell [7], line 2, column 1
        2 | return x
          | ^^^^^^
      IndentationError [L005]: expected an indented block after function definition on line 1
        note: line 1, column 1: def f(x):
        help: indent the lines that belong to it, or write pass
      """
    ),
    (
      "if x:\n    a\n  b",
      """
      Cell [7], line 3, column 1
        3 |   b
          | ^^
      IndentationError [L005]: unindent does not match any outer indentation level
        note: this line starts after 2 columns; the blocks around it after 0
        help: line it up with a block above
      """
    ),
    (
      "if x:\n        a\n\tb",
      """
      Cell [7], line 3, column 1
        3 | \tb
          | ^
      TabError [L005]: inconsistent use of tabs and spaces in indentation
        help: use spaces only
      """
    ),
    (
      "fro i in range(3):\n    pass",
      """
      Cell [7], line 1, column 1
        1 | fro i in range(3):
          | ^^^
      SyntaxError [L006]: invalid syntax
        help: did you mean 'for'?
      """
    ),
    (
      "if x:\n    pass\nesle:\n    pass",
      """
      Cell [7], line 3, column 1
        3 | esle:
          | ^^^^
      SyntaxError [L006]: invalid syntax
        help: did you mean 'else'?
      """
    ),
    (
      "async def f():\n    pass",
      """
      Cell [7], line 1, column 1
        1 | async def f():
          | ^^^^^
      SyntaxError [L007]: 'async' is not part of Gradus
        help: write it without async; training and sorting already use what the machine has
      """
    ),
    (
      "match x:\n    case 1: pass",
      """
      Cell [7], line 1, column 1
        1 | match x:
          | ^^^^^
      SyntaxError [L007]: 'match' is not part of Gradus
        help: write if … elif …, or look the value up in a dict
      """
    ),
    (
      "x = b'abc'",
      """
      Cell [7], line 1, column 5
        1 | x = b'abc'
          |     ^^^^^^
      SyntaxError [L007]: bytes literals are not part of Gradus
        help: write a string without b
      """
    ),
    (
      "i++",
      """
      Cell [7], line 1, column 2
        1 | i++
          |  ^^
      SyntaxError [L008]: invalid syntax
        help: write i += 1
      """
    ),
    (
      "if a && b: pass",
      """
      Cell [7], line 1, column 7
        1 | if a && b: pass
          |       ^
      SyntaxError [L008]: invalid syntax
        help: write 'and'
      """
    ),
    (
      "let x = 1",
      """
      Cell [7], line 1, column 1
        1 | let x = 1
          | ^^^
      SyntaxError [L008]: invalid syntax
        help: write only: name = value
      """
    ),
    (
      "if (x > 1) {\n    y = 2\n}",
      """
      Cell [7], line 1, column 12
        1 | if (x > 1) {
          |            ^
      SyntaxError [L008]: invalid syntax
        help: end the line with ':' and indent the block; no braces
      """
    ),
    (
      "print x",
      """
      Cell [7], line 1, column 1
        1 | print x
          | ^^^^^^^
      SyntaxError [L009]: Missing parentheses in call to 'print'. Did you mean print(...)?
        help: call it: print(x)
      """
    ),
    (
      "y = range 3",
      """
      Cell [7], line 1, column 11
        1 | y = range 3
          |           ^
      SyntaxError [L009]: invalid syntax
        help: call it: range(3)
      """
    ),
    (
      String(repeating: "(", count: 201),
      """
      Cell [7], line 1, column 201
        1 | \(String(repeating: "(", count: 201))
          | \(String(repeating: " ", count: 200))^
      SyntaxError [L010]: too many nested parentheses
        help: at most 200 open brackets; name inner values first
      """
    ),
    (
      "f\"{d[\"a\"]}\"",
      """
      Cell [7], line 1, column 6
        1 | f"{d["a"]}"
          |      ^
      SyntaxError: f-string: unmatched '['
        help: quotes inside the braces must differ from those around the string (the same ones \
      work in Python 3.12, not here)
      """
    ),
  ]

  @Test(arguments: reports)
  func `a report says where, what and what to do`(_ text: String, _ expected: String) {
    #expect(report(text) == expected)
  }

  @Test(arguments: [
    ("else if x:\n    pass", "write elif"),
    ("x ? 1 : 2", "for a choice write: a if condition else b"),
    ("a || b", "write 'or'"), ("!a", "write 'not x'; for \"not equal\" write !="),
    ("a === b", "write =="), ("a <> b", "write !="), ("function f() {}", "write def name(…):"),
    ("// a", "comments begin with #"), ("whle x:\n  pass", "did you mean 'while'?"),
    ("retrun x", "did you mean 'return'?"), ("improt math", "did you mean 'import'?"),
    ("dfe f():\n  pass", "did you mean 'def'?"), ("throw x", "write raise"),
    ("return 1", "a cell shows the value of its last line; write only the expression"),
    ("x = 3apples", "a name cannot begin with a digit; for a product write *"),
    ("print “a”", "type a straight \" instead"), ("x = 5 − 3", "type - instead"),
    ("class A(B, C): pass", "derive from one class and keep the other as an attribute"),
    ("x = (1, 2", "write the closing ')'"), ("f(a b)", "separate the two with a comma"),
    ("elif x: pass", "there is no block above at this indentation that it belongs to"),
  ])
  func `beginners' mistakes get advice`(_ text: String, _ help: String) {
    #expect(Tree.parse(Source(text, name: "t")).errors.first?.help == help)
  }
}

import Language
import Testing

/// Random numbers that are the same in every run.
private struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A text whose cursor is written as `|`.
private func cursor(_ text: String) -> (text: String, cursor: Int) {
  let scalars = Array(text.unicodeScalars)
  guard let index = scalars.lastIndex(of: "|") else { return (text, scalars.count) }
  return (String(String.UnicodeScalarView(scalars[..<index] + scalars[(index + 1)...])), index)
}

private func show(_ path: Path?) -> String {
  guard let path else { return "?" }
  var text =
    switch path.root {
    case .name(let name): name
    case .literal(let type): "<\(type)>"
    }
  for step in path.steps {
    switch step {
    case .attribute(let name): text += "." + name
    case .index(let index): text += "[\(index)]"
    case .key(let key): text += "[\(key.debugDescription)]"
    case .element: text += "[*]"
    case .call: text += "()"
    }
  }
  return text
}

private func show(_ call: CallContext?) -> String {
  guard let call else { return "-" }
  let given = call.given.isEmpty ? "" : " given " + call.given.joined(separator: ",")
  return "\(show(call.function)) \(call.keyword ?? String(call.position))\(given)"
}

private func show(_ context: CursorContext) -> String {
  let subject =
    switch context.subject {
    case .name: "name"
    case .exception: "exception"
    case .attribute(let path): "attribute of \(show(path))"
    case .stringArgument(let call): "string of \(show(call))"
    case .key(let path, let quote): "key of \(show(path)) \(quote.map(String.init) ?? "-")"
    case .module(let path): "module after \(path.joined(separator: "."))"
    case .member(let path): "member of \(path.joined(separator: "."))"
    case .magic: "magic"
    case .format: "format"
    case .nothing: "nothing"
    }
  let call = context.call.map { " in " + show($0) } ?? ""
  return "\(subject) '\(context.prefix)'\(call)"
}

@Suite struct SyntaxServiceTests {
  // MARK: Completeness

  @Test(arguments: [
    "", "   ", "# a", "x = 1", "x = 1\n", "x; y;", "f(1)", "if x: pass\n", "if x:\n    y\n\n",
    "if x:\n    y\n    ", "def f():\n    return 1\n", "x = '''a\nb'''", "%time f(x)", "%who\nx = 1",
    "!ls it's", "?f", "for x in y:\n    if x:\n        z\n\n", "@f\ndef g(): pass\n\n",
    "try:\n    x\nexcept:\n    y\n\n", "x = [\n  1,\n]",
  ])
  func `is complete`(_ text: String) {
    #expect(Completeness(of: text) == .complete, "\(text.debugDescription)")
  }

  @Test(arguments: [
    ("if x:", "    "), ("if x:\n", "    "), ("if x:\n    y", "    "), ("if x: y", ""),
    ("def f():\n    return 1", ""), ("def f():\n    if x:\n        pass", "    "),
    ("for x in y:\n    if x:\n        break", "    "), ("while x:\n\ty", "\t"),
    ("while x:\n\tif y:", "\t\t"), ("if x:\n    y\nelse:", "    "), ("f(", "    "),
    ("if x:\n    f(a,\n", "        "), ("x = [1,", "    "), ("x = '''abc", ""),
    ("x = 1 + \\", "    "), ("x = 1 + \\\n", "    "), ("@f", ""), ("@f\n", ""),
    ("try:\n    x", "    "),
    ("try:\n    x\n", "    "), ("x = f'''{a}", ""), ("class A:\n    def f(self):", "        "),
    ("with (a as b,\n", "    "), ("with (a as b,", "    "), ("x = (lambda a", "    "),
    ("def f(a, *,", "    "), ("x = [a for f(b)", "    "), ("x = {'a':", "    "),
    ("f(a if b", "    "),
    ("if x == '''a", ""), ("f(a b", "    "),
  ])
  func `is incomplete`(_ text: String, _ indent: String) {
    guard text != "f(a b" else {
      #expect(Completeness(of: text) == .invalid)
      return
    }
    #expect(Completeness(of: text) == .incomplete(indent: indent), "\(text.debugDescription)")
  }

  @Test(arguments: [
    "x =", "= 1", "if x", "x = 'abc", "f(a b)", "x = )", "for x in", "if x:\ny", "x = 1\n  y",
    "(]", "x = “a”", "return 1", "break", "f(1, x for x in y)", "if x:\n    y\n  z", "0777",
    "class",
    "import", "x = 3 +", "f(a=1, 2)\n(", "async def f():",
  ])
  func `is invalid`(_ text: String) {
    #expect(Completeness(of: text) == .invalid, "\(text.debugDescription)")
  }

  /// One of everything.
  static let tour = #"""
    """A tour."""
    import math as m, json
    from a.b import (c as d,
                     e)
    @decorate(
        1)
    class A(B):
        x: int = 1
        def f(self, a, /, b=2,
              *args, c: int = 3, **kw) -> "x":
            """doc
            more"""
            def g():
                nonlocal a
                a = 2
                return a
            try:
                yield from g()
            except (X, Y) as error:
                raise Z("no") from error
            except W:
                pass
            else:
                del a, b[0]
            finally:
                print(f"{a!r:>{b}} {c = }",
                      end="")
            return lambda x, *y: (
                x +
                y)
    with open("a") as f, \
         open("b") as g:
        for i, (j, *k) in enumerate(
            [1, 2, 3]
        ):
            if i and not j or k:
                continue
            elif (n := len(k)) > 3: break
            else:
                x = {'a': 1, **k,
                     'b': [z for z in k
                           if z]}
        else:
            assert x, "no"
    with (open("c") as h,
          open("d")):
        pass
    while True:
        x[1:2, ...] @= y; z = 1
        a = b = c, *d = 1, 2 if x else 3, \
            4
        global_ = '''
    if :
    ''' "b" 'c'
        (e,
         f) = g
    print(x, y,
          *z, sep=''
          ).a.b[
              1]
    """# + "\n"

  @Test func `no beginning of a whole program at a line end is invalid`() {
    #expect(verdict(Self.tour) == "ok")
    let lines = Self.tour.split(separator: "\n", omittingEmptySubsequences: false)
    for count in lines.indices {
      let text = lines[..<count].joined(separator: "\n")
      #expect(Completeness(of: text) != .invalid, "\(text)")
      #expect(Completeness(of: text + "\n") != .invalid, "\(text)")
    }
    for program in SyntaxCorpus.shared.programs
    where program.expected == "ok" && program.here == nil {
      let lines = program.text.split(separator: "\n", omittingEmptySubsequences: false)
      for count in lines.indices {
        let text = lines[..<count].joined(separator: "\n")
        #expect(Completeness(of: text) != .invalid, "\(text.debugDescription)")
      }
    }
  }

  @Test(arguments: Oracle.programs())
  func `no beginning of a program of the corpus at a line end is invalid`(program: String) throws {
    let whole = try Oracle.text(program)
    guard Completeness(of: whole + "\n\n") == .complete else { return }
    let lines = whole.split(separator: "\n", omittingEmptySubsequences: false)
    for count in lines.indices {
      let text = lines[..<count].joined(separator: "\n")
      #expect(Completeness(of: text) != .invalid, "\(text)")
      #expect(Completeness(of: text + "\n") != .invalid, "\(text)")
    }
  }

  // MARK: Completion

  @Test(arguments: [
    ("pri|", "name 'pri'"), ("x = pri|nt", "name 'pri'"), ("|", "name ''"), ("x + |", "name ''"),
    ("model.fi|", "attribute of model 'fi'"), ("a.b.|", "attribute of a.b ''"),
    ("a[0].b[-1]['k'].|", "attribute of a[0].b[-1][\"k\"] ''"), ("f(x).|", "attribute of f() ''"),
    ("f(x)[i].|", "attribute of ? ''"), ("'a b'.up|", "attribute of <str> 'up'"),
    ("[1, 2].|", "attribute of <list> ''"), ("(a + b).|", "attribute of ? ''"),
    ("1.|", "nothing ''"),
    ("Dense(|", "name '' in Dense 0"), ("Dense(32, ac|", "name 'ac' in Dense 1"),
    ("Dense(32, activation=|", "name ''"),
    ("Dense(32, activation=\"re|", "string of Dense activation 're'"),
    ("Dense(units=3, activation='|", "string of Dense activation given units ''"),
    ("m.compile(metrics=['acc|", "string of m.compile metrics 'acc'"),
    ("f(1, [2, 3], g(4, 5), |", "name '' in f 3"), ("f(a, g(b|", "name 'b' in g 0"),
    ("f(a=1, b=(2, 3), |", "name '' in f 0 given a,b"), ("f(a + |", "name ''"),
    ("open('data/fi|", "string of open 0 'data/fi'"), ("d['ke|", "key of d ' 'ke'"),
    ("d.e[\"|", "key of d.e \" ''"), ("d[|", "key of d - ''"), ("[|", "name ''"),
    ("d[a|", "name 'a'"),
    ("import ma|", "module after  'ma'"),
    ("import tensorflow.ker|", "module after tensorflow 'ker'"),
    ("import a, b.|", "module after b ''"), ("from nu|", "module after  'nu'"),
    ("from a.b.|", "module after a.b ''"), ("from a |", "name ''"),
    ("from numpy import ar|", "member of numpy 'ar'"),
    ("from a.b import (c, |", "member of a.b ''"),
    ("import a as |", "nothing ''"), ("yield from x|", "name 'x'"), ("def f|", "nothing 'f'"),
    ("def f(a, b|", "nothing 'b'"), ("def f(a=b|", "name 'b'"), ("class A(B|", "name 'B'"),
    ("%ti|", "magic '%ti'"), ("x = 1\n%|", "magic '%'"), ("%time mod|", "name 'mod'"),
    ("%time a.b|", "attribute of a 'b'"), ("?a.b|", "attribute of a 'b'"), ("!ls |", "nothing ''"),
    ("x = 5 %ti|", "name 'ti'"), ("# com|", "nothing ''"), ("x = 'te|", "nothing 'te'"),
    ("f'{na|", "name 'na'"), ("f'{a.b|", "attribute of a 'b'"), ("f'{x:>|", "format '>'"),
    ("f'{f(a|", "name 'a' in f 0"), ("f'{{a|", "nothing '{{a'"), ("f'{a} b|", "nothing '{a} b'"),
    ("f('''a\nb|", "string of f 0 'a\nb'"), ("for i in ra|", "name 'ra'"),
    ("é = 1; é.x|", "attribute of é 'x'"), ("lambda x: x|", "name 'x'"), ("if|", "name 'if'"),
    ("x = (\n  a.b|\n)\ny", "attribute of a 'b'"), ("f(x)\n.g|", "attribute of ? 'g'"),
    ("except |", "exception ''"), ("try:\n  x\nexcept Va|", "exception 'Va'"),
    ("except (A, B|", "exception 'B'"), ("raise |", "exception ''"),
    ("raise A(|", "name '' in A 0"),
    ("{'a': 1}.|", "attribute of <dict> ''"), ("{1, 2}.|", "attribute of <set> ''"),
    ("(1, 2).|", "attribute of <tuple> ''"), ("('a').|", "attribute of <str> ''"),
    ("(a.b).|", "attribute of a.b ''"), ("(a + a).|", "attribute of ? ''"),
    ("d['a']['|", "key of d[\"a\"] ' ''"), ("d[1|", "key of d - '1'"),
    ("x[0].y[1|", "key of x[0].y - '1'"),
    ("plot(x, kind=\"li|\", y=2)\nz = \"", "string of plot kind 'li'"),
  ])
  func `a cursor stands in`(_ marked: String, _ expected: String) {
    let (text, position) = cursor(marked)
    #expect(show(CursorContext(text, cursor: position)) == expected, "\(marked)")
  }

  @Test func `what is replaced is counted in code points`() {
    let (text, position) = cursor("é = '😀'; é.up|per")
    let context = CursorContext(text, cursor: position)
    #expect(context.replaced == 11..<13)
    #expect(CursorContext("abc", cursor: 99).replaced == 0..<3)
    #expect(CursorContext("abc", cursor: -5).replaced == 0..<0)
  }

  @Test(arguments: [
    ("a = 1\nb, (c, *d) = x\nimport e.f, g as h\nfrom i import j as k\n|", "k h e d c b a"),
    ("def f(a, b=1):\n    c = 2\n    |", "c b a f"),
    ("def f(a, b=1):\n    c = 2\n|", "f"),
    ("def f(a):\n    c = 2\nd = 3\n|", "d f"),
    ("def f(a):\n    def g(b):\n        x = |\n        y = 2", "b g a f"),
    ("x = [i.|", ""), ("x = [y for y in z if |", "y"), ("f(lambda a, b=2: |", "b a"),
    ("for i in x:\n    with a as b:\n        |", "b i"), ("for i, j in |", "j i"),
    ("try:\n    a = 1\nexcept E as e:\n    |", "e a"), ("if (n := 3) > 2: |", "n"),
    ("class A:\n    x = 1\n    def f(self):\n        |", "self A"),
    ("a = 1\nb = = 2\nc = 3\n|", "c a"), ("a = 1\nx = f(|\nb = 2", "a"), ("%who\na = 1\n|", "a"),
    ("a = 1; b = |", "a"), ("class A:\n    x = 1\n    |", "x A"),
    ("[a.| for a in xs]", "a"), ("f([g(a|) for a, b in xs if b])", "b a"),
    ("{k: |v for k, v in d.items()}", "v k"), ("f(| for\nx = 1", ""), ("(x.|) for a in b", ""),
  ])
  func `names bound so far are seen from the cursor`(_ marked: String, _ expected: String) {
    let (text, position) = cursor(marked)
    let names = InspectionContext(text, cursor: position).names
    #expect(names.map(\.text).joined(separator: " ") == expected, "\(marked)")
  }

  @Test func `bound names say what they are`() {
    let text = "import a.b as c\ndef f(x, *, y: int = 2): pass\nm = Dense(3)\nfrom p import q\n"
    let names = CursorContext(text, cursor: text.count).names
    #expect(
      names.map(\.kind) == [.member(of: "p", name: "q"), .variable, .function, .module("a.b")])
    #expect(names[2].signature == "(x, *, y: int = 2)")
    #expect(show(names[1].value) == "Dense()")
  }

  @Test func `a class says what its objects have, also behind the cursor`() throws {
    let (text, position) = cursor(
      """
      class A(B):
          "Doc."
          size = 3
          def __init__(self, n: int, name="x"):
              self.n, self.items = n, []
          @property
          def wide(self): return 1
          @staticmethod
          def make(): pass
          def go(self, far):
              self.|
          def later(self):
              if far:
                  self.late = 2.5
      x = 1
      """)
    let names = CursorContext(text, cursor: position).names
    let type = try #require(names.first { $0.text == "A" })
    #expect(
      type.members.map(\.text) == [
        "n", "items", "size", "__init__", "wide", "make", "go", "late", "later",
      ])
    #expect(type.signature == "(n: int, name=\"x\")")
    #expect(type.documentation == "Doc.")
    #expect(show(type.base) == "B")
    #expect(names.first { $0.text == "self" }.map { show($0.value) } == "A()")
    #expect(names.first { $0.text == "far" }?.isLocal == true)
  }

  @Test func `nothing that is cut off or changed makes a service fail`() {
    var random = SplitMix(seed: 11)
    let noise = Array("([{.,:='\"\\\n %😀é".unicodeScalars)
    let programs =
      [Self.tour] + SyntaxCorpus.shared.programs.map(\.text).filter { $0.utf8.count < 2000 }
    for _ in 0..<600 {
      var scalars = Array((programs.randomElement(using: &random) ?? "").unicodeScalars)
      guard !scalars.isEmpty else { continue }
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        let place = Int.random(in: 0..<scalars.count, using: &random)
        switch Int.random(in: 0...2, using: &random) {
        case 0: scalars.remove(at: place)
        case 1: scalars.insert(noise.randomElement(using: &random) ?? " ", at: place)
        default: scalars.swapAt(place, scalars.count - 1)
        }
        if scalars.isEmpty { scalars = [" "] }
      }
      let text = String(String.UnicodeScalarView(scalars))
      let place = Int.random(in: 0...scalars.count, using: &random)
      let context = CursorContext(text, cursor: place)
      #expect(context.replaced.upperBound == place)
      #expect(InspectionContext(text, cursor: place).range.upperBound <= scalars.count)
      _ = Completeness(of: String(String.UnicodeScalarView(scalars[..<place])))
    }
  }

  // MARK: Inspection

  @Test(arguments: [
    ("pri|nt(x)", "print 0..<5"), ("print|(x)", "print 0..<5"), ("|print(x)", "print 0..<5"),
    ("print(|x)", "x 6..<7"), ("print(x|, y)", "x 6..<7"), ("print(x, |)", "print 9..<9"),
    ("a.b|c.d", "a.bc 2..<4"), ("a.bc.d|", "a.bc.d 5..<6"), ("f(1)|", "f 3..<4"),
    ("Dense(32, activation='re|lu')", "Dense 24..<24"),
    ("import numpy.lin|alg", "module numpy.linalg 13..<19"),
    ("from a.b| import c", "module a.b 7..<8"), ("for| x in y", "keyword for 0..<3"),
    ("x + | y", "nothing 4..<4"), ("# pri|nt", "nothing 5..<5"), ("?a.b|", "a.b 3..<4"),
    ("%time f(x|)", "x 8..<9"), ("f(a, [b, |])", "f 9..<9"), ("", "nothing 0..<0"),
    ("from a import b|c", "member bc of a 14..<16"), ("x = 12|", "literal int 4..<6"),
    ("from a import b as c|", "c 19..<20"),
  ])
  func `an inspection asks about`(_ marked: String, _ expected: String) {
    let (text, position) = cursor(marked)
    let context = InspectionContext(text, cursor: position)
    let subject =
      switch context.subject {
      case .path(let path): show(path)
      case .keyword(let word): "keyword \(word)"
      case .module(let path): "module \(path)"
      case .member(let module, let name): "member \(name) of \(module)"
      case .literal(let type): "literal \(type)"
      case .nothing: "nothing"
      }
    #expect("\(subject) \(context.range)" == expected, "\(marked)")
  }
}

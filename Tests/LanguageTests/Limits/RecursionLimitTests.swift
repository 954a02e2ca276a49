import Language
import Testing

@Suite("Recursion without end is an exception")
struct RecursionLimitTests {
  /// Each calls itself through another part of the machine.
  static let endless: [(name: String, body: String)] = [
    ("functions", "def f(n): return f(n + 1)\nf(0)"),
    ("a sort key", "def f(x): return sorted([1, 2], key=f)\nf(0)"),
    ("map", "def f(x): return list(map(f, [x]))\nf(0)"),
    ("filter", "def f(x): return list(filter(f, [x]))\nf(0)"),
    ("max", "def f(x): return max([1, 2], key=f)\nf(0)"),
    ("__repr__", "class A:\n    def __repr__(self): return repr([self])[1:]\nrepr(A())"),
    ("__str__", "class A:\n    def __str__(self): return str(self)\nprint(A())"),
    ("__eq__", "class A:\n    def __eq__(self, other): return [self] == [A()]\nA() == A()"),
    ("__hash__", "class A:\n    def __hash__(self): return hash((self, 1))\nhash(A())"),
    ("__lt__", "class A:\n    def __lt__(self, other): return [self] < [A()]\nA() < A()"),
    ("__len__", "class A:\n    def __len__(self): return len(self)\nlen(A())"),
    ("__bool__", "class A:\n    def __bool__(self): return not self\nnot A()"),
    ("__add__", "class A:\n    def __add__(self, other): return self + other\nA() + 1"),
    ("__getitem__", "class A:\n    def __getitem__(self, i): return self[i]\nA()[0]"),
    ("__getattr__", "class A:\n    def __getattr__(self, n): return getattr(self, n + 'x')\nA().y"),
    ("__call__", "class A:\n    def __call__(self): return self()\nA()()"),
    ("__init__", "class A:\n    def __init__(self): A()\nA()"),
    ("__iter__", "class A:\n    def __iter__(self): return iter(list(self))\nlist(A())"),
    ("__contains__", "class A:\n    def __contains__(self, x): return x in self\n1 in A()"),
    (
      "__enter__",
      "class A:\n    def __enter__(self):\n        with A(): pass\n    def __exit__(self, *a): pass\nwith A(): pass"
    ),
    ("a property", "class A:\n    @property\n    def p(self): return self.p\nA().p"),
    ("__format__", "class A:\n    def __format__(self, s): return f'{self:x}'\nformat(A(), 'x')"),
    ("a generator", "def g():\n    yield from g()\nlist(g())"),
    ("a generator in a loop", "def g():\n    for x in g(): yield x\nlist(g())"),
    ("exceptions", "def f():\n    try:\n        f()\n    finally:\n        f()\nf()"),
    ("a sentinel", "def f(): return next(iter(f, 0))\nf()"),
    ("join", "def g(): yield ''.join(g())\n''.join(g())"),
  ]

  @Test("Every way of calling oneself ends in RecursionError; the session goes on")
  func ends() {
    for (name, body) in Self.endless {
      var limits = Limits()
      limits.recursion = name == "exceptions" ? 12 : 2_000
      let indented = body.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
      let result = Evaluation.run(
        [
          "kept = 1", "try:\n\(indented)\nexcept RecursionError as e:\n    print('caught')",
          "kept + 1",
        ], limits: limits)
      #expect(result.text == "caught\n= 2\n", "\(name)")
    }
  }

  @Test("Script functions may call one another ten thousand times deep")
  func scriptDepth() {
    let deep = "def f(n): return 0 if n == 0 else 1 + f(n - 1)\nf(9900)"
    #expect(Evaluation.run([deep]).text == "= 9900\n")
    #expect(
      Evaluation.run(["def f(n): return f(n + 1)\nf(0)"]).text
        == "RecursionError: maximum recursion depth exceeded\n")
  }

  @Test("Functions called by the library may nest as deep as CPython lets them")
  func libraryDepth() {
    let keyed = """
      def f(n): return 0 if n == 0 else 1 + max([n], key=lambda x: f(n - 1))
      f(150)
      def g(n):
          if n: yield from g(n - 1)
          yield n
      sum(g(300))
      """
    #expect(Evaluation.run([keyed]).text == "= 45150\n")
  }

  @Test("A small native stack gives RecursionError, not a crash")
  func smallStack() {
    let result = Evaluation.run(
      [
        "class A:\n    def __eq__(self, other): return [[[self]]] == [[[A()]]]\nA() == A()",
        "def f(x): return sorted([1, 2], key=f)\nf(0)", "1 + 1",
      ], stackBytes: 1 << 20)
    #expect(
      result.text == """
        RecursionError: maximum recursion depth exceeded
        RecursionError: maximum recursion depth exceeded
        = 2

        """)
  }

  @Test("A list nested a million deep is built, measured, printed, compared, copied and freed")
  func deepNesting() {
    let result = Evaluation.run([
      """
      def build(wrap, n):
          x = wrap(1)
          for i in range(n):
              x = wrap(x)
          return x
      def attempt(f):
          try:
              f()
              return "done"
          except RecursionError:
              return "too deep"
      n = 1000000
      a = build(lambda x: [x], n)
      b = build(lambda x: [x], n)
      print(len(a), attempt(lambda: repr(a)), attempt(lambda: str(a)), attempt(lambda: a == b))
      print(attempt(lambda: a < b), attempt(lambda: a == a), attempt(lambda: a[:]))
      print(attempt(lambda: a in [b]), attempt(lambda: f"{a}"), attempt(lambda: print(a)))
      t = build(lambda x: (x,), n)
      print(attempt(lambda: hash(t)), attempt(lambda: {t: 1}), attempt(lambda: t == t))
      d = build(lambda x: {1: x}, 100000)
      e = build(lambda x: {1: x}, 100000)
      print(attempt(lambda: repr(d)), attempt(lambda: d == e), attempt(lambda: d.copy()))
      a = b = t = d = e = None
      x = [0] * 10**6
      print(len(x))
      """
    ])
    #expect(
      result.text == """
        1 too deep too deep too deep
        too deep done done
        too deep too deep too deep
        too deep too deep done
        too deep too deep done
        1000000

        """)
  }
}

import Testing

@Suite("An interrupt stops everything")
struct InterruptTests {
  /// What a script can do for a long time, in the language itself or in one of its builtins.
  static let loops: [(name: String, body: String)] = [
    ("empty loop", "while True: pass"),
    ("doubling a string", "s = 'ab'\nwhile True: s = s + s if len(s) < 10**6 else 'ab'"),
    ("sorting", "l = [(i * 7919) % 100003 for i in range(30000)]\nwhile True: sorted(l)"),
    (
      "sorting with a key",
      "l = list(range(30000))\nwhile True: sorted(l, key=lambda x: -x)"
    ),
    ("nested comprehensions", "[[i * j for j in range(10**6)] for i in range(10**6)]"),
    ("a long range as a list", "while True: list(range(200000))"),
    ("a list without end", "list(iter(int, 1))"),
    ("summing a generator", "sum(i for i in range(10**15))"),
    ("summing a range", "sum(range(10**15))"),
    ("joining", "while True: ','.join('ab' for _ in range(10**5))"),
    ("replacing", "s = 'ab' * 10**5\nwhile True: s.replace('a', 'bb')"),
    ("counting in a text", "s = 'ab' * 10**7\nwhile True: s.count('ba')"),
    ("finding in a text", "s = 'ab' * 10**7\nwhile True: s.find('abaab')"),
    ("searching backwards", "s = 'ab' * 10**6\nwhile True: s.rfind('aab')"),
    ("splitting", "s = 'ab' * 10**5\nwhile True: s.split('b')"),
    ("looking in a list", "l = [0] * 10**6\nwhile True: 1 in l"),
    ("counting in a list", "l = [0] * 10**6\nwhile True: l.count(1)"),
    ("comparing lists", "l = [0.5] * 10**6\nm = [0.5] * 10**6\nwhile True: l == m"),
    ("building a dict", "d = {}\nfor i in range(10**15): d[i & 0xffff] = i"),
    ("building a set", "while True: set(range(100000))"),
    ("deep recursion", "def f(n):\n    return f(n + 1) if n < 5000 else 0\nwhile True: f(0)"),
    ("a long text of a list", "l = [0] * 10**5\nwhile True: repr(l)"),
    ("printing", "while True: print('x')"),
    ("sleeping", "import time\ntime.sleep(1000)"),
    ("the largest of many", "max(iter(lambda: 1, 0))"),
    ("unpacking", "print(*(i for i in range(10**15)))"),
    ("endless map", "any(map(bool, iter(int, 1)))"),
    ("endless filter", "list(filter(None, iter(int, 1)))"),
    ("repeating a list", "while True: [0] * 10**6"),
    ("a generator that goes on", "def g():\n    while True: yield 1\nfor x in g(): pass"),
    (
      "a script object's length",
      "class A:\n    def __len__(self):\n        while True: pass\nlen(A())"
    ),
    (
      "sorting script objects",
      """
      class A:
          def __lt__(self, other): return True
      l = [A() for i in range(300)]
      while True: sorted(l)
      """
    ),
  ]

  @Test("Each loop ends with KeyboardInterrupt, `finally` runs, the session stays whole")
  func stops() {
    var slowest = 0.0
    for (name, body) in Self.loops {
      let indented = body.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
      let result = Evaluation.run(
        [
          "kept = [1, 2]", "print('go')\ntry:\n\(indented)\nfinally:\n    print('tidy')",
          "kept.append(3)\nkept",
        ], interrupts: 1)
      #expect(result.text.hasSuffix("tidy\nKeyboardInterrupt: \n= [1, 2, 3]\n"), "\(name)")
      let latency = result.latencies.first ?? 0
      slowest = max(slowest, latency)
      print("interrupt: \((latency * 1000).rounded()) ms in \(name)")
    }
    print("interrupt: at most \((slowest * 1000).rounded()) ms in \(Self.loops.count) loops")
  }

  @Test("A second interrupt within two seconds gives up a `finally` that hangs")
  func abandons() {
    let result = Evaluation.run(
      [
        "kept = 1", "print('go')\ntry:\n    while True: pass\nfinally:\n    while True: pass",
        "kept + 1",
      ], interrupts: 2)
    #expect(result.text == "KeyboardInterrupt: \n= 2\n")
  }

  @Test("A second interrupt also passes handlers that swallow the first, through library calls")
  func abandonsHandlers() {
    let result = Evaluation.run(
      [
        """
        print('go')
        def stubborn(x):
            while True:
                try:
                    while True: pass
                except KeyboardInterrupt:
                    pass
        sorted([2, 1], key=stubborn)
        """, "try:\n    1 / 0\nexcept ZeroDivisionError:\n    print('handlers work again')",
      ], interrupts: 2)
    #expect(result.text == "KeyboardInterrupt: \nhandlers work again\n")
  }

  @Test("An interrupt can be caught")
  func canBeCaught() {
    let result = Evaluation.run(
      ["print('go')\ntry:\n    while True: pass\nexcept KeyboardInterrupt:\n    print('caught')"],
      interrupts: 1)
    #expect(result.text == "caught\n")
  }
}

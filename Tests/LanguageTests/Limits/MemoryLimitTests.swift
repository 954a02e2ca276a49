import Catalog
import Language
import Testing

@Suite("Too much memory is an exception")
struct MemoryLimitTests {
  /// Beyond any memory: refused before anything is allocated.
  static let impossible = [
    "[0] * 10**12", "(0,) * 10**12", "'a' * 10**12", "[0, 1] * 10**18", "x = [1]; x *= 10**12",
    "'x'.ljust(10**12)", "'x'.rjust(10**12)", "'x'.center(10**12)", "'x'.zfill(10**12)",
    "'a\\tb'.expandtabs(10**12)", "'{:>1000000000000}'.format(1)", "f'{1:>{10**12}}'",
    "'%*d' % (10**12, 1)", "list(range(10**18))", "tuple(range(10**12))", "sorted(range(10**15))",
    "[].extend(range(10**12))", "[*range(10**12)]", "('a' * 10**5).join(['b'] * 10**7)",
    "('a' * 10**4).replace('a', 'b' * 10**7)", "'ab'.replace('', 'x' * 10**7) * 10**6",
    "[[0] * 10**6 for _ in range(10**6)]", "[0] * (1 << 62)", "'ab' * (1 << 62)",
    "'a'.translate({97: 'b' * 10**6}) * 10**9",
  ]

  /// What grows step by step until the limit is reached.
  static let growing = [
    "list(iter(int, 1))", "tuple(iter(int, 1))", "[].extend(iter(int, 1))",
    "def g():\n    while True: yield [1]\nlist(g())", "[x for x in iter(int, 1)]",
    "set(iter(range(10**12)))", "set(range(10**12))", "{x for x in range(10**12)}",
    "dict.fromkeys(range(10**12))", "{x: x for x in range(10**12)}",
    "s = 'ab'\nwhile True: s = s + s", "s = 'ab'\nwhile True: s += 'some more text' * 100",
    "x = [1]\nwhile True: x = x + x", "t = (1,)\nwhile True: t = t + t",
    "x = []\nwhile True: x.append([1] * 100)", "x = []\nwhile True: x = [x, x, [1] * 100]",
    "d = {}\nwhile True: d[len(d)] = len(d)", "d = {}\nwhile True: d[str(len(d))] = 1",
    "s = set()\nwhile True: s.add(len(s))", "x = [0] * 1000\nwhile True: x.extend(x)",
    "x = [0] * 1000\nwhile True: x[0:0] = x", "x = [0]\nwhile True: x.insert(0, 1) or x.extend(x)",
    "x = []\nfor i in range(60): x = [x, x]\nrepr(x)", "('a,' * 10**7).split(',')",
    "list('ab' * 10**7)", "f = lambda *a: a\\nf(*[0] * 10**8)",
    "class A: pass\nx = []\nwhile True: x.append(A())",
    "def f():\n    x = []\n    while True: x.append(lambda: x)\nf()",
    "x = None\nwhile True: x = (x, 1)", "x = iter([])\nwhile True: x = map(abs, x)",
    "def g(x): yield x\nx = 1\nwhile True: x = g(x)",
    "x = 'a' * 100\ny = []\nwhile True: y.append(x.upper())",
  ]

  private static func message(_ script: String) -> String {
    var limits = Limits()
    limits.memory = 20 << 20
    let indented = script.replacing("\\n", with: "\n").split(separator: "\n")
      .map { "    " + $0 }.joined(separator: "\n")
    // The names are the function's own, so that what has grown is gone afterwards.
    return Evaluation.run(
      [
        "kept = [1, 2]",
        "def task():\n\(indented)\ntry:\n    task()\nexcept MemoryError as e:\n    print('caught', e)",
        "kept.append(len('x' * 10**6))\nkept", "[0] * 10**5 == [0] * 10**5",
      ], limits: limits
    ).text
  }

  @Test("What never fits is refused at once", arguments: impossible)
  func refuses(_ script: String) {
    #expect(Self.message(script) == "caught \n= [1, 2, 1000000]\n= True\n", "\(script)")
  }

  @Test("What grows ends in MemoryError, and the session goes on", arguments: growing)
  func ends(_ script: String) {
    #expect(Self.message(script) == "caught \n= [1, 2, 1000000]\n= True\n", "\(script)")
  }

  @Test("Memory that is still held can be looked at and given back")
  func tidying() {
    var limits = Limits()
    limits.memory = 24 << 20
    let result = Evaluation.run(
      [
        "x = []\nwhile True: x.append([1, 2])", "print(len(x) > 10**5, x[-1])", "del x",
        "y = [0] * 10**6\nlen(y)",
      ], limits: limits)
    #expect(result.text == "MemoryError: \nTrue [1, 2]\n= 1000000\n")
  }

  @Test("Garbage is collected before an allocation is refused")
  func collectsFirst() {
    var limits = Limits()
    limits.memory = 40 << 20
    let result = Evaluation.run(
      ["for i in range(20):\n    x = None\n    x = [i] * 10**6\nlen(x)"], limits: limits)
    #expect(result.text == "= 1000000\n")
  }

  @Test("The error says what was asked for and where the limit is")
  func notes() throws {
    var limits = Limits()
    limits.memory = 64 << 20
    let failure = try #require(
      Evaluation.run(["[0] * 10**9"], limits: limits).failures.first)
    #expect(failure.code == "L114")
    #expect(failure.notes.contains { $0.hasPrefix("14.9 GiB more were wanted; ") })
    #expect(failure.notes.contains { $0.hasSuffix(" of 64.0 MiB are in use") })
  }

  @Test(
    "Integers beyond 64 bits say so",
    arguments: [
      "1 << 10**9", "10 ** 10**9", "2 ** 63", "9223372036854775807 + 1", "-9223372036854775807 - 2",
      "3037000500 * 3037000500", "int('9' * 4000)", "pow(3, 10**6)",
      "abs(-9223372036854775807 - 1)",
      "sum([9223372036854775807, 1])", "int(1e19)",
    ])
  func integers(_ script: String) {
    let result = Evaluation.run([
      "try:\n    \(script)\nexcept OverflowError as e:\n    print('caught')", "1 + 1",
    ])
    #expect(result.text == "caught\n= 2\n")
  }
}

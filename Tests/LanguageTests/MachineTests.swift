import Catalog
import Glibc
import Language
import Synchronization
import Testing

/// A machine with its output, on a thread with the stack that evaluators have.
private func run(
  _ cells: String..., library: Library = Library(), limits: Limits = Limits(),
  isStressed: Bool = false, pending: Pending = Pending()
) -> (text: String, failure: Failure?) {
  let result = Mutex<(String, Failure?)>(("", nil))
  onDeepStack {
    let sink = Recording()
    let machine = Machine(
      library: library, context: Context(sink: sink, pending: pending), limits: limits,
      isStressed: isStressed)
    var failure: Failure?
    for (index, cell) in cells.enumerated() {
      do throws(Failure) {
        let value = try machine.run(Source(cell: cell, executionCount: index + 1))
        if let value { sink.emit(.stream(.standard, "= \(try machine.repr(value))\n")) }
      } catch {
        failure = error
      }
    }
    result.withLock { $0 = (sink.text(), failure) }
  }
  return result.withLock { $0 }
}

/// Holder of a closure on its way to a thread; it runs there once.
private final class Work: @unchecked Sendable {
  // Written before the thread starts, read by it only, and freed after it has ended.
  let body: () -> Void
  init(_ body: @escaping () -> Void) { self.body = body }
}

private func onDeepStack(_ body: () -> Void) {
  withoutActuallyEscaping(body) { body in
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    unsafe pthread_attr_setstacksize(&attributes, 64 << 20)
    var thread = pthread_t()
    let work = unsafe Unmanaged.passRetained(Work(body)).toOpaque()
    unsafe pthread_create(
      &thread, &attributes,
      { pointer in
        guard let pointer = unsafe pointer else { return nil }
        unsafe Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body()
        return nil
      }, work)
    pthread_join(thread, nil)
  }
}

/// An object of a library that keeps script functions in visible fields.
private final class Keeper: Object {
  static let type = ObjectType("Keeper", "Keeps a function.") {
    [
      .method(of: Keeper.self, "keep", "Keeps it.", Catalog.Parameter("f", Catalog.Function.self)) {
        keeper, function in
        keeper.kept = .function(function.callable)
        return .none
      },
      .method(of: Keeper.self, "ask", "Calls what it keeps.", Catalog.Parameter("x", Int.self)) {
        keeper, x in
        guard case .function(let callable)? = keeper.kept else { return .none }
        return try callable.call(.int(x))
      },
    ]
  }

  var kept: Value?
  let isVisible: Bool

  init(isVisible: Bool) { self.isVisible = isVisible }

  var type: ObjectType { Self.type }

  func visit(_ keep: (Value) -> Void) {
    if isVisible, let kept { keep(kept) }
  }
}

@Suite struct MachineTests {
  @Test func theLastExpressionIsTheResult() {
    #expect(run("x = 2\nx * 21").text == "= 42\n")
    #expect(run("x = 2\nx * 21;").text == "")
    #expect(run("None").text == "")
  }

  @Test func namesLiveFromCellToCell() {
    let (text, failure) = run(
      "def f(n):\n    return n + offset", "offset = 10", "print(f(1))\noffset = 20", "f(1)")
    #expect(text == "11\n= 21\n")
    #expect(failure == nil)
  }

  @Test func tracebacksCrossCells() throws {
    let failure = try #require(
      run("def half(x):\n    return x / 0", "def outer():\n    return half(3)\nouter()").failure)
    #expect(failure.exception == "ZeroDivisionError")
    #expect(failure.message == "division by zero")
    #expect(failure.frames.map(\.source) == ["Cell [2]", "Cell [2]", "Cell [1]"])
    #expect(failure.frames.map(\.function) == ["<module>", "outer", "half"])
    #expect(failure.frames.map(\.line) == [3, 2, 2])
    #expect(failure.frames.last?.column == 16)
    #expect(failure.frames.last?.endColumn == 17)
  }

  @Test func recursionIsAnErrorThatCanBeCaught() throws {
    let failure = try #require(run("def f(n):\n    return f(n + 1)\nf(0)").failure)
    #expect(failure.exception == "RecursionError")
    #expect(failure.frames.contains { $0.repeats > 9_000 })
    #expect(
      run(
        "def f(n):\n    return f(n + 1)\ntry:\n    f(0)\nexcept RecursionError as e:\n    print(e)"
      )
      .text == "maximum recursion depth exceeded\n")
    #expect(
      run("def f(n):\n    return 0 if n == 0 else 1 + f(n - 1)\nf(9000)").text == "= 9000\n")
  }

  @Test func nestingThroughTheLibraryHasALimit() throws {
    let failure = try #require(
      run("def f(n):\n    return sorted([1, 2], key=lambda x: f(n + 1))\nf(0)").failure)
    #expect(failure.exception == "RecursionError")
  }

  @Test(arguments: ["[0] * 10**12", "'a' * 10**12", "x = [1]\nwhile True:\n    x = x + x"])
  func memoryIsBounded(_ script: String) throws {
    var limits = Limits()
    limits.memory = 200 << 20
    let failure = try #require(run(script, limits: limits).failure)
    #expect(failure.exception == "MemoryError")
  }

  @Test func anInterruptStopsALoopAndRunsFinally() {
    let pending = Pending()
    pending.set(.interrupt)
    let (text, failure) = run(
      "try:\n    while True:\n        pass\nfinally:\n    print('tidy')", pending: pending)
    #expect(text == "tidy\n")
    #expect(failure?.exception == "KeyboardInterrupt")
  }

  @Test func overflowSaysSo() {
    let failure = run("9223372036854775807 + 1").failure
    #expect(failure?.exception == "OverflowError")
    #expect(failure?.code == "L109")
  }

  @Test func aFailureOfTheLibraryCanBeCaughtAndKeepsItsHelp() {
    let entry = Entry("fail", "Fails.", Catalog.Parameter("x", Int.self)) { x in
      throw Failure(.shape, "no room for \(x)", code: "L301", help: "make room")
    }
    let library = Library(sections: [Library.Section("test", [entry])])
    #expect(
      run(
        "try:\n    fail(3)\nexcept ValueError as e:\n    print(type(e).__name__, e)",
        library: library
      )
      .text == "ShapeError no room for 3\n")
    let failure = run("fail(4)", library: library).failure
    #expect(failure?.code == "L301")
    #expect(failure?.help == "make room")
    #expect(failure?.frames.count == 1)
  }

  @Test func anExceptionPassesThroughTheLibraryAsTheSameObject() {
    let entry = Entry("apply", "Calls.", Catalog.Parameter("f", Catalog.Function.self)) { f in
      try f()
    }
    let library = Library(sections: [Library.Section("test", [entry])])
    let script = """
      mine = ValueError("mine")
      def f():
          raise mine
      try:
          apply(f)
      except ValueError as e:
          print(e is mine)
      """
    #expect(run(script, library: library).text == "True\n")
    #expect(run(script, library: library, isStressed: true).text == "True\n")
  }

  @Test func aContainerComesBackAsItself() {
    let entry = Entry("same", "Returns it.", Catalog.Parameter("x", Value.self)) { x in x }
    let library = Library(sections: [Library.Section("test", [entry])])
    #expect(
      run("a = [1]\nd = {}\nprint(same(a) is a, same(d) is d)", library: library).text
        == "True True\n")
  }

  @Test func aFunctionThatAnObjectReportsLives() {
    let keeper = Entry.constant("keeper", "Keeps.", returns: "Keeper") { _ in
      .object(Keeper(isVisible: true))
    }
    let library = Library(sections: [Library.Section("test", [keeper])])
    let cells = "k = keeper\nk.keep(lambda x: x + 1)\nfor i in range(10): pass\nk.ask(4)"
    #expect(run(cells, library: library, isStressed: true).text == "= 5\n")
  }

  @Test func aFunctionThatNothingReportsIsStaleAndThrows() {
    let keeper = Entry.constant("keeper", "Keeps.", returns: "Keeper") { _ in
      .object(Keeper(isVisible: false))
    }
    let library = Library(sections: [Library.Section("test", [keeper])])
    let (_, failure) = run(
      "k = keeper\nk.keep(lambda x: x + 1)", "for i in range(10): pass\nk.ask(4)",
      library: library, isStressed: true)
    #expect(failure?.exception == "RuntimeError")
  }

  @Test func deepListsPrintAndCompareWithoutACrash() {
    let (text, _) = run(
      """
      x = []
      for i in range(100000):
          x = [x]
      try:
          str(x)
      except RecursionError:
          print("too deep")
      """)
    #expect(text == "too deep\n")
  }

  @Test func dictsSurviveDeletionAndInsertion() {
    let program = """
      d = {}
      for i in range(2000):
          d[i % 37] = i
          d[str(i % 11)] = i
          if i % 3 == 0:
              d.pop(i % 37, None)
          if i % 5 == 0 and d:
              d.popitem()
      print(len(d), sorted(str(k) for k in d)[:3])
      """
    #expect(run(program, isStressed: true).text == run(program).text)
  }

  @Test func whatIsDroppedIsFreed() {
    let sink = Recording()
    let machine = Machine(context: Context(sink: sink))
    _ = try? machine.run(Source("x = [[i] for i in range(100000)]", name: "a"))
    let full = machine.memory.script
    _ = try? machine.run(Source("del x", name: "b"))
    machine.collectGarbage()
    #expect(machine.memory.script < full - 5_000_000)
  }
}

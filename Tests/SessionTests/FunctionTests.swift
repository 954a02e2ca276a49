import Catalog
import Session
import Testing

/// What a cell prints, its error included.
private func printed(_ text: String) -> String {
  let recording = Recording()
  let session = Session()
  _ = session.run(Cell(text, executionCount: 1), sink: recording)
  for case .failure(let failure) in recording.outputs { return failure.report().joined() }
  return recording.text()
}

@Suite struct FunctionTests {
  @Test(arguments: [
    ("print(grad(grad(lambda x: x ** 4))(tensor(1.0, dtype='float64')))", "12.0\n"),
    ("print(grad(tanh)(tensor(0.0, dtype='float64')))", "1.0\n"),
    ("print(grad(grad(grad(lambda x: x ** 3)))(tensor(5.0, dtype='float64')))", "6.0\n"),
  ])
  func `objects that are functions are taken as functions`(_ text: String, _ expected: String) {
    #expect(printed(text) == expected)
  }

  @Test func `functions inside objects of the library outlive collections`() {
    let text = """
      twice = grad(grad(lambda x: x ** 4))
      net = Sequential(Dense(4, lambda t: t * 0.5), lambda t: t * 2, Dense(2, "softmax"))
      def churn():
          kept = None
          for i in range(300000):
              kept = [i, str(i), {"k": i}]
          return kept
      churn()
      d = moons(60)
      run = net.fit(d, epochs=2, verbose=0)
      churn()
      copy = net.copy()
      net = None
      churn()
      print(twice(tensor(1.0, dtype="float64")), copy.predict(d.x[:2]).shape, run.epochs)
      """
    #expect(printed(text) == "12.0 (2, 2) 2\n")
  }
}

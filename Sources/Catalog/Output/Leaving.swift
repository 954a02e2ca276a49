/// The script asks to end: what `exit(code)` throws, as `SystemExit` with that code.
public struct Leaving: FailureConvertible {
  /// The exit status, a text for the error output, or none.
  public var code: Value { unsafe status }

  // An error that never leaves the thread of its machine.
  nonisolated(unsafe) private let status: Value

  public init(_ code: Value = .none) { unsafe status = code }

  public var failure: Failure {
    let text: String
    switch code {
    case .none: text = ""
    case .string(let string): text = string
    default: text = code.brief()
    }
    return Failure(.systemExit, text)
  }
}

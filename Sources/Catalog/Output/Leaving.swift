/// The script asks to end: what `exit(code)` throws, as `SystemExit` with that code.
public enum Leaving: FailureConvertible {
  case silently
  /// With the exit status of the program.
  case status(Int)
  case flag(Bool)
  case number(Double)
  /// With a text for the error output.
  case text(String)

  public init(_ code: Value) {
    switch code {
    case .none: self = .silently
    case .int(let status): self = .status(status)
    case .bool(let flag): self = .flag(flag)
    case .float(let number): self = .number(number)
    case .string(let text): self = .text(text)
    default: self = .text(code.brief())
    }
  }

  public var code: Value {
    switch self {
    case .silently: .none
    case .status(let status): .int(status)
    case .flag(let flag): .bool(flag)
    case .number(let number): .float(number)
    case .text(let text): .string(text)
    }
  }

  public var failure: Failure {
    switch self {
    case .silently: Failure(.systemExit, "")
    case .text(let text): Failure(.systemExit, text)
    case .status, .flag, .number: Failure(.systemExit, code.brief())
    }
  }
}

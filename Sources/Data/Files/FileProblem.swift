public import Catalog
internal import Glibc

/// Why a file could not be used: which file, what was found, what was expected.
public enum FileProblem: FailureConvertible, Hashable, Sendable {
  /// No file of that name.
  case missing(String)
  case denied(String)
  case unreadable(String, reason: String)
  /// A gzip stream that is damaged or cut off.
  case compressed(String, after: Int, reason: String)
  case unwritable(String, reason: String)
  /// Content that is not what the format asks for.
  case malformed(String, found: String, expected: String)

  static func system(_ path: String, _ code: Int32) -> FileProblem {
    switch code {
    case ENOENT, ENOTDIR: return .missing(path)
    case EACCES, EPERM: return .denied(path)
    default:
      // A shim around strerror, which gives a C pointer.
      guard let text = unsafe strerror(code) else {
        return .unreadable(path, reason: "error \(code)")
      }
      return unsafe .unreadable(path, reason: String(cString: text))
    }
  }

  public var failure: Failure {
    switch self {
    case .missing(let path):
      Failure(
        .fileNotFound, "there is no file '\(path)'", code: "L310",
        help: "paths are relative to the working directory")
    case .denied(let path):
      Failure(.permission, "the file '\(path)' may not be read", code: "L310")
    case .unreadable(let path, let reason):
      Failure(.os, "cannot read '\(path)': \(reason)", code: "L310")
    case .unwritable(let path, let reason):
      Failure(
        .os, "cannot write '\(path)': \(reason)",
        help: "check that the folder exists and may be written to")
    case .compressed(let path, let after, let reason):
      Failure(
        .value, "the gzip stream of '\(path)' is damaged after \(after) bytes: \(reason)",
        code: "L310", help: "get the file again")
    case .malformed(let path, let found, let expected):
      Failure(
        .value, "'\(path)' cannot be read: found \(found)", code: "L310",
        notes: ["expected \(expected)"])
    }
  }
}

extension FileProblem: CustomStringConvertible {
  public var description: String { failure.report().joined(separator: "\n") }
}

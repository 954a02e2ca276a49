internal import COneDNN

/// oneDNN's functions, found in its library when they are first needed.
///
/// `@unchecked Sendable`, `@safe`: pointers to functions of a library that stays loaded.
@safe
final class OneDNN: @unchecked Sendable {
  /// nil: the library is not there, and `problem` says why.
  static let loaded: OneDNN? = result.library
  /// What stands in the way of loading it.
  static let problem = result.problem

  private static let result = load()

  let call: onednn

  private init(_ functions: onednn) {
    call = functions
  }

  private static func load() -> (library: OneDNN?, problem: String) {
    let functions = UnsafeMutablePointer<onednn>.allocate(capacity: 1)
    defer { unsafe functions.deallocate() }
    if let problem = unsafe onednn_load(functions) {
      return (nil, unsafe String(cString: problem))
    }
    return (unsafe OneDNN(functions.pointee), "")
  }

  /// The library, or the error that it is missing.
  static func needed() throws -> OneDNN {
    guard let loaded else {
      throw TensorError.missing(
        "oneDNN cannot be loaded: \(problem)",
        help: "install it and start again: apt install libdnnl2")
    }
    return loaded
  }
}

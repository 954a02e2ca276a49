import Catalog

/// Reads arguments of builtins, with CPython's messages for what cannot be used.
extension Machine {
  /// An integer argument, or its default when it was not given.
  func integer(_ value: RawValue, default fallback: Int) throws(Thrown) -> Int {
    value.isUndefined ? fallback : try integer(value)
  }

  /// A start or end argument as in `find(sub, start, end)`; None and nothing give the default.
  func bound(_ value: RawValue, default fallback: Int, count: Int) throws(Thrown) -> Int {
    if value.isUndefined || value.isNone { return fallback }
    var bound = 0
    if let int = value.integer {
      bound = int
    } else if let int = try integer(ifIndex: value) {
      bound = int
    } else {
      throw error(
        .type, "slice indices must be integers or None or have an __index__ method",
        code: "L105")
    }
    if bound < 0 { bound = max(0, bound + count) }
    return bound
  }

  /// A string argument; `message` says what is wrong with any other value.
  @inline(__always)
  func text(
    _ value: RawValue, _ message: @autoclosure () -> String
  ) throws(Thrown) -> StringCell {
    guard value.isString else {
      let message = message()
      // CPython names None itself where it names the argument.
      let found = value.isNone && message.contains("argument") ? "None" : typeName(value)
      throw error(.type, "\(message), not \(found)", code: "L105")
    }
    return StringCell(value)
  }

  /// What a failing type check says when the type's name is in quotes or the message is whole.
  func mismatch(_ message: String) -> Thrown { error(.type, message, code: "L105") }

  /// The truth of an optional argument.
  func flag(_ value: RawValue, default fallback: Bool = false) throws(Thrown) -> Bool {
    value.isUndefined ? fallback : try truth(value)
  }

  /// A new string out of bytes that are valid UTF-8.
  func string(_ bytes: [UInt8]) throws(Thrown) -> RawValue {
    try checkRoom(for: bytes.count, of: 1)
    return heap.newString(bytes).value
  }
}

extension StringCell {
  /// Reads the bytes of two strings in place.
  func withBytes<Result, E: Error>(
    and other: StringCell, _ body: (Span<UInt8>, Span<UInt8>) throws(E) -> Result
  ) throws(E) -> Result {
    try withBytes { first throws(E) in
      try other.withBytes { second throws(E) in try body(first, second) }
    }
  }
}

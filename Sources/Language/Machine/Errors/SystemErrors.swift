import Catalog
import Glibc

/// `OSError` and its kinds: the number, the text and the file names of a failed system call.
extension Machine {
  /// The class that stands for an error number, as CPython maps them; nil: `OSError` itself.
  private static func className(of number: Int) -> String? {
    switch Int32(truncatingIfNeeded: number) {
    case ENOENT: "FileNotFoundError"
    case EEXIST: "FileExistsError"
    case EISDIR: "IsADirectoryError"
    case ENOTDIR: "NotADirectoryError"
    case EACCES, EPERM: "PermissionError"
    case ETIMEDOUT: "TimeoutError"
    case EAGAIN, EALREADY, EINPROGRESS: "BlockingIOError"
    case ECHILD: "ChildProcessError"
    case EINTR: "InterruptedError"
    case ESRCH: "ProcessLookupError"
    case EPIPE, ESHUTDOWN: "BrokenPipeError"
    case ECONNABORTED: "ConnectionAbortedError"
    case ECONNREFUSED: "ConnectionRefusedError"
    case ECONNRESET: "ConnectionResetError"
    default: nil
    }
  }

  /// A failed system call as an exception on its way.
  func osError(_ number: Int32, _ path: String? = nil, to other: String? = nil) -> Thrown {
    var arguments = [RawValue(Int(number)), string(FileSystem.text(of: number))]
    if let path { arguments.append(string(path)) }
    if let other { arguments += [.none, string(other)] }
    let made = newException(known.operatingSystemError, heap.newTuple(arguments))
    refine(ExceptionCell(made))
    return raise(made)
  }

  /// An exception of a class that Swift's list of failures does not have.
  func error(named name: String, _ message: String) -> Thrown {
    raise(newException(named: name, message))
  }

  /// Gives a new `OSError` with two to five arguments its attributes, and the class that stands for
  /// its number; other exceptions stay as they are.
  func refine(_ cell: ExceptionCell) {
    let arguments = cell.arguments
    let os = known.operatingSystemError
    guard arguments.count >= 2, arguments.count <= 5, cell.type.isKind(of: os) else { return }
    let table = heap.newDict(capacity: 4)
    cell.attributes = table.value
    heap.set(heap.intern("errno"), arguments[0], in: table)
    heap.set(heap.intern("strerror"), arguments[1], in: table)
    if arguments.count > 2, !arguments[2].isNone {
      heap.set(heap.intern("filename"), arguments[2], in: table)
      if arguments.count > 4, !arguments[4].isNone {
        heap.set(heap.intern("filename2"), arguments[4], in: table)
      }
      cell.arguments = heap.newTuple([arguments[0], arguments[1]])
    }
    if cell.type.cell == os.cell, arguments[0].isInt,
      let name = Machine.className(of: arguments[0].int), let type = typesByName[name]
    {
      unsafe cell.at.pointee.type = type.at
    }
  }

  /// `e.errno` and its like, None for what was not given.
  func systemErrorAttribute(_ cell: ExceptionCell, _ name: StringCell) -> RawValue? {
    guard
      name.equals("errno") || name.equals("strerror") || name.equals("filename")
        || name.equals("filename2"),
      cell.type.isKind(of: known.operatingSystemError)
    else { return nil }
    return RawValue.none
  }

  /// Writes `[Errno 2] No such file or directory: 'x'`; false: it has no number.
  func writeSystemError(_ cell: ExceptionCell, to text: inout [UInt8]) throws(Thrown) -> Bool {
    guard cell.attributes.isDict, cell.type.isKind(of: known.operatingSystemError) else {
      return false
    }
    func part(_ name: String) -> RawValue? {
      DictCell(cell.attributes).value(named: heap.intern(name))
    }
    guard let number = part("errno"), let reason = part("strerror") else { return false }
    text += "[Errno ".utf8
    try write(number, to: &text, isRepr: false)
    text += "] ".utf8
    try write(reason, to: &text, isRepr: false)
    guard let path = part("filename") else { return true }
    text += ": ".utf8
    try write(path, to: &text, isRepr: true)
    if let other = part("filename2") {
      text += " -> ".utf8
      try write(other, to: &text, isRepr: true)
    }
    return true
  }

  /// `io.UnsupportedOperation` derives from OSError and from ValueError; a class here has one base,
  /// so the second is known by name.
  func isAlsoValueError(_ type: TypeCell, _ wanted: TypeCell) -> Bool {
    type.cell == known.unsupportedOperation.cell && known.valueError.isKind(of: wanted)
  }

  func unsupported(_ message: String) -> Thrown {
    error(named: InputOutputModule.unsupported, message)
  }

  /// Text that is not in the encoding: `UnicodeDecodeError`.
  func decodeError(_ encoding: String, _ problem: DecodingProblem) -> Thrown {
    let end = problem.position + problem.bytes.count
    let subject =
      problem.bytes.count == 1
      ? "byte 0x\(hexadecimal(problem.bytes[0])) in position \(problem.position)"
      : "bytes in position \(problem.position)-\(end - 1)"
    let thrown = error(
      named: "UnicodeDecodeError",
      "'\(encoding)' codec can't decode \(subject): \(problem.reason)")
    setDetails(encoding, problem.position, end, problem.reason)
    return thrown
  }

  /// Text that an encoding cannot express: `UnicodeEncodeError`.
  func encodeError(
    _ encoding: String, _ scalar: Unicode.Scalar, at position: Int, _ reason: String
  ) -> Thrown {
    let code = scalar.value
    let shown =
      code < 0x100
      ? "\\x\(hexadecimal(UInt8(code)))"
      : code < 0x10000
        ? "\\u" + padded(code, 4) : "\\U" + padded(code, 8)
    let thrown = error(
      named: "UnicodeEncodeError",
      "'\(encoding)' codec can't encode character '\(shown)' in position \(position): \(reason)")
    setDetails(encoding, position, position + 1, reason)
    return thrown
  }

  private func setDetails(_ encoding: String, _ start: Int, _ end: Int, _ reason: String) {
    let table = heap.newDict(capacity: 4)
    heap.set(heap.intern("encoding"), string(encoding), in: table)
    heap.set(heap.intern("start"), RawValue(start), in: table)
    heap.set(heap.intern("end"), RawValue(end), in: table)
    heap.set(heap.intern("reason"), string(reason), in: table)
    ExceptionCell(raised).attributes = table.value
  }

  private func hexadecimal(_ byte: UInt8) -> String { padded(UInt32(byte), 2) }

  private func padded(_ number: UInt32, _ width: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

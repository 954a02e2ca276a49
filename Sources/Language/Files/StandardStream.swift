import Catalog
import Glibc

/// `sys.stdin`, `sys.stdout` and `sys.stderr`: what a cell shows, and what the user answers.
final class StandardStream: TextStream {
  static let type = ObjectType("TextIOWrapper", "A stream of text of the process.") {
    TextStreamMethods.all.map(\.entry)
  }

  enum Role: Int {
    case input, output, error
  }

  let role: Role
  private let context: Context
  /// A line that has been read only in part.
  private var rest: [UInt8] = []

  init(_ role: Role, _ context: Context) {
    self.role = role
    self.context = context
  }

  var type: ObjectType { Self.type }
  private var name: String {
    switch role {
    case .input: "<stdin>"
    case .output: "<stdout>"
    case .error: "<stderr>"
    }
  }
  private var mode: String { role == .input ? "r" : "w" }
  var text: String { "<_io.TextIOWrapper name='\(name)' mode='\(mode)' encoding='utf-8'>" }

  func attribute(_ name: String) throws -> Value? {
    switch name {
    case "closed": .bool(false)
    case "name": .string(self.name)
    case "mode": .string(mode)
    case "encoding": .string("utf-8")
    case "errors": .string(role == .error ? "backslashreplace" : "strict")
    case "newlines": Value.none
    case "line_buffering": .bool(role == .error || isTerminal)
    default: nil
    }
  }

  var contents: [String] { ["closed", "encoding", "errors", "mode", "name"] }
  var isClosed: Bool { false }
  var closedMessage: String { "I/O operation on closed file." }
  var canRead: Bool { role == .input }
  var canWrite: Bool { role != .input }
  var canSeek: Bool { false }
  var isTerminal: Bool { isatty(Int32(role.rawValue)) == 1 }

  private func fill(in machine: Machine) throws(Thrown) -> Bool {
    guard canRead else { throw machine.unsupported("not readable") }
    try machine.safepoint()
    let line: String?
    do {
      line = try context.sink.nextLine()
    } catch let failure as Failure where failure.exception == "EOFError" {
      return false
    } catch {
      throw machine.thrown(error)
    }
    guard let line else { return false }
    guard machine.heap.fits(rest.count + line.utf8.count, of: 2) else {
      throw machine.memoryError()
    }
    // Line ends of other systems mean the same.
    if line.hasSuffix("\r\n") {
      rest += line.utf8.dropLast(2)
      rest.append(0x0A)
    } else {
      rest += line.utf8
    }
    return true
  }

  func read(_ limit: Int?, in machine: Machine) throws(Thrown) -> [UInt8] {
    while true {
      if let limit, StandardStream.bytes(of: limit, in: rest) != nil { break }
      if try !fill(in: machine) { break }
    }
    return take(limit.flatMap { StandardStream.bytes(of: $0, in: rest) } ?? rest.count)
  }

  func readLine(_ limit: Int?, in machine: Machine) throws(Thrown) -> [UInt8] {
    while !rest.contains(0x0A), try fill(in: machine) {}
    let end = rest.firstIndex(of: 0x0A).map { $0 + 1 } ?? rest.count
    guard let limit, let most = StandardStream.bytes(of: limit, in: rest) else { return take(end) }
    return take(min(end, most))
  }

  /// How many bytes so many characters have; nil: there are not so many.
  private static func bytes(of characters: Int, in text: [UInt8]) -> Int? {
    var index = 0
    var count = 0
    while count < characters {
      guard index < text.count else { return nil }
      index += StringCell.width(text[index])
      count += 1
    }
    return min(index, text.count)
  }

  private func take(_ count: Int) -> [UInt8] {
    let taken = Array(rest.prefix(count))
    rest.removeFirst(taken.count)
    return taken
  }

  func write(_ text: StringCell, in machine: Machine) throws(Thrown) {
    guard canWrite else { throw machine.unsupported("not writable") }
    if text.byteCount > 0 {
      context.sink.emit(.stream(role == .error ? .error : .standard, text.string))
    }
  }

  func seek(_ offset: Int, _ whence: Int, in machine: Machine) throws(Thrown) -> Int {
    throw machine.unsupported("underlying stream is not seekable")
  }

  func tell(in machine: Machine) throws(Thrown) -> Int {
    throw machine.unsupported("underlying stream is not seekable")
  }

  func truncate(_ size: Int?, in machine: Machine) throws(Thrown) -> Int {
    throw machine.unsupported("truncate")
  }

  func flush(in machine: Machine) throws(Thrown) { machine.context.sink.flush() }

  /// The streams of the process stay open.
  func close(in machine: Machine) throws(Thrown) {}

  func descriptor(in machine: Machine) throws(Thrown) -> Int { role.rawValue }
}

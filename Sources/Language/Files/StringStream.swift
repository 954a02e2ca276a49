import Catalog

/// `io.StringIO`: text in memory that is read and written like a file.
final class StringStream: TextStream {
  static let type = ObjectType("_io.StringIO", "Text in memory that is used like a file.") {
    methods.map(\.entry)
  }

  static let methods: [Builtin] =
    TextStreamMethods.all + [
      Builtin.method("getvalue", "The whole text.", returns: "str") {
        machine, window throws(Thrown) in
        guard let stream = try machine.stream(window) as? StringStream else { return .none }
        try stream.checkOpen(in: machine)
        return try machine.string(stream.utf8(0..<stream.scalars.count))
      }
    ]

  static let maker = Builtin(
    "StringIO", "Text in memory that is used like a file.",
    .named("initial_value", "str", shown: "''"), .named("newline", "str", shown: "'\\n'"),
    returns: "StringIO", example: "io.StringIO(\"a\\nb\")"
  ) { machine, window throws(Thrown) in
    var ends = LineEnds.newline
    if let given = window.given(1) {
      guard given.isNone || given.isString else {
        throw machine.error(
          .type, "newline must be str or None, not \(machine.typeName(given))", code: "L105")
      }
      guard let known = LineEnds(given.isNone ? nil : StringCell(given).string) else {
        throw machine.error(.value, "illegal newline value: \(try machine.repr(given))")
      }
      ends = known
    }
    let stream = StringStream(ends)
    if let start = window.given(0), !start.isNone {
      let text = try machine.text(start, "initial_value must be str or None")
      try stream.write(text, in: machine)
      stream.place = 0
    }
    return machine.newNative(stream)
  }

  private let lineEnds: LineEnds
  private var scalars: [Unicode.Scalar] = []
  private var place = 0
  private(set) var isClosed = false

  init(_ lineEnds: LineEnds) {
    self.lineEnds = lineEnds
  }

  var type: ObjectType { Self.type }
  var text: String { "<_io.StringIO object>" }

  func attribute(_ name: String) throws -> Value? {
    switch name {
    case "closed": .bool(isClosed)
    case "line_buffering": .bool(false)
    case "encoding", "errors", "newlines": Value.none
    default: nil
    }
  }

  var contents: [String] { ["closed"] }
  var closedMessage: String { "I/O operation on closed file" }
  var canRead: Bool { true }
  var canWrite: Bool { true }
  var canSeek: Bool { true }
  var isTerminal: Bool { false }

  private func utf8(_ range: Range<Int>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count)
    for scalar in scalars[range] {
      if scalar.value < 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        bytes += UTF8.encode(scalar).map { Array($0) } ?? []
      }
    }
    return bytes
  }

  private func take(_ count: Int) -> [UInt8] {
    let end = min(scalars.count, place + count)
    defer { place = max(place, end) }
    return utf8(min(place, end)..<end)
  }

  func read(_ limit: Int?, in machine: Machine) throws(Thrown) -> [UInt8] {
    take(min(limit ?? Int.max, max(0, scalars.count - place)))
  }

  func readLine(_ limit: Int?, in machine: Machine) throws(Thrown) -> [UInt8] {
    var end = place
    while end < scalars.count {
      if let limit, end - place >= limit { break }
      let scalar = scalars[end]
      end += 1
      if scalar == "\n" {
        let isWhole =
          lineEnds != .both && lineEnds != .carriageReturn
          || lineEnds == .both && end - 2 >= place && scalars[end - 2] == "\r"
        if isWhole { break }
      }
      if scalar == "\r" {
        if lineEnds == .carriageReturn { break }
        if lineEnds == .any {
          if end < scalars.count, scalars[end] == "\n", limit.map({ end - place < $0 }) ?? true {
            end += 1
          }
          break
        }
      }
    }
    return take(max(0, end - place))
  }

  func write(_ text: StringCell, in machine: Machine) throws(Thrown) {
    var new = text.scalars
    if lineEnds == .translated {
      new = StringStream.joined(new)
    } else if lineEnds == .both || lineEnds == .carriageReturn {
      let end: [Unicode.Scalar] = lineEnds == .both ? ["\r", "\n"] : ["\r"]
      new = new.flatMap { $0 == "\n" ? end : [$0] }
    }
    if new.isEmpty { return }
    let (end, overflow) = place.addingReportingOverflow(new.count)
    guard !overflow, machine.heap.fits(end, of: 4) else { throw machine.memoryError() }
    if place > scalars.count {
      scalars += Array(repeating: "\0", count: place - scalars.count)
    }
    if place == scalars.count {
      scalars += new
    } else {
      scalars.replaceSubrange(place..<min(end, scalars.count), with: new)
    }
    place = end
  }

  /// Every line end as `\n`.
  private static func joined(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    guard scalars.contains("\r") else { return scalars }
    var result: [Unicode.Scalar] = []
    for (index, scalar) in scalars.enumerated() {
      if scalar == "\r" {
        result.append("\n")
      } else if scalar != "\n" || index == 0 || scalars[index - 1] != "\r" {
        result.append(scalar)
      }
    }
    return result
  }

  func seek(_ offset: Int, _ whence: Int, in machine: Machine) throws(Thrown) -> Int {
    switch whence {
    case 0:
      guard offset >= 0 else {
        throw machine.error(.value, "Negative seek position \(offset)")
      }
      place = offset
    case 1, 2:
      guard offset == 0 else {
        throw machine.error(.os, "Can't do nonzero cur-relative seeks")
      }
      if whence == 2 { place = scalars.count }
    default:
      throw machine.error(.value, "Invalid whence (\(whence), should be 0, 1 or 2)")
    }
    return place
  }

  func tell(in machine: Machine) throws(Thrown) -> Int { place }

  func truncate(_ size: Int?, in machine: Machine) throws(Thrown) -> Int {
    let size = size ?? place
    guard size >= 0 else { throw machine.error(.value, "Negative size value \(size)") }
    if size < scalars.count { scalars.removeLast(scalars.count - size) }
    return size
  }

  func flush(in machine: Machine) throws(Thrown) {}

  func close(in machine: Machine) throws(Thrown) {
    isClosed = true
    scalars = []
  }

  func descriptor(in machine: Machine) throws(Thrown) -> Int {
    throw machine.unsupported("fileno")
  }
}

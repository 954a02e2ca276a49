import Catalog
import Glibc

/// A text file that a script has opened.
///
/// Modes with `w` write into the file itself, not into one beside it that is renamed at the end:
/// programs look at the file after `flush()`, follow it while it grows, and expect links and
/// permissions to stay. What is written is gathered in memory and handed to the system in pieces,
/// at `flush` and `close`, when another file function looks, and at the end of every cell; so an
/// error in the script loses nothing, and neither does forgetting `close`.
final class TextFile: TextStream {
  static let type = ObjectType("_io.TextIOWrapper", "An open text file.") {
    TextStreamMethods.all.map(\.entry)
  }

  /// How many bytes are asked of the system at once; CPython's, because the places in messages
  /// about bytes that are not text count from the start of such a piece.
  static let chunk = 8192
  private static let largeChunk = 1 << 20
  private static let outputLimit = 1 << 16

  let name: RawName
  let mode: FileMode
  let encoding: TextEncoding
  let encodingName: String
  let handling: ErrorHandling
  private let lineEnds: LineEnds
  private let isLineBuffered: Bool
  private let isRegular: Bool
  private let registry: OpenFiles
  /// -1 once it is closed.
  private var file: Int32

  /// Text that was read from the file and not yet by the script: UTF-8, from `start` on.
  private var input: [UInt8] = []
  private var start = 0
  /// The bytes of a character whose rest has not been read.
  private var tail: [UInt8] = []
  /// Whether bytes were left out or replaced, so that text and bytes no longer match.
  private var isInexact = false
  private var isAtMark = true
  /// `tell` is not available inside a loop over the lines, as in CPython.
  private var isWalking = false
  /// The kinds of line ends that were seen.
  private var seenEnds: Set<String> = []
  /// What has been written and not yet handed to the system.
  private var output: [UInt8] = []

  /// A path, or the number of a file that was already open.
  enum RawName {
    case path(String)
    case number(Int)
  }

  init(
    _ file: Int32, name: RawName, mode: FileMode, encoding: TextEncoding, encodingName: String,
    handling: ErrorHandling, lineEnds: LineEnds, isLineBuffered: Bool, registry: OpenFiles
  ) {
    self.file = file
    self.name = name
    self.mode = mode
    self.encoding = encoding
    self.encodingName = encodingName
    self.handling = handling
    self.lineEnds = lineEnds
    self.registry = registry
    isRegular = FileSystem.facts(of: file)?.isFile ?? false
    self.isLineBuffered = isLineBuffered || isatty(file) == 1
    canSeek = FileSystem.seek(file, 0, SEEK_CUR) != nil
    if mode.action == .append { _ = FileSystem.seek(file, 0, SEEK_END) }
    isAtMark = mode.action != .append || FileSystem.seek(file, 0, SEEK_CUR) == 0
    registry.add(self)
  }

  deinit {
    guard file >= 0 else { return }
    _ = writeOut()
    _ = FileSystem.close(file)
    registry.remove(self)
  }

  var type: ObjectType { Self.type }
  var text: String {
    "<_io.TextIOWrapper name=\(shownName) mode='\(mode.text)' encoding='\(encodingName)'>"
  }

  private var shownName: String {
    switch name {
    case .path(let path): String(decoding: Quoting.repr(Array(path.utf8).span), as: UTF8.self)
    case .number(let number): String(number)
    }
  }

  func attribute(_ name: String) throws -> Value? {
    switch name {
    case "closed": return .bool(isClosed)
    case "name":
      switch self.name {
      case .path(let path): return .string(path)
      case .number(let number): return .int(number)
      }
    case "mode": return .string(mode.text)
    case "encoding": return .string(encodingName)
    case "errors": return .string(handling.rawValue)
    case "line_buffering": return .bool(isLineBuffered)
    case "newlines":
      if seenEnds.count > 1 {
        return .tuple(["\r", "\n", "\r\n"].filter(seenEnds.contains).map { .string($0) })
      }
      return seenEnds.first.map { .string($0) } ?? Value.none
    case "buffer":
      throw Failure(
        .attribute, "the attribute 'buffer' is not part of Gradus: there are no bytes",
        code: "L007", help: "read and write text")
    default: return nil
    }
  }

  var contents: [String] { ["closed", "encoding", "errors", "mode", "name", "newlines"] }
  var externalBytes: Int { 1 << 14 }

  var isClosed: Bool { file < 0 }
  var closedMessage: String { "I/O operation on closed file." }
  var canRead: Bool { mode.canRead }
  var canWrite: Bool { mode.canWrite }
  let canSeek: Bool
  var isTerminal: Bool { isatty(file) == 1 }

  func descriptor(in machine: Machine) throws(Thrown) -> Int {
    guard !isClosed else { throw machine.error(.value, "I/O operation on closed file") }
    return Int(file)
  }
}

// MARK: Reading

extension TextFile {
  private func prepareToRead(in machine: Machine) throws(Thrown) {
    guard canRead else { throw machine.unsupported("not readable") }
    if !output.isEmpty { try flush(in: machine) }
  }

  /// Reads the next piece of the file; false: there is none.
  private func fill(in machine: Machine) throws(Thrown) -> Bool {
    if start > 0 {
      input.removeFirst(start)
      start = 0
    }
    var bytes = tail
    let count = try receive(TextFile.chunk, into: &bytes, in: machine)
    try decode(bytes, isFinal: count == 0, in: machine)
    return count > 0
  }

  /// Reads bytes, waiting in short steps where the file may keep us waiting.
  private func receive(
    _ count: Int, into bytes: inout [UInt8], in machine: Machine
  ) throws(Thrown) -> Int {
    try machine.safepoint()
    if !isRegular {
      while !FileSystem.isReady(file, waiting: 20) { try machine.safepoint() }
    }
    guard machine.heap.fits(bytes.count + input.count + count, of: 2) else {
      throw machine.memoryError()
    }
    guard let received = FileSystem.read(file, count, into: &bytes) else {
      throw machine.osError(FileSystem.error)
    }
    return received
  }

  private func decode(
    _ given: [UInt8], isFinal: Bool, in machine: Machine
  ) throws(Thrown) {
    var bytes = given
    if encoding == .utf8Marked, isAtMark {
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
        bytes.removeFirst(3)
      } else if !isFinal, bytes.count < 3 {
        tail = bytes
        return
      }
      isAtMark = false
    }
    let before = input.count
    defer { noteEnds(from: before) }
    do {
      let (used, isExact) = try encoding.decode(
        bytes, isFinal: isFinal, handling, into: &input)
      tail = used == bytes.count ? [] : Array(bytes[used...])
      if !isExact { isInexact = true }
    } catch {
      tail = []
      throw machine.decodeError(encoding.codec, error)
    }
  }

  func read(_ limit: Int?, in machine: Machine) throws(Thrown) -> [UInt8] {
    try prepareToRead(in: machine)
    guard let limit else { return try readAll(in: machine) }
    var text: [UInt8] = []
    var left = limit
    while left > 0 {
      if start == input.count {
        guard try fill(in: machine) else { break }
        continue
      }
      let first = input[start]
      if first == 0x0D, lineEnds == .translated || lineEnds == .any {
        if start + 1 == input.count, try fill(in: machine) { continue }
        let isPair = start + 1 < input.count && input[start + 1] == 0x0A
        if lineEnds == .translated {
          text.append(0x0A)
          start += isPair ? 2 : 1
        } else {
          text.append(0x0D)
          start += 1
        }
      } else {
        let width = StringCell.width(first)
        text += input[start..<min(start + width, input.count)]
        start += width
      }
      left -= 1
      if text.count & 0xFFFF == 0, !machine.heap.fits(text.count, of: 2) {
        throw machine.memoryError()
      }
    }
    return text
  }

  private func readAll(in machine: Machine) throws(Thrown) -> [UInt8] {
    // Decoded as one piece, so that places in messages count from here.
    var bytes = tail
    while try receive(TextFile.largeChunk, into: &bytes, in: machine) > 0 {}
    try decode(bytes, isFinal: true, in: machine)
    let text = start == 0 ? input : Array(input[start...])
    input = []
    start = 0
    return translated(text)
  }

  /// The text with every line end as `\n`, where that is wanted.
  private func translated(_ text: [UInt8]) -> [UInt8] {
    guard lineEnds == .translated || lineEnds == .any else { return text }
    guard text.contains(0x0D) else { return text }
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      let byte = text[index]
      index += 1
      guard byte == 0x0D else {
        result.append(byte)
        continue
      }
      let isPair = index < text.count && text[index] == 0x0A
      if isPair { index += 1 }
      if lineEnds == .translated {
        result.append(0x0A)
      } else {
        result.append(0x0D)
        if isPair { result.append(0x0A) }
      }
    }
    return result
  }

  /// Notes the kinds of line ends in what has just been read, for the attribute `newlines`.
  private func noteEnds(from first: Int) {
    guard lineEnds == .translated || lineEnds == .any, seenEnds.count < 3 else { return }
    let new = input[first...]
    guard new.contains(0x0D) else {
      if !seenEnds.contains("\n"), new.contains(0x0A) { seenEnds.insert("\n") }
      return
    }
    var index = first
    while index < input.count {
      let byte = input[index]
      index += 1
      if byte == 0x0A { seenEnds.insert("\n") }
      guard byte == 0x0D else { continue }
      let isPair = index < input.count && input[index] == 0x0A
      seenEnds.insert(isPair ? "\r\n" : "\r")
      if isPair { index += 1 }
    }
  }

  func readLine(_ limit: Int?, in machine: Machine) throws(Thrown) -> [UInt8] {
    try prepareToRead(in: machine)
    if limit == 0 { return [] }
    var index = start
    var count = 0
    while true {
      if index >= input.count {
        // What has been looked at moves to the front of the buffer.
        let seen = index - start
        let more = try fill(in: machine)
        index = start + seen
        if index < input.count { continue }
        if more { continue }
        return take(upTo: index)
      }
      let byte = input[index]
      if byte & 0xC0 != 0x80 {
        if count == limit { return take(upTo: index) }
        count += 1
      }
      switch (byte, lineEnds) {
      case (0x0A, .translated), (0x0A, .any):
        return take(upTo: index + 1)
      case (0x0A, .newline): return take(upTo: index + 1)
      case (0x0D, .carriageReturn): return take(upTo: index + 1)
      case (0x0D, .translated), (0x0D, .any):
        if index + 1 == input.count {
          let seen = index - start
          if try fill(in: machine) {
            index = start + seen
            if index + 1 == input.count { continue }
          } else {
            index = start + seen
          }
        }
        let isPair = index + 1 < input.count && input[index + 1] == 0x0A
        if lineEnds == .translated {
          var line = take(upTo: index)
          line.append(0x0A)
          start += isPair ? 2 : 1
          return line
        }
        if isPair, limit != count { return take(upTo: index + 2) }
        return take(upTo: index + 1)
      case (0x0A, .both) where index > start && input[index - 1] == 0x0D:
        return take(upTo: index + 1)
      default: index += 1
      }
    }
  }

  private func take(upTo end: Int) -> [UInt8] {
    let text = Array(input[start..<end])
    start = end
    return text
  }

  func next(in machine: Machine) throws(Thrown) -> RawValue {
    try checkOpen(in: machine)
    guard canRead else { throw machine.unsupported("not readable") }
    isWalking = true
    let line = try readLine(nil, in: machine)
    if line.isEmpty {
      isWalking = false
      return .undefined
    }
    return machine.heap.newString(line).value
  }
}

// MARK: Writing

extension TextFile {
  func write(_ text: StringCell, in machine: Machine) throws(Thrown) {
    guard canWrite else { throw machine.unsupported("not writable") }
    forgetInput()
    if encoding == .utf8Marked, isAtMark, output.isEmpty { output += [0xEF, 0xBB, 0xBF] }
    isAtMark = false
    let before = output.count
    do {
      try encoding.encode(text, handling, into: &output)
    } catch {
      throw machine.encodeError(encoding.codec, error.scalar, at: error.position, error.reason)
    }
    if lineEnds == .carriageReturn || lineEnds == .both {
      var changed: [UInt8] = []
      for byte in output[before...] {
        if byte == 0x0A {
          changed.append(0x0D)
          if lineEnds == .both { changed.append(0x0A) }
        } else {
          changed.append(byte)
        }
      }
      output.replaceSubrange(before..., with: changed)
    }
    if output.count >= TextFile.outputLimit
      || isLineBuffered && output[before...].contains(where: { $0 == 0x0A || $0 == 0x0D })
    {
      try flush(in: machine)
    }
  }

  /// Hands everything to the system; the number of the error, 0 when all went well.
  ///
  /// What the system did not take stays.
  func writeOut() -> Int32 {
    var done = 0
    defer { if done > 0 { output.removeFirst(done) } }
    while done < output.count {
      guard let count = FileSystem.write(output, from: done, to: file) else {
        return FileSystem.error
      }
      done += count
    }
    return 0
  }

  func flush(in machine: Machine) throws(Thrown) {
    let problem = writeOut()
    if problem != 0 { throw machine.osError(problem) }
  }

  func close(in machine: Machine) throws(Thrown) {
    guard !isClosed else { return }
    let problem = writeOut()
    registry.remove(self)
    let isClosed = FileSystem.close(file)
    let reason = FileSystem.error
    file = -1
    input = []
    output = []
    if problem != 0 { throw machine.osError(problem) }
    if !isClosed { throw machine.osError(reason) }
  }
}

// MARK: Places

extension TextFile {
  private func forgetInput() {
    input = []
    start = 0
    tail = []
    isInexact = false
  }

  func seek(_ offset: Int, _ whence: Int, in machine: Machine) throws(Thrown) -> Int {
    guard canSeek else { throw machine.unsupported("underlying stream is not seekable") }
    var offset = offset
    switch whence {
    case 0:
      if offset < 0 { throw machine.error(.value, "negative seek position \(offset)") }
    case 1:
      if offset != 0 { throw machine.unsupported("can't do nonzero cur-relative seeks") }
      offset = try tell(in: machine)
    case 2:
      if offset != 0 { throw machine.unsupported("can't do nonzero end-relative seeks") }
    default:
      throw machine.error(.value, "invalid whence (\(whence), should be 0, 1 or 2)")
    }
    try flush(in: machine)
    guard let place = FileSystem.seek(file, offset, whence == 2 ? SEEK_END : SEEK_SET) else {
      throw machine.osError(FileSystem.error)
    }
    forgetInput()
    isAtMark = place == 0
    return place
  }

  func tell(in machine: Machine) throws(Thrown) -> Int {
    guard canSeek else { throw machine.unsupported("underlying stream is not seekable") }
    guard !isWalking else {
      throw machine.error(.os, "telling position disabled by next() call")
    }
    try flush(in: machine)
    guard !isInexact else {
      throw machine.error(
        .os, "after bytes that are not text the place in the file is not known", code: "L007")
    }
    guard let place = FileSystem.seek(file, 0, SEEK_CUR) else {
      throw machine.osError(FileSystem.error)
    }
    var waiting = input.count - start
    if encoding == .latin1 {
      waiting = input[start...].count { $0 & 0xC0 != 0x80 }
    }
    return place - waiting - tail.count
  }

  func truncate(_ size: Int?, in machine: Machine) throws(Thrown) -> Int {
    guard canWrite else { throw machine.unsupported("truncate") }
    try flush(in: machine)
    let wanted: Int
    if let size { wanted = size } else { wanted = try tell(in: machine) }
    guard FileSystem.truncate(file, wanted) else { throw machine.osError(FileSystem.error) }
    return wanted
  }
}

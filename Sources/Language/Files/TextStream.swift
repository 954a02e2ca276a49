import Catalog

/// Text that is read and written in pieces: a file, text in memory, the process's own streams.
///
/// Pieces of text cross as UTF-8 bytes. A limit counts characters; nil means all there is.
protocol TextStream: MachineIterator {
  var isClosed: Bool { get }
  /// What a closed stream says.
  var closedMessage: String { get }
  var canRead: Bool { get }
  var canWrite: Bool { get }
  var canSeek: Bool { get }
  var isTerminal: Bool { get }

  func read(_ limit: Int?, in machine: Machine) throws(Thrown) -> [UInt8]
  /// A line with its end; empty at the end of the text.
  func readLine(_ limit: Int?, in machine: Machine) throws(Thrown) -> [UInt8]
  /// Returns how many characters were written.
  func write(_ text: StringCell, in machine: Machine) throws(Thrown)
  func seek(_ offset: Int, _ whence: Int, in machine: Machine) throws(Thrown) -> Int
  func tell(in machine: Machine) throws(Thrown) -> Int
  func truncate(_ size: Int?, in machine: Machine) throws(Thrown) -> Int
  func flush(in machine: Machine) throws(Thrown)
  func close(in machine: Machine) throws(Thrown)
  func descriptor(in machine: Machine) throws(Thrown) -> Int
}

extension TextStream {
  func checkOpen(in machine: Machine) throws(Thrown) {
    if isClosed { throw machine.error(.value, closedMessage) }
  }

  func begin(in machine: Machine) throws(Thrown) {
    if isClosed { throw machine.error(.value, "I/O operation on closed file.") }
  }

  func next(in machine: Machine) throws(Thrown) -> RawValue {
    let line = try readLine(nil, in: machine)
    return line.isEmpty ? .undefined : machine.heap.newString(line).value
  }
}

/// The methods that all streams of text have.
enum TextStreamMethods {
  static let all: [Builtin] = reading + writing + placing + asking

  private static let reading: [Builtin] = [
    Builtin.method(
      "read", "The next characters, all that are left unless a number is given.",
      .optional("size", "int or None", shown: "-1"), returns: "str"
    ) { machine, window throws(Thrown) in
      let stream = try machine.stream(window)
      try stream.checkOpen(in: machine)
      let limit = try machine.readLimit(window[0])
      return try machine.string(try stream.read(limit, in: machine))
    },
    Builtin.method(
      "readline", "The next line with its end; empty text at the end of the file.",
      .optional("size", "int", shown: "-1"), returns: "str"
    ) { machine, window throws(Thrown) in
      let stream = try machine.stream(window)
      let size = try machine.integer(window[0], default: -1)
      try stream.checkOpen(in: machine)
      return try machine.string(try stream.readLine(size < 0 ? nil : size, in: machine))
    },
    Builtin.method(
      "readlines", "A list of the lines that are left.",
      .optional("hint", "int", shown: "-1"), returns: "list"
    ) { machine, window throws(Thrown) in
      let stream = try machine.stream(window)
      try stream.checkOpen(in: machine)
      var hint = Int.max
      if let given = window.given(0), !given.isNone {
        let wanted = try machine.integer(given)
        if wanted > 0 { hint = wanted }
      }
      let list = machine.heap.newList(count: 0, capacity: 4)
      let scope = HandleScope(machine)
      scope.keep(list.value)
      var total = 0
      while total < hint {
        try machine.safepoint()
        let line = try stream.readLine(nil, in: machine)
        if line.isEmpty { break }
        let text = StringCell(try machine.string(line))
        total += text.count
        machine.heap.append(text.value, to: list)
      }
      return list.value
    },
    Builtin.method("__iter__", "The stream itself.", returns: "stream") {
      machine, window throws(Thrown) in
      try machine.stream(window).checkOpen(in: machine)
      return window.receiver
    },
    Builtin.method("__next__", "The next line.", returns: "str") {
      machine, window throws(Thrown) in
      let line = try machine.stream(window).next(in: machine)
      if line.isUndefined { throw machine.stopIteration() }
      return line
    },
  ]

  private static let writing: [Builtin] = [
    Builtin.method(
      "write", "Writes a text and returns the number of its characters.",
      .required("text", "str"), returns: "int", example: "file.write(\"a line\\n\")"
    ) { machine, window throws(Thrown) in
      let stream = try machine.stream(window)
      guard window[0].isString else {
        try stream.checkOpen(in: machine)
        throw machine.error(
          .type, stream.writeProblem(machine.typeName(window[0])), code: "L105",
          help: "write text: str(value)")
      }
      let text = StringCell(window[0])
      try machine.write(text, to: stream)
      return RawValue(text.count)
    },
    Builtin.method(
      "writelines", "Writes texts one after the other; adds no line ends.",
      .required("lines", "iterable")
    ) { machine, window throws(Thrown) in
      let stream = try machine.stream(window)
      try stream.checkOpen(in: machine)
      try machine.forEach(window[0]) { line throws(Thrown) in
        guard line.isString else {
          throw machine.error(
            .type, stream.writeProblem(machine.typeName(line)), code: "L105")
        }
        try machine.write(StringCell(line), to: stream)
        return true
      }
      return .none
    },
    Builtin.method("flush", "Hands everything written so far to the system.") {
      machine, window throws(Thrown) in
      let stream = try machine.stream(window)
      try stream.checkOpen(in: machine)
      try stream.flush(in: machine)
      return .none
    },
    Builtin.method(
      "truncate", "Cuts the text off, at the present place unless another is given.",
      .optional("size", "int or None"), returns: "int"
    ) { machine, window throws(Thrown) in
      let stream = try machine.stream(window)
      try stream.checkOpen(in: machine)
      var size: Int?
      if let given = window.given(0), !given.isNone { size = try machine.integer(given) }
      return RawValue(try stream.truncate(size, in: machine))
    },
  ]

  private static let placing: [Builtin] = [
    Builtin.method(
      "seek", "Goes to another place of the text.", .required("offset", "int"),
      .optional("whence", "int", shown: "0"), returns: "int"
    ) { machine, window throws(Thrown) in
      let stream = try machine.stream(window)
      let whence = try machine.integer(window[1], default: 0)
      try stream.checkOpen(in: machine)
      return RawValue(try stream.seek(machine.integer(window[0]), whence, in: machine))
    },
    Builtin.method("tell", "The present place, for `seek`.", returns: "int") {
      machine, window throws(Thrown) in
      let stream = try machine.stream(window)
      try stream.checkOpen(in: machine)
      return RawValue(try stream.tell(in: machine))
    },
    Builtin.method("close", "Writes what is left, and ends the use of the file.") {
      machine, window throws(Thrown) in
      try machine.stream(window).close(in: machine)
      return .none
    },
    Builtin.method("__enter__", "The stream itself.", returns: "stream") {
      machine, window throws(Thrown) in
      try machine.stream(window).checkOpen(in: machine)
      return window.receiver
    },
    Builtin.method("__exit__", "Closes the stream.", .rest("exception"), returns: "None") {
      machine, window throws(Thrown) in
      try machine.stream(window).close(in: machine)
      return .none
    },
  ]

  private static let asking: [Builtin] = [
    question("readable", "Whether it can be read.") { $0.canRead },
    question("writable", "Whether it can be written.") { $0.canWrite },
    question("seekable", "Whether `seek` works.") { $0.canSeek },
    question("isatty", "Whether it is a terminal.") { $0.isTerminal },
    Builtin.method("fileno", "The system's number of the open file.", returns: "int") {
      machine, window throws(Thrown) in
      let stream = try machine.stream(window)
      return RawValue(try stream.descriptor(in: machine))
    },
  ]

  private static func question(
    _ name: String, _ sentence: String, _ answer: @escaping @Sendable (any TextStream) -> Bool
  ) -> Builtin {
    Builtin.method(name, sentence, returns: "bool") { machine, window throws(Thrown) in
      let stream = try machine.stream(window)
      if stream.isClosed {
        // The two kinds of streams differ in the full stop, and in one of these methods.
        let isText = stream is StringStream && name == "isatty"
        throw machine.error(.value, "I/O operation on closed file" + (isText ? "." : ""))
      }
      return RawValue(answer(stream))
    }
  }
}

extension TextStream {
  /// What is said about a value that is not text.
  fileprivate func writeProblem(_ type: String) -> String {
    self is StringStream
      ? "string argument expected, got '\(type)'" : "write() argument must be str, not \(type)"
  }
}

extension Machine {
  /// The stream whose method is called.
  func stream(_ window: Window) throws(Thrown) -> any TextStream {
    guard window.receiver.tag == RawValue.Tag.native,
      let stream = NativeCell(window.receiver).object as? any TextStream
    else {
      throw error(
        .type, "this method needs an open file, not '\(typeName(window.receiver))'", code: "L105")
    }
    return stream
  }

  fileprivate func write(_ text: StringCell, to stream: any TextStream) throws(Thrown) {
    try stream.checkOpen(in: self)
    try stream.write(text, in: self)
  }

  fileprivate func readLimit(_ value: RawValue) throws(Thrown) -> Int? {
    if value.isUndefined || value.isNone { return nil }
    guard let size = try integer(ifIndex: value) else {
      throw error(
        .type, "argument should be integer or None, not '\(typeName(value))'", code: "L105")
    }
    return size < 0 ? nil : size
  }
}

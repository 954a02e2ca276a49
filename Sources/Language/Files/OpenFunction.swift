import Catalog
import Glibc

/// `open`, with the rights of the user; relative paths start at the session's working directory.
enum OpenFunction {
  static let builtin = Builtin(
    "open", "Opens a text file for reading or writing.", .named("file", "str or Path"),
    .named("mode", "str", shown: "'r'"), .named("buffering", "int", shown: "-1"),
    .named("encoding", "str or None", shown: "None"),
    .named("errors", "str or None", shown: "None"),
    .named("newline", "str or None", shown: "None"), .named("closefd", "bool", shown: "True"),
    .named("opener", shown: "None"), returns: "file",
    example: "with open(\"notes.txt\") as file:\n    text = file.read()",
    details: "Modes: `r` reads, `w` writes anew, `a` writes at the end, `x` makes a new file; `+` "
      + "adds the other direction. Encodings: `utf-8`, `utf-8-sig`, `ascii`, `latin-1`. Files are "
      + "text; binary modes are not part of Gradus. What has been written stands in the file after "
      + "`flush()` or `close()`, when another file function looks, and at the end of the cell."
  ) { machine, window throws(Thrown) in try machine.open(window) }
}

extension Machine {
  fileprivate func open(_ window: Window) throws(Thrown) -> RawValue {
    let modeText = try optionalText(window[1], "mode", "open()") ?? "r"
    let encodingName = try optionalText(window[3], "encoding", "open()")
    let errorsName = try optionalText(window[4], "errors", "open()")
    let newline = try optionalText(window[5], "newline", "open()")
    let buffering = try integer(window[2], default: -1)
    let keepsOpen = try !flag(window[6], default: true)
    if let opener = window.given(7), !opener.isNone {
      throw absent("the argument 'opener'", help: "open the file by its name")
    }
    var number: Int?
    var path = ""
    if window[0].isInt || window[0].isBool {
      number = window[0].int
    } else {
      path = try self.path(window[0])
    }
    let mode = try fileMode(modeText)
    if buffering == 0 { throw error(.value, "can't have unbuffered text I/O") }
    guard let ends = LineEnds(newline) else {
      throw error(.value, "illegal newline value: \(newline ?? "None")")
    }
    let encoding = try textEncoding(encodingName ?? "utf-8")
    let handling = try errorHandling(errorsName ?? "strict")
    if keepsOpen, number == nil {
      throw error(.value, "Cannot use closefd=False with file name")
    }
    if let number { return try standardStream(number) }
    // What other files hold back is to be seen by this one.
    files.flush()
    let file = TextFile(
      try openDescriptor(path, mode), name: .path(path), mode: mode, encoding: encoding,
      encodingName: encodingName ?? "UTF-8", handling: handling, lineEnds: ends,
      isLineBuffered: buffering == 1, registry: files)
    return newNative(file)
  }

  private func openDescriptor(_ path: String, _ mode: FileMode) throws(Thrown) -> Int32 {
    var flags: Int32
    switch mode.action {
    case .read: flags = mode.isUpdating ? O_RDWR : O_RDONLY
    case .write: flags = (mode.isUpdating ? O_RDWR : O_WRONLY) | O_CREAT | O_TRUNC
    case .append: flags = (mode.isUpdating ? O_RDWR : O_WRONLY) | O_CREAT | O_APPEND
    case .create: flags = (mode.isUpdating ? O_RDWR : O_WRONLY) | O_CREAT | O_EXCL
    }
    let place = path.isEmpty ? path : context.resolve(path)
    var descriptor = FileSystem.open(place, flags)
    if descriptor < 0, FileSystem.error == EMFILE || FileSystem.error == ENFILE {
      // Files that the script has dropped are still open until they are collected.
      collect()
      descriptor = FileSystem.open(place, flags)
    }
    guard descriptor >= 0 else { throw osError(FileSystem.error, path) }
    if FileSystem.facts(of: descriptor)?.isFolder == true {
      _ = FileSystem.close(descriptor)
      throw osError(EISDIR, path)
    }
    return descriptor
  }

  /// `open(0)`: the process's own streams by their numbers.
  private func standardStream(_ number: Int) throws(Thrown) -> RawValue {
    if number < 0 { throw error(.value, "negative file descriptor") }
    guard let role = StandardStream.Role(rawValue: number) else { throw osError(EBADF) }
    return newNative(StandardStream(role, context))
  }

  private func fileMode(_ text: String) throws(Thrown) -> FileMode {
    do {
      return try FileMode(text)
    } catch {
      switch error {
      case .invalid: throw self.error(.value, "invalid mode: '\(text)'")
      case .textAndBinary:
        throw self.error(.value, "can't have text and binary mode at once")
      case .severalActions:
        throw self.error(.value, "must have exactly one of create/read/write/append mode")
      case .noAction:
        throw self.error(
          .value, "Must have exactly one of create/read/write/append mode and at most one plus")
      case .binary:
        throw absent(
          "the binary mode '\(text)'",
          help: "open it as text, or read data with load(), load_csv() and their like")
      }
    }
  }

  private func textEncoding(_ name: String) throws(Thrown) -> TextEncoding {
    if let known = TextEncoding(name) { return known }
    if TextEncoding.isKnownElsewhere(name) {
      throw absent(
        "the encoding '\(name)'", help: "there are utf-8, utf-8-sig, ascii and latin-1")
    }
    throw error(named: "LookupError", "unknown encoding: \(name)")
  }

  private func errorHandling(_ name: String) throws(Thrown) -> ErrorHandling {
    if let known = ErrorHandling(rawValue: name) { return known }
    if name == "surrogateescape" || name == "surrogatepass" {
      throw absent(
        "the error handler '\(name)'", help: "text has no surrogates; use errors=\"replace\"")
    }
    throw error(named: "LookupError", "unknown error handler name '\(name)'")
  }

  /// A part of Python that is not here: an error that says so.
  func absent(_ what: String, help: String) -> Thrown {
    error(.notImplemented, "\(what) is not part of Gradus", code: "L007", help: help)
  }

  /// A text or None as an argument; nil for None and for nothing.
  func optionalText(
    _ value: RawValue, _ name: String, _ function: String
  ) throws(Thrown) -> String? {
    if value.isUndefined || (value.isNone && name != "mode") { return nil }
    guard value.isString else {
      let wanted = name == "mode" ? "str" : "str or None"
      throw error(
        .type,
        "\(function) argument '\(name)' must be \(wanted), not "
          + (value.isNone ? "None" : typeName(value)), code: "L105")
    }
    return StringCell(value).string
  }

  /// What CPython's functions also take for a path, as their messages list it.
  private static func otherPaths(_ function: String) -> String {
    switch function {
    case "stat", "chdir": ", os.PathLike or integer"
    case "listdir": ", os.PathLike, integer or None"
    default: " or os.PathLike"
    }
  }

  /// A path: text, or an object with `__fspath__`.
  ///
  /// May run script code.
  func path(_ value: RawValue, _ function: String = "") throws(Thrown) -> String {
    var value = value
    if value.tag == RawValue.Tag.instance,
      let method = InstanceCell(value).type.find(heap.intern("__fspath__"))
    {
      let owner = typeName(value)
      value = try call(method, [value])
      guard value.isString else {
        throw error(
          .type,
          "expected \(owner).__fspath__() to return str or bytes, not \(typeName(value))")
      }
    }
    guard value.isString else {
      throw error(
        .type,
        function.isEmpty
          ? "expected str, bytes or os.PathLike object, not \(typeName(value))"
          : "\(function): path should be string, bytes\(Machine.otherPaths(function)), "
            + "not \(typeName(value))",
        code: "L105")
    }
    let text = StringCell(value).string
    if text.utf8.contains(0) { throw error(.value, "embedded null byte") }
    return text
  }
}

import Catalog

/// `import os.path`: paths as text, and what stands under them.
enum PathModule {
  static let module = BuiltinModule(
    "os.path", "Paths: joining, splitting, and what stands under them.",
    functions: texts + questions + places,
    values: [
      ModuleValue("sep", "What stands between the parts of a path.", text: "/"),
      ModuleValue("curdir", "The present folder.", text: "."),
      ModuleValue("pardir", "The folder above.", text: ".."),
      ModuleValue("extsep", "What an ending starts with.", text: "."),
      ModuleValue("pathsep", "What stands between the paths of a list.", text: ":"),
    ])

  private static let path = ParameterFacts.named("path", "str or Path")

  private static let texts: [Builtin] = [
    Builtin(
      "join", "Puts the parts of a path together.", .named("a", "str or Path"), .rest("paths"),
      returns: "str", example: "os.path.join(\"data\", \"train.csv\")"
    ) { machine, window throws(Thrown) in
      let first = try machine.joinedPart(window[0])
      var others: [String] = []
      for index in 0..<window.restCount {
        others.append(try machine.joinedPart(window.rest(index)))
      }
      return machine.string(PathText.join(first, others))
    },
    Builtin("split", "The folder and the name.", path, returns: "tuple") {
      machine, window throws(Thrown) in
      let (head, tail) = PathText.split(try machine.path(window[0]))
      return machine.tuple([machine.string(head), machine.string(tail)])
    },
    text("basename", "The name: what stands after the last slash.") { PathText.split($0).tail },
    text("dirname", "The folder: what stands before the last slash.") { PathText.split($0).head },
    Builtin(
      "splitext", "The path and its ending.", path, returns: "tuple",
      example: "os.path.splitext(\"photo.jpg\")"
    ) { machine, window throws(Thrown) in
      let (root, ending) = PathText.splitEnding(try machine.path(window[0]))
      return machine.tuple([machine.string(root), machine.string(ending)])
    },
    Builtin("splitdrive", "An empty text and the path.", path, returns: "tuple") {
      machine, window throws(Thrown) in
      machine.tuple([machine.string(""), machine.string(try machine.path(window[0]))])
    },
    text("normpath", "Without double slashes, `.` and `..`.") { PathText.normalized($0) },
    text("normcase", "The path as it is.") { $0 },
    Builtin("abspath", "The path from the root.", path, returns: "str") {
      machine, window throws(Thrown) in
      machine.string(machine.absolute(try machine.path(window[0])))
    },
    Builtin(
      "relpath", "The way to a path from another.", path,
      .named("start", "str or Path", shown: "None"), returns: "str"
    ) { machine, window throws(Thrown) in
      let path = try machine.path(window[0])
      if path.isEmpty { throw machine.error(.value, "no path specified") }
      var start = "."
      if let given = window.given(1), !given.isNone { start = try machine.path(given) }
      return machine.string(
        PathText.relative(machine.absolute(path), from: machine.absolute(start)))
    },
    Builtin("expanduser", "With `~` replaced by the home folder.", path, returns: "str") {
      machine, window throws(Thrown) in
      let path = try machine.path(window[0])
      guard path == "~" || path.hasPrefix("~/"), let home = FileSystem.environment("HOME") else {
        return machine.string(path)
      }
      var end = home[...]
      while end.hasSuffix("/") { end = end.dropLast() }
      let result = end + path.dropFirst()
      return machine.string(result.isEmpty ? "/" : String(result))
    },
    text("expandvars", "With `$NAME` replaced by variables of the environment.") { path in
      PathText.expanded(path) { FileSystem.environment($0) }
    },
    Builtin(
      "commonprefix", "What all texts begin with.", .named("m", "list"), returns: "str"
    ) { machine, window throws(Thrown) in
      machine.string(PathText.commonPrefix(try machine.paths(window[0])))
    },
    Builtin(
      "commonpath", "The longest path that all paths lie in.", .named("paths", "list"),
      returns: "str"
    ) { machine, window throws(Thrown) in
      let paths = try machine.paths(window[0])
      if paths.isEmpty { throw machine.error(.value, "commonpath() arg is an empty sequence") }
      let absolute = paths.count { $0.hasPrefix("/") }
      guard absolute == 0 || absolute == paths.count else {
        throw machine.error(.value, "Can't mix absolute and relative paths")
      }
      let parts = paths.map { PathText.components($0).filter { !$0.isEmpty && $0 != "." } }
      var common = parts.first ?? []
      for other in parts {
        let same = zip(common, other).prefix { $0 == $1 }.count
        common = Array(common[..<same])
      }
      return machine.string((absolute > 0 ? "/" : "") + common.joined(separator: "/"))
    },
  ]

  private static let questions: [Builtin] = [
    question("exists", "Whether there is anything under a path.") {
      FileSystem.facts(of: $0) != nil
    },
    question("lexists", "As `exists`, without following links.") {
      FileSystem.facts(of: $0, followingLinks: false) != nil
    },
    question("isfile", "Whether a path is a file.") { FileSystem.facts(of: $0)?.isFile ?? false },
    question("isdir", "Whether a path is a folder.") {
      FileSystem.facts(of: $0)?.isFolder ?? false
    },
    question("islink", "Whether a path is a link.") {
      FileSystem.facts(of: $0, followingLinks: false)?.isLink ?? false
    },
    Builtin("isabs", "Whether a path starts at the root.", path, returns: "bool") {
      machine, window throws(Thrown) in
      RawValue(try machine.path(window[0]).utf8.first == 0x2F)
    },
    Builtin(
      "samefile", "Whether two paths lead to the same file.", .named("f1", "str or Path"),
      .named("f2", "str or Path"), returns: "bool"
    ) { machine, window throws(Thrown) in
      let first = try machine.facts(of: machine.path(window[0]))
      let second = try machine.facts(of: machine.path(window[1]))
      return RawValue(first.node == second.node && first.device == second.device)
    },
  ]

  private static let places: [Builtin] = [
    Builtin(
      "getsize", "How many bytes a file has.", .named("filename", "str or Path"),
      returns: "int"
    ) { machine, window throws(Thrown) in
      RawValue(try machine.facts(of: machine.path(window[0])).size)
    },
    time("getmtime", "When a file was last written, in seconds since 1970.") { $0.modified },
    time("getatime", "When a file was last read, in seconds since 1970.") { $0.accessed },
    time("getctime", "When a file was last changed, in seconds since 1970.") { $0.changed },
    Builtin(
      "realpath", "The path from the root, with links followed.", path,
      .keyword("strict", "bool", shown: "False"), returns: "str"
    ) { machine, window throws(Thrown) in
      machine.string(machine.realPath(try machine.path(window[0])))
    },
  ]

  private static func text(
    _ name: String, _ sentence: String, _ body: @escaping @Sendable (String) -> String
  ) -> Builtin {
    Builtin(name, sentence, path, returns: "str") { machine, window throws(Thrown) in
      machine.string(body(try machine.path(window[0])))
    }
  }

  private static func question(
    _ name: String, _ sentence: String, _ body: @escaping @Sendable (String) -> Bool
  ) -> Builtin {
    Builtin(name, sentence, path, returns: "bool") { machine, window throws(Thrown) in
      // No file has a name with a zero byte; asking is no mistake.
      if window[0].isString, StringCell(window[0]).string.utf8.contains(0) {
        return RawValue(false)
      }
      let path = try machine.path(window[0], "stat")
      machine.files.flush()
      return RawValue(!path.isEmpty && body(machine.context.resolve(path)))
    }
  }

  private static func time(
    _ name: String, _ sentence: String,
    _ body: @escaping @Sendable (FileSystem.Facts) -> (seconds: Int, nanoseconds: Int)
  ) -> Builtin {
    Builtin(name, sentence, .named("filename", "str or Path"), returns: "float") {
      machine, window throws(Thrown) in
      machine.context.hasReadClock = true
      let time = body(try machine.facts(of: machine.path(window[0])))
      return RawValue(Double(time.seconds) + 1e-9 * Double(time.nanoseconds))
    }
  }
}

extension Machine {
  /// The working directory of the session, from the root.
  var workingDirectory: String {
    let process = FileSystem.workingDirectory ?? "/"
    let own = context.directory
    if own.isEmpty || own == "." { return process }
    return PathText.normalized(PathText.join(process, [own]))
  }

  func absolute(_ path: String) -> String {
    PathText.normalized(PathText.join(workingDirectory, [path]))
  }

  /// What the system knows of a file; what scripts have written counts.
  func facts(
    of path: String, followingLinks: Bool = true
  ) throws(Thrown) -> FileSystem.Facts {
    files.flush()
    let place = path.isEmpty ? path : context.resolve(path)
    guard let facts = FileSystem.facts(of: place, followingLinks: followingLinks) else {
      throw osError(FileSystem.error, path)
    }
    return facts
  }

  /// The absolute path without links, as far as it exists.
  func realPath(_ path: String) -> String {
    var done = ""
    var waiting = Array(
      PathText.components(PathText.join(workingDirectory, [path])).reversed())
    var links = 0
    while let part = waiting.popLast() {
      if part.isEmpty || part == "." { continue }
      if part == ".." {
        done = PathText.split(done).head
        if done == "/" { done = "" }
        continue
      }
      let next = done + "/" + part
      if links < 40, let target = FileSystem.target(ofLink: next) {
        links += 1
        if target.utf8.first == 0x2F { done = "" }
        waiting += PathText.components(target).reversed()
      } else {
        done = next
      }
    }
    return done.isEmpty ? "/" : done
  }

  fileprivate func joinedPart(_ value: RawValue) throws(Thrown) -> String {
    if value.isString || value.tag == RawValue.Tag.instance { return try path(value) }
    throw error(
      .type,
      "join() argument must be str, bytes, or os.PathLike object, not '\(typeName(value))'",
      code: "L105")
  }

  /// The paths of a list.
  fileprivate func paths(_ source: RawValue) throws(Thrown) -> [String] {
    let list = try newList(of: source)
    let scope = HandleScope(self)
    scope.keep(list)
    var all: [String] = []
    for index in 0..<ListCell(list).count where index < ListCell(list).count {
      all.append(try path(ListCell(list)[index]))
    }
    return all
  }
}

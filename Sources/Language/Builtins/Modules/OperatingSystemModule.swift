import Catalog
import Glibc

/// `import os`: files and folders, the environment, the working directory.
enum OperatingSystemModule {
  static let module = BuiltinModule(
    "os", "Files and folders, the environment, the working directory.",
    functions: directory + folders + files + process,
    values: [
      ModuleValue("name", "The kind of system.", text: "posix"),
      ModuleValue("sep", "What stands between the parts of a path.", text: "/"),
      ModuleValue("linesep", "What ends a line in a file.", text: "\n"),
      ModuleValue("curdir", "The present folder.", text: "."),
      ModuleValue("pardir", "The folder above.", text: ".."),
      ModuleValue("extsep", "What an ending starts with.", text: "."),
      ModuleValue("pathsep", "What stands between the paths of a list.", text: ":"),
      ModuleValue("devnull", "A file that swallows everything.", text: "/dev/null"),
      ModuleValue(
        "environ", "The variables of the environment; changing them stays in the script.",
        returns: "dict"
      ) { $0.environmentDict() },
      ModuleValue("F_OK", "For `access`: whether it is there.", returns: "int") { _ in
        RawValue(0)
      },
      ModuleValue("X_OK", "For `access`: whether it can be run.", returns: "int") { _ in
        RawValue(1)
      },
      ModuleValue("W_OK", "For `access`: whether it can be written.", returns: "int") { _ in
        RawValue(2)
      },
      ModuleValue("R_OK", "For `access`: whether it can be read.", returns: "int") { _ in
        RawValue(4)
      },
      ModuleValue("SEEK_SET", "From the start, for `seek`.", returns: "int") { _ in RawValue(0) },
      ModuleValue("SEEK_CUR", "From the present place.", returns: "int") { _ in RawValue(1) },
      ModuleValue("SEEK_END", "From the end.", returns: "int") { _ in RawValue(2) },
      ModuleValue("error", "The same as OSError.", returns: "type") {
        $0.typesByName["OSError"]?.value ?? .none
      },
    ], modules: [PathModule.module], script: PackageResources.os_grad)

  private static let path = ParameterFacts.named("path", "str or Path")
  private static let mode = ParameterFacts.named("mode", "int", shown: "511")

  private static let directory: [Builtin] = [
    Builtin("getcwd", "The working directory.", returns: "str") { machine, _ in
      machine.string(machine.workingDirectory)
    },
    Builtin("chdir", "Changes the working directory of the script.", path, returns: "None") {
      machine, window throws(Thrown) in
      let path = try machine.path(window[0], "chdir")
      guard try machine.facts(of: path).isFolder else { throw machine.osError(ENOTDIR, path) }
      guard FileSystem.allows(machine.context.resolve(path), X_OK) else {
        throw machine.osError(FileSystem.error, path)
      }
      machine.context.directory = machine.absolute(path)
      return .none
    },
    Builtin(
      "listdir", "The names in a folder, in no order.",
      .named("path", "str or Path", shown: "None"), returns: "list", example: "os.listdir(\".\")"
    ) { machine, window throws(Thrown) in
      var path = "."
      if let given = window.given(0), !given.isNone { path = try machine.path(given, "listdir") }
      guard let names = FileSystem.names(in: path.isEmpty ? path : machine.context.resolve(path))
      else { throw machine.osError(FileSystem.error, path) }
      return machine.list(names.map { machine.string($0) })
    },
  ]

  private static let folders: [Builtin] = [
    Builtin("mkdir", "Makes a folder.", path, mode, returns: "None") {
      machine, window throws(Thrown) in
      let mode = try machine.fileMode(window[1])
      try machine.perform(window[0], "mkdir") { FileSystem.makeFolder($0, mode: mode) }
      return .none
    },
    Builtin(
      "makedirs", "Makes a folder and those above it.", .named("name", "str or Path"), mode,
      .named("exist_ok", "bool", shown: "False"), returns: "None",
      example: "os.makedirs(\"results/plots\", exist_ok=True)"
    ) { machine, window throws(Thrown) in
      let mode = try machine.fileMode(window[1])
      let isAllowed = try machine.flag(window[2])
      try machine.makeFolders(try machine.path(window[0]), mode, isAllowed: isAllowed)
      return .none
    },
    Builtin("rmdir", "Removes an empty folder.", path, returns: "None") {
      machine, window throws(Thrown) in
      try machine.perform(window[0], "rmdir") { FileSystem.removeFolder($0) }
      return .none
    },
  ]

  private static let files: [Builtin] = [
    remove("remove"), remove("unlink"), move("rename"), move("replace"),
    Builtin(
      "symlink", "Makes a link to a path.", .named("src", "str or Path"),
      .named("dst", "str or Path"), returns: "None"
    ) { machine, window throws(Thrown) in
      let target = try machine.path(window[0])
      let path = try machine.path(window[1])
      guard FileSystem.makeLink(machine.context.resolve(path), to: target) else {
        throw machine.osError(FileSystem.error, target, to: path)
      }
      return .none
    },
    Builtin("readlink", "Where a link leads.", path, returns: "str") {
      machine, window throws(Thrown) in
      let path = try machine.path(window[0])
      guard let target = FileSystem.target(ofLink: machine.context.resolve(path)) else {
        throw machine.osError(FileSystem.error, path)
      }
      return machine.string(target)
    },
    Builtin(
      "access", "Whether the user may do that with a file.", path, .named("mode", "int"),
      returns: "bool"
    ) { machine, window throws(Thrown) in
      let path = try machine.path(window[0], "access")
      let mode = Int32(truncatingIfNeeded: try machine.integer(window[1]))
      return RawValue(FileSystem.allows(machine.context.resolve(path), mode))
    },
    status("stat", "What the system knows of a file.", followingLinks: true),
    status("lstat", "As `stat`, without following links.", followingLinks: false),
    Builtin("fspath", "The text of a path.", path, returns: "str") {
      machine, window throws(Thrown) in
      if window[0].isString { return window[0] }
      return machine.string(try machine.path(window[0]))
    },
  ]

  private static let process: [Builtin] = [
    Builtin("getpid", "The number of this process.", returns: "int") { _, _ in
      RawValue(FileSystem.process)
    },
    Builtin(
      "getenv", "A variable of the environment, or a default.", .named("key", "str"),
      .named("default", shown: "None"), returns: "str or None", example: "os.getenv(\"HOME\")"
    ) { machine, window throws(Thrown) in
      let name = try machine.text(window[0], "str expected")
      let changed = machine.ownModules["os"].flatMap {
        machine.moduleMembers[$0.bits]?.value(named: machine.heap.intern("environ"))
      }
      if let changed, changed.isDict {
        return DictCell(changed).value(named: name) ?? window.given(1) ?? .none
      }
      return FileSystem.environment(name.string).map { machine.string($0) } ?? window.given(1)
        ?? .none
    },
    Builtin("cpu_count", "How many processors there are.", returns: "int") { _, _ in
      RawValue(sysconf(Int32(_SC_NPROCESSORS_CONF)))
    },
    Builtin("strerror", "The text of an error number.", .required("code", "int"), returns: "str") {
      machine, window throws(Thrown) in
      let number = Int32(truncatingIfNeeded: try machine.integer(window[0]))
      return machine.string(FileSystem.text(of: number))
    },
  ]

  private static func remove(_ name: String) -> Builtin {
    Builtin(name, "Removes a file.", path, returns: "None") { machine, window throws(Thrown) in
      try machine.perform(window[0], name) { FileSystem.removeFile($0) }
      return .none
    }
  }

  private static func move(_ name: String) -> Builtin {
    Builtin(
      name, "Gives a file or folder another name; replaces a file of that name.",
      .named("src", "str or Path"), .named("dst", "str or Path"), returns: "None"
    ) { machine, window throws(Thrown) in
      let (path, other) = (
        try machine.path(window[0], name), try machine.path(window[1], name)
      )
      machine.files.flush()
      let isMoved = FileSystem.move(
        path.isEmpty ? path : machine.context.resolve(path),
        to: other.isEmpty ? other : machine.context.resolve(other))
      guard isMoved else { throw machine.osError(FileSystem.error, path, to: other) }
      return .none
    }
  }

  static let statusType = ObjectType("os.stat_result", "What the system knows of a file.")

  private static func status(
    _ name: String, _ sentence: String, followingLinks: Bool
  ) -> Builtin {
    Builtin(name, sentence, path, returns: "os.stat_result") { machine, window throws(Thrown) in
      let facts = try machine.facts(
        of: machine.path(window[0], name), followingLinks: followingLinks)
      machine.context.hasReadClock = true
      func number(_ value: UInt64) -> Value { .int(Int(truncatingIfNeeded: value)) }
      return machine.newNative(
        NamedValues(
          statusType,
          [
            ("st_mode", .int(Int(facts.mode))), ("st_ino", number(facts.node)),
            ("st_dev", number(facts.device)), ("st_nlink", .int(facts.links)),
            ("st_uid", .int(facts.owner)), ("st_gid", .int(facts.group)),
            ("st_size", .int(facts.size)), ("st_atime", .int(facts.accessed.seconds)),
            ("st_mtime", .int(facts.modified.seconds)), ("st_ctime", .int(facts.changed.seconds)),
          ]))
    }
  }
}

extension Machine {
  fileprivate func environmentDict() -> RawValue {
    let dict = heap.newDict()
    for line in FileSystem.environment {
      guard let equals = line.utf8.firstIndex(of: 0x3D) else { continue }
      let name = heap.newString(String(line[..<equals]))
      heap.set(name, string(String(line[line.utf8.index(after: equals)...])), in: dict)
    }
    return dict.value
  }

  fileprivate func fileMode(_ value: RawValue) throws(Thrown) -> UInt32 {
    UInt32(truncatingIfNeeded: try integer(value, default: 0o777))
  }

  /// Does something with a path that the system may refuse.
  fileprivate func perform(
    _ value: RawValue, _ function: String, _ body: (String) -> Bool
  ) throws(Thrown) {
    let path = try path(value, function)
    files.flush()
    guard body(path.isEmpty ? path : context.resolve(path)) else {
      throw osError(FileSystem.error, path)
    }
  }

  fileprivate func makeFolders(
    _ path: String, _ mode: UInt32, isAllowed: Bool
  ) throws(Thrown) {
    var (head, tail) = PathText.split(path)
    if tail.isEmpty { (head, tail) = PathText.split(head) }
    if !head.isEmpty, !tail.isEmpty, FileSystem.facts(of: context.resolve(head)) == nil {
      // The folders above may be there already.
      try makeFolders(head, 0o777, isAllowed: true)
      if tail == "." { return }
    }
    guard !FileSystem.makeFolder(path.isEmpty ? path : context.resolve(path), mode: mode) else {
      return
    }
    let reason = FileSystem.error
    if isAllowed, FileSystem.facts(of: context.resolve(path))?.isFolder == true { return }
    throw osError(reason, path)
  }
}

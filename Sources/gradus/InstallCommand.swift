internal import Catalog
internal import FoundationEssentials
internal import Session

/// `gradus install` and `gradus uninstall`: the kernelspec, where Jupyter looks for it.
struct InstallCommand {
  /// What a kernelspec of this program says in its metadata.
  private static let mark = "gradus"

  private let folder: String
  private let name: String

  init(_ words: [String], options: [Option]) throws(UsageError) {
    let parsed = try ParsedArguments(words, options: options)
    if let extra = parsed.operands.first { throw UsageError("what is '\(extra)'?") }
    name = parsed.value("--name") ?? "gradus"
    let isValid =
      !name.isEmpty
      && name.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
          UInt8(ascii: "-"):
          true
        default: false
        }
      } && name.contains { $0 != "." }
    guard isValid else {
      throw UsageError("a kernel's name has letters, digits, '.', '_' and '-', not '\(name)'")
    }
    let places = ["--user", "--sys-prefix", "--prefix"].filter(parsed.has)
    guard places.count <= 1 else {
      throw UsageError("'\(places[0])' and '\(places[1])' exclude each other")
    }
    let data: String
    switch places.first {
    case "--prefix": data = (parsed.value("--prefix") ?? "") + "/share/jupyter"
    case "--sys-prefix":
      guard let prefix = variable("VIRTUAL_ENV") ?? variable("CONDA_PREFIX") else {
        throw UsageError(
          "no Python environment is active", help: "activate one, or give --prefix DIR")
      }
      data = prefix + "/share/jupyter"
    default:
      if let own = variable("JUPYTER_DATA_DIR") {
        data = own
      } else if let shared = variable("XDG_DATA_HOME") {
        data = shared + "/jupyter"
      } else if let home = variable("HOME") {
        data = home + "/.local/share/jupyter"
      } else {
        throw UsageError("there is no home directory", help: "give --prefix DIR")
      }
    }
    folder = data + "/kernels/" + name
  }

  func install() -> Int32 {
    guard
      let program = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "/proc/self/exe")
    else {
      printError("gradus: where this program lies cannot be found out")
      return 1
    }
    let specification: JSON = [
      "argv": [.string(program), "kernel", "-f", "{connection_file}"],
      "display_name": "Gradus",
      "interrupt_mode": "message",
      "language": .string(About.languageName),
      "metadata": ["debugger": false, "implementation": .string(Self.mark)],
    ]
    var files = Logo.files
    files.append(("kernel.json", specification.encoded(.notebook) + [0x0A]))
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      for (name, bytes) in files {
        try Data(bytes).write(to: URL(filePath: folder + "/" + name), options: .atomic)
      }
    } catch {
      printError("gradus: the kernelspec cannot be written to \(folder)")
      return 1
    }
    print("installed the kernel '\(name)' in \(folder)")
    return 0
  }

  func uninstall() -> Int32 {
    guard let data = FileManager.default.contents(atPath: folder + "/kernel.json") else {
      printError("gradus: there is no kernel '\(name)' in \(folder)")
      return 1
    }
    guard let json = try? JSON(parsing: Array(data)),
      json["metadata"]?["implementation"]?.string == Self.mark
    else {
      printError("gradus: \(folder) is another program's kernel; it stays")
      return 1
    }
    do {
      try FileManager.default.removeItem(atPath: folder)
    } catch {
      printError("gradus: \(folder) cannot be removed")
      return 1
    }
    print("removed the kernel '\(name)' from \(folder)")
    return 0
  }
}

/// A variable of the process's environment; nil when it is unset or empty.
private func variable(_ name: String) -> String? {
  guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else { return nil }
  return value
}

import FoundationEssentials
import Glibc

/// CPython 3.11, asked once for what every program of the corpus prints.
struct Oracle: Sendable {
  /// What each program printed, by its path inside the corpus; nil: there is no python3.
  let outputs: [String: String]?

  static let shared = Oracle()

  static let corpus: URL = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Corpus")

  /// The programs of a folder of the corpus, sorted.
  static func programs(_ folder: String = "") -> [String] {
    let path = corpus.appending(path: folder).path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasSuffix(".grad") }.sorted().map {
      folder.isEmpty ? $0 : "\(folder)/\($0)"
    }
  }

  static func text(_ program: String) throws -> String {
    try String(contentsOf: corpus.appending(path: program), encoding: .utf8)
  }

  /// Runs all programs in one python3, each with fresh names.
  private init() {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "gradus-oracle-\(getpid())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let driver = folder.appending(path: "driver.py")
    let answers = folder.appending(path: "answers.json")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Self.driver.write(to: driver, atomically: true, encoding: .utf8)
      let command =
        "python3 -W ignore '\(driver.path)' '\(Self.corpus.path)' '\(answers.path)' 2>/dev/null"
      // The C library's `system`: FoundationEssentials has no processes.
      guard unsafe system(command) == 0 else {
        outputs = nil
        return
      }
      let data = try Data(contentsOf: answers)
      outputs = try JSONDecoder().decode([String: String].self, from: data)
    } catch {
      outputs = nil
    }
  }

  private static let driver = """
    import contextlib, io, json, os, sys
    if sys.version_info[:2] != (3, 11):
        sys.exit(1)
    root, answers = sys.argv[1:]
    found = {}
    for folder in ["", "later"]:
        path = os.path.join(root, folder)
        if not os.path.isdir(path):
            continue
        for name in sorted(os.listdir(path)):
            if not name.endswith(".grad"):
                continue
            with open(os.path.join(path, name), encoding="utf-8") as file:
                text = file.read()
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                try:
                    exec(compile(text, name, "exec"), {"__name__": "__main__"})
                except BaseException as e:
                    print(f"{type(e).__name__}: {e}")
            found[os.path.join(folder, name)] = out.getvalue()
    with open(answers, "w", encoding="utf-8") as file:
        json.dump(found, file)
    """
}

import Catalog

/// `import tempfile`: names that nobody can guess; the rest is `Scripts/tempfile.grad`.
enum TemporaryModule {
  static let module = BuiltinModule(
    "tempfile", "Files and folders that vanish when they are no longer needed.",
    functions: [
      Builtin("_random_name", "Eight random characters.", returns: "str") { machine, _ in
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789_".utf8)
        return machine.heap.newString(
          (0..<8).map { _ in letters[Int.random(in: 0..<letters.count)] }
        ).value
      }
    ], script: PackageResources.tempfile_grad)
}

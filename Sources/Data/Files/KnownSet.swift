/// What a well-known data set is made of.
struct KnownSet: Sendable {
  enum Form: Sendable {
    /// Four IDX files; the names of the classes.
    case images([String])
    case cifar(CIFAR.Kind)
    /// One CSV file.
    case table(String)
  }

  let form: Form
  /// What can be had without files.
  let instead: String

  init(_ form: Form, instead: String) {
    self.form = form
    self.instead = instead
  }

  var classes: [String] { if case .images(let classes) = form { classes } else { [] } }

  /// The files, of which those that end in .gz may also be unpacked, and the others packed.
  var files: [String] {
    switch form {
    case .images:
      [
        "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
      ]
    case .cifar(.ten): (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]
    case .cifar(.hundred): ["train.bin", "test.bin"]
    case .table(let file): [file]
    }
  }

  /// Where a file lies in a folder, packed or not.
  func file(_ name: String, in folder: String) -> String? {
    let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    return [plain, plain + ".gz"].map { folder + "/" + $0 }.first { FileBytes.exists($0) }
  }

  /// The folder that the upstream archive unpacks to, when it is there.
  func innerFolder(of folder: String) -> String {
    guard case .cifar(let kind) = form else { return folder }
    let inner = folder + (kind == .ten ? "/cifar-10-batches-bin" : "/cifar-100-binary")
    return FileBytes.isFolder(inner) ? inner : folder
  }

  /// The files that are not in a folder.
  func missing(in folder: String) -> [String] {
    let place = innerFolder(of: folder)
    return files.filter { file($0, in: place) == nil }
  }
}

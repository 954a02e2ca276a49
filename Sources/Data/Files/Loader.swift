public import Catalog
internal import FoundationEssentials
public import Tensors

/// Finds and reads data by path or by a well-known name.
public enum Loader {
  /// Names that stand for folders of files in a data folder.
  static let known: [String: KnownSet] = [
    "mnist": KnownSet(.images((0..<10).map(String.init)), instead: "digits()"),
    "fashion-mnist": KnownSet(
      .images([
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
        "Ankle boot",
      ]), instead: "digits()"),
    "cifar-10": KnownSet(.cifar(.ten), instead: "shapes(color=True)"),
    "cifar-100": KnownSet(.cifar(.hundred), instead: "shapes(color=True)"),
    "penguins": KnownSet(.table("penguins.csv"), instead: "flowers()"),
    "california-housing": KnownSet(.table("housing.csv"), instead: "houses()"),
  ]

  /// Reads what `name` stands for: a file of any form that is known, an IDX file with its labels
  /// beside it, a folder of such files, or the name of a data set that lies in a data folder.
  ///
  /// - Returns: a Dataset, a Frame or a Tensor; archives of arrays are for `archive`.
  public static func load(_ name: String, context: Context) throws -> any Object {
    let path = context.resolve(name)
    if FileBytes.exists(path) { return try file(path, context: context) }
    if FileBytes.isFolder(path) {
      guard let found = try folder(path, context: context) else {
        throw Failure(
          .fileNotFound, "the folder '\(path)' holds no data set", code: "L310",
          notes: [
            "expected names such as train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz, "
              + "or data_batch_1.bin"
          ])
      }
      return found
    }
    if let set = known[name] { return try wellKnown(name, set, context: context) }
    if name.contains("/") || name.contains(".") { throw FileProblem.missing(path) }
    throw Failure(
      .fileNotFound, "there is no file and no data set '\(name)'", code: "L310",
      notes: ["data sets: " + known.keys.sorted().joined(separator: ", ")],
      help: Nearest.question(name, among: known.keys.sorted()))
  }

  /// The named arrays of an NPZ or safetensors file; nil when the path is none.
  public static func archive(
    _ name: String, context: Context
  ) throws -> [(name: String, tensor: Tensor)]? {
    let path = context.resolve(name)
    guard FileBytes.exists(path) else { return nil }
    if path.hasSuffix(".npz") { return try NPZ.read(path, check: { try context.check() }) }
    guard path.hasSuffix(".safetensors") else { return nil }
    return try Safetensors.read(path, check: { try context.check() }).tensors
  }

  /// Where data sets are looked for, in this order.
  static func dataFolders(_ context: Context) -> [String] {
    var folders: [String] = []
    if let own = FileBytes.environment("GRADUS_DATA") { folders.append(own) }
    folders.append(context.resolve("data"))
    if let home = FileBytes.environment("XDG_DATA_HOME") {
      folders.append(home + "/gradus/data")
    } else if let home = FileBytes.environment("HOME") {
      folders.append(home + "/.local/share/gradus/data")
    }
    return folders
  }

  /// The user's files of a well-known set.
  ///
  /// - Throws: a `FileNotFoundError` that says which files are missing, where to put them, and what
  ///   can be had without files.
  private static func wellKnown(
    _ name: String, _ set: KnownSet, context: Context
  ) throws -> any Object {
    let places = dataFolders(context).map { $0 + "/" + name }
    var best: (place: String, missing: [String])?
    for place in places where FileBytes.isFolder(place) {
      let missing = set.missing(in: place)
      if missing.isEmpty { return try read(set, name, in: place, context: context) }
      if best == nil || missing.count < best?.missing.count ?? 0 { best = (place, missing) }
    }
    if case .table(let file) = set.form {
      // A single file also lies well in the data folder itself.
      for folder in dataFolders(context) {
        if let path = set.file(file, in: folder) {
          return try CSV.read(path, check: { try context.check() })
        }
      }
    }
    var notes = ["wanted: " + set.files.joined(separator: ", ")]
    if let best {
      notes.append("in \(best.place) there is no " + best.missing.joined(separator: ", no "))
    }
    notes.append("put them into one of: " + places.joined(separator: ", "))
    throw Failure(
      .fileNotFound, "the files of '\(name)' are not here", code: "L310", notes: notes,
      help: "or use \(set.instead), which needs no files")
  }

  private static func read(
    _ set: KnownSet, _ name: String, in place: String, context: Context
  ) throws -> any Object {
    switch set.form {
    case .table(let file):
      return try CSV.read(set.file(file, in: place) ?? file, check: { try context.check() })
    case .cifar(let kind):
      return try cifar(place, kind: kind, title: name, context: context)
    case .images:
      guard let found = try folder(place, context: context) else {
        throw FileProblem.missing(place)
      }
      return found
    }
  }

  /// The batches of CIFAR in a folder, as parts to train on and to test.
  static func cifar(
    _ place: String, kind: CIFAR.Kind, title: String, context: Context
  ) throws -> Dataset {
    let set = KnownSet(.cifar(kind), instead: "")
    let folder = set.innerFolder(of: place)
    var parts: [(images: Tensor, labels: Tensor)] = []
    for file in set.files {
      guard let path = set.file(file, in: folder) else {
        throw FileProblem.missing(folder + "/" + file)
      }
      let (images, labels, _) = try CIFAR.read(path, kind: kind, check: { try context.check() })
      parts.append((try pixels(images), labels))
    }
    let tested = parts[parts.count - 1].labels.count
    let whole = try Dataset(
      x: Tensor.concat(parts.map(\.images)), y: Tensor.concat(parts.map(\.labels)), title: title,
      classes: kind == .ten ? CIFAR.classes : (0..<100).map(String.init))
    let trained = whole.count - tested
    return try Dataset(
      x: whole.x, y: whole.y, title: title, classes: whole.classes,
      parts: Dataset.Parts(
        train: whole.examples(0..<trained), validation: nil,
        test: whole.examples(trained..<whole.count)))
  }

  private static func file(_ path: String, context: Context) throws -> any Object {
    let bytes = try FileBytes.read(path, check: { try context.check() })
    if NPY.recognises(bytes) {
      return try NPY.parse(bytes[...], name: path, check: { try context.check() })
    }
    guard IDX.recognises(bytes) else {
      let isText = !bytes.prefix(4096).contains(0)
      guard isText || bytes.isEmpty else {
        if path.hasSuffix(".bin") || path.hasSuffix(".bin.gz") {
          let (images, labels, _) = try CIFAR.parse(bytes, name: path)
          let isTen = (labels.ints.max() ?? 0) < 10 && bytes.count % CIFAR.Kind.ten.record == 0
          return try Dataset(
            x: pixels(images), y: labels, title: title(of: path),
            classes: isTen ? CIFAR.classes : (0..<100).map(String.init))
        }
        throw FileProblem.malformed(
          path, found: "binary content of no form that is known",
          expected: "IDX, NPY, NPZ, safetensors, CIFAR or CSV")
      }
      return try CSV.parse(bytes, name: path, check: { try context.check() })
    }
    let images = try IDX.parse(bytes, name: path)
    guard let beside = labels(beside: path) else {
      throw Failure(
        .value, "'\(path)' is an IDX file without labels beside it", code: "L310",
        help: "load_idx(\"\(path)\") gives its numbers")
    }
    return try pair(images, beside, name: path, context: context)
  }

  /// The file of labels that belongs to a file of images, by the usual names.
  private static func labels(beside path: String) -> String? {
    guard path.contains("images-idx3") else { return nil }
    let twin = path.replacing("images-idx3", with: "labels-idx1")
    for candidate in [twin, twin + ".gz", twin.hasSuffix(".gz") ? String(twin.dropLast(3)) : twin]
    where FileBytes.exists(candidate) {
      return candidate
    }
    return nil
  }

  private static func pair(
    _ images: Tensor, _ labels: String, name: String, context: Context
  ) throws -> Dataset {
    let y = try IDX.read(labels, check: { try context.check() })
    guard y.rank == 1, images.rank > 1, y.shape.first == images.shape.first else {
      throw FileProblem.malformed(
        labels, found: "labels of shape \(y.shape)",
        expected: "one for each of the \(images.shape.first ?? 0) images of shape \(images.shape)")
    }
    let codes = y.ints
    let title = self.title(of: name)
    let count = max((codes.max() ?? 0) + 1, 1)
    let names = known[title]?.classes ?? []
    return try Dataset(
      x: pixels(images), y: Tensor(codes), title: title,
      classes: names.count >= count ? names : (0..<count).map(String.init))
  }

  /// Bytes become numbers from 0 to 1; other types keep their values.
  private static func pixels(_ images: Tensor) throws -> Tensor {
    let numbers = try images.astype(.f32)
    return images.dtype == .u8 ? try numbers / 255 : numbers
  }

  private static func title(of path: String) -> String {
    let parts = path.lowercased().split(separator: "/")
    for part in parts.reversed() where known[String(part)] != nil { return String(part) }
    return parts.last.map(String.init) ?? "data"
  }

  /// The pairs of IDX files of a folder: the full set as parts, or the one pair that is there.
  private static func folder(_ path: String, context: Context) throws -> Dataset? {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let images = entries.filter { $0.contains("images-idx3") }.sorted()
    func read(_ file: String) throws -> Dataset? {
      let full = path + "/" + file
      guard let labels = labels(beside: full) else { return nil }
      return try pair(
        try IDX.read(full, check: { try context.check() }), labels, name: full, context: context)
    }
    let train = try images.first { $0.hasPrefix("train-") }.flatMap { try read($0) }
    let test = try images.first { $0.hasPrefix("t10k-") }.flatMap { try read($0) }
    if let train, let test {
      let whole = try Dataset(
        x: Tensor.concat([train.x, test.x]), y: Tensor.concat([train.y, test.y]),
        title: train.title, classes: train.classes)
      return try Dataset(
        x: whole.x, y: whole.y, title: whole.title, classes: whole.classes,
        parts: Dataset.Parts(
          train: whole.examples(0..<train.count), validation: nil,
          test: whole.examples(train.count..<whole.count)))
    }
    if let train { return train }
    for kind in CIFAR.Kind.allCases {
      let set = KnownSet(.cifar(kind), instead: "")
      if set.missing(in: path).isEmpty {
        return try cifar(path, kind: kind, title: title(of: path), context: context)
      }
    }
    for file in images {
      if let found = try read(file) { return found }
    }
    return nil
  }
}

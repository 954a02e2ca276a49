public import Catalog
internal import FoundationEssentials
internal import Tensors

/// Finds and reads data by path or by a well-known name.
public enum Loader {
  /// Names that stand for folders of files in a data folder.
  static let known: [String: [String]] = [
    "mnist": (0..<10).map(String.init),
    "fashion-mnist": [
      "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
      "Ankle boot",
    ],
  ]

  /// Reads what `name` stands for: a CSV file, an IDX file with its labels beside it, a folder of
  /// IDX files, or the name of a data set that lies in a data folder.
  public static func load(_ name: String, context: Context) throws -> any Object {
    let path = context.resolve(name)
    if FileBytes.exists(path) { return try file(path, context: context) }
    if FileBytes.isFolder(path) {
      guard let found = try folder(path, context: context) else {
        throw Failure(
          .fileNotFound, "the folder '\(path)' holds no pair of IDX files", code: "L310",
          notes: [
            "expected names such as train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz"
          ])
      }
      return found
    }
    if known[name] != nil { return try wellKnown(name, context: context) }
    if name.contains("/") || name.contains(".") { throw FileProblem.missing(path) }
    throw Failure(
      .fileNotFound, "there is no file and no data set '\(name)'", code: "L310",
      notes: ["data sets: " + known.keys.sorted().joined(separator: ", ")],
      help: Nearest.question(name, among: known.keys.sorted()))
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

  private static func wellKnown(_ name: String, context: Context) throws -> Dataset {
    let places = dataFolders(context).map { $0 + "/" + name }
    for place in places where FileBytes.isFolder(place) {
      if let found = try folder(place, context: context) { return found }
    }
    throw Failure(
      .fileNotFound, "the files of '\(name)' are not here", code: "L310",
      notes: [
        "wanted: train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, "
          + "t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz",
        "in one of: " + places.joined(separator: ", "),
      ],
      help: "put them there, or use digits(), which needs no files")
  }

  private static func file(_ path: String, context: Context) throws -> any Object {
    let bytes = try FileBytes.read(path, check: { try context.check() })
    guard IDX.recognises(bytes) else {
      let isText = !bytes.prefix(4096).contains(0)
      guard isText else {
        throw FileProblem.malformed(
          path, found: "binary content that is no IDX file", expected: "IDX or CSV")
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
    let names = known[title] ?? []
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
    for file in images {
      if let found = try read(file) { return found }
    }
    return nil
  }
}

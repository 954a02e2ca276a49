public import Catalog
internal import Tensors

/// Arrays by name, as `name=array` arguments.
private typealias NamedArrays = RestNamed<Tensor>

/// Declarations of what reads and writes files.
public enum FileEntries {
  static var all: [Entry] {
    [
      load, loadCSV, loadIDX, loadCIFAR, loadNPY, loadNPZ, loadSafetensors, saveNPY, saveNPZ,
      saveSafetensors,
    ]
  }

  private static let path = Parameter("path", String.self, "the file")
  private static let target = Parameter(
    "path", String.self, "the file, written beside its place and renamed", also: ["file"])

  static func dictionary(_ arrays: [(name: String, tensor: Tensor)]) -> Value {
    .dictionary(arrays.map { (.string($0.name), .object($0.tensor)) })
  }

  static let load = Entry(
    "load", "Reads a data set: a file, a folder, or a well-known name.",
    Parameter("path", String.self, "a file, a folder, or a name such as \"fashion-mnist\""),
    .context, returns: "Dataset, Frame, tensor or dict", example: "load(\"penguins.csv\")",
    details: """
      What a file is, its content says: CSV gives a Frame; IDX images and labels, and CIFAR \
      batches, a Dataset with pixels from 0 to 1; NPY a tensor; NPZ and safetensors a dict of \
      tensors. Names: mnist, fashion-mnist, cifar-10, cifar-100 (Datasets), penguins, \
      california-housing (Frames). The files of a name lie in a folder of that name in \
      `$GRADUS_DATA`, in `data` below the working directory, or in `~/.local/share/gradus/data` \
      (`$XDG_DATA_HOME/gradus/data`). Nothing is downloaded; without files the error says which \
      are missing, and digits(), shapes(), flowers() and houses() need none.
      """
  ) { path, context in
    if let arrays = try Loader.archive(path, context: context) { return dictionary(arrays) }
    return .object(try Loader.load(path, context: context))
  }

  static let loadCSV = Entry(
    "load_csv", "Reads a CSV file, plain or .gz, to a Frame.", path,
    Parameter("header", Bool?.self, "whether the first line names the columns; None: detected") {
      nil
    },
    Parameter("delimiter", String.self, "between the cells") { "," },
    Parameter("missing", [String].self, "cells that are missing, besides empty and NA ones") { [] },
    .context, returns: "Frame", example: "load_csv(\"penguins.csv\").dataset(\"species\")",
    details: """
      RFC 4180: cells with delimiters, line ends or quotes stand in double quotes, a quote twice. \
      A column whose cells are all numbers (with a point, whatever the locale) is a column of \
      numbers, any other a column of categories, in sorted order. Empty cells, NA, N/A, NaN, \
      NULL and None are missing. A byte order mark and both line ends are taken.
      """
  ) { path, header, delimiter, missing, context in
    guard let character = delimiter.first, delimiter.count == 1 else {
      throw Failure(.value, "delimiter must be one character, not \"\(delimiter)\"")
    }
    return .object(
      try CSV.read(
        context.resolve(path), header: header.map { $0 ? .present : .absent } ?? .detected,
        delimiter: character, missing: Set(missing), check: { try context.check() }))
  }

  static let loadIDX = Entry(
    "load_idx", "Reads an IDX file, plain or .gz, as MNIST uses it, to a tensor.", path,
    .context, returns: "Tensor", example: "load_idx(\"train-labels-idx1-ubyte.gz\")",
    details: """
      Two zero bytes, a type, a rank, one big-endian 32-bit size per axis, then the elements. \
      Signed bytes and 16-bit integers become int32.
      """
  ) { path, context in
    .object(try IDX.read(context.resolve(path), check: { try context.check() }))
  }

  static let loadCIFAR = Entry(
    "load_cifar", "Reads a binary batch of CIFAR-10 or CIFAR-100 to a Dataset.", path,
    .context, returns: "Dataset", example: "load_cifar(\"data_batch_1.bin\")",
    details: """
      Records of one label byte (CIFAR-100: a coarse and a fine one) and 1,024 red, green and blue \
      bytes each (Krizhevsky 2009); here `[n, 32, 32, 3]` from 0 to 1. `load("cifar-10")` reads \
      all batches.
      """
  ) { path, context in
    let full = context.resolve(path)
    let bytes = try FileBytes.read(full, check: { try context.check() })
    let (images, labels, coarse) = try CIFAR.parse(bytes, name: full)
    return .object(
      try Dataset(
        x: images.astype(.f32) / 255, y: labels, title: "cifar",
        classes: coarse == nil ? CIFAR.classes : (0..<100).map(String.init)))
  }

  static let loadNPY = Entry(
    "load_npy", "Reads NumPy's file of one array to a tensor.", path, .context,
    returns: "Tensor", example: "save_npy(\"x.npy\", ones(3))\nload_npy(\"x.npy\")",
    details: """
      Versions 1 to 3, both byte orders, row-major and column-major. int8, int16 and uint16 become \
      int32, uint32 and uint64 int64, float16 float32. Objects, texts, dates, records and complex \
      numbers are refused.
      """
  ) { path, context in
    .object(try NPY.read(context.resolve(path), check: { try context.check() }))
  }

  static let loadNPZ = Entry(
    "load_npz", "Reads NumPy's archive of named arrays to a dict of tensors.", path, .context,
    returns: "dict of tensors",
    example: "save_npz(\"xy.npz\", x=ones(3), y=zeros(2))\nload_npz(\"xy.npz\")[\"x\"]",
    details: "Stored or compressed; checksums are compared."
  ) { path, context in
    dictionary(try NPZ.read(context.resolve(path), check: { try context.check() }))
  }

  static let loadSafetensors = Entry(
    "load_safetensors", "Reads a safetensors file to a dict of tensors.", path, .context,
    returns: "dict of tensors",
    example: "save_safetensors(\"w.safetensors\", w=ones((2, 2)))\n"
      + "load_safetensors(\"w.safetensors\")",
    details: """
      All types of the format: those without a dtype here become a wider one (F16, BF16 and the F8 \
      kinds float32, small integers int32, unsigned ones int64).
      """
  ) { path, context in
    dictionary(
      try Safetensors.read(context.resolve(path), check: { try context.check() }).tensors)
  }

  static let saveNPY = Entry(
    "save_npy", "Writes a tensor as NumPy's file of one array.", target,
    Parameter("x", Tensor.self, "the array", also: ["arr"]), .context,
    example: "save_npy(\"x.npy\", ones((2, 3)))",
    details: "Version 1.0, row-major, little-endian: the bytes NumPy would write."
  ) { path, x, context in
    try FileBytes.write(NPY.encoded(x), to: context.resolve(path))
    return .none
  }

  static let saveNPZ = Entry(
    "save_npz", "Writes named tensors as NumPy's archive.", target,
    Parameter("compressed", Bool.self, "whether they are deflated", passing: .keywordOnly) {
      false
    },
    Parameter("arrays", NamedArrays.self, "the arrays by name", passing: .restNamed),
    .context, example: "save_npz(\"xy.npz\", x=ones(3), y=zeros(2))",
    details: "The same arrays give the same bytes; the date is always 1980-01-01."
  ) { path, compressed, arrays, context in
    let full = context.resolve(path)
    let named = arrays.values.map { (name: $0.name, tensor: $0.value) }
    try FileBytes.write(
      NPZ.encoded(named, isCompressed: compressed, path: full), to: full)
    return .none
  }

  static let saveSafetensors = Entry(
    "save_safetensors", "Writes named tensors as a safetensors file.", target,
    Parameter("tensors", NamedArrays.self, "the tensors by name", passing: .restNamed),
    .context, example: "save_safetensors(\"w.safetensors\", w=ones((2, 2)))",
    details: "The same tensors give the same bytes."
  ) { path, arrays, context in
    try Safetensors.write(
      Safetensors.Content(arrays.values.map { ($0.name, $0.value) }), to: context.resolve(path))
    return .none
  }

  /// Writes a tensor to `.npy`, or tensors by name to `.npz` or `.safetensors`.
  ///
  /// - Returns: false when the ending or the value is of another kind.
  public static func export(_ value: Value, to path: String) throws -> Bool {
    let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    guard ["npy", "npz", "safetensors"].contains(ending) else { return false }
    var arrays: [(name: String, tensor: Tensor)] = []
    if case .dict(let dict) = value {
      for (key, item) in try dict.items() {
        guard case .string(let name) = key, let tensor = try Tensor.read(item) else { return false }
        arrays.append((name, tensor))
      }
    } else if let tensor = try Tensor.read(value) {
      arrays = [("arr_0", tensor)]
    } else if case .object(let dataset as Dataset) = value {
      arrays = [("x", dataset.x), ("y", dataset.y)]
    } else {
      return false
    }
    switch ending {
    case "npy":
      guard arrays.count == 1 else {
        throw Failure(
          .value, "an .npy file holds one array, this is \(arrays.count)",
          help: "write an .npz or a .safetensors file")
      }
      try FileBytes.write(NPY.encoded(arrays[0].tensor), to: path)
    case "npz": try FileBytes.write(NPZ.encoded(arrays, path: path), to: path)
    default: try Safetensors.write(Safetensors.Content(arrays), to: path)
    }
    return true
  }
}

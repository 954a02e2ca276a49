public import Catalog
internal import Tensors

/// Everything of this module that a script can call.
public enum DataCatalog {
  public static var library: Library {
    Library(sections: [
      Library.Section("Made data", MakerEntries.all),
      Library.Section("Files", [load, loadCSV, loadIDX]),
      Library.Section("Preparing data", [split] + PreparingEntries.all),
    ])
  }

  static let load = Entry(
    "load", "Reads a data set: a CSV file, IDX files with their labels, or a well-known name.",
    Parameter("path", String.self, "a file, a folder, or a name such as \"fashion-mnist\""),
    .context, returns: "Dataset or Frame", example: "load(\"penguins.csv\")",
    details: """
      What a file is, its content says. A CSV file gives a Frame, IDX images and labels a Dataset \
      with pixels from 0 to 1. Names are looked up in `$GRADUS_DATA`, in `data` below the working \
      directory and in the user's data folder. Nothing is downloaded.
      """
  ) { path, context in .object(try Loader.load(path, context: context)) }

  static let loadCSV = Entry(
    "load_csv", "Reads a CSV file, plain or .gz, to a Frame.",
    Parameter("path", String.self, "the file"),
    Parameter("header", Bool?.self, "whether the first line names the columns; None: detected") {
      nil
    },
    Parameter("delimiter", String.self, "between the cells") { "," },
    .context, returns: "Frame", example: "load_csv(\"penguins.csv\").dataset(\"species\")",
    details: "Empty cells and NA are missing. Columns of text become sorted categories."
  ) { path, header, delimiter, context in
    guard let character = delimiter.first, delimiter.count == 1 else {
      throw Failure(.value, "delimiter must be one character, not \"\(delimiter)\"")
    }
    return .object(
      try CSV.read(
        context.resolve(path), header: header.map { $0 ? .present : .absent } ?? .detected,
        delimiter: character, check: { try context.check() }))
  }

  static let loadIDX = Entry(
    "load_idx", "Reads an IDX file, plain or .gz, as MNIST uses it, to a tensor.",
    Parameter("path", String.self, "the file"),
    .context, returns: "Tensor", example: "load_idx(\"train-images-idx3-ubyte.gz\")"
  ) { path, context in
    .object(try IDX.read(context.resolve(path), check: { try context.check() }))
  }

  static let split = Entry(
    "split", "Cuts inputs and targets into parts to train on, to watch and to test.",
    Parameter("x", Tensor.self, "inputs, examples on the first axis"),
    Parameter("y", Tensor.self, "targets"),
    Parameter("train", Double?.self, "examples or share; None: what is left") { nil },
    Parameter("val", Double?.self, "examples or share to watch while training") { nil },
    Parameter("test", Double?.self, "examples or share to judge with") { nil },
    Parameter("shuffle", Bool.self, "whether the order is random") { true },
    .context, returns: "Dataset", example: "split(randn(10, 2), arange(10), val=0.2)"
  ) { x, y, train, val, test, shuffle, context in
    let all = try Dataset(x: x, y: y)
    return .object(
      try context.draw(from: "split") { stream in
        try all.split(train: train, validation: val, test: test, shuffle: shuffle, from: &stream)
      })
  }
}

public import Catalog
internal import Tensors

/// Everything of this module that a script can call.
public enum DataCatalog {
  public static var library: Library {
    Library(sections: [
      Library.Section("Made data", MakerEntries.all),
      Library.Section("Files", FileEntries.all),
      Library.Section("Preparing data", [split] + PreparingEntries.all),
    ])
  }

  static let split = Entry(
    "split", "Cuts inputs and targets into parts to train on, to watch and to test.",
    Parameter("x", Tensor.self, "inputs, examples on the first axis"),
    Parameter("y", Tensor.self, "targets"),
    Parameter("train", Double?.self, "examples or share; None: what is left") { nil },
    Parameter("val", Double?.self, "examples or share to watch while training") { nil },
    Parameter("test", Double?.self, "examples or share to judge with") { nil },
    Parameter("shuffle", Bool.self, "whether the order is random") { true },
    .context, returns: "Dataset", example: "split(randn(10, 2), arange(10), val=0.2)",
    details: """
      A share p of n examples is p n of them, rounded; numbers from 1 are counts. Shapes: x (n, …) \
      and y (n, …), each part with fewer examples. Peers: scikit-learn's train_test_split gives \
      arrays, this a Dataset whose parts fit and scale know.
      """
  ) { x, y, train, val, test, shuffle, context in
    let all = try Dataset(x: x, y: y)
    return .object(
      try context.draw(from: "split") { stream in
        try all.split(train: train, validation: val, test: test, shuffle: shuffle, from: &stream)
      })
  }
}

import Catalog
import Data
import FoundationEssentials
import Tensors
import Testing

/// Well-known names, with files in a folder of the test's own.
@Suite("Loading by name") struct LoaderTests {
  final class Place {
    let path = FileManager.default.temporaryDirectory.path + "/gradus-data-\(UUID().uuidString)"
    let context: Context

    init() {
      context = Context(sink: Recording(), directory: path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func put(_ bytes: [UInt8], _ name: String) throws {
      let full = path + "/data/" + name
      let folder = full.split(separator: "/").dropLast().joined(separator: "/")
      try FileManager.default.createDirectory(
        atPath: "/" + folder, withIntermediateDirectories: true)
      try FileBytes.write(bytes, to: full)
    }

    func failure(_ name: String) -> Failure? {
      do { _ = try Loader.load(name, context: context) } catch { return Failure(error) }
      return nil
    }
  }

  private static let images = IDXTests.file(8, [2, 3, 3], (0..<18).map { $0 * 14 })
  private static let labels = IDXTests.file(8, [2], [9, 0])

  @Test("Fashion-MNIST: what is missing is said, what is there is read")
  func fashion() throws {
    let place = Place()
    let nothing = place.failure("fashion-mnist")
    #expect(nothing?.exception == "FileNotFoundError")
    #expect(nothing?.help == "or use digits(), which needs no files")
    #expect(nothing?.notes.last?.contains(place.path + "/data/fashion-mnist") == true)
    for name in ["train-labels-idx1-ubyte", "t10k-labels-idx1-ubyte.gz"] {
      try place.put(Self.labels, "fashion-mnist/" + name)
    }
    let half = place.failure("fashion-mnist")
    #expect(half?.notes.contains { $0.contains("there is no train-images-idx3-ubyte.gz") } == true)
    #expect(half?.notes.contains { $0.contains("no train-labels") } == false)
    for name in ["train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte"] {
      try place.put(Self.images, "fashion-mnist/" + name)
    }
    let data = try #require(
      try Loader.load("fashion-mnist", context: place.context) as? Dataset)
    #expect(data.train.count == 2 && data.test?.count == 2)
    #expect(data.classes[9] == "Ankle boot" && data.y.ints == [9, 0, 9, 0])
    #expect(data.x.dtype == .f32 && data.x.shape == [4, 3, 3])
  }

  @Test("CIFAR-10, in the folder of its archive or without it")
  func cifar() throws {
    for folder in ["cifar-10/", "cifar-10/cifar-10-batches-bin/"] {
      let place = Place()
      for batch in 1...5 {
        let record = [UInt8(batch)] + [UInt8](repeating: UInt8(batch * 10), count: 3072)
        try place.put(record, folder + "data_batch_\(batch).bin")
      }
      #expect(place.failure("cifar-10")?.help?.contains("shapes(color=True)") == true)
      try place.put([9] + [UInt8](repeating: 255, count: 3072), folder + "test_batch.bin")
      let data = try #require(try Loader.load("cifar-10", context: place.context) as? Dataset)
      #expect(data.x.shape == [6, 32, 32, 3] && data.train.y.ints == [1, 2, 3, 4, 5])
      #expect(data.test?.x.floats.max() == 1 && data.classes[9] == "truck")
    }
  }

  @Test("Tables lie in a folder of their name or in the data folder itself")
  func tables() throws {
    let place = Place()
    #expect(place.failure("penguins")?.help?.contains("flowers()") == true)
    #expect(place.failure("california-housing")?.help?.contains("houses()") == true)
    try place.put(Array("species,mass\nGentoo,5\n".utf8), "penguins.csv")
    let frame = try #require(try Loader.load("penguins", context: place.context) as? Frame)
    #expect(frame.count == 1)
    try place.put(Array("a,b\n1,2\n3,4\n".utf8), "california-housing/housing.csv")
    let houses = try #require(
      try Loader.load("california-housing", context: place.context) as? Frame)
    #expect(houses.count == 2)
  }

  @Test("Files of arrays are recognised")
  func arrays() throws {
    let place = Place()
    let x = try Tensor([1, 2, 3] as [Float])
    try place.put(NPY.encoded(x), "x.npy")
    try place.put(NPZ.encoded([("a", x)]), "x.npz")
    try place.put(Safetensors.encoded(Safetensors.Content([("b", x)])), "x.safetensors")
    let loaded = try #require(try Loader.load("data/x.npy", context: place.context) as? Tensor)
    #expect(loaded.floats == [1, 2, 3])
    #expect(try Loader.archive("data/x.npz", context: place.context)?.first?.name == "a")
    #expect(try Loader.archive("data/x.safetensors", context: place.context)?.first?.name == "b")
    try place.put([0, 1, 2, 3], "x.raw")
    #expect(place.failure("data/x.raw")?.message.contains("no form that is known") == true)
  }
}

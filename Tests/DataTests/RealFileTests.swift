import Catalog
import Data
import Tensors
import Testing

/// Files beside the checkout; the tests say so when they are not there.
enum SharedData {
  static let folder = "../shared/data"
  static func has(_ path: String) -> Bool { FileBytes.exists(folder + "/" + path) }
}

@Suite struct RealFileTests {
  @Test(
    "The 900 Fashion-MNIST images and their labels are read",
    .enabled(
      if: SharedData.has("fashion-mnist/sprite900-images-idx3-ubyte.gz"), "no ../shared/data"))
  func sprite() throws {
    let folder = SharedData.folder + "/fashion-mnist/"
    let images = try IDX.read(folder + "sprite900-images-idx3-ubyte.gz")
    let labels = try IDX.read(folder + "sprite900-labels-idx1-ubyte.gz")
    #expect(Array(images.shape) == [900, 28, 28])
    #expect(labels.ints == (0..<900).map { $0 % 10 })
    let mean = images.doubles.reduce(0, +) / Double(images.count)
    #expect(abs(mean - 72.0) < 0.1)
    let all = try IDX.read(folder + "train-labels-idx1-ubyte.gz").ints
    #expect(all.count == 60_000)
    #expect((0..<10).allSatisfy { digit in all.count { $0 == digit } == 6000 })

    let context = Context(sink: Recording())
    let path = folder + "sprite900-images-idx3-ubyte.gz"
    let loaded = try #require(try Loader.load(path, context: context) as? Dataset)
    #expect(loaded.classes[9] == "Ankle boot")
    #expect(loaded.x.dtype == .f32)
    #expect(loaded.x.doubles.max() == 1)
  }

  @Test(
    "Penguins: names, categories, missing cells",
    .enabled(if: SharedData.has("penguins/penguins.csv"), "no ../shared/data"))
  func penguins() throws {
    let frame = try CSV.read(SharedData.folder + "/penguins/penguins.csv")
    #expect(frame.count == 344)
    #expect(frame.columns.map(\.name).first == "species")
    guard case .categories(let codes, let names) = try frame.column("species").content else {
      Issue.record("species is not a category")
      return
    }
    #expect(names == ["Adelie", "Chinstrap", "Gentoo"])
    #expect([0, 1, 2].map { code in codes.count { $0 == code } } == [152, 68, 124])
    #expect(frame.droppingMissing().count == 333)
    let data = try frame.dataset(target: "species", without: ["year"])
    #expect(data.count == 333)
    #expect(data.names.contains("island=Biscoe"))
  }

  @Test(
    "California housing: gzip, 20,640 rows, empty cells",
    .enabled(if: SharedData.has("california-housing/housing.csv.gz"), "no ../shared/data"))
  func housing() throws {
    let frame = try CSV.read(SharedData.folder + "/california-housing/housing.csv.gz")
    #expect(frame.count == 20_640)
    #expect(frame.columns.count == 10)
    #expect(try frame.column("total_bedrooms").missing.count { $0 } == 207)
    let data = try frame.dataset(target: "median_house_value", without: ["ocean_proximity"])
    #expect(data.count == 20_433)
    #expect(data.y.dtype == .f32)
  }

  @Test("A missing file and a folder are named in the error")
  func missing() {
    let problem = #expect(throws: FileProblem.self) { try IDX.read("/nowhere/at/all.idx") }
    #expect(problem == .missing("/nowhere/at/all.idx"))
    #expect(throws: FileProblem.self) { try CSV.read("/") }
    let context = Context(sink: Recording())
    let failure = #expect(throws: Failure.self) {
      try Loader.load("fashion-minst", context: context)
    }
    #expect(failure?.help == "did you mean 'fashion-mnist'?")
  }
}

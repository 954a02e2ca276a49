import Catalog
import Data
import FoundationEssentials
import Tensors
import Testing

@Suite struct MakerTests {
  static func digits(_ count: Int, seed: UInt64 = 0, hard: Double = 1) throws -> Dataset {
    var stream = RandomStream(seed: seed, name: "data")
    return try Digits.make(count, hard: hard, from: &stream)
  }

  @Test("Digits: shape, range, balance, grey like handwriting")
  func digitFigures() throws {
    let data = try Self.digits(2000)
    #expect(Array(data.x.shape) == [2000, 28, 28])
    let pixels = data.x.doubles
    #expect(pixels.allSatisfy { $0 >= 0 && $0 <= 1 })
    let mean = pixels.reduce(0, +) / Double(pixels.count)
    let square = pixels.reduce(0) { $0 + $1 * $1 } / Double(pixels.count)
    let deviation = (square - mean * mean).squareRoot()
    #expect(abs(mean - 0.136) < 0.02, "mean \(mean)")
    #expect(abs(deviation - 0.264) < 0.03, "deviation \(deviation)")
    let labels = data.y.ints
    #expect((0..<10).allSatisfy { digit in labels.count { $0 == digit } == 200 })
    #expect(labels != labels.sorted())
  }

  @Test("The same seed gives the same bytes, another seed others")
  func seeded() throws {
    #expect(try Self.digits(50).x.floats == Self.digits(50).x.floats)
    #expect(try Self.digits(50).x.floats != Self.digits(50, seed: 1).x.floats)
  }

  @Test("A picture of 100 digits is written when asked for")
  func sheet() throws {
    guard let path = ProcessInfo.processInfo.environment["GRADUS_DIGITS_SHEET"] else { return }
    let data = try Self.digits(100)
    let order = data.y.ints.enumerated().sorted {
      ($0.element, $0.offset) < ($1.element, $1.offset)
    }
    let sheet = try data.examples(order.map(\.offset)).sheet(limit: 100)
    var bytes = Array("P5\n280 280\n255\n".utf8)
    for y in 0..<280 {
      for x in 0..<280 {
        let image = (y / 28) * 10 + x / 28
        bytes.append(sheet.pixels[image * 784 + (y % 28) * 28 + x % 28])
      }
    }
    try FoundationEssentials.Data(bytes).write(to: URL(filePath: path))
  }

  @Test("Made points: shapes, classes, ranges")
  func points() throws {
    var stream = RandomStream(seed: 3, name: "data")
    let moons = try Points.moons(101, noise: 0, from: &stream)
    #expect(Array(moons.x.shape) == [101, 2])
    #expect(moons.y.ints.count { $0 == 0 } == 51)
    let circles = try Points.circles(60, noise: 0, factor: 0.3, from: &stream)
    let points = circles.x.doubles
    for (index, label) in circles.y.ints.enumerated() {
      let radius =
        points[2 * index] * points[2 * index] + points[2 * index + 1] * points[2 * index + 1]
      #expect(abs(radius.squareRoot() - (label == 0 ? 1 : 0.3)) < 1e-6)
    }
    #expect(try Points.spirals(90, classes: 5, from: &stream).classes.count == 5)
    #expect(try Points.blobs(90, classes: 4, from: &stream).y.ints.max() == 3)
  }
}

@Suite struct MadeDataTests {
  static let makers:
    [(name: String, hash: UInt64, make: @Sendable (inout RandomStream) throws -> Dataset)] = [
      ("digits", 0x96c3_e93f_08fd_d289, { try Digits.make(20, from: &$0) }),
      ("shapes", 0x47a0_8a9c_de48_adf4, { try Shapes.make(20, from: &$0) }),
      ("shapes in colour", 0xbea3_8391_e615_dbae, { try Shapes.make(20, color: true, from: &$0) }),
      ("moons", 0x9485_581c_7773_bab6, { try Points.moons(40, from: &$0) }),
      ("circles", 0x526b_a3e4_853c_01ac, { try Points.circles(40, from: &$0) }),
      ("spirals", 0xa2c0_daf6_66ee_eaf4, { try Points.spirals(40, from: &$0) }),
      (
        "two turns", 0x5d29_8ed2_f106_bb57,
        { try Points.spirals(40, classes: 2, turns: 1.75, from: &$0) }
      ),
      ("xor", 0xbad4_5912_e1f9_73a4, { try Points.xor(40, from: &$0) }),
      ("blobs", 0x844c_2d75_8649_669a, { try Points.blobs(40, from: &$0) }),
      ("checker", 0x934b_e303_b86e_724b, { try Points.checker(40, cells: 3, from: &$0) }),
      ("plane", 0xc660_a5b4_50b2_37f6, { try Numbers.plane(40, from: &$0) }),
      ("bumps", 0x58cb_dbc6_7a7d_56c6, { try Numbers.bumps(40, from: &$0) }),
      ("sine", 0xaa73_d9c7_fcc4_e1f9, { try Numbers.sine(40, gap: (0.4, 0.6), from: &$0) }),
      ("stretched", 0xfa06_944a_4b77_320a, { try Numbers.stretched(40, from: &$0) }),
      ("houses", 0x355c_f78a_9043_10fd, { try Numbers.houses(40, from: &$0) }),
      ("flowers", 0x36a3_5e4f_ca40_16e8, { try Flowers.make(40, from: &$0) }),
    ]

  /// The bytes of inputs and targets in one number (FNV-1a).
  private static func hash(_ data: Dataset) -> UInt64 {
    (data.x.bytes + data.y.bytes).reduce(0xcbf2_9ce4_8422_2325) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
  }

  @Test("Made data is the same bytes on every machine", arguments: makers.indices)
  func frozen(_ index: Int) throws {
    let (name, wanted, make) = Self.makers[index]
    var stream = RandomStream(seed: 1, name: "data")
    let data = try make(&stream)
    let found = Self.hash(data)
    #expect(found == wanted, "\(name) gives 0x\(String(found, radix: 16))")
    #expect(data.x.doubles.allSatisfy(\.isFinite) && data.y.doubles.allSatisfy(\.isFinite))
    if !data.classes.isEmpty {
      let counts = data.classes.indices.map { label in data.y.ints.count { $0 == label } }
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }
    var other = RandomStream(seed: 2, name: "data")
    #expect(try Self.hash(make(&other)) != found)
  }

  @Test("What the definitions say holds of the examples")
  func figures() throws {
    var stream = RandomStream(seed: 4, name: "data")
    let xor = try Points.xor(200, noise: 0, from: &stream)
    for (label, point) in zip(xor.y.ints, (0..<200).map { xor.x.doubles[(2 * $0)..<(2 * $0 + 2)] })
    {
      #expect((point.reduce(1, *) < 0) == (label == 1))
    }
    let board = try Points.checker(300, cells: 3, from: &stream)
    let places = board.x.doubles.map { Int(exactly: (($0 + 1) * 1.5).rounded(.down)) ?? 9 }
    for (index, label) in board.y.ints.enumerated() {
      #expect((places[2 * index] + places[2 * index + 1]) % 2 == label)
    }
    let plane = try Numbers.plane(50, noise: 0, from: &stream)
    let sum = try plane.x.sum(axes: [1]) / 2
    #expect(zip(sum.doubles, plane.y.doubles).allSatisfy { abs($0 - $1) < 1e-6 })
    let sine = try Numbers.sine(300, noise: 0, gap: (0.3, 0.5), from: &stream)
    #expect(sine.x.doubles.allSatisfy { $0 <= 0.3001 || $0 >= 0.4999 })
    #expect(sine.x.doubles.contains { $0 < 0.3 } && sine.x.doubles.contains { $0 > 0.5 })
    #expect(throws: Failure.self) { try Numbers.sine(3, gap: (0, 1), from: &stream) }
    let long = try Numbers.stretched(20_000, kappa: 100, from: &stream)
    let values = try PrincipalComponents().learnt(from: long.x).variances.doubles
    #expect(abs(values[0] / values[1] / 100 - 1) < 0.1)
    let bumps = try Numbers.bumps(500, noise: 0, from: &stream)
    #expect(bumps.y.doubles.allSatisfy { abs($0) < 1.1 })
    let houses = try Numbers.houses(500, from: &stream)
    #expect(houses.y.doubles.allSatisfy { $0 > 0 } && houses.names.count == 6)
    #expect(throws: (any Error).self) { try Shapes.make(Int.max / 4, from: &stream) }
    #expect(throws: (any Error).self) { try Numbers.plane(Int.max / 8, from: &stream) }
  }
}

@Suite struct DatasetTests {
  static func counting(_ count: Int) throws -> Dataset {
    try Dataset(
      x: Tensor((0..<count).map { Float($0) }, shape: Shape([count, 1])),
      y: Tensor((0..<count).map { $0 % 2 }), classes: ["even", "odd"])
  }

  @Test("A split shares out every example once")
  func split() throws {
    var stream = RandomStream(seed: 0, name: "split")
    let data = try Self.counting(100).split(validation: 0.2, test: 10, from: &stream)
    let parts = try #require(data.parts)
    #expect([parts.train.count, parts.validation?.count, parts.test?.count] == [70, 20, 10])
    let all = try [parts.train, #require(parts.validation), #require(parts.test)].flatMap(
      \.x.doubles)
    #expect(all.sorted() == (0..<100).map(Double.init))
    #expect(all != all.sorted())
    let kept = try Self.counting(10).split(train: 6, test: 4, shuffle: false, from: &stream)
    #expect(kept.train.x.doubles == [0, 1, 2, 3, 4, 5])
    #expect(throws: Failure.self) { try Self.counting(10).split(train: 8, test: 4, from: &stream) }
    #expect(throws: Failure.self) { try Self.counting(10).split(train: .nan, from: &stream) }
    #expect(throws: Failure.self) { try Self.counting(10).split(train: 1e300, from: &stream) }
  }

  @Test("Scaling learns from the training part alone and can be undone")
  func scaling() throws {
    var stream = RandomStream(seed: 0, name: "split")
    let data = try Self.counting(10).split(train: 5, test: 5, shuffle: false, from: &stream)
    let scaled = try data.scaled(.standard)
    let learnt = try #require(scaled.scaling as? Scaler)
    #expect(learnt.centre.doubles == [2])
    #expect(abs((scaled.test?.x.doubles.first ?? 0) - 3 / 2.0.squareRoot()) < 1e-6)
    let scaling = try #require(scaled.scaling)
    #expect(try scaling.undo(scaled.x).doubles.map { $0.rounded() } == data.x.doubles)
    let constant = try Tensor([5.0, 1, 5, 3], shape: [2, 2])
    #expect(
      try Scaling(.standard).learnt(from: constant).apply(constant).doubles == [0, -1, 0, 1])
    #expect(try Scaling(.minmax).learnt(from: constant).apply(constant).doubles == [0, 0, 0, 1])
  }

  @Test("One-hot rows; labels that do not fit are errors")
  func oneHot() throws {
    #expect(try OneHot.encode(Tensor([0, 2])).doubles == [1, 0, 0, 0, 0, 1])
    #expect(throws: Failure.self) { try OneHot.encode(Tensor([0, 3]), classes: 3) }
    #expect(throws: Failure.self) { try OneHot.encode(Tensor([-1])) }
    #expect(throws: Failure.self) { try OneHot.encode(Tensor([0.5])) }
    #expect(throws: (any Error).self) { try OneHot.encode(Tensor([Int.max])) }
  }

  @Test("x and y of different length, or labels that are no class, are errors")
  func mismatch() throws {
    #expect(throws: Failure.self) { try Dataset(x: .zeros([3, 2]), y: Tensor([0, 1])) }
    #expect(throws: Failure.self) {
      try Dataset(x: .zeros([2, 2]), y: Tensor([0, 2]), classes: ["a", "b"])
    }
  }

  @Test("Every entry runs through a call, and an unknown option is answered")
  func entries() throws {
    let context = Context(sink: Recording(), seed: 1)
    let digits = try #require(DataCatalog.library.entries.first { $0.name == "digits" })
    let value = try digits.call(Arguments(positional: [.int(20)], context: context))
    guard case .object(let object) = value, let data = object as? Dataset else {
      Issue.record("digits() gave no data set")
      return
    }
    #expect(data.count == 20)
    let scale = try #require(Dataset.type.member("scale"))
    let failure = #expect(throws: Failure.self) {
      try scale.call(
        Arguments(receiver: value, positional: [.string("standart")], context: context))
    }
    #expect(failure?.code == "L308")
  }
}

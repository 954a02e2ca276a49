import Catalog
import Data
import Tensors
import Testing

@Suite struct IDXTests {
  static func file(_ kind: UInt8, _ sizes: [Int], _ body: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0, 0, kind, UInt8(sizes.count)]
    for size in sizes { bytes += (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } }
    return bytes + body
  }

  static let samples: [(kind: UInt8, body: [UInt8], values: [Double], dtype: DType)] = [
    (0x08, [0, 7, 255], [0, 7, 255], .u8),
    (0x09, [0, 7, 0xFF], [0, 7, -1], .i32),
    (0x0B, [0, 1, 0xFF, 0xFE, 0x7F, 0xFF], [1, -2, 32767], .i32),
    (
      0x0C, [0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFE, 0x7F, 0xFF, 0xFF, 0xFF], [1, -2, 2_147_483_647],
      .i32
    ),
    (0x0D, [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0], [1, -2, 0], .f32),
    (
      0x0E,
      [0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0] + Array(repeating: 0, count: 8),
      [1, -2, 0], .f64
    ),
  ]

  @Test("Every element type is read", arguments: samples.indices)
  func types(_ index: Int) throws {
    let sample = Self.samples[index]
    let tensor = try IDX.parse(Self.file(sample.kind, [3], sample.body), name: "sample")
    #expect(tensor.doubles == sample.values)
    #expect(tensor.dtype == sample.dtype)
  }

  @Test("Sizes become the shape, elements stay row-major")
  func shape() throws {
    let tensor = try IDX.parse(Self.file(8, [2, 1, 3], [1, 2, 3, 4, 5, 6]), name: "cube")
    #expect(Array(tensor.shape) == [2, 1, 3])
    #expect(tensor.ints == [1, 2, 3, 4, 5, 6])
  }

  static let broken: [(bytes: [UInt8], found: String)] = [
    ([], "a file of 0 bytes"),
    ([0, 0, 8], "a file of 3 bytes"),
    ([1, 0, 8, 1, 0, 0, 0, 0], "the first bytes 01 00 08 01"),
    ([0, 0, 7, 1, 0, 0, 0, 0], "the type byte 07"),
    ([0, 0, 8, 0], "rank 0"),
    ([0, 0, 8, 9] + Array(repeating: 0, count: 36), "rank 9"),
    ([0, 0, 8, 3, 0, 0, 0, 1], "8 bytes"),
    (file(8, [4], [1, 2, 3]), "3 bytes of elements: the file is cut off"),
    (file(8, [2], [1, 2, 3]), "3 bytes of elements"),
    (file(8, [0x7FFF_FFFF, 0x7FFF_FFFF, 0x7FFF_FFFF], []), "that no memory holds"),
    (file(0x0E, [0x7FFF_FFFF, 2], [0]), "1 bytes of elements: the file is cut off"),
  ]

  @Test("A malformed file is an error that says what was found", arguments: broken.indices)
  func malformed(_ index: Int) {
    let (bytes, found) = Self.broken[index]
    let problem = #expect(throws: FileProblem.self) { try IDX.parse(bytes, name: "bad.idx") }
    let failure = problem.map { Failure($0) }
    #expect(failure?.message.contains(found) == true, "\(failure?.message ?? "")")
    #expect(failure?.message.contains("bad.idx") == true)
    #expect(failure?.notes.isEmpty == false)
  }

  @Test("No damage to a file does more than throw")
  func fuzz() throws {
    var stream = RandomStream(seed: 7, name: "fuzz")
    let whole = Self.file(0x0D, [3, 2], Array(repeating: 0x41, count: 24))
    for length in 0...whole.count {
      _ = try? IDX.parse(Array(whole.prefix(length)), name: "cut")
    }
    for _ in 0..<5000 {
      var bytes = whole
      for _ in 0...stream.integer(below: 4) {
        bytes[stream.integer(below: bytes.count)] = UInt8(truncatingIfNeeded: stream.next())
      }
      _ = try? IDX.parse(bytes, name: "mutated")
    }
  }
}

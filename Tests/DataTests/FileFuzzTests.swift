import Catalog
import Data
import Tensors
import Testing

/// Readers on damaged files: an error or a value, never a trap, and no more memory than is there.
@Suite("Damaged files") struct FileFuzzTests {
  struct Reader: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let whole: @Sendable () throws -> [UInt8]
    let read: @Sendable ([UInt8]) throws -> Void
    /// Fragments that make some damage more telling than random bytes.
    var words: [String] = []
  }

  static let readers: [Reader] = [
    Reader(
      testDescription: "NPY", whole: { NPY.encoded(try sample()) },
      read: { _ = try NPY.parse($0[...], name: "a") },
      words: ["(9999999999999999999,)", "True", "|O", ">f8", "{", "-1", "'shape'"]),
    Reader(
      testDescription: "NPZ", whole: { try NPZ.encoded([("x", sample()), ("y", sample())]) },
      read: { _ = try NPZ.parse($0, name: "a") }),
    Reader(
      testDescription: "NPZ, compressed",
      whole: { try NPZ.encoded([("x", sample())], isCompressed: true) },
      read: { _ = try NPZ.parse($0, name: "a") }),
    Reader(
      testDescription: "safetensors",
      whole: { Safetensors.encoded(Safetensors.Content([("x", try sample())])) },
      read: { _ = try Safetensors.parse($0, name: "a") },
      words: ["-1", "[9999999999999]", "F16", "BF16", "null", "{", "1e300"]),
    Reader(
      testDescription: "CIFAR", whole: { Array(repeating: 7, count: 3073 * 2) },
      read: { _ = try CIFAR.parse($0, name: "a") }),
    Reader(
      testDescription: "IDX",
      whole: { [0, 0, 0x0D, 2, 0, 0, 0, 3, 0, 0, 0, 2] + Array(repeating: 65, count: 24) },
      read: { _ = try IDX.parse($0, name: "a") }),
    Reader(
      testDescription: "CSV",
      whole: { Array("name,a,b\n\"x, \"\"y\"\"\",1.5,NA\r\nz,-2e3,\n\"w\",,4\n".utf8) },
      read: {
        let frame = try CSV.parse($0, name: "a")
        _ = try? frame.dataset(target: frame.columns[0].name)
      }, words: ["\"", "\"\"", ",,", "\n\n", "1e999", "nan", "\r"]),
  ]

  private static func sample() throws -> Tensor {
    try Tensor((0..<12).map { Float($0) / 3 }, shape: [3, 4])
  }

  @Test("Every reader withstands cut, changed and shuffled bytes", arguments: readers)
  func fuzz(_ reader: Reader) async throws {
    let whole = try reader.whole()
    try reader.read(whole)
    let before = StoragePool.shared.liveBytes
    var stream = RandomStream(seed: 11, name: reader.testDescription)
    let step = max(1, whole.count / 300)
    for length in stride(from: 0, to: whole.count, by: step) {
      try? reader.read(Array(whole.prefix(length)))
    }
    for _ in 0..<2000 {
      var bytes = whole
      for _ in 0...stream.integer(below: 3) {
        let place = stream.integer(below: bytes.count)
        switch stream.integer(below: 4) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: stream.next())
        case 1: bytes[place] = [0, 0xFF, 0x7F, 0x80][stream.integer(below: 4)]
        case 2 where !reader.words.isEmpty:
          let word = reader.words[stream.integer(below: reader.words.count)]
          bytes.replaceSubrange(place..<min(place + word.utf8.count, bytes.count), with: word.utf8)
        default:
          let end = min(place + stream.integer(below: 9), bytes.count)
          let other = stream.integer(below: bytes.count)
          bytes.insert(contentsOf: bytes[place..<end], at: other)
        }
      }
      try? reader.read(bytes)
    }
    // What other suites hold meanwhile goes again.
    var isFreed = false
    for _ in 0..<600 where !isFreed {
      isFreed = StoragePool.shared.liveBytes < before + 1 << 22
      if !isFreed { try await Task.sleep(nanoseconds: 100_000_000) }
    }
    #expect(isFreed)
  }
}

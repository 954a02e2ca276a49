import Catalog
import Data
import Neural
import Tensors
import Testing

/// Made data, first weights and shuffles are the same bytes everywhere, today and tomorrow.
@Suite struct FrozenTests {
  /// FNV-1a over the bits of the numbers.
  static func mark(_ values: [Float]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for value in values {
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        hash = (hash ^ UInt64(value.bitPattern >> shift & 0xFF)) &* 0x100_0000_01b3
      }
    }
    return String(hash, radix: 16)
  }

  @Test("Digits")
  func digits() throws {
    var stream = RandomStream(seed: 42, name: "data")
    let images = try Digits.make(20, from: &stream).x.floats
    #expect(Self.mark(images) == "a21b5a9ab76d3034")
  }

  @Test("Points")
  func points() throws {
    var stream = RandomStream(seed: 42, name: "data")
    var all: [Float] = []
    all += try Points.moons(50, from: &stream).x.floats
    all += try Points.circles(50, from: &stream).x.floats
    all += try Points.spirals(50, from: &stream).x.floats
    all += try Points.blobs(50, from: &stream).x.floats
    #expect(Self.mark(all) == "11ec9801c3086150")
  }

  @Test("First weights, whatever the initializer")
  func weights() throws {
    var all: [Float] = []
    for initializer in Initializer.all {
      var stream = RandomStream(seed: 42, name: "init")
      all += try initializer.make([12, 7], from: &stream).floats
    }
    // The first twelve, then all.
    #expect(Self.mark(Array(all.prefix(12 * 12 * 7))) == "8e020d6f4e229450")
    #expect(Self.mark(all) == "3713ff727e0066aa")
  }

  @Test("Shuffles and masks")
  func shuffles() throws {
    var stream = RandomStream(seed: 42, name: "shuffle")
    #expect(Self.mark(stream.permutation(100).map { Float($0) }) == "2a7ab2096dfe0f04")
    let net = try Sequential(Dropout(0.4))
    let y = try net.predict(
      Tensor.ones([10, 10]), context: Context(sink: Recording(), seed: 42), isTraining: true)
    #expect(Self.mark(y.floats) == "c9eef9baaf9d80c3")
  }
}

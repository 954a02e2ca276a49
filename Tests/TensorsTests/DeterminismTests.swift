import Catalog
import Tensors
import Testing

/// FNV-1a over the bits of floats.
private func hash(_ values: [Float]) -> UInt64 {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for value in values {
    for shift in stride(from: 0, to: 32, by: 8) {
      hash = (hash ^ UInt64(value.bitPattern >> UInt32(shift) & 255)) &* 0x100_0000_01b3
    }
  }
  return hash
}

private func hash(_ values: [Double]) -> UInt64 {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for value in values {
    for shift in stride(from: 0, to: 64, by: 8) {
      hash = (hash ^ (value.bitPattern >> UInt64(shift) & 255)) &* 0x100_0000_01b3
    }
  }
  return hash
}

@Suite("Same bytes", .serialized)
struct DeterminismTests {
  @Test("products are the same bytes for any number of workers")
  func workers() throws {
    var stream = RandomStream(seed: 3, name: "products")
    let before = Workers.shared.count
    defer { Workers.shared.count = before }
    for (m, k, n) in [(32, 784, 300), (128, 784, 300), (500, 300, 100), (33, 1000, 257), (7, 5, 3)]
    {
      let a = try stream.normal([m, k])
      let b = try stream.normal([k, n])
      let g = try stream.normal([m, n])
      var found: [[UInt64]] = []
      for count in [1, 2, 3, 4] {
        Workers.shared.count = count
        found.append([
          hash(try a.matmul(b).floats), hash(try a.transposed.matmul(g).floats),
          hash(try g.matmul(b.transposed).floats),
          hash(try a.astype(.f64).matmul(b.astype(.f64)).doubles),
        ])
      }
      #expect(found.allSatisfy { $0 == found[0] }, "\(m)x\(k)x\(n)")
    }
  }

  @Test("convolutions and pooling are the same bytes for any number of workers")
  func windows() throws {
    var stream = RandomStream(seed: 5, name: "images")
    let before = Workers.shared.count
    defer { Workers.shared.count = before }
    for (x, k) in [([37, 14, 14, 16], [3, 3, 16, 64]), ([64, 28, 28, 1], [3, 3, 1, 32])] {
      let image = try stream.normal(Shape(x))
      let kernel = try stream.normal(Shape(k))
      let exact = (try image.astype(.f64), try kernel.astype(.f64))
      var found: [[UInt64]] = []
      for count in [1, 2, 3, 4] {
        Workers.shared.count = count
        let bias = try Tensor.zeros([k[3]])
        let loss = { (all: [Tensor]) in
          let y = try all[0].convolved(
            all[1], bias: all.count > 2 ? all[2] : nil, WindowOptions(padding: .same))
          return try (y.maxPooled([2, 2]).square() * y.averagePooled([2, 2])).sum()
        }
        let (value, slopes) = try valueAndGradient(at: [image, kernel, bias], of: loss)
        let (other, others) = try valueAndGradient(at: [exact.0, exact.1], of: loss)
        found.append(
          [hash(value.floats), hash(other.doubles)] + slopes.map { hash($0.floats) }
            + others.map { hash($0.doubles) })
      }
      #expect(found.allSatisfy { $0 == found[0] }, "\(x) \(k)")
    }
  }

  @Test("oneDNN's products agree with our own in f64")
  func oracle() throws {
    var stream = RandomStream(seed: 4, name: "oracle")
    for (m, k, n) in [(1, 1, 1), (1, 7, 1), (5, 1, 4), (32, 300, 10), (64, 100, 100), (3, 0, 2)] {
      let a = try stream.normal([m, k])
      let b = try stream.normal([k, n])
      let sloped = try stream.normal([n, k]).transposed
      let holes = try stream.normal([k, 2 * n])[.all, .slice(from: nil, to: nil, step: 2)]
      for right in [b, sloped, holes] {
        let fast = try a.matmul(right).doubles
        let exact = try a.astype(.f64).matmul(right.astype(.f64)).doubles
        for (x, y) in zip(fast, exact) { #expect(abs(x - y) <= 1e-4 * max(1, abs(y))) }
      }
    }
  }

  @Test("an interrupt stops a long product and leaves everything usable")
  func interrupt() throws {
    let pending = Pending()
    Workers.observe(pending)
    defer { Workers.observe(nil) }
    let a = try Tensor.ones([512, 4096])
    let b = try Tensor.ones([4096, 512])
    pending.set(.interrupt)
    let failure = #expect(throws: TensorError.self) { try a.matmul(b) }
    #expect(failure?.failure.exception == "KeyboardInterrupt")
    pending.clear(.interrupt)
    #expect(try a.matmul(b).floats[0] == 4096)
  }

  @Test("random streams give these numbers on every processor")
  func golden() throws {
    var stream = RandomStream(seed: 42, name: "data")
    #expect(stream.next() == 15_731_702_308_162_898_040)
    #expect(hash(stream.uniforms(1001)) == 13_134_150_551_716_115_830)
    #expect(hash(stream.normals(1001)) == 10_773_997_174_889_332_630)
    let uniform = try stream.uniform([1001])
    #expect(hash(uniform.floats) == 6_931_951_638_623_896_997)
    let normal = try stream.normal([1001])
    #expect(hash(normal.floats) == 9_697_099_181_126_153_277)
    #expect(stream.permutation(10) == [0, 6, 8, 5, 2, 3, 1, 9, 4, 7])
    #expect((0..<8).map { _ in stream.integer(below: 6) } == [2, 3, 4, 2, 1, 0, 4, 5])
  }

  @Test("elementary functions give these bits on every processor")
  func elementary() throws {
    let x = try Tensor.linspace(-20, 20, count: 4001, dtype: .f64)
    let positive = try x.abs()
    let all: [(String, Tensor, UInt64, UInt64)] = [
      ("exp", try x.exp(), 16_787_614_666_013_401_768, 3_336_052_159_140_300_100),
      ("log", try positive.log(), 17_402_699_170_507_736_272, 15_696_066_663_221_394_668),
      ("sin", try x.sin(), 9_959_729_486_011_112_445, 4_220_959_476_661_582_837),
      ("cos", try x.cos(), 3_543_907_686_444_919_213, 10_241_423_594_512_845_128),
      ("tanh", try x.tanh(), 8_526_023_889_734_649_711, 8_466_739_803_041_949_505),
      ("sigmoid", try x.sigmoid(), 17_687_799_927_829_601_554, 10_256_800_573_495_868_209),
      ("expm1", try x.expm1(), 151_067_541_376_468_991, 4_817_269_116_908_184_845),
      ("log1p", try positive.log1p(), 6_548_413_375_430_698_276, 16_289_386_072_563_534_793),
    ]
    let singles = try x.astype(.f32)
    let small: [Tensor] = [
      try singles.exp(), try singles.abs().log(), try singles.sin(), try singles.cos(),
      try singles.tanh(), try singles.sigmoid(), try singles.expm1(), try singles.abs().log1p(),
    ]
    for (entry, single) in zip(all, small) {
      #expect(hash(entry.1.doubles) == entry.2, "\(entry.0) f64")
      #expect(hash(single.floats) == entry.3, "\(entry.0) f32")
    }
  }

  @Test("Philox gives its published numbers")
  func philox() {
    // Key 0, counter 0 of Philox 4x32-10: 6627e8d5 e169c58d bc57ac4c 9b00dbd8.
    #expect(
      RandomStream.words(key: 0, position: 0) == [
        0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8,
      ])
  }

  @Test("a stream goes on from a stored position")
  func resumed() {
    var stream = RandomStream(seed: 9, name: "shuffle")
    _ = stream.permutation(20)
    let position = stream.position
    let next = stream.normals(5)
    var resumed = RandomStream(seed: 9, name: "shuffle", position: position)
    #expect(resumed.normals(5) == next)
    var other = RandomStream(seed: 9, name: "dropout", position: position)
    #expect(other.normals(5) != next)
  }

  @Test("uniform and normal numbers have their moments")
  func moments() throws {
    var stream = RandomStream(seed: 1, name: "moments")
    let uniform = try stream.uniform([200_000], dtype: .f64)
    #expect(abs(try uniform.mean().item() - 0.5) < 0.003)
    #expect(abs(try uniform.variance().item() - 1 / 12.0) < 0.001)
    #expect(try uniform.min().item() >= 0 && uniform.max().item() < 1)
    let normal = try stream.normal([200_000], dtype: .f64)
    #expect(abs(try normal.mean().item()) < 0.01)
    #expect(abs(try normal.variance().item() - 1) < 0.02)
    #expect(abs(try Tensor.power(normal, 4).mean().item() - 3) < 0.1)
  }
}

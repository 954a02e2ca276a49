import Catalog
import Tensors
import Testing

@Suite("Storage and views", .serialized)
struct StorageTests {
  @Test("a tensor gives back the values it was made from")
  func roundTrip() throws {
    let t = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    #expect(t.floats == [1, 2, 3, 4, 5, 6])
    #expect(t.ints == [1, 2, 3, 4, 5, 6])
    #expect(t.shape.description == "(2, 3)")
    #expect(try Tensor.full([2], 7, dtype: .u8).ints == [7, 7])
    #expect(throws: TensorError.self) { try Tensor([1, 2] as [Int], shape: [3]) }
  }

  @Test("slices are views, and writes show through them")
  func aliasing() throws {
    let x = try Tensor.arange(0, 12).reshape([3, 4])
    let row = try x[.at(1)]
    let column = try x.transposed[.at(2)]
    #expect(row.storage === x.storage && column.storage === x.storage)
    try x.assign([.at(1), .at(2)], Tensor(scalar: 100))
    #expect(row.ints == [4, 5, 100, 7])
    #expect(column.ints == [2, 100, 10])
    try row.updateInPlace(.add, .int(1))
    #expect(x.ints[4...7] == [5, 6, 101, 8])
    #expect(try x.copy().storage !== x.storage)
    #expect(try x.rows([0]).storage !== x.storage)
    #expect(try x.reshape([4, 3]).storage === x.storage)
    #expect(try x.transposed.reshape([12]).storage !== x.storage)
  }

  @Test("a write to pinned storage names its reader")
  func pinned() throws {
    let x = try Tensor.zeros([3])
    x.storage.pin(by: "the loader of 'train'")
    let failure = #expect(throws: TensorError.self) { try x.assign([.all], Tensor(scalar: 1)) }
    #expect(
      failure?.description
        == "this array is being read by the loader of 'train'; write to a copy, or wait until it "
        + "is done")
    #expect(throws: TensorError.self) { try x[.at(0)].updateInPlace(.add, .int(1)) }
    #expect(throws: TensorError.self) { try x.updateInPlace(.add, .int(1)) }
    #expect(throws: TensorError.self) { try x.withMutableSpan(of: Float.self) { $0[0] = 1 } }
    x.storage.unpin(by: "the loader of 'train'")
    try x.assign([.all], Tensor(scalar: 1))
    #expect(x.floats == [1, 1, 1])
  }

  @Test("writes count versions, reads do not")
  func versions() throws {
    let x = try Tensor.zeros([3])
    let start = x.storage.version
    _ = try x + 1
    #expect(x.storage.version == start)
    try x[.at(0)].updateInPlace(.add, .int(1))
    try x.assign([.at(1)], Tensor(scalar: 1))
    #expect(x.storage.version > start)
  }

  @Test("bytes are counted once per storage and given back")
  func counted() throws {
    // Other suites allocate at the same time: a moment without them is waited for.
    var (isCounted, isGivenBack) = (false, false)
    for _ in 0..<1000 where !(isCounted && isGivenBack) {
      let before = StoragePool.shared.liveBytes
      do {
        let x = try Tensor.zeros([1000])
        let view = try x[.range(0, 10)]
        #expect(x.externalBytes == 4000)
        #expect(view.externalBytes == 0)
        isCounted = isCounted || StoragePool.shared.liveBytes - before == 4000
      }
      isGivenBack = isGivenBack || StoragePool.shared.liveBytes == before
    }
    #expect(isCounted)
    #expect(isGivenBack)
  }

  @Test(
    "too large is refused before anything is allocated",
    arguments: [
      [1 << 40], [1 << 20, 1 << 20], [1 << 62], [1 << 31, 1 << 31, 1 << 31], [Int.max, Int.max],
      [1_000_000_000, 1_000_000],
    ])
  func tooLarge(_ sizes: [Int]) throws {
    #expect(throws: TensorError.self) { try Tensor.zeros(Shape(sizes)) }
    #expect(throws: TensorError.self) {
      try Tensor.zeros([1]).broadcast(to: Shape(sizes)).copy()
    }
  }

  @Test("sizes that cannot be throw")
  func sizes() throws {
    #expect(throws: TensorError.self) { try Shape([-1]) }
    #expect(throws: TensorError.rank(9)) { try Shape([1, 1, 1, 1, 1, 1, 1, 1, 1]) }
    #expect(throws: TensorError.self) { try Tensor.arange(0, Int.max) }
    #expect(throws: TensorError.self) { try Tensor.arange(0, 1, step: 0) }
    #expect(throws: TensorError.self) { try Tensor.arange(0, 1, step: 1e-300) }
    #expect(throws: TensorError.self) { try Tensor.arange(.nan, 1, step: 1) }
    #expect(throws: TensorError.self) { try Tensor.linspace(0, 1, count: -1) }
    #expect(throws: TensorError.self) { try Tensor.zeros([2]).tiled([Int.max, 2]) }
    #expect(throws: TensorError.self) { try Tensor.zeros([2]).repeated(Int.max) }
    #expect(throws: TensorError.self) { try Tensor.zeros([2]).padded([(Int.max, 1)]) }
    #expect(throws: TensorError.self) { try Tensor.zeros([2]).reshape(sizes: [Int.max, Int.max]) }
    #expect(throws: TensorError.self) { try Tensor.eye(-1) }
    #expect(throws: TensorError.self) { try Tensor.zeros([2])[.at(Int.min)] }
    #expect(throws: TensorError.self) { try Tensor.zeros([2]).permute([0, 0]) }
    #expect(throws: TensorError.axis(5, rank: 1)) { try Tensor.zeros([2]).sum(5) }
    #expect(
      try Tensor.zeros([2])[.slice(from: Int.min, to: Int.max, step: Int.max)].shape == [1])
    #expect(
      try Tensor.zeros([2])[.slice(from: Int.max, to: Int.min, step: Int.min)].shape == [1])
  }

  @Test("conversions of what does not fit are defined")
  func conversions() throws {
    let x = try Tensor([.nan, .infinity, -.infinity, 1e300, -1e300] as [Double])
    #expect(x.ints.allSatisfy { $0 == Int.min })
    #expect(try x.astype(.i32).ints.allSatisfy { $0 == Int(Int32.min) })
    #expect(try x.astype(.bool).bools == [true, true, true, true, true])
    #expect(try x.astype(.f32).floats[3] == .infinity)
  }

  @Test("a tensor of another dtype says which cast to write")
  func spans() throws {
    let x = try Tensor([1, 2] as [Float])
    #expect(try x.withSpan(of: Float.self) { $0[1] } == 2)
    let failure = #expect(throws: TensorError.self) {
      try x.withSpan(of: Double.self) { $0.count }
    }
    #expect(failure?.failure.code == "L305")
    #expect(failure?.failure.help == "convert it: x.astype(\"float64\")")
  }
}

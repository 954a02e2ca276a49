import Tensors
import Testing

@Suite("Storage and elements")
struct StorageTests {
  @Test("a tensor gives back the values it was made from")
  func roundTrip() throws {
    let t = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    #expect(t.floats == [1, 2, 3, 4, 5, 6])
    #expect(t.ints == [1, 2, 3, 4, 5, 6])
    #expect(t.shape.description == "(2, 3)")
    #expect(try Tensor.full([2], 7, dtype: .u8).ints == [7, 7])
  }
}

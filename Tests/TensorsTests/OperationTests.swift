import Tensors
import Testing

@Suite("Operations")
struct OperationTests {
  @Test("operands stretch to one another")
  func broadcasting() throws {
    let a = try Tensor([1, 2, 3] as [Float], shape: [3, 1])
    let b = try Tensor([10, 20] as [Float])
    #expect(try (a + b).floats == [11, 21, 12, 22, 13, 23])
    #expect(try (a * b).shape == [3, 2])
  }

  @Test("a matrix product of transposed views")
  func product() throws {
    let a = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    #expect(try a.matmul(a.transposed).floats == [14, 32, 32, 77])
    #expect(try a.transposed.matmul(a).floats == [17, 22, 27, 22, 29, 36, 27, 36, 45])
    let d = try a.astype(.f64)
    #expect(try d.transposed.matmul(d).doubles == [17, 22, 27, 22, 29, 36, 27, 36, 45])
  }

  @Test("gradients of gradients")
  func second() throws {
    let x = try Tensor(scalar: 3.0)
    let first: (Tensor) throws -> Tensor = { x in
      try Tape.recording { tape in
        let leaf = try tape.leaf(x)
        return try tape.gradients(of: leaf * leaf * leaf, for: [leaf])[0]
      }
    }
    let value = try first(x).item()
    #expect(value == 27)
    let second = try Tape.recording { tape in
      let leaf = try tape.leaf(x)
      return try tape.gradients(of: first(leaf), for: [leaf])[0]
    }
    #expect(try second.item() == 18)
  }
}

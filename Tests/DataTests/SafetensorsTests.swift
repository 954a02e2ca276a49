import Catalog
import Data
import Tensors
import Testing

private func sample() throws -> Safetensors.Content {
  let tensors: [Safetensors.Named] = [
    ("a.bias", try Tensor([Float](arrayLiteral: 1.5, -0.0, .infinity), shape: [3])),
    ("b", try Tensor([1.0, 2.0, 3.0, 4.0, 5.0, 6.0] as [Double], shape: [2, 3])),
    ("empty", try Tensor([Float](), shape: [0, 4])),
    ("flags", try Tensor([true, false, true], shape: [3])),
    ("labels", try Tensor([3, -1] as [Int], shape: [2])),
  ]
  return Safetensors.Content(tensors, metadata: [("made_by", "a test")])
}

@Test func `tensors come back from safetensors with every bit`() throws {
  let bytes = Safetensors.encoded(try sample())
  let back = try Safetensors.parse(bytes, name: "test")
  #expect(back.tensors.map(\.name).sorted() == ["a.bias", "b", "empty", "flags", "labels"])
  for (name, tensor) in try sample().tensors {
    let other = try #require(back[name])
    #expect(other.dtype == tensor.dtype)
    #expect(Array(other.shape) == Array(tensor.shape))
    #expect(other.doubles.map(\.bitPattern) == tensor.doubles.map(\.bitPattern))
  }
  #expect(back.metadata.map(\.value) == ["a test"])
  #expect(Safetensors.encoded(back) == bytes, "the same tensors give the same bytes")
  #expect(bytes[8...].prefix(1).elementsEqual("{".utf8))
}

@Test func `damaged safetensors files are errors, whatever the damage`() throws {
  let bytes = Safetensors.encoded(try sample())
  for end in 0..<bytes.count {
    #expect(throws: (any Error).self) {
      try Safetensors.parse(Array(bytes[..<end]), name: "test")
    }
  }
  // Any byte of the header may be anything; reading must throw or succeed, never end the process.
  for place in 0..<min(bytes.count, 400) {
    for value in [0, 1, 0x22, 0x30, 0x7B, 0xFF] as [UInt8] {
      var damaged = bytes
      damaged[place] = value
      _ = try? Safetensors.parse(damaged, name: "test")
    }
  }
}

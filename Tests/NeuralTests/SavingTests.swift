import Catalog
import FoundationEssentials
import Neural
import Tensors
import Testing

private func model() throws -> Sequential {
  try Sequential(Dense(3, .builtIn(.tanh)), Dense(2))
}

private func temporaryPath(_ name: String) -> String {
  FileManager.default.temporaryDirectory.appending(path: "\(UUID())-\(name)").path()
}

@Test func `a saved model comes back bit for bit, into a built and an unbuilt one`() throws {
  var stream = RandomStream(seed: 4, name: "init")
  let net = try model()
  try net.build([5], from: &stream)
  let path = temporaryPath("model.safetensors")
  defer { try? FileManager.default.removeItem(atPath: path) }
  try net.save(to: path)
  let unbuilt = try model()
  try unbuilt.load(from: path)
  let built = try model()
  try built.build([5], from: &stream)
  try built.load(from: path)
  for other in [unbuilt, built] {
    #expect(other.weights.map(\.tensor.floats) == net.weights.map(\.tensor.floats))
    #expect(other.inputShape == [5])
  }
}

@Test func `what does not fit changes nothing and says why`() throws {
  var stream = RandomStream(seed: 4, name: "init")
  let net = try model()
  #expect(throws: Failure.self) { try net.save(to: temporaryPath("none")) }
  try net.build([5], from: &stream)
  let path = temporaryPath("other.safetensors")
  defer { try? FileManager.default.removeItem(atPath: path) }
  try net.save(to: path)
  let wider = try Sequential(Dense(4), Dense(2))
  try wider.build([5], from: &stream)
  let before = wider.weights.map(\.tensor.floats)
  let failure = #expect(throws: Failure.self) { try wider.load(from: path) }
  #expect(failure?.message.contains("kernel") == true)
  #expect(wider.weights.map(\.tensor.floats) == before)
  #expect(throws: (any Error).self) { try net.load(from: "/nowhere.safetensors") }
}

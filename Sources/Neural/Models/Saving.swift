import Catalog
import Data
import Tensors

extension Sequential {
  /// Writes the weights to a safetensors file, named `dense.kernel`, `dense.bias`, ….
  ///
  /// - Throws: L309 before the model is built, an `OSError` when the file cannot be written.
  public func save(to path: String) throws {
    guard let inputShape else {
      throw Failure(
        .value, "model '\(name)' has no weights to save yet", code: "L309",
        help: "build it first: fit it, or call net.build(input_shape)")
    }
    let sizes = inputShape.map(String.init).joined(separator: " ")
    try Safetensors.write(
      Safetensors.Content(
        namedWeights.map { ($0.name, $0.weight.tensor) }, metadata: [("input_shape", sizes)]),
      to: path)
  }

  /// Reads weights that `save` wrote; a model that is not built yet is built for them.
  ///
  /// Nothing is changed when the file does not fit.
  ///
  /// - Throws: `FileProblem` for a damaged file, L309 and L301 when names or shapes differ.
  public func load(from path: String, check: () throws -> Void = {}) throws {
    let content = try Safetensors.read(path, check: check)
    if !isBuilt {
      let sizes = content.metadata.first { $0.key == "input_shape" }?.value
      guard let sizes, let first = content.tensors.first?.tensor else {
        throw Failure(
          .value, "'\(path)' does not say which inputs its model takes", code: "L309",
          help: "call net.build(input_shape) before net.load(…)")
      }
      var stream = RandomStream(seed: 0, name: "load")
      try build(
        sizes.split(separator: " ").compactMap { Int($0) }, dtype: first.dtype, from: &stream)
    }
    var values: [Tensor] = []
    for (name, _) in namedWeights {
      guard let tensor = content[name] else {
        let names = content.tensors.map(\.name).joined(separator: ", ")
        throw Failure(
          .value, "'\(path)' has no weight '\(name)'", code: "L309",
          notes: ["it has: \(names)"], help: "load into a model with the same layers")
      }
      values.append(tensor)
    }
    try Weight.assign(values, to: weights, of: "model '\(name)'")
  }
}

extension ModelEntries {
  static let saving: [Entry] = [
    .method(
      of: Sequential.self, "save", "Writes the weights to a safetensors file.",
      Parameter("path", String.self, "the file to write"), .context,
      example: "net.save(\"digits.safetensors\")",
      details: "The file is written beside its place and renamed, so no half file is ever there."
    ) { model, path, context in
      try model.save(to: context.resolve(path))
      return .none
    },
    .method(
      of: Sequential.self, "load", "Reads weights that save wrote, bit for bit.",
      Parameter("path", String.self, "the file to read"), .context,
      returns: "Sequential", example: "net.load(\"digits.safetensors\")",
      details: "The layers must be the same; a model that is not built yet is built."
    ) { model, path, context in
      try model.load(from: context.resolve(path), check: context.check)
      return .object(model)
    },
  ]
}

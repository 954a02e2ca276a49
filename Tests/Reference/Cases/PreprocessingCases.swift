internal import Catalog
internal import Neural

extension Operations {
  static let preprocessing: [String: Check] = {
    @Sendable func scale(_ c: Case, _ method: Scaling.Method) throws {
      let x = try c.input("X")
      let scaling = try Scaling(method, of: x)
      var (low, high) = (0.0, 1.0)
      if let range = c.parameters["range"].flatMap(Case.numbers), range.count == 2 {
        (low, high) = (range[0], range[1])
      }
      func map(_ values: Tensor) throws -> Tensor {
        try scaling.apply(values) * (high - low) + low
      }
      c.expect(try map(x), "X")
      if c.has("new") { c.expect(try map(c.input("new")), "new") }
    }
    return [
      "standard": { c in
        guard (c.number("ddof") ?? 0) == 0 else { throw Unsupported("ddof 1") }
        try scale(c, .standard)
      },
      "minmax": { try scale($0, .minmax) }, "maxabs": { try scale($0, .maxabs) },
      "one_hot": { c in
        c.expect(
          try OneHot.encode(
            c.input("labels"), classes: c.parameters["classes"]?.int, dtype: c.dtype),
          "Y")
      },
    ]
  }()
}

internal import Catalog

extension Tensor {
  /// Nested lists of the elements.
  private func nested(_ axis: Int, _ place: Int) throws -> Value {
    if axis == rank {
      switch dtype {
      case .bool: return .bool(integer(place) != 0)
      case .u8, .i32, .i64: return .int(integer(place))
      case .f32, .f64: return .float(element(place))
      }
    }
    return .array(
      try (0..<shape[axis]).map {
        if $0 & 0xFFF == 0xFFF { try Workers.check() }
        return try nested(axis + 1, place + $0 * strides[axis])
      })
  }

  static let attributeMembers: [Entry] = [
    .attribute(
      of: Tensor.self, "shape", "The sizes of the axes.", returns: "tuple of ints",
      example: "zeros((2, 3)).shape", get: { .tuple($0.shape.map(Value.int)) }),
    .attribute(
      of: Tensor.self, "ndim", "The number of axes.", returns: "int",
      example: "zeros((2, 3)).ndim", get: { .int($0.rank) }),
    .attribute(
      of: Tensor.self, "size", "The number of elements.", returns: "int",
      example: "zeros((2, 3)).size", get: { .int($0.count) }),
    .attribute(
      of: Tensor.self, "dtype", "The type of the elements.", returns: "dtype",
      example: "zeros(3).dtype", get: { .object(NamedDType($0.dtype)) }),
    .attribute(
      of: Tensor.self, "nbytes", "Bytes of the elements.", returns: "int",
      example: "zeros(3).nbytes", get: { .int($0.count * $0.dtype.size) }),
    .attribute(
      of: Tensor.self, "T", "The axes reversed: the transposed matrix, a view.", returns: "tensor",
      example: "tensor([[1, 2], [3, 4]]).T", get: { .tensor(try $0.transposed) }),
    .method(
      of: Tensor.self, "item", "The only element as a number.", returns: "float or int",
      example: "tensor([2.5]).item()"
    ) { x in
      guard let number = x.scalar() else {
        throw Failure(.value, "can only convert an array of size 1 to a Python scalar")
      }
      return number
    },
    .method(
      of: Tensor.self, "tolist", "The elements as nested lists.", returns: "list",
      example: "tensor([[1, 2], [3, 4]]).tolist()"
    ) { x in try x.nested(0, 0) },
    .method(
      of: Tensor.self, "numpy", "The tensor itself: it is what NumPy calls an array.",
      returns: "tensor", example: "tensor([1, 2]).numpy()"
    ) { x in .object(x.detached()) },
    .method(
      of: Tensor.self, "astype", "The elements converted to another type; always a copy.",
      Parameter("dtype", DType.self, "the new element type"), returns: "tensor",
      example: "tensor([1.7, -1.7]).astype(\"int64\")"
    ) { x, dtype in .tensor(try x.astype(dtype)) },
    .method(
      of: Tensor.self, "copy", "A copy with memory of its own.", returns: "tensor",
      example: "tensor([1, 2]).copy()"
    ) { x in .object(try x.copy()) },
    .method(
      of: Tensor.self, "detach", "The same elements; gradients do not flow through it.",
      returns: "tensor", example: "tensor([1.0]).detach()"
    ) { x in .object(x.detached()) },
    .method(
      of: Tensor.self, "fill", "Overwrites all elements with one value.",
      Parameter("value", Operand.self, "the value"), example: "zeros(3).fill(1)"
    ) { x, value in
      try x.assign([.ellipsis], value.tensor)
      return .none
    },
  ]
}

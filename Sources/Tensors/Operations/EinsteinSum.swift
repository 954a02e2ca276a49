internal import Catalog

extension Tensor {
  /// Products of elements, summed over the labels that the result does not have.
  ///
  /// Two operands at a time: labels of one of them alone are summed first, those of both become
  /// one matrix product, a stack of them for labels that stay. Made of operations with gradients.
  ///
  /// - Parameter subscripts: `ij,jk->ik`: a letter for each axis; without `->` the result has those
  ///   that occur once, in order.
  /// - Throws: `TensorError.value` in NumPy's words where it has any.
  public static func einsum(_ subscripts: String, _ operands: [Tensor]) throws -> Tensor {
    let plan = try EinsteinPlan(subscripts, operands)
    var inputs = try zip(plan.inputs, operands).map { try Labelled($1, $0).unrepeated() }
    guard var result = inputs.first else {
      throw TensorError.value("must specify the einstein sum subscripts string and an operand")
    }
    inputs.removeFirst()
    while let next = inputs.first {
      inputs.removeFirst()
      let later = Set(inputs.flatMap(\.labels)).union(plan.output)
      result = try result.times(next, keeping: later)
    }
    return try result.arranged(plan.output)
  }

  static let einsumEntry = Entry(
    "einsum", "Products of elements, summed over the letters that the result does not have.",
    Parameter("subscripts", String.self, "a letter for each axis, as in \"ij,jk->ik\""),
    Parameter("operands", Rest<Tensor>.self, "the tensors", passing: .rest),
    returns: "tensor", example: "einsum(\"ij,jk->ik\", ones((2, 3)), ones((3, 2)))",
    "einsum(\"ii->i\", tensor([[1, 2], [3, 4]]))",
    details: """
      `y_ik = sum_j a_ij * b_jk` for "ij,jk->ik"; a letter that stands twice in one operand takes \
      the diagonal. Without `->` the result has the letters that occur once, in alphabetical order. \
      Shapes: one size for each letter of the result. Peers: NumPy's and PyTorch's also take "...", \
      which this does not. Source: Einstein 1916; NumPy's `einsum`.
      """
  ) { subscripts, operands in .tensor(try einsum(subscripts, operands.values)) }
}

/// The letters of the operands and of the result.
private struct EinsteinPlan {
  let inputs: [[Character]]
  let output: [Character]

  init(_ subscripts: String, _ operands: [Tensor]) throws {
    let text = subscripts.filter { $0 != " " }
    guard !text.contains(".") else {
      throw TensorError.value("einsum: \"...\" is not taken here: give every axis a letter")
    }
    let arrow = text.split(separator: "-", omittingEmptySubsequences: false)
    guard arrow.count <= 2, arrow.count == 1 || arrow[1].hasPrefix(">") else {
      throw TensorError.value(
        "einstein sum subscript string does not contain proper '->' output specified")
    }
    inputs = arrow[0].split(separator: ",", omittingEmptySubsequences: false).map { Array($0) }
    let all = inputs.flatMap { $0 }
    let wanted = arrow.count == 2 ? Array(arrow[1].dropFirst()) : nil
    for letter in all + (wanted ?? [])
    where !(letter.isASCII && letter.isLetter) {
      throw TensorError.value(
        "invalid subscript '\(letter)' in einstein sum subscripts string, subscripts must be "
          + "letters")
    }
    guard inputs.count == operands.count else {
      // NumPy says it of the subscripts.
      throw TensorError.value(
        inputs.count < operands.count
          ? "fewer operands provided to einstein sum function than specified in the subscripts string"
          : "more operands provided to einstein sum function than specified in the subscripts string"
      )
    }
    output = wanted ?? Set(all).filter { letter in all.count { $0 == letter } == 1 }.sorted()
    for letter in output {
      guard all.contains(letter) else {
        throw TensorError.value(
          "einstein sum subscripts string included output subscript '\(letter)' which never "
            + "appeared in an input")
      }
      guard output.count(where: { $0 == letter }) == 1 else {
        throw TensorError.value(
          "einstein sum subscripts string includes output subscript '\(letter)' multiple times")
      }
    }
    var sizes: [Character: Int] = [:]
    for (place, (labels, tensor)) in zip(inputs, operands).enumerated() {
      guard labels.count <= tensor.rank else {
        throw TensorError.value(
          "einstein sum subscripts string contains too many subscripts for operand \(place)")
      }
      guard labels.count == tensor.rank else {
        throw TensorError.value(
          "operand has more dimensions than subscripts given in einstein sum, but no '...' ellipsis "
            + "provided to broadcast the extra dimensions.")
      }
      for (label, size) in zip(labels, tensor.shape) {
        if let known = sizes[label], known != size {
          throw TensorError.value(
            "einsum: letter '\(label)' is \(known) long in one place and \(size) in operand \(place)"
          )
        }
        sizes[label] = size
      }
    }
  }
}

/// A tensor with a letter for each axis.
private struct Labelled {
  let tensor: Tensor
  let labels: [Character]

  init(_ tensor: Tensor, _ labels: [Character]) {
    self.tensor = tensor
    self.labels = labels
  }

  /// With the diagonal for each letter that stands twice.
  func unrepeated() throws -> Labelled {
    guard
      let twice = labels.first(where: { label in labels.count { $0 == label } > 1 }),
      let first = labels.firstIndex(of: twice), let second = labels.lastIndex(of: twice)
    else { return self }
    let others = labels.indices.filter { $0 != first && $0 != second }
    let last = try tensor.permute(others + [first, second])
    let size = tensor.shape[first]
    let mask = try Tensor.eye(size, size, dtype: .bool)
    let zero = try Tensor.zeros([], dtype: tensor.dtype)
    let diagonal = try Tensor.select(mask, last, zero).sum(-1)
    let typed = diagonal.dtype == tensor.dtype ? diagonal : try diagonal.astype(tensor.dtype)
    return try Labelled(typed, others.map { labels[$0] } + [twice]).unrepeated()
  }

  /// Summed over the letters that nobody else needs.
  func reduced(to wanted: Set<Character>) throws -> Labelled {
    let dropped = labels.indices.filter { !wanted.contains(labels[$0]) }
    guard !dropped.isEmpty else { return self }
    return Labelled(
      try tensor.sum(axes: dropped), labels.filter { wanted.contains($0) })
  }

  /// The product, with those letters of both that are needed later.
  func times(_ other: Labelled, keeping later: Set<Character>) throws -> Labelled {
    let a = try reduced(to: later.union(other.labels))
    let b = try other.reduced(to: later.union(a.labels))
    let shared = a.labels.filter { b.labels.contains($0) }
    let stacked = shared.filter { later.contains($0) }
    let summed = shared.filter { !later.contains($0) }
    let (left, right) = (
      a.labels.filter { !shared.contains($0) }, b.labels.filter { !shared.contains($0) }
    )
    func sizes(_ of: Labelled, _ labels: [Character]) -> [Int] {
      labels.compactMap { label in of.labels.firstIndex(of: label).map { of.tensor.shape[$0] } }
    }
    func matrix(_ of: Labelled, _ rows: [Character], _ columns: [Character]) throws -> Tensor {
      let order = (stacked + rows + columns).compactMap { of.labels.firstIndex(of: $0) }
      return try of.tensor.permute(order).reshape(
        Shape([
          sizes(of, stacked).reduce(1, *), sizes(of, rows).reduce(1, *),
          sizes(of, columns).reduce(1, *),
        ]))
    }
    let product = try matrix(a, left, summed).matmul(matrix(b, summed, right))
    return Labelled(
      try product.reshape(Shape(sizes(a, stacked) + sizes(a, left) + sizes(b, right))),
      stacked + left + right)
  }

  /// The letters in that order, all others summed.
  func arranged(_ output: [Character]) throws -> Tensor {
    let own = try reduced(to: Set(output))
    let order = output.compactMap { own.labels.firstIndex(of: $0) }
    return order == Array(order.indices) ? own.tensor : try own.tensor.permute(order)
  }
}

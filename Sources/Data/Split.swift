internal import Catalog
public import Tensors

extension Dataset {
  /// Cuts into parts; numbers from 1 count examples, below 1 they are shares of the whole.
  ///
  /// - Parameters:
  ///   - train: nil: what the other parts leave.
  ///   - stream: the order of the examples is drawn from it when `shuffle` is true.
  /// - Throws: a `Failure` when the parts ask for more than there is.
  public func split(
    train: Double? = nil, validation: Double? = nil, test: Double? = nil, shuffle: Bool = true,
    from stream: inout RandomStream
  ) throws -> Dataset {
    let watched = try examples(asked: validation, "val")
    let judged = try examples(asked: test, "test")
    guard watched + judged <= count else { throw tooMany(watched + judged) }
    let trained = try train.map { try examples(asked: $0, "train") } ?? count - watched - judged
    guard trained + watched + judged <= count else {
      throw tooMany(trained + watched + judged)
    }
    guard trained > 0 else {
      throw Failure(
        .value,
        "the split leaves nothing to train on: \(count) examples, val \(watched), "
          + "test \(judged)")
    }
    let whole: Dataset
    if shuffle {
      let order = stream.permutation(count).prefix(trained + watched + judged)
      whole = try examples(Array(order))
    } else {
      whole = try examples(0..<trained + watched + judged)
    }
    func part(_ start: Int, _ length: Int) throws -> Dataset? {
      length > 0 ? try whole.examples(start..<start + length) : nil
    }
    return try whole.with(
      x: whole.x, y: whole.y, raw: whole.raw,
      parts: Parts(
        train: whole.examples(0..<trained), validation: part(trained, watched),
        test: part(trained + watched, judged)))
  }

  private func examples(asked: Double?, _ name: String) throws -> Int {
    guard let asked else { return 0 }
    let wanted = asked < 1 ? (asked * Double(count)).rounded() : asked
    guard asked >= 0, let whole = Int(exactly: wanted) else {
      throw Failure(
        .value, "\(name)=\(asked) is neither a share from 0 to 1 nor a number of examples")
    }
    guard whole <= count else { throw tooMany(whole) }
    return whole
  }

  private func tooMany(_ asked: Int) -> Failure {
    Failure(.value, "the parts ask for \(asked) examples, '\(title)' has \(count)")
  }

  /// Scales the features with statistics of the training part, all parts alike.
  public func scaled(_ method: Scaling.Method) throws -> Dataset {
    try prepared(by: Scaling(method))
  }

  /// Maps the inputs with figures learnt from the training part, all parts alike.
  ///
  /// What was done to the inputs before is undone.
  public func prepared(by transformation: any Transformation) throws -> Dataset {
    let before = try originals()
    // The parts lie one after another in the whole, the training part first.
    let fitted = try transformation.fitted(
      to: parts == nil ? before : before.rows(0..<train.count))
    let mapped = try fitted.apply(before)
    guard mapped.shape.first == before.shape.first else {
      throw Failure(.shape, "\(transformation.text) does not keep the number of examples")
    }
    let isSame = mapped.shape == before.shape
    return try Dataset(
      x: mapped, y: y, title: title, names: isSame ? names : [], classes: classes,
      scaling: fitted, raw: fitted.isReversible ? nil : before, targetScaling: targetScaling,
      parts: nil
    ).cut(like: parts)
  }

  /// Maps the targets with figures learnt from the training part, all parts alike.
  ///
  /// Squared error is ruled by the output with the largest unit; scaled, all count alike.
  ///
  /// - Throws: a `Failure` when the targets are class numbers.
  public func targetsPrepared(by transformation: any Transformation) throws -> Dataset {
    guard classes.isEmpty else {
      throw Failure(
        .value, "the targets of '\(title)' are classes, which are not scaled",
        help: "scale() scales the inputs")
    }
    let before = try targetScaling?.undo(y) ?? y
    let fitted = try transformation.fitted(
      to: parts == nil ? before : before.rows(0..<train.count))
    return try Dataset(
      x: x, y: fitted.apply(before), title: title, names: names, classes: classes,
      scaling: scaling, raw: raw, targetScaling: fitted, parts: nil
    ).cut(like: parts)
  }

  /// The same examples in parts as long as these, one after another.
  private func cut(like parts: Parts?) throws -> Dataset {
    guard let parts else { return self }
    var start = parts.train.count
    func next(_ part: Dataset?) throws -> Dataset? {
      guard let part else { return nil }
      defer { start += part.count }
      return try examples(start..<start + part.count)
    }
    return try with(
      x: x, y: y, raw: raw,
      parts: Parts(
        train: examples(0..<start), validation: next(parts.validation),
        test: next(parts.test)))
  }
}

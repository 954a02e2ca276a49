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
    return try Dataset(
      x: whole.x, y: whole.y, title: title, names: names, classes: classes, scaling: scaling,
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
    let raw = try scaling.map { try $0.undo(x) } ?? x
    let length = train.count
    // The parts lie one after another in the whole, the training part first.
    let scaling = try Scaling(method, of: parts == nil ? raw : raw.rows(0..<length))
    let whole = try Dataset(
      x: scaling.apply(raw), y: y, title: title, names: names, classes: classes, scaling: scaling)
    guard let parts else { return whole }
    var start = length
    func next(_ part: Dataset?) throws -> Dataset? {
      guard let part else { return nil }
      defer { start += part.count }
      return try whole.examples(start..<start + part.count)
    }
    return try Dataset(
      x: whole.x, y: y, title: title, names: names, classes: classes, scaling: scaling,
      parts: Parts(
        train: whole.examples(0..<length), validation: next(parts.validation),
        test: next(parts.test)))
  }
}

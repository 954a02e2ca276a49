internal import Catalog
public import Tensors

/// Ways to cut examples into parts that take turns at being held out.
public enum Folds {
  /// The places held out in each fold: neighbours, or random ones when there is a stream.
  ///
  /// The first `count % folds` folds get one more, as in scikit-learn.
  public static func plain(
    _ count: Int, folds: Int, shuffling stream: inout RandomStream?
  ) throws -> [[Int]] {
    try check(count, folds)
    let order = stream?.permutation(count) ?? Array(0..<count)
    var start = 0
    return (0..<folds).map { fold in
      let size = count / folds + (fold < count % folds ? 1 : 0)
      defer { start += size }
      return order[start..<start + size].sorted()
    }
  }

  /// The same, with the shares of the classes in every fold as near as they can be to the whole's.
  ///
  /// As in scikit-learn: the sorted labels are dealt out in turn, which says how many of each class
  /// a fold gets; in each class the examples then go to the folds in their order.
  public static func stratified(
    _ labels: [Int], folds: Int, shuffling stream: inout RandomStream?
  ) throws -> [[Int]] {
    try check(labels.count, folds)
    // Classes are numbered by their first appearance.
    var codes: [Int: Int] = [:]
    var places: [[Int]] = []
    for (place, label) in labels.enumerated() {
      if let code = codes[label] {
        places[code].append(place)
      } else {
        codes[label] = places.count
        places.append([place])
      }
    }
    let most = places.map(\.count).max() ?? 0
    guard folds <= most else {
      throw Failure(
        .value, "\(folds) folds need a class with as many examples; the largest has \(most)")
    }
    var result = [[Int]](repeating: [], count: folds)
    var start = 0
    for members in places {
      let end = start + members.count
      var turns: [Int] = []
      for fold in 0..<folds {
        // The positions start..<end of the sorted labels that are dealt to this fold.
        let first = start + (fold - start % folds + folds) % folds
        if first < end { turns += Array(repeating: fold, count: (end - 1 - first) / folds + 1) }
      }
      stream?.shuffle(&turns)
      for (place, fold) in zip(members, turns) { result[fold].append(place) }
      start = end
    }
    return result.map { $0.sorted() }
  }

  private static func check(_ count: Int, _ folds: Int) throws {
    guard folds >= 2, folds <= count else {
      throw Failure(.value, "\(count) examples can be cut into 2 to \(count) folds, not \(folds)")
    }
  }
}

extension Dataset {
  /// One data set per fold, its held-out part in `validation`.
  ///
  /// Each is unscaled: what scales it is to be learnt from its own training part.
  public func folds(
    _ count: Int, isStratified: Bool, shuffling stream: inout RandomStream?
  ) throws -> [Dataset] {
    let whole = try train.unscaled()
    let held: [[Int]]
    if isStratified {
      guard whole.y.rank == 1, !whole.classes.isEmpty || whole.y.dtype.isInteger else {
        throw Failure(
          .value, "only class labels can be shared out evenly; '\(title)' has numbers to predict",
          help: "folds(\(count), stratified=False)")
      }
      held = try Folds.stratified(whole.y.ints, folds: count, shuffling: &stream)
    } else {
      held = try Folds.plain(whole.count, folds: count, shuffling: &stream)
    }
    return try held.map { places in
      let isHeld = Set(places)
      let order = (0..<whole.count).filter { !isHeld.contains($0) } + places
      let ordered = try whole.examples(order)
      let trained = whole.count - places.count
      return try Dataset(
        x: ordered.x, y: ordered.y, title: title, names: names, classes: classes,
        targetScaling: targetScaling,
        parts: Parts(
          train: ordered.examples(0..<trained),
          validation: ordered.examples(trained..<whole.count), test: nil))
    }
  }
}

internal import Catalog
internal import Glibc

/// What holds between the values of one widget.
extension Widget {
  /// - Throws: a `Failure` when the value of that name puts one bound beyond the other.
  func checkBounds(of name: String) throws {
    guard name == "min" || name == "max", let low = Double.read(value(of: "min")),
      let high = Double.read(value(of: "max")), low > high
    else { return }
    throw Failure(
      .value, "setting \(name == "min" ? "min > max" : "max < min"): \(low) and \(high)",
      help: "give both bounds when the widget is made")
  }

  /// Keeps one title for each child, and the page that is seen among them.
  ///
  /// - Parameter isIndexGiven: somebody has just said which page is to be seen; None for none.
  func turnPages(isIndexGiven: Bool) throws {
    guard kind.hasPages, case .list(let children)? = values["children"] else { return }
    if case .list(let view)? = values["titles"], view.count != children.count {
      let titles = try view.elements().prefix(children.count)
      let empty = Array(repeating: Value.string(""), count: children.count - titles.count)
      values["titles"] = .tuple(titles + empty)
    }
    let index = values["selected_index"].flatMap(Int.read)
    let isThere = index.map { (0..<children.count).contains($0) } ?? true
    if isIndexGiven {
      guard let index, !isThere else { return }
      throw Failure(.value, "page \(index) does not exist: there are \(children.count)")
    }
    if kind.name == "Tab", children.count > 0 {
      values["selected_index"] = .int(min(index ?? 0, children.count - 1))
    } else if !isThere {
      values["selected_index"] = Value.none
    }
  }

  /// The range that one begins with: without the outer quarters.
  var middleHalf: Value {
    let low = Double.read(value(of: "min")) ?? 0
    let high = Double.read(value(of: "max")) ?? 0
    func end(_ value: Double) -> Value {
      guard case .range(isWhole: true)? = kind.trait("value")?.kind else { return .float(value) }
      return .int(Int(exactly: value.rounded(.towardZero)) ?? 0)
    }
    return .tuple([end(0.75 * low + 0.25 * high), end(0.25 * low + 0.75 * high)])
  }

  /// A number brought between the bounds.
  func bounded(_ value: Value) -> Value {
    guard var low = Double.read(self.value(of: "min")),
      var high = Double.read(self.value(of: "max"))
    else { return value }
    if let base = Double.read(self.value(of: "base")) {
      (low, high) = (pow(base, low), pow(base, high))
    }
    switch value {
    case .int(let int):
      let (least, most) = (Int(exactly: low) ?? int, Int(exactly: high) ?? int)
      return .int(min(max(int, least), most))
    case .float(let double): return .float(min(max(double, low), high))
    case .list(let ends): return .tuple(((try? ends.elements()) ?? []).map { bounded($0) })
    default: return value
    }
  }
}

import Catalog

/// Truth, equality and order.
extension Machine {
  /// The limit of recursion in Swift code that walks over nested values.
  static let depthLimit = 2000

  func tooDeep(_ what: String) -> Thrown {
    error(.recursion, "maximum recursion depth exceeded in \(what)")
  }

  /// The truth of a value, as `if` tests it.
  @inline(__always)
  func truth(_ value: RawValue) throws(Thrown) -> Bool {
    if value.tag <= RawValue.Tag.none {
      return value.isFloat ? value.double != 0 : value.bits != 0
    }
    return try slowTruth(value)
  }

  @inline(never)
  func slowTruth(_ value: RawValue) throws(Thrown) -> Bool {
    switch value.tag {
    case RawValue.Tag.string: return StringCell(value).byteCount != 0
    case RawValue.Tag.list: return ListCell(value).count != 0
    case RawValue.Tag.tuple: return TupleCell(value).count != 0
    case RawValue.Tag.dict: return DictCell(value).count != 0
    case RawValue.Tag.set, RawValue.Tag.frozenSet: return SetCell(value).count != 0
    case RawValue.Tag.range: return RangeCell(value).count != 0
    case RawValue.Tag.deque: return DequeCell(value).count != 0
    case RawValue.Tag.dictView: return DictViewCell(value).dict.count != 0
    case RawValue.Tag.native: return try attempt { try NativeCell(value).object.truth() }
    case RawValue.Tag.instance: return try instanceTruth(value)
    case RawValue.Tag.exception where isScriptException(value): return try instanceTruth(value)
    default: return true
    }
  }

  /// `a == b` inside containers: the same object is equal to itself.
  @inline(__always)
  func isSameOrEqual(_ a: RawValue, _ b: RawValue) throws(Thrown) -> Bool {
    if a.isIdentical(to: b) { return true }
    return try equals(a, b)
  }

  /// `a == b` as a truth.
  @inline(__always)
  func equals(_ a: RawValue, _ b: RawValue) throws(Thrown) -> Bool {
    if (a.tag | b.tag) == 0 { return a.bits == b.bits }
    if a.isString, b.isString { return StringCell(a).equals(StringCell(b)) }
    return try slowEquals(a, b, 0)
  }

  @inline(never)
  func slowEquals(_ a: RawValue, _ b: RawValue, _ depth: Int) throws(Thrown) -> Bool {
    if a.tag <= RawValue.Tag.bool, b.tag <= RawValue.Tag.bool {
      return Machine.order(a, b) == 0
    }
    if depth > Machine.depthLimit { throw tooDeep("comparison") }
    try checkStack()
    switch (a.tag, b.tag) {
    case (RawValue.Tag.string, RawValue.Tag.string):
      return StringCell(a).equals(StringCell(b))
    case (RawValue.Tag.list, RawValue.Tag.list), (RawValue.Tag.tuple, RawValue.Tag.tuple):
      guard let left = Row(a), let right = Row(b), left.count == right.count else { return false }
      var index = 0
      while index < left.count {
        // Script code may change a list meanwhile.
        guard let left = Row(a), let right = Row(b), index < left.count, index < right.count
        else { return false }
        let (one, two) = (left[index], right[index])
        if !one.isIdentical(to: two), try !slowEquals(one, two, depth + 1) { return false }
        index += 1
        if index & 0xFFFF == 0 { try poll() }
      }
      return true
    case (RawValue.Tag.deque, RawValue.Tag.deque):
      return try compareDeques(.equal, DequeCell(a), DequeCell(b))
    case (RawValue.Tag.dict, RawValue.Tag.dict):
      return try dictEquals(DictCell(a), DictCell(b), depth)
    case (RawValue.Tag.dictView, RawValue.Tag.set), (RawValue.Tag.dictView, RawValue.Tag.frozenSet):
      guard DictViewCell(a).form != .values else { return false }
      return try slowEquals(newSet(of: a).value, b, depth + 1)
    case (RawValue.Tag.set, RawValue.Tag.dictView), (RawValue.Tag.frozenSet, RawValue.Tag.dictView):
      return try slowEquals(b, a, depth)
    case (RawValue.Tag.set, _), (RawValue.Tag.frozenSet, _):
      guard b.isAnySet else { return try foreignEquals(a, b) }
      let (left, right) = (SetCell(a), SetCell(b))
      if left.count != right.count { return false }
      for slot in 0..<left.slots where slot < left.slots && left.isPresent(slot) {
        if slot & 0xFFFF == 0 { try poll() }
        if try !contains(left.key(slot), hash: left.hash(slot), in: right) { return false }
      }
      return true
    case (RawValue.Tag.range, RawValue.Tag.range):
      let (left, right) = (RangeCell(a), RangeCell(b))
      if left.count != right.count { return false }
      if left.count == 0 { return true }
      return left.start == right.start && (left.count == 1 || left.step == right.step)
    case (RawValue.Tag.dictView, RawValue.Tag.dictView):
      let (left, right) = (DictViewCell(a), DictViewCell(b))
      if left.form == .values || right.form == .values { return a.isIdentical(to: b) }
      guard left.dict.count == right.dict.count else { return false }
      let scope = HandleScope(self)
      let one = try newSet(of: a)
      scope.keep(one.value)
      let two = try newSet(of: b)
      scope.keep(two.value)
      return try slowEquals(one.value, two.value, depth + 1)
    case (RawValue.Tag.method, RawValue.Tag.method):
      return MethodCell(a).function.isIdentical(to: MethodCell(b).function)
        && MethodCell(a).receiver.isIdentical(to: MethodCell(b).receiver)
    case (RawValue.Tag.slice, RawValue.Tag.slice):
      let (left, right) = (SliceCell(a), SliceCell(b))
      guard try isSameOrEqual(left.lower, right.lower) else { return false }
      guard try isSameOrEqual(left.upper, right.upper) else { return false }
      return try isSameOrEqual(left.step, right.step)
    default:
      return try foreignEquals(a, b)
    }
  }

  /// Equality where an object of the library or of a script's class is asked.
  private func foreignEquals(_ a: RawValue, _ b: RawValue) throws(Thrown) -> Bool {
    let isForeign =
      a.tag == RawValue.Tag.native || b.tag == RawValue.Tag.native
      || a.tag == RawValue.Tag.instance || b.tag == RawValue.Tag.instance
      || a.tag == RawValue.Tag.exception || b.tag == RawValue.Tag.exception
    guard isForeign else { return a.isIdentical(to: b) }
    return try truth(compare(.equal, a, b))
  }

  private func dictEquals(
    _ left: DictCell, _ right: DictCell, _ depth: Int
  ) throws(Thrown) -> Bool {
    if left.count != right.count { return false }
    var index = 0
    while index < left.used {
      if left.isPresent(index) {
        let value = left.value(index)
        let found = try find(left.key(index), hash: left.hash(index), in: right)
        if found < 0 { return false }
        let other = right.value(found)
        if !value.isIdentical(to: other), try !slowEquals(value, other, depth + 1) {
          return false
        }
      }
      index += 1
      if index & 0xFFFF == 0 { try poll() }
    }
    return true
  }

  /// The order of two numbers: negative, 0, positive; nil with a nan.
  static func order(_ a: RawValue, _ b: RawValue) -> Int? {
    if !a.isFloat, !b.isFloat { return a.int == b.int ? 0 : a.int < b.int ? -1 : 1 }
    if a.isFloat, b.isFloat {
      let (x, y) = (a.double, b.double)
      return x == y ? 0 : x < y ? -1 : x > y ? 1 : nil
    }
    if a.isFloat { return order(b, a).map { -$0 } }
    let (whole, double) = (a.int, b.double)
    if double.isNaN { return nil }
    if whole.magnitude < 1 << 53 {
      let x = Double(whole)
      return x == double ? 0 : x < double ? -1 : 1
    }
    if double >= 0x1p63 { return -1 }
    if double < -0x1p63 { return 1 }
    let below = double.rounded(.down)
    guard let floor = Int(exactly: below) else { return -1 }
    if whole != floor { return whole < floor ? -1 : 1 }
    return below == double ? 0 : -1
  }

  /// `a op b`; the result of library objects need not be a bool.
  @inline(never)
  func compare(_ code: ComparisonCode, _ a: RawValue, _ b: RawValue) throws(Thrown) -> RawValue {
    if a.tag <= RawValue.Tag.bool, b.tag <= RawValue.Tag.bool {
      guard let order = Machine.order(a, b) else { return RawValue(code == .notEqual) }
      return RawValue(code.holds(order))
    }
    if a.tag == RawValue.Tag.native || b.tag == RawValue.Tag.native {
      return try compareNative(code, plain(a), plain(b))
    }
    if a.tag == RawValue.Tag.instance || b.tag == RawValue.Tag.instance
      || a.tag == RawValue.Tag.exception || b.tag == RawValue.Tag.exception
    {
      return try compareInstances(code, a, b)
    }
    switch code {
    case .equal: return RawValue(try slowEquals(a, b, 0))
    case .notEqual: return RawValue(try !slowEquals(a, b, 0))
    default: return RawValue(try ordered(code, a, b, 0))
    }
  }

  private func ordered(
    _ code: ComparisonCode, _ a: RawValue, _ b: RawValue, _ depth: Int
  ) throws(Thrown) -> Bool {
    if a.isString, b.isString { return code.holds(StringCell(a).compare(StringCell(b))) }
    if a.tag == b.tag, a.isSequence {
      if depth > Machine.depthLimit { throw tooDeep("comparison") }
      try checkStack()
      var index = 0
      while let left = Row(a), let right = Row(b), index < left.count, index < right.count {
        let (one, two) = (left[index], right[index])
        if try !isSameOrEqual(one, two) {
          // Nested rows go deeper here, so that their depth is counted.
          if one.tag == two.tag, one.isSequence { return try ordered(code, one, two, depth + 1) }
          return try truth(compare(code, one, two))
        }
        index += 1
        if index & 0xFFFF == 0 { try poll() }
      }
      return code.holds((Row(a)?.count ?? 0) - (Row(b)?.count ?? 0))
    }
    if a.tag == RawValue.Tag.deque, b.tag == RawValue.Tag.deque {
      return try compareDeques(code, DequeCell(a), DequeCell(b))
    }
    if a.isAnySet || (a.tag == RawValue.Tag.dictView && DictViewCell(a).form != .values),
      b.isAnySet || (b.tag == RawValue.Tag.dictView && DictViewCell(b).form != .values)
    {
      let scope = HandleScope(self)
      let left = try set(of: a, scope)
      let right = try set(of: b, scope)
      let (small, large) =
        code == .less || code == .lessEqual ? (left, right) : (right, left)
      if small.count > large.count { return false }
      if code == .less || code == .greater, small.count == large.count { return false }
      return try isSubset(small, of: large)
    }
    throw error(
      .type,
      "'\(code.spelling)' not supported between instances of '\(typeName(a))' and "
        + "'\(typeName(b))'",
      code: "L104", about: [a, b])
  }

  private func compareNative(
    _ code: ComparisonCode, _ a: RawValue, _ b: RawValue
  ) throws(Thrown) -> RawValue {
    let comparison = code.catalog
    if a.tag == RawValue.Tag.native {
      let other = value(b)
      let result = try attempt { try NativeCell(a).object.compare(comparison, with: other) }
      if let result { return raw(result) }
    }
    if b.tag == RawValue.Tag.native {
      let other = value(a)
      let result = try attempt {
        try NativeCell(b).object.compare(comparison.mirrored, with: other)
      }
      if let result { return raw(result) }
    }
    if a.tag == RawValue.Tag.instance || b.tag == RawValue.Tag.instance {
      return try compareInstances(code, a, b)
    }
    switch code {
    case .equal: return RawValue(isSame(a, b))
    case .notEqual: return RawValue(!isSame(a, b))
    default:
      throw error(
        .type,
        "'\(code.spelling)' not supported between instances of '\(typeName(a))' and "
          + "'\(typeName(b))'",
        code: "L104", about: [a, b])
    }
  }

  /// `a is b`.
  func isSame(_ a: RawValue, _ b: RawValue) -> Bool {
    if a.tag == RawValue.Tag.native, b.tag == RawValue.Tag.native {
      return NativeCell(a).object === NativeCell(b).object
    }
    if a.isString, b.isString {
      return a.bits == b.bits
        || (StringCell(a).byteCount <= 1 && StringCell(a).equals(StringCell(b)))
    }
    if a.isTuple, b.isTuple, TupleCell(a).count == 0, TupleCell(b).count == 0 { return true }
    return a.isIdentical(to: b)
  }
}

extension ComparisonCode {
  /// Whether it holds for a left side whose order to the right is negative, 0 or positive.
  @inline(__always)
  func holds(_ order: Int) -> Bool {
    switch self {
    case .less: order < 0
    case .lessEqual: order <= 0
    case .greater: order > 0
    case .greaterEqual: order >= 0
    case .equal: order == 0
    case .notEqual: order != 0
    }
  }

  var spelling: String { catalog.rawValue }

  var catalog: Comparison {
    switch self {
    case .less: .less
    case .lessEqual: .lessOrEqual
    case .greater: .greater
    case .greaterEqual: .greaterOrEqual
    case .equal: .equal
    case .notEqual: .notEqual
    }
  }
}

import Catalog
import Glibc

extension Operation {
  /// The plain operator of an arithmetic operation with or without a constant.
  var binary: Operation {
    switch self {
    case .addConstant: .add
    case .subtractConstant: .subtract
    case .multiplyConstant: .multiply
    case .divideConstant: .divide
    case .floorDivideConstant: .floorDivide
    case .moduloConstant: .modulo
    case .powerConstant: .power
    default: self
    }
  }

  /// The place in `SpecialNames.operators`.
  var operatorIndex: Int { Int(rawValue) - Int(Operation.add.rawValue) }

  var catalog: Catalog.BinaryOperator {
    switch binary {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .floorDivide: .floorDivide
    case .modulo: .remainder
    case .power: .power
    case .matrixMultiply: .matrixMultiply
    case .shiftLeft: .shiftLeft
    case .shiftRight: .shiftRight
    case .bitAnd: .and
    case .bitOr: .or
    default: .xor
    }
  }

  /// How messages write it.
  var spelling: String { self.binary == .power ? "** or pow()" : catalog.rawValue }
}

extension Machine {
  /// An arithmetic operation on anything: what the run loop does not do in line.
  ///
  /// - Parameter flags: bit 1: in place.
  @inline(never)
  func arithmetic(
    _ operation: Operation, _ a: RawValue, _ b: RawValue, flags: UInt8 = 0
  ) throws(Thrown) -> RawValue {
    if operation == .add, a.isString, b.isString {
      return try concatenation(a, b)
    }
    let isInPlace = flags & 2 != 0
    if let result = try known(operation, a, b, isInPlace: isInPlace) { return result }
    if operation == .multiply {
      let (left, right) = (plain(a), plain(b))
      let isLeft = left.isString || left.isSequence
      if isLeft || right.isString || right.isSequence {
        if let times = try integer(ifIndex: isLeft ? b : a) {
          return try repeated(isLeft ? left : right, times, isInPlace && isLeft && a.isList)
        }
        throw error(
          .type, "can't multiply sequence by non-int of type '\(typeName(isLeft ? b : a))'",
          code: "L104", about: [a, b])
      }
    }
    throw unsupported(operation, a, b, isInPlace: isInPlace)
  }

  /// An arithmetic operation; nil: the operands have none.
  func known(
    _ operation: Operation, _ a: RawValue, _ b: RawValue, isInPlace: Bool
  ) throws(Thrown) -> RawValue? {
    if let x = a.integer, let y = b.integer {
      if a.isBool, b.isBool {
        switch operation {
        case .bitAnd: return RawValue(x & y == 1)
        case .bitOr: return RawValue(x | y == 1)
        case .bitXor: return RawValue(x ^ y == 1)
        default: break
        }
      }
      if operation != .matrixMultiply { return try integers(operation, x, y) }
    }
    if let x = a.number, let y = b.number {
      if let result = try floats(operation, x, y) { return result }
    }
    if a.tag == RawValue.Tag.deque || b.tag == RawValue.Tag.deque,
      let result = try deques(operation, a, b, isInPlace: isInPlace)
    {
      return result
    }
    if isScripted(a) || isScripted(b) {
      // Texts and dicts have these operators for any right side, lists have theirs as sequences.
      let isOwn =
        a.isString && operation == .modulo || a.isDict && operation == .bitOr && isInPlace
      if !isOwn, let result = try instances(operation, a, b, isInPlace: isInPlace) {
        return result
      }
    }
    if let result = try sequences(operation, a, b, isInPlace: isInPlace) { return result }
    if operation == .bitOr, let union = union(a, b) { return union }
    return try natives(operation, a, b, isInPlace: isInPlace)
  }

  @inline(never)
  func unsupported(
    _ operation: Operation, _ a: RawValue, _ b: RawValue, isInPlace: Bool
  ) -> Thrown {
    if operation == .add {
      let known = plain(a)
      if a.isString, b.number != nil || a.isString, b.isNone {
        return error(
          .type, "can only concatenate str (not \"\(typeName(b))\") to str", code: "L104",
          about: [a, b])
      }
      if known.isString || known.isSequence {
        let name = typeName(known)
        return error(
          .type, "can only concatenate \(name) (not \"\(typeName(b))\") to \(name)",
          code: "L104", about: [a, b])
      }
    }
    var spelling = operation.spelling
    if isInPlace { spelling = operation == .power ? "**=" : spelling + "=" }
    return error(
      .type,
      "unsupported operand type(s) for \(spelling): '\(typeName(a))' and '\(typeName(b))'",
      code: "L104", about: [a, b])
  }

  private func integers(
    _ operation: Operation, _ x: Int, _ y: Int
  ) throws(Thrown) -> RawValue {
    let (result, overflow): (Int, Bool)
    switch operation {
    case .add: (result, overflow) = x.addingReportingOverflow(y)
    case .subtract: (result, overflow) = x.subtractingReportingOverflow(y)
    case .multiply: (result, overflow) = x.multipliedReportingOverflow(by: y)
    case .divide:
      if y == 0 { throw error(.zeroDivision, "division by zero", code: "L109") }
      return RawValue(Machine.quotient(x, y))
    case .floorDivide:
      if y == 0 { throw zeroDivision() }
      if y == -1 {
        (result, overflow) = 0.subtractingReportingOverflow(x)
      } else {
        let quotient = x / y
        result = (x % y != 0) && ((x < 0) != (y < 0)) ? quotient - 1 : quotient
        overflow = false
      }
    case .modulo:
      if y == 0 { throw error(.zeroDivision, "integer modulo by zero", code: "L109") }
      if y == -1 { return RawValue(0) }
      let rest = x % y
      return RawValue(rest != 0 && ((rest < 0) != (y < 0)) ? rest + y : rest)
    case .power: return try power(x, y)
    case .shiftLeft:
      if y < 0 { throw error(.value, "negative shift count") }
      if x == 0 { return RawValue(0) }
      guard y < 64, (x << y) >> y == x else { throw overflowError() }
      return RawValue(x << y)
    case .shiftRight:
      if y < 0 { throw error(.value, "negative shift count") }
      return RawValue(y > 63 ? (x < 0 ? -1 : 0) : x >> y)
    case .bitAnd: return RawValue(x & y)
    case .bitOr: return RawValue(x | y)
    default: return RawValue(x ^ y)
    }
    if overflow { throw overflowError(about: [RawValue(x), RawValue(y)]) }
    return RawValue(result)
  }

  func zeroDivision() -> Thrown {
    error(.zeroDivision, "integer division or modulo by zero", code: "L109")
  }

  /// The quotient of two integers, rounded once.
  static func quotient(_ x: Int, _ y: Int) -> Double {
    if x.magnitude <= 1 << 53, y.magnitude <= 1 << 53 { return Double(x) / Double(y) }
    // 62 bits of quotient at least, the rest as a sticky bit.
    let (a, b) = (x.magnitude, y.magnitude)
    let shift = max(
      0, 62 - (a.bitWidth - a.leadingZeroBitCount) + (b.bitWidth - b.leadingZeroBitCount))
    let wide = a.multipliedFullWidth(by: 1)
    let high: UInt
    let low: UInt
    if shift >= 64 {
      high = shift - 64 >= 64 ? 0 : a << UInt(shift - 64)
      low = 0
    } else if shift > 0 {
      high = a >> UInt(64 - shift)
      low = a << UInt(shift)
    } else {
      high = wide.high
      low = a
    }
    guard high < b else {
      return (x < 0) != (y < 0) ? -(Double(a) / Double(b)) : Double(a) / Double(b)
    }
    let (quotient, rest) = b.dividingFullWidth((high, low))
    let sticky = quotient | (rest == 0 ? 0 : 1)
    let value = scalbn(Double(sticky), Int32(-shift))
    return (x < 0) != (y < 0) ? -value : value
  }

  private func power(_ base: Int, _ exponent: Int) throws(Thrown) -> RawValue {
    if exponent < 0 {
      if base == 0 {
        throw error(.zeroDivision, "0.0 cannot be raised to a negative power", code: "L109")
      }
      return RawValue(pow(Double(base), Double(exponent)))
    }
    var (result, factor, left) = (1, base, exponent)
    while left > 0 {
      if left & 1 == 1 {
        let (product, overflow) = result.multipliedReportingOverflow(by: factor)
        if overflow { throw overflowError() }
        result = product
      }
      left >>= 1
      if left > 0 {
        let (square, overflow) = factor.multipliedReportingOverflow(by: factor)
        if overflow { throw overflowError() }
        factor = square
      }
    }
    return RawValue(result)
  }

  private func floats(
    _ operation: Operation, _ x: Double, _ y: Double
  ) throws(Thrown) -> RawValue? {
    switch operation {
    case .add: return RawValue(x + y)
    case .subtract: return RawValue(x - y)
    case .multiply: return RawValue(x * y)
    case .divide:
      if y == 0 { throw error(.zeroDivision, "float division by zero", code: "L109") }
      return RawValue(x / y)
    case .floorDivide:
      if y == 0 { throw error(.zeroDivision, "float floor division by zero", code: "L109") }
      return RawValue(Machine.floorDivide(x, y))
    case .modulo:
      if y == 0 { throw error(.zeroDivision, "float modulo", code: "L109") }
      return RawValue(Machine.modulo(x, y))
    case .power:
      if x == 0, y < 0 {
        throw error(.zeroDivision, "0.0 cannot be raised to a negative power", code: "L109")
      }
      if x < 0, y.isFinite, x.isFinite, y != y.rounded() {
        throw error(
          .value, "complex numbers are not part of Gradus",
          help: "a negative number with a fractional exponent has no real power")
      }
      let result = pow(x, y)
      if result.isInfinite, x.isFinite, y.isFinite {
        let type = typesByName["OverflowError"] ?? types[Int(RawValue.Tag.exception)]
        throw raise(
          newException(
            type,
            heap.newTuple([RawValue(34), string("Numerical result out of range")])))
      }
      return RawValue(result)
    default: return nil
    }
  }

  static func modulo(_ x: Double, _ y: Double) -> Double {
    var rest = fmod(x, y)
    if rest != 0 {
      if (y < 0) != (rest < 0) { rest += y }
    } else {
      rest = copysign(0, y)
    }
    return rest
  }

  static func floorDivide(_ x: Double, _ y: Double) -> Double {
    var rest = fmod(x, y)
    var quotient = (x - rest) / y
    if rest != 0 {
      if (y < 0) != (rest < 0) {
        rest += y
        quotient -= 1
      }
    }
    if quotient == 0 { return copysign(0, x / y) }
    let floor = quotient.rounded(.down)
    return quotient - floor > 0.5 ? floor + 1 : floor
  }

  func sequences(
    _ operation: Operation, _ a: RawValue, _ b: RawValue, isInPlace: Bool
  ) throws(Thrown) -> RawValue? {
    switch operation {
    case .add:
      if a.isString, b.isString {
        return try concatenation(a, b)
      }
      if a.isList, isInPlace {
        guard isIterable(b) else { throw notIterable(b) }
        try extend(ListCell(a), with: b)
        return a
      }
      if a.tag == b.tag, let left = Row(a), let right = Row(b) {
        let count = left.count + right.count
        try room(for: count, of: 16)
        let target: Registers
        let result: RawValue
        if a.isList {
          let list = heap.newList(count: count, capacity: count)
          (target, result) = (list.elements, list.value)
        } else {
          let made = heap.newTuple(count: count)
          (target, result) = (made.elements, made.value)
        }
        try copy(left.elements, left.count, to: target)
        try copy(right.elements, right.count, to: target.advanced(by: left.count))
        return result
      }
    case .multiply:
      if let times = b.integer, a.isString || a.isSequence {
        return try repeated(a, times, isInPlace)
      }
      if let times = a.integer, b.isString || b.isSequence { return try repeated(b, times, false) }
    case .modulo:
      if a.isString { return try percentFormat(a, b) }
    case .bitOr:
      if a.isDict, b.isDict {
        let result = isInPlace ? DictCell(a) : try copy(DictCell(a))
        try update(result, from: b)
        return result.value
      }
      if isInPlace, a.isDict {
        try update(DictCell(a), from: b)
        return a
      }
      return try setOperation(operation, a, b, isInPlace)
    case .bitAnd, .bitXor, .subtract:
      return try setOperation(operation, a, b, isInPlace)
    default: break
    }
    return nil
  }

  @inline(__always)
  private func concatenation(_ a: RawValue, _ b: RawValue) throws(Thrown) -> RawValue {
    if let joined = heap.concatenate(StringCell(a), StringCell(b)) { return joined.value }
    return try concatenationAfterCollecting(a, b)
  }

  @inline(never)
  private func concatenationAfterCollecting(
    _ a: RawValue, _ b: RawValue
  ) throws(Thrown) -> RawValue {
    try room(for: StringCell(a).byteCount + StringCell(b).byteCount, of: 2)
    guard let joined = heap.concatenate(StringCell(a), StringCell(b)) else { throw memoryError() }
    return joined.value
  }

  private func repeated(
    _ value: RawValue, _ times: Int, _ isInPlace: Bool
  ) throws(Thrown) -> RawValue {
    if value.isString {
      try room(for: max(0, times), of: StringCell(value).byteCount)
      guard let result = heap.repeated(StringCell(value), times) else { throw memoryError() }
      return result.value
    }
    guard let row = Row(value) else { return value }
    let times = max(0, times)
    let (count, overflow) = row.count.multipliedReportingOverflow(by: times)
    if overflow { throw memoryError(asked: Int.max) }
    try room(for: count, of: value.isList && isInPlace ? 24 : 16)
    if value.isList {
      if isInPlace {
        let list = ListCell(value)
        let size = list.count
        heap.grow(list, to: count)
        if times == 0 { heap.truncate(list, to: 0) }
        for time in 1..<max(1, times) {
          for index in 0..<size { heap.append(list[index], to: list) }
          if time & 0xFFF == 0 { try poll() }
        }
        return value
      }
      let list = heap.newList(count: count, capacity: count)
      try fill(list.elements, row, times)
      return list.value
    }
    let result = heap.newTuple(count: count)
    try fill(result.elements, row, times)
    return result.value
  }

  /// Writes the elements of a row again and again; what an interrupt leaves unwritten is garbage
  /// that nothing refers to.
  private func fill(_ target: Registers, _ row: Row, _ times: Int) throws(Thrown) {
    let count = row.count * times
    var place = 0
    while place < count {
      let end = min(count, place + (1 << 18))
      if row.count == 1 {
        unsafe (target.base + place).update(repeating: row[0], count: end - place)
        place = end
      }
      while place < end {
        try copy(row.elements, row.count, to: target.advanced(by: place))
        place += row.count
      }
      try poll()
    }
  }

  private func setOperation(
    _ operation: Operation, _ a: RawValue, _ b: RawValue, _ isInPlace: Bool
  ) throws(Thrown) -> RawValue? {
    func isSetLike(_ value: RawValue) -> Bool {
      value.isAnySet
        || (value.tag == RawValue.Tag.dictView && DictViewCell(value).form != .values)
    }
    // A view of a dict takes any iterable on the other side.
    let isView =
      isSetLike(a) && a.tag == RawValue.Tag.dictView && isIterable(b)
      || isSetLike(b) && b.tag == RawValue.Tag.dictView && isIterable(a)
    guard isView || isSetLike(a) && isSetLike(b) else { return nil }
    let isFrozen = a.tag == RawValue.Tag.frozenSet
    if isInPlace, a.tag == RawValue.Tag.set {
      let set = SetCell(a)
      switch operation {
      case .bitOr: try merge(b, into: set)
      case .subtract: try subtract(b, from: set)
      case .bitAnd: heap.exchange(set, try intersection(set, b))
      default:
        let scope = HandleScope(self)
        try toggle(self.set(of: b, scope), in: set)
      }
      return a
    }
    if a.isAnySet, b.isAnySet {
      let set = SetCell(a)
      switch operation {
      case .bitAnd: return try intersection(set, b).value
      case .subtract: return try difference(set, b).value
      case .bitXor: return try symmetricDifference(set, b).value
      default:
        let result = try copy(set)
        try merge(b, into: result)
        return result.value
      }
    }
    let scope = HandleScope(self)
    let left = try newSet(of: a, isFrozen: isFrozen)
    scope.keep(left.value)
    let right = try newSet(of: b)
    scope.keep(right.value)
    return try combine(operation, left, right, isFrozen: isFrozen).value
  }

  /// Union, intersection, difference or symmetric difference, in CPython's order.
  func combine(
    _ operation: Operation, _ left: SetCell, _ right: SetCell, isFrozen: Bool
  ) throws(Thrown) -> SetCell {
    let result = heap.newSet(isFrozen: isFrozen)
    let scope = HandleScope(self)
    scope.keep(result.value)
    switch operation {
    case .bitOr:
      try merge(left.value, into: result)
      try merge(right.value, into: result)
    case .bitAnd:
      let (small, large) = right.count > left.count ? (left, right) : (right, left)
      for slot in 0..<small.slots where small.isPresent(slot) {
        if try contains(small.key(slot), hash: small.hash(slot), in: large) {
          try add(small.key(slot), hash: small.hash(slot), to: result)
        }
      }
    case .subtract:
      // With few elements to take away, CPython copies and discards.
      if left.count >> 2 > right.count {
        try merge(left.value, into: result)
        try subtract(right, from: result)
        return result
      }
      for slot in 0..<left.slots where left.isPresent(slot) {
        if try !contains(left.key(slot), hash: left.hash(slot), in: right) {
          try add(left.key(slot), hash: left.hash(slot), to: result)
        }
      }
    default:
      // CPython copies the right side and toggles the left side's elements in it.
      try merge(right.value, into: result)
      for slot in 0..<left.slots where left.isPresent(slot) {
        if try !remove(left.key(slot), from: result) {
          try add(left.key(slot), hash: left.hash(slot), to: result)
        }
      }
    }
    return result
  }

  /// Takes the elements of one set out of another, and cleans up as CPython does.
  private func subtract(_ other: SetCell, from set: SetCell) throws(Thrown) {
    for slot in 0..<other.slots where other.isPresent(slot) {
      _ = try remove(other.key(slot), from: set)
    }
    if set.deletedCount > (set.slots - 1) / 4 {
      heap.resize(set, set.count > 50000 ? set.count * 2 : set.count * 4)
    }
  }

  /// `d.update(source)`.
  func update(_ dict: DictCell, from source: RawValue) throws(Thrown) {
    if source.isDict {
      let other = DictCell(source)
      if other.isSame(as: dict) { return }
      try checkRoom(for: other.count, of: 96)
      if dict.count == 0, other.isDense { return try fill(dict, from: other) }
      var index = 0
      while index < other.used {
        if other.isPresent(index) { try setItem(other.key(index), other.value(index), in: dict) }
        index += 1
      }
      return
    }
    if source.tag == RawValue.Tag.instance, plain(source).isDict,
      InstanceCell(source).type.own(names.iterate) == nil
    {
      return try update(dict, from: plain(source))
    }
    if source.tag == RawValue.Tag.instance || source.tag == RawValue.Tag.native {
      let keys = try attribute(source, names.keys, isOptional: true)
      if !keys.isUndefined {
        let scope = HandleScope(self)
        scope.keep(dict.value)
        let all = try call(keys, [])
        scope.keep(all)
        try forEach(all) { key throws(Thrown) in
          try setItem(key, try item(source, key), in: dict)
          return true
        }
        return
      }
    }
    let scope = HandleScope(self)
    scope.keep(dict.value)
    var number = 0
    try forEach(source) { element throws(Thrown) in
      guard isIterable(element) else {
        throw error(
          .type, "cannot convert dictionary update sequence element #\(number) to a sequence")
      }
      let pair = try elements(element)
      guard pair.count == 2 else {
        throw error(
          .value,
          "dictionary update sequence element #\(number) has length \(pair.count); 2 is required")
      }
      try setItem(pair[0], pair[1], in: dict)
      number += 1
      return true
    }
  }

  private func natives(
    _ operation: Operation, _ a: RawValue, _ b: RawValue, isInPlace: Bool
  ) throws(Thrown) -> RawValue? {
    let op = operation.catalog
    if a.tag == RawValue.Tag.native {
      let object = NativeCell(a).object
      let other = value(b)
      if isInPlace, let result = try attempt({ try object.inPlace(op, other) }) {
        if case .object(let same) = result, same === object { return a }
        return raw(result)
      }
      if let result = try attempt({ try object.binary(op, other, reflected: false) }) {
        return raw(result)
      }
    }
    if b.tag == RawValue.Tag.native {
      let object = NativeCell(b).object
      let other = value(a)
      if let result = try attempt({ try object.binary(op, other, reflected: true) }) {
        return raw(result)
      }
    }
    return nil
  }

  /// `-a`, `+a`, `~a`.
  @inline(never)
  func unary(_ operation: Operation, _ a: RawValue) throws(Thrown) -> RawValue {
    if let x = a.integer {
      switch operation {
      case .negate:
        let (result, overflow) = 0.subtractingReportingOverflow(x)
        if overflow { throw overflowError() }
        return RawValue(result)
      case .plus: return RawValue(x)
      default: return RawValue(~x)
      }
    }
    if a.isFloat, operation != .invert {
      return RawValue(operation == .negate ? -a.double : a.double)
    }
    let op: Catalog.UnaryOperator =
      operation == .negate ? .negate : operation == .plus ? .plus : .invert
    if a.tag == RawValue.Tag.native,
      let result = try attempt({ try NativeCell(a).object.unary(op) })
    {
      return raw(result)
    }
    if isScripted(a) {
      let name = operation == .negate ? "__neg__" : operation == .plus ? "__pos__" : "__invert__"
      switch way(a, heap.intern(name)) {
      case .method(let method): return try ask(method, a)
      case .peer(let peer): if peer.number != nil { return try unary(operation, peer) }
      case .none: break
      }
    }
    throw error(
      .type, "bad operand type for unary \(op.rawValue): '\(typeName(a))'", code: "L104")
  }
}

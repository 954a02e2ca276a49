import Catalog

extension Heap {
  /// CPython's hash of an integer: the remainder by 2^61 - 1, with the integer's sign.
  @inline(__always)
  static func hash(_ value: Int) -> Int {
    let prime = (1 << 61) - 1
    if value < prime, value > -prime { return value == -1 ? -2 : value }
    let hash = value % prime
    return hash == -1 ? -2 : hash
  }

  /// CPython's hash of a double: equal to the integer's where they are equal.
  static func hash(_ value: Double) -> Int {
    if value.isNaN { return 0 }
    if value.isInfinite { return value > 0 ? 314159 : -314159 }
    if let whole = Int(exactly: value) { return hash(whole) }
    let bits = 61
    let prime: UInt64 = (1 << 61) - 1
    var exponent = value == 0 ? 0 : Int(value.exponent) + 1
    var fraction = value == 0 ? 0 : value.significand / 2
    if value == 0 { return 0 }
    fraction = fraction.magnitude
    var result: UInt64 = 0
    while fraction != 0 {
      result = ((result << 28) & prime) | result >> UInt64(bits - 28)
      fraction *= 268_435_456
      exponent -= 28
      let part = UInt64(fraction)
      fraction -= Double(part)
      result += part
      if result >= prime { result -= prime }
    }
    let shift = exponent >= 0 ? exponent % bits : bits - 1 - ((-1 - exponent) % bits)
    result = ((result << UInt64(shift)) & prime) | result >> UInt64(bits - shift)
    let signed = value < 0 ? -Int(result) : Int(result)
    return signed == -1 ? -2 : signed
  }
}

/// `hash(value)`.
extension Machine {
  /// CPython's hash; raises TypeError for what has none.
  @inline(__always)
  func hash(_ value: RawValue) throws(Thrown) -> Int {
    if value.isInt { return Heap.hash(value.int) }
    if value.isString { return StringCell(value).hash }
    return try slowHash(value, 0)
  }

  @inline(never)
  private func slowHash(_ value: RawValue, _ depth: Int) throws(Thrown) -> Int {
    switch value.tag {
    case RawValue.Tag.int, RawValue.Tag.bool: return Heap.hash(value.int)
    case RawValue.Tag.float: return Heap.hash(value.double)
    case RawValue.Tag.string: return StringCell(value).hash
    case RawValue.Tag.none: return 0xFCA8_6420
    case RawValue.Tag.tuple:
      if depth > Machine.depthLimit { throw tooDeep("hash") }
      try checkStack()
      // CPython's tuple hash, after xxHash.
      let tuple = TupleCell(value)
      var sum: UInt64 = 2_870_177_450_012_600_261
      for index in 0..<tuple.count {
        let lane = UInt64(bitPattern: Int64(try slowHash(tuple[index], depth + 1)))
        sum = sum &+ lane &* 14_029_467_366_897_019_727
        sum = (sum << 31) | (sum >> 33)
        sum = sum &* 11_400_714_785_074_694_791
      }
      sum = sum &+ (UInt64(tuple.count) ^ (2_870_177_450_012_600_261 ^ 3_527_539))
      return sum == UInt64.max ? 1_546_275_796 : Int(Int64(bitPattern: sum))
    case RawValue.Tag.frozenSet:
      let set = SetCell(value)
      var sum: UInt64 = 0
      for slot in 0..<set.slots where set.isPresent(slot) {
        let hash = UInt64(bitPattern: Int64(set.hash(slot)))
        sum ^= ((hash ^ 89_869_747) ^ (hash << 16)) &* 3_644_798_167
      }
      sum ^= (UInt64(set.count) + 1) &* 1_927_868_237
      sum ^= (sum >> 11) ^ (sum >> 25)
      sum = sum &* 69_069 &+ 907_133_923
      return sum == UInt64.max ? 590_923_713 : Int(Int64(bitPattern: sum))
    case RawValue.Tag.range:
      let range = RangeCell(value)
      return try slowHash(
        tuple([
          RawValue(range.count), range.count == 0 ? .none : RawValue(range.start),
          range.count < 2 ? .none : RawValue(range.step),
        ]), depth + 1)
    case RawValue.Tag.list, RawValue.Tag.dict, RawValue.Tag.set, RawValue.Tag.slice,
      RawValue.Tag.deque:
      throw error(.type, "unhashable type: '\(typeName(value))'")
    case RawValue.Tag.native:
      let object = NativeCell(value).object
      let own = try attempt { try object.hash() }
      // What is equal to a number has its hash.
      if let scalar = object.scalar() { return try slowHash(raw(scalar), depth + 1) }
      return own
    case RawValue.Tag.instance:
      return try instanceHash(value)
    case RawValue.Tag.exception where isScriptException(value):
      return try instanceHash(value)
    case RawValue.Tag.method:
      return try slowHash(MethodCell(value).function, depth + 1) &* 31
        &+ (try slowHash(MethodCell(value).receiver, depth + 1))
    default:
      return Int(truncatingIfNeeded: value.bits >> 4)
    }
  }
}

/// Numbers as unsigned integers of the same order, sorted by their digits.
///
/// Stable, linear in the count, and interrupted between stretches.
struct SortKeys<Key: FixedWidthInteger & UnsignedInteger> {
  private let keys: [Key]

  /// - Parameter rising: equal keys for equal numbers, smaller ones for smaller numbers; nil for
  ///   NaN, which comes last in both directions, as in NumPy.
  init<T>(_ values: [T], descending: Bool, _ rising: (T) -> Key?) throws {
    keys = try Self.made(values.count) { place in
      guard let key = rising(values[place]) else { return Key.max }
      return descending ? ~key : key
    }
  }

  /// An array made in stretches; fresh memory takes longer than the work on it.
  private static func made<T>(_ count: Int, _ element: (Int) -> T) throws -> [T] {
    var made: [T] = []
    made.reserveCapacity(count)
    for start in stride(from: 0, to: count, by: 1 << 18) {
      for place in start..<min(start + (1 << 18), count) { made.append(element(place)) }
      try Workers.check()
    }
    return made
  }

  /// For each run of `length` keys the places within it, smallest key first.
  ///
  /// - Throws: `TensorError.interrupted`, or `.memory` before it takes room.
  func order(rows length: Int) throws -> [Int] {
    guard length > 0, !keys.isEmpty else { return [] }
    if keys.count == length, length >= 1024 { return try byDigits(0..<length) }
    var order: [Int] = []
    order.reserveCapacity(keys.count)
    for start in stride(from: 0, to: keys.count, by: length) {
      if length > 4096 || start & 0xFFF < length { try Workers.check() }
      let row = start..<(start + length)
      if length < 1024 {
        order += (0..<length).sorted { a, b in
          let (x, y) = (keys[start + a], keys[start + b])
          return x == y ? a < b : x < y
        }
      } else {
        order += try byDigits(row)
      }
    }
    return order
  }

  private struct Item {
    var key: Key
    var place: UInt32
  }

  /// One pass per digit of 11 bits in which the keys differ, lowest first.
  private func byDigits(_ row: Range<Int>) throws -> [Int] {
    let (bits, passes) = (11, (Key.bitWidth + 10) / 11)
    let size = 1 << bits
    guard row.count <= UInt32.max else { throw TensorError.value("too many elements to sort") }
    try StoragePool.shared.reserve(row.count, of: 2 * MemoryLayout<Item>.stride)
    var counts = Array(repeating: 0, count: passes * size)
    for (place, key) in keys[row].enumerated() {
      for pass in 0..<passes {
        counts[pass * size + Int(truncatingIfNeeded: key >> Key(pass * bits)) & (size - 1)] += 1
      }
      if place & 0x3_FFFF == 0x3_FFFF { try Workers.check() }
    }
    var items = try Self.made(row.count) {
      Item(key: keys[row.lowerBound + $0], place: UInt32($0))
    }
    var sorted = try Self.made(row.count) { items[$0] }
    for pass in 0..<passes {
      let shift = Key(pass * bits)
      let first = Int(truncatingIfNeeded: items[0].key >> shift) & (size - 1)
      if counts[pass * size + first] == row.count { continue }
      var next = Array(repeating: 0, count: size)
      for digit in 1..<size { next[digit] = next[digit - 1] + counts[pass * size + digit - 1] }
      for (place, item) in items.enumerated() {
        let digit = Int(truncatingIfNeeded: item.key >> shift) & (size - 1)
        sorted[next[digit]] = item
        next[digit] += 1
        if place & 0x3_FFFF == 0x3_FFFF { try Workers.check() }
      }
      swap(&items, &sorted)
    }
    return try Self.made(items.count) { Int(items[$0].place) }
  }
}

extension Tensor {
  /// The order of the rows of a contiguous tensor, as `SortKeys.order`.
  func rowOrder(_ length: Int, descending: Bool) throws -> [Int] {
    switch dtype {
    case .f32:
      return try SortKeys<UInt32>(floats, descending: descending) { value in
        if value.isNaN { return nil }
        let bits = (value + 0).bitPattern
        return bits >> 31 == 0 ? bits | 1 << 31 : ~bits
      }.order(rows: length)
    case .f64:
      return try SortKeys<UInt64>(doubles, descending: descending) { value in
        if value.isNaN { return nil }
        let bits = (value + 0).bitPattern
        return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
      }.order(rows: length)
    case .bool, .u8, .i32, .i64:
      return try SortKeys<UInt64>(ints, descending: descending) {
        UInt64(bitPattern: Int64($0)) ^ 1 << 63
      }.order(rows: length)
    }
  }
}

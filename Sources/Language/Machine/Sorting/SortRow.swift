/// A row of items to be sorted, and as much room beside it.
@safe
struct SortRow<Item: Ranked>: ~Copyable {
  private let items: UnsafeMutablePointer<Item>
  private let spare: UnsafeMutablePointer<Item>
  let count: Int

  init(count: Int) {
    unsafe items = .allocate(capacity: 2 * count)
    unsafe spare = items + count
    let bytes = 2 * count * MemoryLayout<Item>.stride
    if bytes >= LargePages.worthwhile { unsafe LargePages.advise(items, bytes) }
    self.count = count
  }

  deinit { unsafe items.deallocate() }

  @inline(__always)
  subscript(index: Int) -> Item {
    get { unsafe items[index] }
    set { unsafe items[index] = newValue }
  }

  @inline(__always)
  private func reverse(_ range: Range<Int>) {
    var (low, high) = (range.lowerBound, range.upperBound - 1)
    while low < high {
      unsafe (items[low], items[high]) = unsafe (items[high], items[low])
      low += 1
      high -= 1
    }
  }
}

// MARK: By rank

extension SortRow {
  /// Up to so many items, insertion is quicker than distributing.
  private static var few: Int { 64 }
  /// Items that are moved between two pauses.
  private static var stretch: Int { 1 << 20 }

  /// Sorts a part by the ranks alone; items of equal rank keep their order.
  ///
  /// - Parameter pause: called now and then; it throws when the work is to stop.
  mutating func sortByRank<E: Error>(
    _ range: Range<Int>, pause: () throws(E) -> Void
  ) throws(E) {
    guard range.count > 1 else { return }
    let first = unsafe items[range.lowerBound].rank
    var (differing, last, isRising, isFalling) = (UInt64(0), first, true, true)
    for index in range.lowerBound + 1..<range.upperBound {
      let rank = unsafe items[index].rank
      differing |= rank ^ first
      if rank < last { isRising = false } else { isFalling = false }
      last = rank
    }
    if isRising { return }
    if isFalling { return reverse(range) }
    if range.count <= Self.few { return insertByRank(range) }
    try distribute(range, differing, pause)
  }

  private func insertByRank(_ range: Range<Int>) {
    for index in range.lowerBound + 1..<range.upperBound {
      let item = unsafe items[index]
      var place = index
      while place > range.lowerBound, unsafe items[place - 1].rank > item.rank {
        unsafe items[place] = unsafe items[place - 1]
        place -= 1
      }
      unsafe items[place] = item
    }
  }

  /// Sorts by digits, the last first, as far as the ranks differ in them.
  private func distribute<E: Error>(
    _ range: Range<Int>, _ differing: UInt64, _ pause: () throws(E) -> Void
  ) throws(E) {
    let width = range.count < 1 << 13 ? 8 : 11
    let places = UnsafeMutablePointer<Int>.allocate(capacity: 1 << width)
    defer { unsafe places.deallocate() }
    let mask = UInt64(1 << width) - 1
    let end = 64 - differing.leadingZeroBitCount
    var shift = differing.trailingZeroBitCount
    var (from, to) = unsafe (items + range.lowerBound, spare + range.lowerBound)
    while shift < end {
      unsafe places.update(repeating: 0, count: 1 << width)
      for index in 0..<range.count {
        let digit = unsafe Int(truncatingIfNeeded: (from[index].rank >> UInt64(shift)) & mask)
        unsafe places[digit] &+= 1
      }
      var place = 0
      for digit in 0..<1 << width {
        let count = unsafe places[digit]
        unsafe places[digit] = place
        place &+= count
      }
      for start in stride(from: 0, to: range.count, by: Self.stretch) {
        try pause()
        for index in start..<min(start + Self.stretch, range.count) {
          let item = unsafe from[index]
          let digit = Int(truncatingIfNeeded: (item.rank >> UInt64(shift)) & mask)
          unsafe to[places[digit]] = item
          unsafe places[digit] &+= 1
        }
      }
      unsafe (from, to) = unsafe (to, from)
      shift += width
      // Digits in which no two ranks differ need not be looked at.
      if shift < end { shift += (differing >> UInt64(shift)).trailingZeroBitCount }
    }
    if unsafe from != items + range.lowerBound {
      unsafe to.update(from: from, count: range.count)
    }
  }
}

// MARK: By comparing

extension SortRow {
  /// Sorts a part by comparing: stable, as CPython's listsort does it but for galloping.
  ///
  /// Few items are compared in the very order in which CPython compares them.
  mutating func sort<E: Error>(
    _ range: Range<Int>, by isLess: (Item, Item) throws(E) -> Bool
  ) throws(E) {
    var runs: [Range<Int>] = []
    let least = Self.leastRun(range.count)
    var start = range.lowerBound
    while start < range.upperBound {
      var end = try run(from: start, to: range.upperBound, isLess)
      let wanted = min(start + least, range.upperBound)
      if end < wanted {
        try insert(start..<wanted, sorted: end, isLess)
        end = wanted
      }
      runs.append(start..<end)
      // Short runs are merged first, so that the lengths in `runs` fall quickly.
      while runs.count > 1, runs[runs.count - 2].count < 2 * runs[runs.count - 1].count {
        try mergeLast(&runs, isLess)
      }
      start = end
    }
    while runs.count > 1 { try mergeLast(&runs, isLess) }
  }

  /// The length up to which runs are filled up: 32 to 64, so that `count` divided by it is a power
  /// of two or a little less.
  private static func leastRun(_ count: Int) -> Int {
    var (left, rest) = (count, 0)
    while left >= 64 {
      rest |= left & 1
      left >>= 1
    }
    return left + rest
  }

  /// The end of the run that starts somewhere; a falling one is turned round.
  @inline(__always)
  private func run<E: Error>(
    from start: Int, to end: Int, _ isLess: (Item, Item) throws(E) -> Bool
  ) throws(E) -> Int {
    var index = start + 1
    guard index < end else { return end }
    let isFalling = try unsafe isLess(items[index], items[index - 1])
    index += 1
    while index < end, try unsafe isLess(items[index], items[index - 1]) == isFalling {
      index += 1
    }
    if isFalling { reverse(start..<index) }
    return index
  }

  /// Inserts the items from `sorted` on among those before.
  @inline(__always)
  private func insert<E: Error>(
    _ range: Range<Int>, sorted: Int, _ isLess: (Item, Item) throws(E) -> Bool
  ) throws(E) {
    for index in sorted..<range.upperBound {
      let item = unsafe items[index]
      let place = try firstGreater(item, range.lowerBound..<index, isLess)
      var hole = index
      while hole > place {
        unsafe items[hole] = unsafe items[hole - 1]
        hole -= 1
      }
      unsafe items[place] = item
    }
  }

  /// The first place in a sorted part with a greater item.
  @inline(__always)
  private func firstGreater<E: Error>(
    _ item: Item, _ range: Range<Int>, _ isLess: (Item, Item) throws(E) -> Bool
  ) throws(E) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = low + (high - low) >> 1
      if try unsafe isLess(item, items[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  @inline(__always)
  private func mergeLast<E: Error>(
    _ runs: inout [Range<Int>], _ isLess: (Item, Item) throws(E) -> Bool
  ) throws(E) {
    let right = runs.removeLast()
    let left = runs.removeLast()
    runs.append(left.lowerBound..<right.upperBound)
    // What stands at its place already stays there.
    let start = try unsafe firstGreater(items[right.lowerBound], left, isLess)
    let (count, spare) = unsafe (left.upperBound - start, self.spare)
    if count == 0 { return }
    unsafe spare.update(from: items + start, count: count)
    var (next, index, place) = (0, right.lowerBound, start)
    while next < count, index < right.upperBound {
      if try unsafe isLess(items[index], spare[next]) {
        unsafe items[place] = unsafe items[index]
        index += 1
      } else {
        unsafe items[place] = unsafe spare[next]
        next += 1
      }
      place += 1
    }
    unsafe (items + place).update(from: spare + next, count: count - next)
  }
}

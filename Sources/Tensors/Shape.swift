/// The sizes of a tensor's axes; at most eight of them, held inline.
public struct Shape: RandomAccessCollection, Hashable, Sendable, ExpressibleByArrayLiteral {
  /// More axes than this throw.
  public static let maximumRank = 8

  private var sizes: InlineArray<8, Int>
  public private(set) var count: Int

  /// The shape of a single number: `()`.
  @inline(__always)
  public init() {
    sizes = .init(repeating: 0)
    count = 0
  }

  /// A shape with known few axes.
  public init(arrayLiteral elements: Int...) {
    precondition(elements.count <= Shape.maximumRank, "a literal shape has at most 8 axes")
    self.init()
    for element in elements { unchecked(append: element) }
  }

  /// Sizes from outside: checks rank, signs and that the product fits.
  public init(_ sizes: some Collection<Int>) throws(TensorError) {
    self.init()
    guard sizes.count <= Shape.maximumRank else { throw .rank(sizes.count) }
    var product = 1
    for size in sizes {
      guard size >= 0 else { throw .value("negative dimensions are not allowed, got \(size)") }
      let (next, overflow) = product.multipliedReportingOverflow(by: Swift.max(size, 1))
      guard !overflow, next <= 1 << 56 else {
        throw .value("array is too big: its size does not fit in memory")
      }
      product = next
      unchecked(append: size)
    }
  }

  /// Repeats one value; used for strides too.
  public init(repeating value: Int, count: Int) {
    self.init()
    for _ in 0..<count { unchecked(append: value) }
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { count }

  @inline(__always)
  public subscript(position: Int) -> Int {
    get {
      precondition(position >= 0 && position < count)
      return sizes[position]
    }
    set {
      precondition(position >= 0 && position < count)
      sizes[position] = newValue
    }
  }

  /// Adds an axis whose rank has been checked.
  mutating func unchecked(append size: Int) {
    sizes[count] = size
    count += 1
  }

  /// Adds an axis.
  mutating func append(_ size: Int) throws(TensorError) {
    guard count < Shape.maximumRank else { throw .rank(count + 1) }
    unchecked(append: size)
  }

  mutating func remove(at axis: Int) {
    var kept = Shape()
    for i in 0..<count where i != axis { kept.unchecked(append: self[i]) }
    self = kept
  }

  func removing(_ axis: Int) -> Shape {
    var copy = self
    copy.remove(at: axis)
    return copy
  }

  func inserting(_ size: Int, at axis: Int) throws(TensorError) -> Shape {
    var result = Shape()
    for i in 0..<axis { try result.append(self[i]) }
    try result.append(size)
    for i in axis..<count { try result.append(self[i]) }
    return result
  }

  /// The number of elements; every construction keeps it in range.
  public var elements: Int {
    var product = 1
    for i in 0..<count { product *= sizes[i] }
    return product
  }

  /// Row-major strides in elements.
  var contiguousStrides: Shape {
    var result = self
    var step = 1
    var axis = count - 1
    while axis >= 0 {
      result.sizes[axis] = step
      step *= Swift.max(sizes[axis], 1)
      axis -= 1
    }
    return result
  }

  @inline(__always)
  public static func == (a: Shape, b: Shape) -> Bool {
    guard a.count == b.count else { return false }
    for i in 0..<a.count where a.sizes[i] != b.sizes[i] { return false }
    return true
  }

  public func hash(into hasher: inout Hasher) {
    for size in self { hasher.combine(size) }
  }

  /// An axis as scripts count it (-1 is the last).
  public func axis(_ axis: Int) throws(TensorError) -> Int {
    let resolved = axis < 0 ? axis + count : axis
    guard resolved >= 0, resolved < count else { throw .axis(axis, rank: count) }
    return resolved
  }

  /// The shape two shapes stretch to, or nil.
  static func broadcast(_ a: Shape, _ b: Shape) -> Shape? {
    if a == b { return a }
    var result = a.count >= b.count ? a : b
    let other = a.count >= b.count ? b : a
    let shift = result.count - other.count
    for i in 0..<other.count {
      let (x, y) = (result[i + shift], other[i])
      if x == y || y == 1 { continue }
      guard x == 1 else { return nil }
      result[i + shift] = y
    }
    return result
  }
}

extension Shape: CustomStringConvertible {
  /// As Python writes a tuple: `()`, `(3,)`, `(2, 3)`.
  public var description: String {
    if count == 1 { return "(\(self[0]),)" }
    return "(" + map(String.init).joined(separator: ", ") + ")"
  }
}

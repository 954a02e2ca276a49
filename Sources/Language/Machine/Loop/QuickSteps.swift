/// What the run loop does in line.
extension Machine {
  /// A comparison of which only the truth is wanted.
  @inline(__always)
  func test(
    _ code: ComparisonCode, _ x: RawValue, _ y: RawValue, _ ints: (Int, Int) -> Bool,
    _ floats: (Double, Double) -> Bool
  ) throws(Thrown) -> Bool {
    if x.tag | y.tag == 0 { return ints(x.int, y.int) }
    if x.tag & y.tag == 1, x.tag | y.tag == 1 { return floats(x.double, y.double) }
    return try slowTest(code, x, y)
  }

  @inline(never)
  private func slowTest(
    _ code: ComparisonCode, _ x: RawValue, _ y: RawValue
  ) throws(Thrown) -> Bool {
    if x.isString, y.isString {
      switch code {
      case .equal: return StringCell(x).equals(StringCell(y))
      case .notEqual: return !StringCell(x).equals(StringCell(y))
      default: return code.holds(StringCell(x).compare(StringCell(y)))
      }
    }
    return try truth(compare(code, x, y))
  }
}

import Catalog

/// What functions say for guided classes, in the order of `classGuide`.
enum Guidance: Int {
  /// A class has been defined.
  case made
  case call, iterate, reversed, length, item, contains, repr
}

/// Classes that can be walked over, indexed and called like containers of their members.
///
/// A script has no metaclasses; the module `enum` gives its classes, and those that derive from
/// them, the behaviour that CPython's `EnumMeta` has.
extension Machine {
  /// Asks the function for one thing that guided classes do.
  func guide(
    _ what: Guidance, _ type: RawValue, _ arguments: [RawValue] = []
  ) throws(Thrown) -> RawValue {
    guard what.rawValue < classGuide.count else { return .none }
    return try call(classGuide[what.rawValue], [type] + arguments)
  }
}

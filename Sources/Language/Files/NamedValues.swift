import Catalog

/// A tuple whose elements have names too, such as `sys.version_info`.
final class NamedValues: Object {
  let type: ObjectType
  private let fields: [(name: String, value: Value)]

  init(_ type: ObjectType, _ fields: [(name: String, value: Value)]) {
    self.type = type
    self.fields = fields
  }

  var text: String {
    let parts = fields.map { "\($0.name)=\(NamedValues.repr($0.value))" }
    return "\(type.name)(\(parts.joined(separator: ", ")))"
  }

  private static func repr(_ value: Value) -> String {
    switch value {
    case .float(let double): FloatText.repr(double)
    default: value.brief(limit: 1000)
    }
  }

  var contents: [String] { fields.map(\.name) }
  func length() -> Int { fields.count }

  func attribute(_ name: String) -> Value? { fields.first { $0.name == name }?.value }

  func index(_ key: Value, context: Context) throws -> Value {
    switch key {
    case .int(let index):
      let place = index < 0 ? index + fields.count : index
      guard fields.indices.contains(place) else {
        throw Failure(.index, "tuple index out of range")
      }
      return fields[place].value
    case .object(let slice as Slice):
      let (start, step, count) = try slice.resolve(fields.count)
      return .tuple((0..<count).map { fields[start + $0 * step].value })
    default:
      throw Failure(.type, "tuple indices must be integers or slices, not \(key.typeName)")
    }
  }

  func iterate() -> any ObjectIterator { Walk(fields.map(\.value)) }

  private final class Walk: ObjectIterator {
    private var rest: ArraySlice<Value>

    init(_ values: [Value]) { rest = values[...] }

    func next() -> Value? { rest.popFirst() }
  }

  func compare(_ comparison: Comparison, with other: Value) throws -> Value? {
    let others: [Value]
    switch other {
    case .list(let view) where view.isTuple: others = try view.elements()
    case .object(let object as NamedValues): others = object.fields.map(\.value)
    default: return nil
    }
    for (mine, theirs) in zip(fields.map(\.value), others) {
      guard let order = NamedValues.order(mine, theirs) else { return nil }
      if order != 0 { return .bool(NamedValues.holds(comparison, order)) }
    }
    return .bool(NamedValues.holds(comparison, fields.count - others.count))
  }

  private static func order(_ left: Value, _ right: Value) -> Int? {
    switch (left, right) {
    case (.int(let left), .int(let right)): left < right ? -1 : left > right ? 1 : 0
    case (.string(let left), .string(let right)):
      left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
        ? -1 : left.utf8.elementsEqual(right.utf8) ? 0 : 1
    default: nil
    }
  }

  private static func holds(_ comparison: Comparison, _ order: Int) -> Bool {
    switch comparison {
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .equal: order == 0
    case .notEqual: order != 0
    case .greater: order > 0
    case .greaterOrEqual: order >= 0
    }
  }
}

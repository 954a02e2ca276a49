/// A JSON value; objects keep the order of their members.
public enum JSON: Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([(key: String, value: JSON)])
}

extension JSON {
  /// The member of that name, or nil; the last one when a name stands twice.
  public subscript(_ key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.key == key }?.value
  }

  public var string: String? {
    if case .string(let string) = self { string } else { nil }
  }

  public var bool: Bool? {
    if case .bool(let bool) = self { bool } else { nil }
  }

  /// A whole number; `2.0` is one too.
  public var int: Int? {
    switch self {
    case .int(let int): int
    case .number(let double): Int(exactly: double)
    default: nil
    }
  }

  public var double: Double? {
    switch self {
    case .int(let int): Double(int)
    case .number(let double): double
    default: nil
    }
  }

  public var array: [JSON]? {
    if case .array(let array) = self { array } else { nil }
  }

  public var members: [(key: String, value: JSON)]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// Replaces or adds a member; a value that is no object becomes one.
  public mutating func set(_ key: String, to value: JSON) {
    guard case .object(var members) = self else {
      self = .object([(key, value)])
      return
    }
    if let index = members.lastIndex(where: { $0.key == key }) {
      members[index].value = value
    } else {
      members.append((key, value))
    }
    self = .object(members)
  }
}

extension JSON: Equatable {
  /// Objects are equal whatever the order of their members.
  public static func == (left: JSON, right: JSON) -> Bool {
    switch (left, right) {
    case (.null, .null): return true
    case (.bool(let a), .bool(let b)): return a == b
    case (.int(let a), .int(let b)): return a == b
    case (.int, .number), (.number, .int), (.number, .number): return left.double == right.double
    case (.string(let a), .string(let b)): return a == b
    case (.array(let a), .array(let b)): return a == b
    case (.object(let a), .object(let b)):
      guard a.count == b.count else { return false }
      if zip(a, b).allSatisfy({ $0.key == $1.key && $0.value == $1.value }) { return true }
      let sorted = { (members: [(key: String, value: JSON)]) in
        members.sorted { $0.key < $1.key }
      }
      return zip(sorted(a), sorted(b)).allSatisfy { $0.key == $1.key && $0.value == $1.value }
    default: return false
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByNilLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int) { self = .int(value) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { (key: $0, value: $1) })
  }
  public init(nilLiteral: ()) { self = .null }
}

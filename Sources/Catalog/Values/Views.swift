/// A list or tuple seen from the library; reading it does not copy it.
///
/// Returned to the script that owns it, a view is the same list again.
public protocol ListView: AnyObject, SendableMetatype {
  var isTuple: Bool { get }
  var count: Int { get }
  /// The element at an index in `0..<count`; throws when the list has shrunk or died since.
  func element(_ index: Int) throws -> Value
  /// All elements as doubles in one go, or nil when one of them is no number.
  func doubles() throws -> [Double]?
  /// All elements as integers in one go, or nil when one of them is no integer.
  func integers() throws -> [Int]?
}

extension ListView {
  public func elements() throws -> [Value] {
    var all: [Value] = []
    all.reserveCapacity(count)
    var index = 0
    while index < count {
      all.append(try element(index))
      index += 1
    }
    return all
  }

  public func doubles() throws -> [Double]? {
    var all: [Double] = []
    all.reserveCapacity(count)
    for value in try elements() {
      switch value {
      case .bool(let bool): all.append(bool ? 1 : 0)
      case .int(let int): all.append(Double(int))
      case .float(let double): all.append(double)
      default: return nil
      }
    }
    return all
  }

  public func integers() throws -> [Int]? {
    var all: [Int] = []
    all.reserveCapacity(count)
    for value in try elements() {
      switch value {
      case .bool(let bool): all.append(bool ? 1 : 0)
      case .int(let int): all.append(int)
      default: return nil
      }
    }
    return all
  }
}

/// A dict seen from the library, in insertion order.
public protocol DictView: AnyObject, SendableMetatype {
  var count: Int { get }
  func items() throws -> [(key: Value, value: Value)]
  func value(_ key: String) throws -> Value?
}

extension DictView {
  public func value(_ key: String) throws -> Value? {
    for item in try items() {
      if case .string(let name) = item.key, name == key { return item.value }
    }
    return nil
  }
}

/// A list that the library made; the machine copies it into a list of its own.
final class ValueList: ListView {
  let isTuple: Bool
  private let stored: [Value]

  init(_ elements: [Value], isTuple: Bool) {
    self.stored = elements
    self.isTuple = isTuple
  }

  var count: Int { stored.count }

  func element(_ index: Int) throws -> Value {
    guard stored.indices.contains(index) else {
      throw Failure(.index, "\(isTuple ? "tuple" : "list") index out of range")
    }
    return stored[index]
  }
}

/// A dict that the library made; the machine copies it into a dict of its own.
final class ValueDict: DictView {
  private let stored: [(key: Value, value: Value)]

  init(_ items: [(key: Value, value: Value)]) {
    stored = items
  }

  var count: Int { stored.count }

  func items() -> [(key: Value, value: Value)] { stored }
}

/// Numbers read out of any object that has them: row-major, with their shape.
public struct Numbers: Sendable {
  public var shape: [Int]
  public var values: [Double]

  public init(shape: [Int], values: [Double]) {
    self.shape = shape
    self.values = values
  }
}

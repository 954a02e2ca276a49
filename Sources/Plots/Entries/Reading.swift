internal import Catalog

/// Numbers, names and functions read out of whatever a script passes to a plot.
enum Reading {
  /// Deeper lists than this are no data.
  private static let deepest = 5

  /// Numbers with their shape out of numbers, (nested) lists and objects; nil: it is something else.
  static func numbers(_ value: Value, depth: Int = 0) throws -> Numbers? {
    switch value {
    case .bool(let bool): return Numbers(shape: [], values: [bool ? 1 : 0])
    case .int(let int): return Numbers(shape: [], values: [Double(int)])
    case .float(let double): return Numbers(shape: [], values: [double])
    case .object(let object):
      if let numbers = try object.numbers() { return numbers }
      guard object.type.name == "range", let iterator = try? object.iterate() else { return nil }
      var values: [Double] = []
      while let element = try iterator.next() {
        guard values.count < 10_000_000, let number = Double.read(element) else { return nil }
        values.append(number)
      }
      return Numbers(shape: [values.count], values: values)
    case .list(let view):
      if let flat = try view.doubles() { return Numbers(shape: [flat.count], values: flat) }
      guard depth < deepest else { return nil }
      var shape: [Int]?
      var values: [Double] = []
      for element in try view.elements() {
        // None stands for a missing number.
        let part: Numbers
        if case .none = element {
          part = Numbers(shape: [], values: [.nan])
        } else {
          guard let read = try numbers(element, depth: depth + 1) else { return nil }
          part = read
        }
        if let shape, shape != part.shape {
          throw Failure(
            .shape, "the rows of the list differ in shape: \(shape) and \(part.shape)",
            help: "all rows need the same length")
        }
        shape = part.shape
        values += part.values
      }
      return Numbers(shape: [try view.elements().count] + (shape ?? []), values: values)
    default: return nil
    }
  }

  /// A flat run of numbers; throws when there is none.
  static func flat(_ value: Value, _ what: String) throws -> [Double] {
    guard let numbers = try numbers(value) else {
      throw Failure(
        .type, "\(what) must be numbers, not \(value.typeName)",
        notes: ["the value is \(value.brief())"])
    }
    return numbers.values
  }

  /// Texts for labels: strings as they are, numbers without a needless `.0`.
  static func labels(_ value: Value?) throws -> [String] {
    guard let value else { return [] }
    switch value {
    case .none: return []
    case .string(let text): return [text]
    case .list(let view): return try view.elements().map { label($0) }
    default:
      if let numbers = try numbers(value) { return numbers.values.map { label(.float($0)) } }
      if case .object(let object) = value, let iterator = try? object.iterate() {
        var all: [String] = []
        while all.count < 100_000, let element = try iterator.next() { all.append(label(element)) }
        return all
      }
      return [label(value)]
    }
  }

  static func label(_ value: Value) -> String {
    switch value {
    case .string(let text): text
    case .int(let number): String(number)
    case .float(let number): NumberText.label(number, digits: 6)
    case .object(let object):
      if let scalar = object.scalar() { label(scalar) } else { object.printed }
    default: value.brief()
    }
  }

  /// One number out of what a function returned.
  static func number(_ value: Value, from name: String) throws -> Double {
    if let number = Double.read(value) { return number }
    if case .object(let object) = value, let numbers = try object.numbers(),
      numbers.values.count == 1
    {
      return numbers.values[0]
    }
    throw Failure(
      .type, "\(name) must return a number to be plotted, not \(value.typeName)",
      notes: ["it returned \(value.brief())"])
  }

  /// A range given as two numbers.
  static func range(_ ends: [Double]?, _ name: String) throws -> ClosedRange<Double>? {
    guard let ends else { return nil }
    guard ends.count == 2, ends[0].isFinite, ends[1].isFinite, ends[0] < ends[1] else {
      throw Failure(
        .value, "\(name) must be two numbers, the lower first",
        notes: ["it is [\(ends.map { NumberText.label($0) }.joined(separator: ", "))]"])
    }
    return ends[0]...ends[1]
  }
}

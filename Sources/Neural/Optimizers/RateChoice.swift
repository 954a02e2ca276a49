public import Catalog

/// `lr=`: a number, a schedule, a function of the step, or a slider that acts while a model trains.
public struct RateChoice: Argument {
  let schedule: Schedule
  let function: Function?

  init(_ schedule: Schedule, _ function: Function? = nil) {
    self.schedule = schedule
    self.function = function
  }

  public static var kind: String { "float, schedule or function" }

  public static func read(_ value: Value) throws -> RateChoice? {
    if case .object(let object) = value, let number = object as? any LiveNumber,
      number.scalar() != nil
    {
      return RateChoice(.constant(0), Function(LiveRate(number)))
    }
    if let schedule = try Schedule.read(value) { return RateChoice(schedule) }
    guard let function = Function.read(value), !(function.callable is EntryFunction) else {
      return nil
    }
    return RateChoice(.constant(0), function)
  }

  public var shown: String { function?.callable.name ?? schedule.text }

  func value(_ step: Int, epoch: Int = 0) throws -> Double {
    guard let function else { return schedule.value(step, epoch: epoch) }
    return try Self.value(function, step)
  }

  func visit(_ keep: (Value) -> Void) {
    if let function { keep(function.held) }
  }

  /// What the script's function gives for a step, checked.
  static func value(_ function: Function, _ step: Int) throws -> Double {
    let given = try function(.int(step))
    guard let rate = Double.read(given), rate.isFinite, rate >= 0 else {
      throw Failure(
        .type,
        "the learning rate \(function.callable.name) returned \(given.brief()) at step \(step), "
          + "expected a finite number from 0", code: "L105")
    }
    return rate
  }
}

/// A control's number as a function of the step: what the user sets acts from the next step on.
private final class LiveRate: Object, Callable {
  private static let type = ObjectType("LiveRate", "A learning rate that a control sets.")
  private let number: any LiveNumber

  init(_ number: any LiveNumber) { self.number = number }

  var type: ObjectType { Self.type }
  var text: String { number.text }
  var name: String { number.type.name }

  func call(_ positional: [Value], named: [(name: String, value: Value)]) -> Value {
    number.scalar() ?? .none
  }

  func visit(_ keep: (Value) -> Void) { keep(.object(number)) }
}

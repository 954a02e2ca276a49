public import Catalog
internal import Tensors

/// A schedule as a script holds it.
public final class ScheduleObject: Object, Sendable {
  public static let type = ObjectType("Schedule", "A learning rate that follows the steps.")
  public let schedule: Schedule

  public init(_ schedule: Schedule) {
    self.schedule = schedule
  }

  public var type: ObjectType { Self.type }
  public var text: String { schedule.text }

  /// The rate at a step; of one that counts epochs, at an epoch.
  public func call(_ arguments: Arguments) throws -> Value {
    guard arguments.named.isEmpty, arguments.positional.count == 1,
      let step = Int.read(arguments.positional[0]), step >= 0
    else { throw Failure(.type, "a schedule is called with a step, an int from 0", code: "L105") }
    return .float(schedule.value(step, epoch: step))
  }

  /// Its first steps as a curve.
  public func facts() -> Facts? {
    let length = Int(exactly: min(max(schedule.length, 2), 1e6).rounded()) ?? 1000
    let steps = (0...200).map { $0 * length / 200 }
    var inner = schedule
    var unit = "step"
    if case .perEpoch(let counted) = schedule { (inner, unit) = (counted, "epoch") }
    let axis = Axis(unit, scale: .whole)
    var panels = [
      Panel(
        x: axis, y: Axis("learning rate", includesZero: true),
        series: [Series(x: steps.map(Double.init), y: steps.map { inner.value($0) })])
    ]
    let momenta = steps.compactMap { inner.momentum($0) }
    if momenta.count == steps.count {
      panels.append(
        Panel(
          x: axis, y: Axis("momentum"), series: [Series(x: steps.map(Double.init), y: momenta)]))
    }
    return .graph(Graph(title: text, panels: panels))
  }
}

public import Synchronization

/// What waits for the running script's attention: one byte, tested at every loop and call.
///
/// Set from any thread; read by the evaluator at its safepoints.
public final class Pending: Sendable {
  public struct Reason: OptionSet, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// The user wants the cell to stop.
    public static let interrupt = Reason(rawValue: 1)
    /// The collector wants to run.
    public static let collect = Reason(rawValue: 2)
    /// The service thread wants a fresh directory of names.
    public static let directory = Reason(rawValue: 4)
    /// The memory limit was passed.
    public static let memory = Reason(rawValue: 16)
  }

  @usableFromInline let byte = Atomic<UInt8>(0)

  public init() {}

  // Read at every turn of a loop, so it must be inlined into the machine.
  @inlinable @inline(__always)
  public var raw: UInt8 { byte.load(ordering: .relaxed) }

  public var reasons: Reason { Reason(rawValue: byte.load(ordering: .acquiring)) }

  public func set(_ reason: Reason) {
    byte.bitwiseOr(reason.rawValue, ordering: .acquiringAndReleasing)
  }

  public func clear(_ reason: Reason) {
    byte.bitwiseAnd(~reason.rawValue, ordering: .acquiringAndReleasing)
  }
}

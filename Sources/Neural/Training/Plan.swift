internal import Tensors

/// Learns through fused steps on memory that is laid out once.
final class Plan: Stepper {
  /// nil when a layer, the loss or the weights need the tape.
  init?(_ lesson: Lesson, batchSize: Int) throws {
    return nil
  }

  func step(_ places: ArraySlice<Int>) throws -> (loss: Double, right: Int) { (0, 0) }
}

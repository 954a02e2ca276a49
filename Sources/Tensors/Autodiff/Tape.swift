/// A place on a tape.
struct Trace {
  let tape: Tape
  let index: Int
}

/// The record of a running gradient: a flat array of operations.
public final class Tape {
}

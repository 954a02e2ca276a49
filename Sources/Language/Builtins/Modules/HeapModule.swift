import Catalog

/// `import heapq`: the functions that move elements; the rest is `Scripts/heapq.grad`.
///
/// The moves are those of CPython, step by step, so that a heap has the same order in its list.
enum HeapModule {
  static let module = BuiltinModule(
    "heapq", "Heaps: lists whose smallest element stands first.",
    functions: [push, pop, replace, pushPop, heapify],
    script: PackageResources.heapq_grad)

  private static let heap = ParameterFacts.required("heap", "list")

  private static let push = Builtin(
    "heappush", "Adds an element to a heap.", heap, .required("item"), returns: "None",
    example: "heapq.heappush(heap, 3)"
  ) { machine, window throws(Thrown) in
    let heap = try machine.heapList(window[0], "heappush() argument 1")
    machine.heap.append(window[1], to: heap)
    try machine.siftDown(heap, from: 0, heap.count - 1)
    return .none
  }

  private static let pop = Builtin(
    "heappop", "Takes the smallest element out of a heap.", heap, returns: "any"
  ) { machine, window throws(Thrown) in
    let heap = try machine.heapList(window[0], "heappop() argument")
    guard heap.count > 0 else { throw machine.error(.index, "index out of range") }
    let last = heap[heap.count - 1]
    machine.heap.truncate(heap, to: heap.count - 1)
    if heap.count == 0 { return last }
    return try machine.replaceFirst(of: heap, with: last)
  }

  private static let replace = Builtin(
    "heapreplace", "Takes the smallest element out, and then adds one.", heap, .required("item"),
    returns: "any"
  ) { machine, window throws(Thrown) in
    let heap = try machine.heapList(window[0], "heapreplace() argument 1")
    guard heap.count > 0 else { throw machine.error(.index, "index out of range") }
    return try machine.replaceFirst(of: heap, with: window[1])
  }

  private static let pushPop = Builtin(
    "heappushpop", "Adds an element, and then takes the smallest out.", heap, .required("item"),
    returns: "any"
  ) { machine, window throws(Thrown) in
    let heap = try machine.heapList(window[0], "heappushpop() argument 1")
    guard heap.count > 0, try machine.isLess(heap[0], window[1]) else { return window[1] }
    guard heap.count > 0 else { throw machine.error(.index, "index out of range") }
    return try machine.replaceFirst(of: heap, with: window[1])
  }

  private static let heapify = Builtin(
    "heapify", "Makes a heap of a list.", heap, returns: "None"
  ) { machine, window throws(Thrown) in
    let heap = try machine.heapList(window[0], "heapify() argument")
    var place = heap.count / 2 - 1
    while place >= 0 {
      try machine.safepoint()
      try machine.siftUp(heap, place)
      place -= 1
    }
    return .none
  }
}

extension Machine {
  fileprivate func heapList(_ value: RawValue, _ name: String) throws(Thrown) -> ListCell {
    let list = plain(value)
    guard list.isList else {
      throw error(.type, "\(name) must be list, not \(typeName(value))", code: "L105")
    }
    return ListCell(list)
  }

  /// `a < b`, as sorting asks it.
  ///
  /// May run script code.
  func isLess(_ a: RawValue, _ b: RawValue) throws(Thrown) -> Bool {
    if a.isInt, b.isInt { return a.int < b.int }
    if a.isFloat, b.isFloat { return a.double < b.double }
    return try truth(compare(.less, a, b))
  }

  /// Whether comparing has changed the list, which no heap survives.
  private func checkSize(_ heap: ListCell, _ count: Int) throws(Thrown) {
    if heap.count != count {
      throw error(.runtime, "list changed size during iteration")
    }
  }

  /// Puts an element in the place of the first, and then where it belongs; the first is the result.
  fileprivate func replaceFirst(
    of heap: ListCell, with element: RawValue
  ) throws(Thrown) -> RawValue {
    let scope = HandleScope(self)
    let place = scope.keep(heap[0])
    heap[0] = element
    try siftUp(heap, 0)
    return scope[place]
  }

  /// Moves the element at a place towards the start, past those that are greater.
  fileprivate func siftDown(_ heap: ListCell, from start: Int, _ place: Int) throws(Thrown) {
    let count = heap.count
    var place = place
    while place > start {
      let parent = (place - 1) >> 1
      let isLess = try isLess(heap[place], heap[parent])
      try checkSize(heap, count)
      if !isLess { break }
      let element = heap[parent]
      heap[parent] = heap[place]
      heap[place] = element
      place = parent
    }
  }

  /// Moves the element at a place to a leaf, smaller ones up, and then back to where it belongs.
  fileprivate func siftUp(_ heap: ListCell, _ start: Int) throws(Thrown) {
    let count = heap.count
    var place = start
    while place < count >> 1 {
      var child = 2 * place + 1
      if child + 1 < count {
        let isLeft = try isLess(heap[child], heap[child + 1])
        try checkSize(heap, count)
        if !isLeft { child += 1 }
      }
      let element = heap[child]
      heap[child] = heap[place]
      heap[place] = element
      place = child
    }
    try siftDown(heap, from: start, place)
  }
}

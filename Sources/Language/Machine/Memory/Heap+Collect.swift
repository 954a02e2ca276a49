import Catalog
import Glibc

/// The collector: marks what is reached, and frees the rest.
extension Heap {
  /// The cells that were reached but whose contents were not yet looked at.
  @safe struct Worklist: ~Copyable {
    private var pending: [UnsafeMutableRawPointer] = unsafe []
    private let epoch: UInt8

    init(_ epoch: UInt8) {
      self.epoch = epoch
    }

    @inline(__always)
    mutating func reach(_ value: RawValue) {
      if value.isHeap { unsafe reach(Cell(value).pointer) }
    }

    mutating func reach(_ values: Registers, _ count: Int) {
      for index in 0..<count { reach(values[index]) }
    }

    @inline(__always)
    mutating func reach(_ cell: UnsafeMutableRawPointer) {
      let header = unsafe cell.assumingMemoryBound(to: Header.self)
      if unsafe header.pointee.mark == epoch { return }
      unsafe header.pointee.mark = epoch
      if unsafe header.pointee.kind == Kind.string.rawValue,
        unsafe header.pointee.flags & StringCell.Flag.long == 0
      {
        return
      }
      unsafe pending.append(cell)
    }

    mutating func next() -> Cell? {
      guard let cell = unsafe pending.popLast() else { return nil }
      return unsafe Cell(cell)
    }
  }

  /// Frees every cell that is not reached from what `roots` reaches.
  ///
  /// - Parameters:
  ///   - visit: reaches what an object of the library reports.
  ///   - forget: drops references that do not keep, given the mark of what was reached.
  ///   - isStopped: asked now and then while cells are reached; what was begun is then given up.
  /// - Returns: whether it came to the end; otherwise nothing was freed.
  @discardableResult
  func collect(
    roots: (inout Worklist) -> Void, visit: (any Object, inout Worklist) -> Void,
    forget: (UInt8) -> Void, isStopped: () -> Bool
  ) -> Bool {
    // Marks of collections that were given up stay behind, so each has a mark of its own until one
    // has come to its end and all cells have that one's.
    unsafe state.pointee.epoch = state.pointee.epoch == UInt8.max ? 1 : state.pointee.epoch + 1
    let epoch = unsafe state.pointee.epoch
    let mayStop = collections.givenUp < 200
    var work = Worklist(epoch)
    for string in interned.permanent { work.reach(string.value) }
    for name in shapes.names.values { work.reach(name.value) }
    roots(&work)
    var scanned = 0
    while let cell = work.next() {
      scan(cell, &work, visit)
      scanned &+= 1
      if scanned & 0xFFFF == 0, mayStop, isStopped() {
        collections.givenUp += 1
        return false
      }
    }
    collections.givenUp = 0
    forget(epoch)
    interned.keepMarked(epoch)
    sweep(epoch)
    collections.count += 1
    collections.cells = 0
    collections.liveBytes = bytes
    // The next collection is due at the limit at the latest; a script that has passed it gets a
    // little more each time, to tidy up with.
    let more = max(Heap.smallest, min(4 * bytes, Heap.roomy), bytes)
    unsafe state.pointee.threshold = min(
      bytes + more, max(state.pointee.limit, bytes + Heap.smallest))
    unsafe state.pointee.externalThreshold =
      state.pointee.externalBytes + max(Heap.smallestExternal, state.pointee.externalBytes)
    return true
  }

  private func scan(
    _ cell: Cell, _ work: inout Worklist, _ visit: (any Object, inout Worklist) -> Void
  ) {
    guard let kind = Kind(rawValue: cell.header.kind) else { return }
    switch kind {
    case .string:
      let string = StringCell(cell)
      if string.isLong { unsafe work.reach(UnsafeMutableRawPointer(string.buffer)) }
    case .list:
      work.reach(ListCell(cell).elements, ListCell(cell).count)
    case .deque:
      let deque = DequeCell(cell)
      for index in 0..<deque.count { work.reach(deque[index]) }
    case .tuple:
      work.reach(TupleCell(cell).elements, TupleCell(cell).count)
    case .dict:
      let dict = DictCell(cell)
      for index in 0..<dict.used where dict.isPresent(index) {
        work.reach(dict.key(index))
        work.reach(dict.value(index))
      }
    case .set, .frozenSet:
      let set = SetCell(cell)
      for slot in 0..<set.slots where set.isPresent(slot) { work.reach(set.key(slot)) }
    case .slice:
      let slice = SliceCell(cell)
      work.reach(slice.lower)
      work.reach(slice.upper)
      work.reach(slice.step)
    case .function:
      let function = FunctionCell(cell)
      work.reach(function.code.value)
      unsafe work.reach(function.at.pointee.defaults)
      unsafe work.reach(function.at.pointee.namedDefaults)
      unsafe work.reach(function.at.pointee.attributes)
      unsafe work.reach(function.captures, function.at.pointee.captureCount)
    case .method:
      work.reach(MethodCell(cell).receiver)
      work.reach(MethodCell(cell).function)
    case .box:
      work.reach(BoxCell(cell).content)
    case .code:
      let code = CodeCell(cell)
      work.reach(code.constants, code.facts.constantCount)
    case .type:
      let type = TypeCell(cell)
      unsafe work.reach(type.at.pointee.name)
      unsafe work.reach(type.at.pointee.base)
      unsafe work.reach(type.at.pointee.attributes)
      unsafe work.reach(type.at.pointee.maker)
      unsafe work.reach(type.at.pointee.qualifiedName)
      unsafe work.reach(type.at.pointee.subclasses)
    case .instance:
      let instance = InstanceCell(cell)
      work.reach(instance.type.value)
      unsafe work.reach(instance.at.pointee.attributes)
      unsafe work.reach(instance.at.pointee.peer)
    case .exception:
      let exception = ExceptionCell(cell)
      work.reach(exception.type.value)
      unsafe work.reach(exception.at.pointee.arguments)
      work.reach(exception.cause)
      work.reach(exception.context)
      work.reach(exception.attributes)
      work.reach(exception.evidence)
      for index in unsafe 0..<exception.at.pointee.traceCount {
        unsafe work.reach(UnsafeMutableRawPointer(exception.at.pointee.trace[index].code))
      }
    case .iterator:
      work.reach(IteratorCell(cell).source)
      work.reach(IteratorCell(cell).other)
    case .generator:
      let generator = GeneratorCell(cell)
      unsafe work.reach(generator.at.pointee.function)
      unsafe work.reach(generator.at.pointee.handled)
      unsafe work.reach(generator.at.pointee.outer.handled)
      unsafe work.reach(generator.at.pointee.outer.outside)
      if let registers = unsafe generator.at.pointee.registers {
        unsafe work.reach(Registers(registers), generator.at.pointee.registerCount)
      }
    case .native:
      visit(NativeCell(cell).object, &work)
    case .dictView:
      unsafe work.reach(DictViewCell(cell).at.pointee.dict)
    case .descriptor:
      let descriptor = DescriptorCell(cell)
      work.reach(descriptor.getter)
      work.reach(descriptor.setter)
      work.reach(descriptor.deleter)
      work.reach(descriptor.documentation)
    case .range, .builtin, .buffer:
      break
    }
  }

  private func sweep(_ epoch: UInt8) {
    let classes = Heap.largest / Heap.step + 1
    for index in 0..<classes { unsafe free[index] = nil }
    let poisons = unsafe state.pointee.poisons
    for number in blocks.indices {
      let block = blocks[number]
      if block.used == 0 { continue }
      let index = block.cellBytes / Heap.step
      if !hasLive(block, epoch) {
        unsafe state.pointee.bytes -= vacate(number)
        continue
      }
      var list = unsafe free[index]
      var freed = 0
      // From the end, so that the free list runs upwards through the block.
      var offset = block.used - block.cellBytes
      while offset >= 0 {
        let cell = unsafe block.start + offset
        let header = unsafe cell.assumingMemoryBound(to: Header.self)
        if unsafe header.pointee.kind == 0 {
          unsafe Heap.link(cell, to: list)
          unsafe list = cell
        } else if unsafe header.pointee.mark != epoch {
          if let kind = unsafe Kind(rawValue: header.pointee.kind) { unsafe finalize(kind, cell) }
          if poisons { unsafe memset(cell, 0xDB, block.cellBytes) }
          unsafe Heap.link(cell, to: list)
          unsafe list = cell
          freed += block.cellBytes
        }
        offset -= block.cellBytes
      }
      unsafe free[index] = list
      unsafe state.pointee.bytes -= freed
    }
    var kept = 0
    for index in unsafe large.indices {
      let (cell, bytes) = unsafe large[index]
      let header = unsafe cell.load(as: Header.self)
      if header.mark == epoch {
        unsafe large[kept] = unsafe (cell, bytes)
        kept += 1
      } else {
        if let kind = Kind(rawValue: header.kind) { unsafe finalize(kind, cell) }
        unsafe state.pointee.bytes -= bytes
        if poisons { unsafe memset(cell, 0xDB, bytes) }
        unsafe cell.deallocate()
      }
    }
    unsafe large.removeLast(large.count - kept)
  }

  /// Whether the collection has reached a cell of the block.
  private func hasLive(_ block: Block, _ epoch: UInt8) -> Bool {
    var offset = 0
    while offset < block.used {
      let header = unsafe (block.start + offset).assumingMemoryBound(to: Header.self)
      // Free cells keep the mark of their last use.
      if unsafe header.pointee.mark == epoch, unsafe header.pointee.kind != 0 { return true }
      offset += block.cellBytes
    }
    return false
  }

  /// Takes all cells out of a block, so that no later collection looks at it until it is used
  /// again; returns the bytes that were in use.
  private func vacate(_ number: Int) -> Int {
    let block = blocks[number]
    var (offset, freed) = (0, 0)
    while offset < block.used {
      let cell = unsafe block.start + offset
      if let kind = unsafe Kind(rawValue: cell.load(as: UInt8.self)) {
        unsafe finalize(kind, cell)
        freed += block.cellBytes
      }
      offset += block.cellBytes
    }
    let index = block.cellBytes / Heap.step
    if current[index] == number { current[index] = -1 }
    blocks[number].used = 0
    vacant.append(number)
    return freed
  }

  /// Gives back what a cell owns beside itself.
  func finalize(_ kind: Kind, _ pointer: UnsafeMutableRawPointer) {
    let cell = unsafe Cell(pointer)
    switch kind {
    case .string:
      StringCell(cell).releaseCrumbs()
    case .buffer:
      let buffer = unsafe cell.view(as: StringCell.Buffer.self)
      unsafe release(UnsafeMutableRawPointer(buffer.pointee.bytes), buffer.pointee.capacity)
    case .list:
      let list = ListCell(cell)
      unsafe release(
        UnsafeMutableRawPointer(list.at.pointee.elements),
        list.at.pointee.capacity * MemoryLayout<RawValue>.stride)
    case .deque:
      release(DequeCell(cell))
    case .dict:
      unsafe releaseTable(DictCell(cell).at.pointee)
    case .set, .frozenSet:
      let set = SetCell(cell)
      unsafe release(UnsafeMutableRawPointer(set.at.pointee.entries), setBytes(set))
    case .code:
      release(CodeCell(cell))
    case .exception:
      let exception = ExceptionCell(cell)
      releaseTrace(of: exception)
      exception.failure = nil
    case .native:
      let native = NativeCell(cell)
      unsafe state.pointee.externalBytes -= native.at.pointee.externalBytes
      // The object may release much, and must not run script code: objects hold no functions.
      unsafe withExtendedLifetime(native.at.pointee.object) {}
      unsafe (native.at + 0).deinitialize(count: 1)
    case .iterator:
      if let walk = unsafe IteratorCell(cell).at.pointee.walk {
        unsafe Unmanaged<ObjectWalk>.fromOpaque(walk).release()
      }
    case .generator:
      let generator = GeneratorCell(cell)
      unsafe release(
        UnsafeMutableRawPointer(generator.at.pointee.registers),
        generator.at.pointee.registerCount * MemoryLayout<RawValue>.stride)
    case .tuple, .range, .slice, .function, .builtin, .method, .box, .type, .instance,
      .dictView, .descriptor:
      break
    }
  }
}

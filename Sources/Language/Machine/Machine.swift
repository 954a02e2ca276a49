public import Catalog
import Glibc

/// A script exception is on its way; which one stands in the machine's `raised`.
///
/// The only error inside the machine: it carries nothing, so throwing it costs nothing.
struct Thrown: Error {}

/// What a machine may use.
public struct Limits: Sendable {
  /// Calls of script functions inside one another.
  public var recursion = 10_000
  /// Swift code that calls scripts that call Swift code, and so on.
  public var nesting = 1_000
  /// Bytes of the script's heap; by default a quarter of what the computer has.
  public var memory = SystemMemory.share
  /// Bytes of address space for the registers; touched only as far as they are used.
  public var stack = 1 << 30

  public init() {}
}

/// Runs scripts: compiled code on a stack of registers, with a heap of its own.
///
/// It belongs to one thread. Only `context.pending` may be touched from others.
@safe
public final class Machine {
  /// What changes while code runs; read and written without exclusivity checks.
  @safe struct State {
    /// The exception on its way.
    var raised: RawValue
    /// The exception whose handler is running, or none.
    var handled: RawValue
    var frame: UnsafeMutablePointer<Frame>
    /// The end of the frames that may be used: what `sys.setrecursionlimit` moves.
    var framesEnd: UnsafeMutablePointer<Frame>
    /// The first register above everything in use by Swift code that was called from a script.
    var scratch: UnsafeMutablePointer<RawValue>
    var nesting: Int
    /// The builtins, by the index in their cells; grown by `newBuiltin`.
    var builtinTable: UnsafeMutablePointer<BuiltinRecord>
    var builtinCapacity: Int
    /// Where the thread's own stack counts as full.
    var nativeEnd: UInt
    /// When the last interrupt was raised, in seconds.
    var interrupted: Double
    /// Whether exceptions pass all handlers: the user has interrupted a second time.
    var isAbandoning: Bool
    /// Whether a script has seen the dict of a class and may change classes unnoticed.
    var hasExposedTypes: Bool
    /// Grows when a class changes, so that sites forget what they remember.
    var typeVersion: UInt64
  }

  /// One call of script code.
  @safe struct Frame {
    /// The next instruction of a frame that waits for a call.
    var next: UnsafeMutablePointer<Instruction>
    var base: UnsafeMutablePointer<RawValue>
    /// The end of its registers.
    var top: UnsafeMutablePointer<RawValue>
    var code: UnsafeMutablePointer<CodeCell.Layout>
    /// The function cell; nil for a cell's own code.
    var function: UnsafeMutableRawPointer?
    var flags: UInt64
    /// The generator that runs in this frame.
    var generator: UnsafeMutableRawPointer?
  }

  /// What a call of a builtin needs, where it costs nothing to reach.
  @safe struct BuiltinRecord {
    /// nil: code of the library.
    var body: Unmanaged<IntrinsicBody>?
    var builtin: Builtin
    var parameterCount: Int
    var required: Int
    var positional: Int
    var restIndex: Int
    var isMethod: Bool
    /// The tag of the values whose method it is; undefined where that is not enough to know.
    var ownerTag: UInt64
    var hasRestNamed: Bool
    /// The parameters, by bits, that take the built-in value behind an instance of a subclass.
    var plainParameters: UInt64
  }

  enum FrameFlag {
    /// Called from Swift: its return leaves the run loop.
    static let entry: UInt64 = 1
    /// `__init__`: its result is not the call's.
    static let initializer: UInt64 = 2
    /// A generator that the loop of the frame below walks over.
    static let walk: UInt64 = 4
    /// A generator that Swift code walks over: its registers stay where they are when it yields.
    static let parks: UInt64 = 8
  }

  public let context: Context
  public let limits: Limits
  let heap: Heap
  private let makeLibrary: () -> Library
  private(set) lazy var library = makeLibrary()
  private(set) lazy var libraryEntries = Dictionary(library.entries.map { ($0.name, $0) }) { $1 }
  let pending: Pending
  /// Collects at every safepoint and poisons what it frees; for tests.
  let isStressed: Bool

  // Memory that stays where it is for the machine's life.
  let state: UnsafeMutablePointer<State>
  let stack: UnsafeMutablePointer<RawValue>
  let stackEnd: UnsafeMutablePointer<RawValue>
  let frames: UnsafeMutablePointer<Frame>
  private let frameCapacity: Int

  var builtins: [Builtin] = []
  /// The types of immediate values and of the kinds of cells, by tag.
  var types: [TypeCell] = []
  var typesByName: [String: TypeCell] = [:]
  private(set) lazy var known = KnownTypes(self)
  var typesOfObjects: [ObjectIdentifier: TypeCell] = [:]
  /// The library's types by the addresses of their cells.
  var typesOfCells: [UInt64: ObjectType] = [:]
  let names: SpecialNames
  var globals: Globals
  /// What Swift code holds without rooting it, and what it does root.
  let handles: Handles
  /// The modules that were imported.
  var modules: [String: RawValue] = [:]
  /// The language's own modules that were imported, kept when the session forgets its names.
  var ownModules: [String: RawValue] = [:]
  /// The members of the language's own modules, by the address of the module's cell.
  var moduleMembers: [UInt64: DictCell] = [:]
  /// `sys.stdin` and its like by their numbers, once they were asked for.
  var standardStreams: [Int: RawValue] = [:]
  /// The files that scripts have open.
  let files = OpenFiles()
  /// The generator behind the module `random`.
  var random = MersenneTwister(words: [5489])
  /// The functions that say what guided classes do, by `Guidance`.
  var classGuide: [RawValue] = []
  /// Cells that live as long as the machine.
  var permanent: [RawValue] = []
  /// What running entries have received from script functions.
  var pins: [RawValue] = []
  /// The values of entries that the library handed over as functions.
  var entryValues: [String: RawValue] = [:]
  var objectTypes: [UInt64: ObjectType] = [:]
  /// The containers whose text is being written, for those that contain themselves.
  var openContainers: [UInt64] = []
  /// What the generator that ended last returned.
  var generatorResult = RawValue.none
  /// How many nans `float` has made.
  var nanCount: UInt64 = 0
  /// What is being handled where the running generator was asked to go on.
  var handledOutside = RawValue.none
  /// The result of the last cell.
  var last = RawValue.none
  /// The end of the registers that were in use since the last collection.
  var highWater: UnsafeMutablePointer<RawValue>
  /// Says where a name that has no value was defined before, for a note.
  public var onUndefined: ((String) -> String?)?
  /// Answers requests of other threads at a safepoint.
  public var onRequest: ((Pending.Reason) throws -> Void)?

  /// The most calls inside one another that a script may ask for.
  static let mostFrames = 1_000_000

  /// The registers at the bottom of the stack that are kept for global names.
  static let globalCapacity = 16_384

  /// - Parameters:
  ///   - library: made when a script first mentions one of its names, or imports one of its modules.
  ///   - libraryNames: the names of its entries; nil: it is made at once to ask it.
  ///   - isStressed: collects at every safepoint, for tests of memory safety.
  public init(
    library: @autoclosure @escaping () -> Library = Library(), libraryNames: [String]? = nil,
    context: Context, limits: Limits = Limits(), isStressed: Bool = false
  ) {
    self.context = context
    self.limits = limits
    makeLibrary = library
    self.isStressed = isStressed
    pending = context.pending
    let pending = pending
    heap = Heap(limit: limits.memory, poisons: isStressed) { pending.set(.collect) }
    let registers = max(limits.stack, 1 << 22) / MemoryLayout<RawValue>.stride
    unsafe stack = Machine.reserve(registers)
    unsafe stackEnd = stack + registers
    let depth = max(limits.recursion, 16) + 2
    frameCapacity = max(depth, Machine.mostFrames) + 64
    unsafe frames = Machine.reserve(frameCapacity)
    unsafe state = .allocate(capacity: 1)
    unsafe state.initialize(
      to: State(
        raised: .none, handled: .none, frame: frames, framesEnd: frames + depth,
        scratch: stack + Machine.globalCapacity,
        nesting: 0,
        builtinTable: .allocate(capacity: 1024), builtinCapacity: 1024, nativeEnd: 0,
        interrupted: -10, isAbandoning: false, hasExposedTypes: false, typeVersion: 1))
    handles = Handles()
    unsafe highWater = stack + Machine.globalCapacity + 65_536
    names = SpecialNames(heap)
    globals = Globals()
    makeIdleFrame()
    makeTypes()
    predeclare()
    globals.predeclare(library: libraryNames ?? self.library.entries.map(\.name))
    if isStressed { pending.set(.collect) }
    // Not weakly: counting references to an object with weak ones is slow.
    context.place = { [unowned self] in place }
    context.comparedSides = { [unowned self] in comparedSides(in: $0) }
  }

  deinit {
    context.place = nil
    context.comparedSides = nil
    unsafe munmap(stack, (stackEnd - stack) * MemoryLayout<RawValue>.stride)
    unsafe munmap(frames, frameCapacity * MemoryLayout<Frame>.stride)
    for index in builtins.indices { unsafe state.pointee.builtinTable[index].body?.release() }
    unsafe state.pointee.builtinTable.deinitialize(count: builtins.count)
    unsafe state.pointee.builtinTable.deallocate()
    unsafe state.deallocate()
  }

  /// Address space that costs nothing until it is used.
  private static func reserve<T>(_ count: Int) -> UnsafeMutablePointer<T> {
    let memory = unsafe mmap(
      nil, count * MemoryLayout<T>.stride, PROT_READ | PROT_WRITE,
      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
      preconditionFailure("no address space for the machine's stack")
    }
    return unsafe memory.assumingMemoryBound(to: T.self)
  }

  /// The frame below all others, so that there is always one.
  private func makeIdleFrame() {
    let code = heap.newCode(
      Code(name: "<idle>", source: Source("", name: "idle"), span: SourceSpan(0, 0)),
      constants: [])
    permanent.append(code.value)
    unsafe frames.pointee = unsafe Frame(
      next: code.instructions, base: stack + Machine.globalCapacity,
      top: stack + Machine.globalCapacity, code: code.at, function: nil, flags: 0,
      generator: nil)
  }
}

extension Machine {
  /// The exception on its way.
  var raised: RawValue {
    get { unsafe state.pointee.raised }
    set { unsafe state.pointee.raised = newValue }
  }

  var framesEnd: UnsafeMutablePointer<Frame> {
    @inline(__always) get { unsafe state.pointee.framesEnd }
  }

  /// How many calls may be open inside one another.
  var recursionLimit: Int { unsafe framesEnd - frames - 2 }

  /// Sets it; more than there is room for means as many as there is room for.
  func setRecursionLimit(_ limit: Int) throws(Thrown) {
    let depth = unsafe state.pointee.frame - frames
    guard limit > depth else {
      throw error(
        .recursion,
        "cannot set the recursion limit to \(limit) at the recursion depth \(depth): "
          + "the limit is too low")
    }
    unsafe state.pointee.framesEnd = frames + min(limit, Machine.mostFrames) + 2
  }

  /// The exception whose handler runs.
  var handled: RawValue {
    get { unsafe state.pointee.handled }
    set { unsafe state.pointee.handled = newValue }
  }

  /// The type of a value; natives get one for their `ObjectType`.
  func type(of value: RawValue) -> TypeCell {
    switch value.tag {
    case RawValue.Tag.exception: return ExceptionCell(value).type
    case RawValue.Tag.instance: return InstanceCell(value).type
    case RawValue.Tag.native: return type(for: NativeCell(value).object.type)
    case RawValue.Tag.special:
      let name = value.bits == 0 ? "ellipsis" : "NotImplementedType"
      return typesByName[name] ?? types[Int(RawValue.Tag.none)]
    case UInt64(Kind.descriptor.rawValue):
      return typesByName[DescriptorCell(Cell(value)).typeName] ?? types[Int(value.tag)]
    case RawValue.Tag.iterator:
      return typesByName[IteratorCell(value).typeName] ?? types[Int(value.tag)]
    case RawValue.Tag.dictView:
      return typesByName[DictViewCell(value).typeName] ?? types[Int(value.tag)]
    default: return types[Int(value.tag)]
    }
  }

  /// The name of a value's type, as messages write it.
  func typeName(_ value: RawValue) -> String { type(of: value).name.string }

  func string(_ text: String) -> RawValue { heap.newString(text).value }
  func list(_ values: [RawValue]) -> RawValue { heap.newList(values).value }
  func tuple(_ values: [RawValue]) -> RawValue { heap.newTuple(values).value }
}

extension IteratorCell {
  /// What CPython calls such an iterator.
  var typeName: String {
    switch form {
    case .list: "list_iterator"
    case .tuple: "tuple_iterator"
    case .string: StringCell(source).isASCII ? "str_ascii_iterator" : "str_iterator"
    case .range: "range_iterator"
    case .dictKeys: "dict_keyiterator"
    case .dictValues: "dict_valueiterator"
    case .dictItems: "dict_itemiterator"
    case .dictKeysReversed: "dict_reversekeyiterator"
    case .dictValuesReversed: "dict_reversevalueiterator"
    case .dictItemsReversed: "dict_reverseitemiterator"
    case .set: "set_iterator"
    case .sequenceReversed: source.isList ? "list_reverseiterator" : "reversed"
    case .zip: "zip"
    case .map: "map"
    case .filter: "filter"
    case .enumerate: "enumerate"
    case .calls: "callable_iterator"
    case .object, .instance, .indexed, .exhausted: "iterator"
    case .deque: "_collections._deque_iterator"
    case .dequeReversed: "_collections._deque_reverse_iterator"
    case .chain: "itertools.chain"
    case .islice: "itertools.islice"
    case .count: "itertools.count"
    case .cycle: "itertools.cycle"
    case .repeat: "itertools.repeat"
    case .accumulate: "itertools.accumulate"
    case .product: "itertools.product"
    case .permutations: "itertools.permutations"
    case .combinations: "itertools.combinations"
    case .combinationsRepeated: "itertools.combinations_with_replacement"
    case .compress: "itertools.compress"
    case .dropWhile: "itertools.dropwhile"
    case .takeWhile: "itertools.takewhile"
    case .filterFalse: "itertools.filterfalse"
    case .starMap: "itertools.starmap"
    case .groupBy: "itertools.groupby"
    case .group: "itertools._grouper"
    case .tee: "itertools._tee"
    case .pairwise: "itertools.pairwise"
    case .zipLongest: "itertools.zip_longest"
    }
  }
}

extension DescriptorCell {
  var typeName: String {
    switch form {
    case .property: "property"
    case .staticMethod: "staticmethod"
    case .classMethod: "classmethod"
    case .cachedProperty: "functools.cached_property"
    case .tupleField: "_collections._tuplegetter"
    case .superProxy: "super"
    case .union: "types.UnionType"
    case .alias: "types.GenericAlias"
    }
  }
}

extension DictViewCell {
  var typeName: String {
    switch form {
    case .keys: "dict_keys"
    case .values: "dict_values"
    case .items: "dict_items"
    }
  }
}

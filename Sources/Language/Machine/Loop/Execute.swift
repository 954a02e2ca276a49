import Catalog

/// The run loop.
///
/// It touches raw memory only: no reference is counted in it. Whatever is not a few instructions
/// long stands in functions that are never inlined.
extension Machine {
  /// Runs the topmost frame until it returns to Swift.
  ///
  /// - Parameter isRaising: starts by raising the exception in `raised`.
  func execute(raising isRaising: Bool = false) throws(Thrown) -> RawValue {
    let state = unsafe self.state
    let globals = unsafe Registers(stack)
    var (frame, pc, r, k) = unsafe Machine.top(state)
    var isRaising = isRaising
    while true {
      do throws(Thrown) {
        if isRaising {
          isRaising = false
          throw Thrown()
        }
        while true {
          let i = unsafe pc.pointee
          unsafe pc += 1
          switch i.operation {
          case .pass: break

          // MARK: Values and names
          case .move: r.copy(Int(i.a), from: r, Int(i.b))
          case .constant: r[i.a] = k[i.b]
          case .integer: r[i.a] = RawValue(i.longOffset)
          case .undefine:
            var index = Int(i.a)
            while index < Int(i.b) {
              r[index] = .undefined
              index &+= 1
            }
          case .checkLocal:
            if r[i.a].isUndefined { throw unboundBox(StringCell(k[i.b]), isFree: i.c != 0) }
          case .checkGlobal:
            if globals[i.a].isUndefined { throw undefinedGlobal(Int(i.a)) }
          case .getGlobal:
            if globals[i.b].isUndefined { throw undefinedGlobal(Int(i.b)) }
            r.copy(Int(i.a), from: globals, Int(i.b))
          case .setGlobal: globals.copy(Int(i.b), from: r, Int(i.a))
          case .deleteGlobal: try deleteGlobal(Int(i.a))
          case .deleteLocal:
            if r[i.a].isUndefined { throw unboundBox(StringCell(k[i.b]), isFree: i.c != 0) }
            r[i.a] = .undefined
          case .makeBox: r[i.a] = heap.newBox(r[i.a]).value
          case .getBox:
            let value = BoxCell(r[i.b]).content
            if value.isUndefined { throw unboundBox(StringCell(k[i.c]), isFree: false) }
            r[i.a] = value
          case .setBox: BoxCell(r[i.a]).content = r[i.b]
          case .deleteBox:
            if BoxCell(r[i.a]).content.isUndefined {
              throw unboundBox(StringCell(k[i.b]), isFree: false)
            }
            BoxCell(r[i.a]).content = .undefined
          case .getCapture:
            let value = unsafe Machine.capture(frame, i.b).content
            if value.isUndefined { throw unboundBox(StringCell(k[i.c]), isFree: true) }
            r[i.a] = value
          case .setCapture: unsafe Machine.capture(frame, i.b).content = r[i.a]
          case .deleteCapture:
            if unsafe Machine.capture(frame, i.a).content.isUndefined {
              throw unboundBox(StringCell(k[i.b]), isFree: true)
            }
            unsafe Machine.capture(frame, i.a).content = .undefined
          case .captureBox: r[i.a] = unsafe Machine.capture(frame, i.b).value

          // MARK: Arithmetic
          case .add: try add(r, i, r[i.c])
          case .addConstant: try add(r, i, k[i.c])
          case .subtract: try subtract(r, i, r[i.c])
          case .subtractConstant: try subtract(r, i, k[i.c])
          case .multiply: try multiply(r, i, r[i.c])
          case .multiplyConstant: try multiply(r, i, k[i.c])
          case .divide: try divide(r, i, r[i.c])
          case .divideConstant: try divide(r, i, k[i.c])
          case .floorDivide, .floorDivideConstant:
            try floorDivide(r, i, i.operation == .floorDivide ? r[i.c] : k[i.c])
          case .modulo, .moduloConstant:
            try modulo(r, i, i.operation == .modulo ? r[i.c] : k[i.c])
          case .power: r[i.a] = try arithmetic(.power, r[i.b], r[i.c], flags: i.x)
          case .powerConstant: try power(r, i, k[i.c])
          case .bitAnd: try combineBits(r, i, .bitAnd, &)
          case .bitXor: try combineBits(r, i, .bitXor, ^)
          case .matrixMultiply, .shiftLeft, .shiftRight, .bitOr:
            r[i.a] = try arithmetic(i.operation, r[i.b], r[i.c], flags: i.x)
          case .negate:
            let x = r[i.b]
            if x.isFloat {
              r[i.a] = RawValue(-x.double)
            } else {
              r[i.a] = try unary(.negate, x)
            }
          case .plus, .invert: r[i.a] = try unary(i.operation, r[i.b])
          case .not: r[i.a] = RawValue(try !truth(r[i.b]))

          // MARK: Comparison
          case .compare:
            let code = Machine.comparison(i.x)
            let (x, y) = (r[i.b], r[i.c])
            if x.tag | y.tag == 0 {
              r[i.a] = RawValue(code.holds(x.int < y.int ? -1 : x.int == y.int ? 0 : 1))
            } else {
              r[i.a] = try compare(code, x, y)
            }
          case .identical: r[i.a] = RawValue(isSame(r[i.b], r[i.c]) == (i.x == 0))
          case .contains: r[i.a] = RawValue(try contains(r[i.b], in: r[i.c]) == (i.x == 0))

          // MARK: Jumps
          case .jump: unsafe pc += i.longOffset
          case .loop:
            if pending.raw != 0 { try attend() }
            unsafe pc += i.longOffset
          case .jumpIf:
            let value = r[i.a]
            let isTrue = value.isBool ? value.bits != 0 : try truth(value)
            try unsafe jump(&pc, i, if: isTrue)
          case .jumpNone:
            if r[i.a].isNone == (i.x != 0) { unsafe pc += i.offset }
          case .jumpDefined:
            if !r[i.a].isUndefined { unsafe pc += i.offset }
          case .jumpLess:
            try unsafe jump(&pc, i, if: test(.less, r[i.a], r[i.b], <, <))
          case .jumpLessEqual:
            try unsafe jump(&pc, i, if: test(.lessEqual, r[i.a], r[i.b], <=, <=))
          case .jumpGreater:
            try unsafe jump(&pc, i, if: test(.greater, r[i.a], r[i.b], >, >))
          case .jumpGreaterEqual:
            try unsafe jump(&pc, i, if: test(.greaterEqual, r[i.a], r[i.b], >=, >=))
          case .jumpEqual:
            try unsafe jump(&pc, i, if: test(.equal, r[i.a], r[i.b], ==, ==))
          case .jumpNotEqual:
            try unsafe jump(&pc, i, if: test(.notEqual, r[i.a], r[i.b], !=, !=))
          case .jumpLessConstant:
            try unsafe jump(&pc, i, if: test(.less, r[i.a], k[i.b], <, <))
          case .jumpLessEqualConstant:
            try unsafe jump(&pc, i, if: test(.lessEqual, r[i.a], k[i.b], <=, <=))
          case .jumpGreaterConstant:
            try unsafe jump(&pc, i, if: test(.greater, r[i.a], k[i.b], >, >))
          case .jumpGreaterEqualConstant:
            try unsafe jump(&pc, i, if: test(.greaterEqual, r[i.a], k[i.b], >=, >=))
          case .jumpEqualConstant:
            try unsafe jump(&pc, i, if: test(.equal, r[i.a], k[i.b], ==, ==))
          case .jumpNotEqualConstant:
            try unsafe jump(&pc, i, if: test(.notEqual, r[i.a], k[i.b], !=, !=))

          // MARK: Loops
          case .iterate: try startLoop(r.advanced(by: Int(i.a)), r[i.b])
          case .next:
            let walk = r.advanced(by: Int(i.a))
            let source = walk[0]
            if source.tag == RawValue.Tag.rangeCursor {
              let left = walk[1].bits
              if left == 0 { continue }
              walk[1] = RawValue(tag: 0, bits: left &- 1)
              r[i.b] = RawValue(tag: 0, bits: source.bits)
              walk[0] = RawValue(
                tag: RawValue.Tag.rangeCursor, bits: source.bits &+ walk[2].bits)
            } else if source.isList {
              let index = walk[1].int
              if index >= ListCell(source).count { continue }
              r[i.b] = ListCell(source)[index]
              walk[1] = RawValue(index &+ 1)
            } else if source.isDict {
              let dict = DictCell(source)
              if dict.count != walk[2].int { throw changedSize() }
              var index = walk[1].int
              while index < dict.used, !dict.isPresent(index) { index &+= 1 }
              if index >= dict.used { continue }
              r[i.b] = dict.key(index)
              walk[1] = RawValue(index &+ 1)
            } else if source.tag == RawValue.Tag.generator, try enterWalk(GeneratorCell(source)) {
              unsafe frame.pointee.next = pc
              unsafe (frame, pc, r, k) = Machine.top(state)
              if pending.raw != 0 { try attend() }
              continue
            } else if source.tag == RawValue.Tag.iterator,
              let target = unsafe Machine.pairUnpacking(pc + i.offset, of: i.b),
              let isThere = try nextPair(IteratorCell(source), r.advanced(by: target))
            {
              if !isThere { continue }
              if pending.raw != 0 { try attend() }
              unsafe pc += i.offset + 1
              continue
            } else {
              let element = try nextOfLoop(walk)
              if element.isUndefined { continue }
              r[i.b] = element
            }
            if pending.raw != 0 { try attend() }
            unsafe pc += i.offset

          // MARK: Calls
          case .call:
            let window = r.advanced(by: Int(i.a))
            let callee = window[0]
            unsafe frame.pointee.next = pc
            if callee.tag == RawValue.Tag.function {
              if unsafe enter(callee, window, Int(i.b), &frame, &pc, &r, &k) {
                if pending.raw != 0 { try attend() }
                continue
              }
            } else if let builtin = Machine.builtin(behind: callee) {
              window[0] = try callBuiltin(
                builtin.index, window.advanced(by: 1), Int(i.b), nil,
                hasReceiver: false)
              unsafe state.pointee.scratch = frame.pointee.top
              if pending.raw != 0 { try attend() }
              continue
            }
            if case .done = try begin(window, Int(i.b), nil) {
              unsafe state.pointee.scratch = frame.pointee.top
            } else {
              unsafe (frame, pc, r, k) = Machine.top(state)
            }
            if pending.raw != 0 { try attend() }
          case .findMethod:
            unsafe frame.pointee.next = pc
            unsafe try findMethod(
              r.advanced(by: Int(i.a)), unsafe frame.pointee.code, Int(i.b))
          case .callMethod, .callFound:
            unsafe frame.pointee.next = pc
            let window = r.advanced(by: Int(i.a))
            if i.operation == .callMethod, window[1].tag == RawValue.Tag.instance {
              let site = unsafe Machine.site(frame, i.b)
              if let method = unsafe rememberedMethod(InstanceCell(window[1]), site) {
                window[0] = method
                if unsafe enter(window[0], window, Int(i.x) &+ 1, &frame, &pc, &r, &k) {
                  if pending.raw != 0 { try attend() }
                  continue
                }
              }
            }
            let start =
              i.operation == .callFound && !window[0].isUndefined
              ? try callFound(window, Int(i.x))
              : unsafe try callMethod(window, Int(i.x), unsafe frame.pointee.code, Int(i.b))
            if case .done = start {
              unsafe state.pointee.scratch = frame.pointee.top
            } else {
              unsafe (frame, pc, r, k) = Machine.top(state)
            }
            if pending.raw != 0 { try attend() }
          case .callNamed, .callSpread:
            unsafe frame.pointee.next = pc
            let window = r.advanced(by: Int(i.a))
            let start =
              i.operation == .callNamed
              ? try begin(window, Int(i.b), TupleCell(k[i.c])) : try beginSpread(window)
            if case .done = start {
              unsafe state.pointee.scratch = frame.pointee.top
            } else {
              unsafe (frame, pc, r, k) = Machine.top(state)
            }
            if pending.raw != 0 { try attend() }
          case .return, .returnNone:
            var value = i.operation == .return ? r[i.a] : .none
            let flags = unsafe frame.pointee.flags
            if flags != 0 {
              if flags & FrameFlag.initializer != 0 {
                if !value.isNone { throw initializerResult(value) }
                value = unsafe r.base[-1]
              }
              if flags & FrameFlag.entry != 0 {
                unsafe state.pointee.frame = frame - 1
                return value
              }
              if flags & FrameFlag.walk != 0 { unsafe endWalk(frame, isRaising: false) }
            }
            unsafe r.base[-1] = value
            unsafe frame -= 1
            unsafe state.pointee.frame = frame
            unsafe state.pointee.scratch = frame.pointee.top
            unsafe pc = frame.pointee.next
            r = unsafe Registers(frame.pointee.base)
            k = unsafe Registers(frame.pointee.code.pointee.constants)
          case .makeFunction:
            r[i.a] = makeFunction(CodeCell(k[i.b]), r.advanced(by: Int(i.c)))
          case .makeClass: r[i.a] = try makeClass(r.advanced(by: Int(i.b)))

          // MARK: Containers
          case .makeList:
            r[i.a] =
              heap.newList(copying: r.advanced(by: Int(i.b)), count: Int(i.c)).value
          case .makeTuple:
            r[i.a] =
              heap.newTuple(copying: r.advanced(by: Int(i.b)), count: Int(i.c)).value
          case .makeSet: r[i.a] = try makeSet(r.advanced(by: Int(i.b)), Int(i.c))
          case .makeConstantSet:
            r[i.a] = try makeConstantSet(r.advanced(by: Int(i.b)), Int(i.c))
          case .makeDict: r[i.a] = try makeDict(r.advanced(by: Int(i.b)), Int(i.c))
          case .makeSlice:
            r[i.a] = heap.newSlice(r[i.b], r[Int(i.b) + 1], r[Int(i.b) + 2]).value
          case .makeString: r[i.a] = try join(r.advanced(by: Int(i.b)), Int(i.c))
          case .append:
            try append(r[i.b], to: ListCell(r[i.a]))
          case .extend:
            try extendList(ListCell(r[i.a]), r[i.b], inCall: i.x != 0, i.x != 0 ? r[i.c] : .none)
          case .addToSet: try add(r[i.b], to: SetCell(r[i.a]))
          case .extendSet: try merge(r[i.b], into: SetCell(r[i.a]))
          case .setKey: try setItem(r[i.b], r[i.c], in: DictCell(r[i.a]))
          case .update: try updateDict(DictCell(r[i.a]), r[i.b], inCall: i.x != 0, r, i.c)
          case .listToTuple:
            let list = ListCell(r[i.b])
            r[i.a] = try newTuple(copying: list.elements, count: list.count).value
          case .format:
            r[i.a] = try formatted(
              r[i.b], i.x, Int(i.c) == noRegister ? .undefined : r[i.c])

          // MARK: Elements and attributes
          case .getItem:
            let (container, key) = (r[i.b], r[i.c])
            if key.isInt, let element = Machine.element(container, key.int) {
              r[i.a] = element
            } else {
              r[i.a] = try item(container, key)
            }
          case .getItemInteger:
            if let element = Machine.element(r[i.b], i.offset) {
              r[i.a] = element
            } else {
              r[i.a] = try item(r[i.b], RawValue(i.offset))
            }
          case .setItem:
            let (container, key) = (r[i.a], r[i.b])
            if key.isInt, container.isList {
              let list = ListCell(container)
              var index = key.int
              if index < 0 { index &+= list.count }
              if UInt(bitPattern: index) < UInt(bitPattern: list.count) {
                list.elements.copy(index, from: r, Int(i.c))
                continue
              }
            }
            try setItem(container, key, r[i.c])
          case .deleteItem: try deleteItem(r[i.a], r[i.b])
          case .getAttribute:
            let site = unsafe Machine.site(frame, i.c)
            if let value = unsafe rememberedAttribute(r[i.b], site) {
              r[i.a] = value
            } else {
              r[i.a] = unsafe try attribute(r[i.b], site, Machine.siteName(k, site))
            }
          case .setAttribute:
            let site = unsafe Machine.site(frame, i.b)
            if unsafe !setRememberedAttribute(r[i.a], site, r[i.c]) {
              unsafe try setAttribute(r[i.a], site, Machine.siteName(k, site), r[i.c])
            }
          case .deleteAttribute:
            let site = unsafe Machine.site(frame, i.b)
            try deleteAttribute(r[i.a], unsafe Machine.siteName(k, site))
          case .unpack:
            let value = r[i.a]
            if value.isTuple, TupleCell(value).count == Int(i.c) {
              let tuple = TupleCell(value)
              var index = 0
              while index < Int(i.c) {
                r.copy(Int(i.b) &+ index, from: tuple.elements, index)
                index &+= 1
              }
              continue
            }
            try unpack(value, r.advanced(by: Int(i.b)), Int(i.c))
          case .unpackStar:
            try unpackStar(r[i.a], r.advanced(by: Int(i.b)), Int(i.x), Int(i.c))

          // MARK: Exceptions
          case .raise: throw try raise(i, r)
          case .reraise:
            raised = r[i.a]
            throw Thrown()
          case .enterHandler:
            let exception = r[i.b]
            if let generator = unsafe frame.pointee.generator {
              r[i.a] = unsafe enterHandler(generator, exception)
            } else {
              r[i.a] = handled
            }
            handled = exception
          case .leaveHandler:
            if let generator = unsafe frame.pointee.generator {
              handled = unsafe leaveHandler(generator, r[i.a])
            } else {
              handled = r[i.a]
            }
          case .jumpUnlessMatch:
            if try !matches(r[i.a], r[i.b]) { unsafe pc += i.offset }
          case .failAssertion: throw failAssertion(i, r)

          // MARK: Modules
          case .importModule:
            r[i.a] = try importModule(StringCell(k[i.b]), isLast: i.x == 1)
          case .importMember:
            r[i.a] = try importMember(r[i.b], StringCell(k[i.c]))
          case .importAll: try importAll(r[i.a])

          // MARK: Generators and with
          case .yield:
            let value = r[i.a]
            unsafe suspend(frame, at: pc - frame.pointee.code.pointee.instructions, Int(i.a))
            unsafe state.pointee.frame = frame - 1
            if unsafe frame.pointee.flags & FrameFlag.walk == 0 { return value }
            unsafe pauseWalk(frame)
            unsafe (frame, pc, r, k) = Machine.top(state)
            unsafe state.pointee.scratch = frame.pointee.top
            let next = unsafe (pc - 1).pointee
            r[next.b] = value
            if pending.raw != 0 { try attend() }
            unsafe pc += next.offset
          case .delegate:
            // A sequence needs no iterator that somebody could hold.
            let source = r[i.b]
            r[i.a] = i.x == 1 && Machine.isRow(source) ? source : try iterator(over: source)
          case .send:
            let value = try send(r[i.b], to: r[i.a])
            if value.isUndefined {
              r[i.b] = generatorResult
              unsafe pc += i.offset
            } else {
              r[i.b] = value
            }
          case .enterContext: try enterContext(r.advanced(by: Int(i.a)), r[i.b])
          case .exitContext: r[i.b] = try exitContext(r[i.a], r[i.b])
          case .getNamespace:
            let found = DictCell(r[i.b]).find(StringCell(k[i.c]))
            r[i.a] = found >= 0 ? DictCell(r[i.b]).value(found) : .undefined
          case .superCall: r[i.a] = try superObject(r[i.c], r[i.b])
          }
        }
      } catch {
        guard unsafe unwind(pc) else { throw Thrown() }
        unsafe (frame, pc, r, k) = Machine.top(state)
      }
    }
  }
}

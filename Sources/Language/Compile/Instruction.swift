/// One step of the machine: an operation, a small operand and three wide ones, in 8 bytes.
///
/// Unless said otherwise `a` is the register that receives the result, `b` and `c` are operands.
struct Instruction {
  var operation: Operation
  var x: UInt8
  var a: UInt16
  var b: UInt16
  var c: UInt16

  @inline(__always)
  init(_ operation: Operation, x: UInt8 = 0, a: Int = 0, b: Int = 0, c: Int = 0) {
    self.operation = operation
    self.x = x
    self.a = UInt16(truncatingIfNeeded: a)
    self.b = UInt16(truncatingIfNeeded: b)
    self.c = UInt16(truncatingIfNeeded: c)
  }

  /// The jump of a test: from the instruction after this one.
  @inline(__always)
  var offset: Int { Int(Int16(bitPattern: c)) }

  /// The jump of `jump` and `loop`.
  @inline(__always)
  var longOffset: Int { Int(Int32(bitPattern: UInt32(b) | UInt32(c) << 16)) }
}

/// What an instruction does.
enum Operation: UInt8, CaseIterable {
  case pass

  // Values and names
  case move
  /// `a` = constant `b`.
  case constant
  /// `a` = the integer in `b` and `c`.
  case integer
  /// Registers `a ..< b` have no value.
  case undefine
  /// Raises UnboundLocalError when register `a` has no value; `b` is the constant with its name.
  /// `c`: 1 where the name belongs to a function around a comprehension.
  case checkLocal
  /// Raises NameError when global `a` has no value.
  case checkGlobal
  case getGlobal
  /// Global `b` = register `a`.
  case setGlobal
  case deleteGlobal
  /// Register `a` loses its value; `b` is its name.
  case deleteLocal
  /// Register `a` becomes a box with its value in it.
  case makeBox
  /// `a` = the content of the box in register `b`; `c` is its name.
  case getBox
  /// The box in register `a` gets register `b`.
  case setBox
  case deleteBox
  /// `a` = the content of captured box `b`; `c` is its name.
  case getCapture
  /// Captured box `b` gets register `a`.
  case setCapture
  case deleteCapture
  /// `a` = captured box `b` itself.
  case captureBox

  // Arithmetic; `x` bit 0: the constant stands on the left, bit 1: in place
  case add, subtract, multiply, divide, floorDivide, modulo, power, matrixMultiply
  case shiftLeft, shiftRight, bitAnd, bitOr, bitXor
  /// With constant `c`.
  case addConstant, subtractConstant, multiplyConstant, divideConstant
  case floorDivideConstant, moduloConstant, powerConstant
  case negate, plus, invert, not

  // Comparison; `x`: the comparison
  case compare
  /// `b is c`; `x`: 1 for `is not`.
  case identical
  /// `b in c`; `x`: 1 for `not in`.
  case contains

  // Jumps
  case jump
  /// A jump back, where the machine looks for what is pending.
  case loop
  /// When the truth of `a` is `x`.
  case jumpIf
  /// When `a` is None is `x`.
  case jumpNone
  /// When `a` has a value.
  case jumpDefined
  /// When the comparison of `a` and `b` gives `x`.
  case jumpLess, jumpLessEqual, jumpGreater, jumpGreaterEqual, jumpEqual, jumpNotEqual
  /// With constant `b`.
  case jumpLessConstant, jumpLessEqualConstant, jumpGreaterConstant, jumpGreaterEqualConstant
  case jumpEqualConstant, jumpNotEqualConstant

  // Loops
  /// Registers `a ..< a + 3` walk over `b`.
  case iterate
  /// `b` = the next element of the walk in `a`, and jump; or go on when there is none.
  case next

  // Calls: the function in `a`, arguments after it, the result into `a`
  /// `b` arguments.
  case call
  /// `b` arguments, the last of them named by the tuple in constant `c`.
  case callNamed
  /// The arguments in a list in `a + 1` and a dict or None in `a + 2`.
  case callSpread
  /// The receiver in `a + 1`, then `x` arguments; site `b`.
  case callMethod
  /// `a` = the method of the receiver in `a + 1` or undefined: `callFound` looks it up; when it is
  /// no method the receiver becomes undefined. Site `b`.
  case findMethod
  /// Like `callMethod`, after a `findMethod` for the same site.
  case callFound
  case `return`
  case returnNone
  /// The code in constant `b`; registers from `c`: defaults, named defaults, captured boxes.
  case makeFunction
  /// Registers from `b`: name, base or undefined, namespace.
  case makeClass

  // Containers
  /// From registers `b ..< b + c`.
  case makeList, makeTuple, makeSet
  /// A frozenset of the constants in registers `b ..< b + c`, in the order of CPython's compiler.
  case makeConstantSet
  /// From `c` pairs of registers from `b`.
  case makeDict
  /// Registers `b ..< b + 3`: lower, upper, step.
  case makeSlice
  /// The strings in registers `b ..< b + c`, joined.
  case makeString
  /// List `a` gets register `b`.
  case append
  /// List `a` gets the elements of `b`; `x`: 1 in a call.
  case extend
  case addToSet, extendSet
  /// Dict `a` gets key `b` and value `c`.
  case setKey
  /// Dict `a` gets the items of `b`; `x`: 1 in a call, whose function is in `c`.
  case update
  case listToTuple
  /// `a` = `b` formatted; `x` the conversion; specification in `c`, or `noRegister`.
  case format

  // Elements and attributes
  case getItem
  /// With the integer `c`.
  case getItemInteger
  /// `a[b] = c`.
  case setItem
  /// `del a[b]`.
  case deleteItem
  /// Site `c`.
  case getAttribute
  /// `a.site = c`; site `b`.
  case setAttribute
  /// `del a.site`; site `b`.
  case deleteAttribute
  /// Registers `b ..< b + c` = the elements of `a`.
  case unpack
  /// `x` registers from `b`, a list, and `c` registers = the elements of `a`.
  case unpackStar

  // Exceptions
  /// `x` 0: raise `a`; 1: raise `a` from `b`; 2: raise what is being handled.
  case raise
  /// Raises `a` again as it is.
  case reraise
  /// Remembers in `a` what is being handled; from now on it is `b`.
  case enterHandler
  /// What is being handled is again what `a` remembers.
  case leaveHandler
  /// Jumps when exception `a` is not of type `b`.
  case jumpUnlessMatch
  /// Message `a` or undefined; `x` 1: the values compared are in `b` and `c`.
  case failAssertion

  // Modules
  /// Module named by constant `b`; `x`: 1 for the last part, else the first.
  case importModule
  /// Member named by constant `c` of module `b`.
  case importMember
  case importAll

  // Generators and with
  /// Suspends with `a`; goes on with what is sent in `a`. `x` 1: between a `send` to the iterator
  /// in `c` and the loop back to it.
  case yield
  /// `a` = the iterator that `yield from b` walks over; with `x`, what a generator expression does:
  /// a sequence as it is.
  case delegate
  /// Sends `b` to the iterator in `a`; the value into `b`; when it ends, its result into `b` and jump.
  case send
  /// Registers `a`, `a + 1`: the exit method and the value of `b.__enter__()`.
  case enterContext
  /// Calls the exit method in `a` with exception `b` or None; `b` = its result.
  case exitContext
  /// A name in a class body: `a` = namespace `b`'s entry for constant `c`, or undefined.
  case getNamespace
  /// `a` = what `super()` gives for object `b` in a method of class `c`.
  case superCall
}

/// The comparisons of `compare`.
enum ComparisonCode: UInt8 {
  case less, lessEqual, greater, greaterEqual, equal, notEqual
}

/// No register: an operand that was left out.
let noRegister = 0xFFFF

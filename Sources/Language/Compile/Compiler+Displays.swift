/// Containers and texts that are written out: lists, dicts, sets, f-strings.
extension Compiler {
  func display(
    _ parts: [Expression], _ operation: Operation, into target: Int?
  ) throws(Diagnostic) -> Int {
    let result = target ?? temporary()
    let hasStar = parts.contains { if case .starred = $0.form { true } else { false } }
    return try scratch { () throws(Diagnostic) in
      // CPython fills a set of more than two constants from a frozenset: the order can show it.
      if operation == .makeSet, parts.count > 2, let constant = try constantSet(parts) {
        let collection = temporary()
        emit(.makeSet, a: collection, b: collection, c: 0)
        emit(.extendSet, a: collection, b: constant)
        move(collection, to: result)
        return result
      }
      if !hasStar, parts.count <= 1000 {
        let first = temporaries(parts.count)
        for (index, part) in parts.enumerated() { try value(part, into: first + index) }
        emit(operation, a: result, b: first, c: parts.count)
        return result
      }
      let collection = temporary()
      emit(operation == .makeSet ? .makeSet : .makeList, a: collection, b: collection, c: 0)
      try fill(collection, parts, isSet: operation == .makeSet)
      if operation == .makeTuple {
        emit(.listToTuple, a: result, b: collection)
      } else {
        move(collection, to: result)
      }
      return result
    }
  }

  /// What a loop walks over; a set of constants is a frozenset there, as in CPython.
  func iterable(_ expression: Expression) throws(Diagnostic) -> Int {
    if case .set(let parts) = expression.form, let constant = try constantSet(parts) {
      return constant
    }
    return try value(expression)
  }

  /// The register of a frozenset of constants; nil: not all of these are constants.
  private func constantSet(_ parts: [Expression]) throws(Diagnostic) -> Int? {
    guard parts.count <= 1000, parts.allSatisfy(isConstant) else { return nil }
    let first = temporaries(parts.count)
    for (index, part) in parts.enumerated() { try value(part, into: first + index) }
    emit(.makeConstantSet, a: first, b: first, c: parts.count)
    return first
  }

  /// Whether CPython's compiler knows the value.
  private func isConstant(_ expression: Expression) -> Bool {
    switch expression.form {
    case .none, .true, .false, .ellipsis, .integer, .float, .string: true
    case .unary(_, let operand): isConstant(operand)
    case .tuple(let parts): parts.allSatisfy(isConstant)
    case .binary(let first, let steps):
      isConstant(first) && steps.allSatisfy { isConstant($0.operand) }
    default: false
    }
  }

  private func fill(
    _ collection: Int, _ parts: [Expression], isSet: Bool
  ) throws(Diagnostic) {
    for part in parts {
      try scratch { () throws(Diagnostic) in
        if case .starred(let inner) = part.form {
          let register = try value(inner)
          emit(isSet ? .extendSet : .extend, a: collection, b: register)
        } else {
          let register = try value(part)
          emit(isSet ? .addToSet : .append, a: collection, b: register)
        }
      }
    }
  }

  func dictionary(
    _ items: [DictionaryItem], into target: Int?
  ) throws(Diagnostic) -> Int {
    let result = target ?? temporary()
    var isPlain = items.count <= 500
    for case .spread in items { isPlain = false }
    return try scratch { () throws(Diagnostic) in
      if isPlain {
        let first = temporaries(items.count * 2)
        for (index, item) in items.enumerated() {
          guard case .pair(let key, let element) = item else { continue }
          try value(key, into: first + 2 * index)
          try value(element, into: first + 2 * index + 1)
        }
        emit(.makeDict, a: result, b: first, c: items.count)
        return result
      }
      let dict = temporary()
      emit(.makeDict, a: dict, b: dict, c: 0)
      for item in items {
        try scratch { () throws(Diagnostic) in
          switch item {
          case .pair(let key, let element):
            let keyRegister = try operand(key, before: [element])
            let register = try value(element)
            emit(.setKey, a: dict, b: keyRegister, c: register)
          case .spread(let inner):
            let register = try value(inner)
            emit(.update, a: dict, b: register)
          }
        }
      }
      move(dict, to: result)
      return result
    }
  }

  func format(_ parts: [FormatPart], into target: Int?) throws(Diagnostic) -> Int {
    let result = target ?? temporary()
    if parts.isEmpty {
      load(.string(""), into: result)
      return result
    }
    return try scratch { () throws(Diagnostic) in
      let first = temporaries(parts.count)
      for (index, part) in parts.enumerated() {
        switch part {
        case .text(let text): load(.string(text), into: first + index)
        case .value(let hole):
          try scratch { () throws(Diagnostic) in
            let register = try value(hole.expression)
            let conversion =
              switch hole.conversion {
              case nil: 0
              case .str: 1
              case .repr: 2
              case .ascii: 3
              }
            var specification = noRegister
            if let format = hole.format, !format.isEmpty {
              specification = try self.format(format, into: nil)
            }
            span = hole.span
            emit(.format, x: conversion, a: first + index, b: register, c: specification)
          }
        }
      }
      emit(.makeString, a: result, b: first, c: parts.count)
      return result
    }
  }
}

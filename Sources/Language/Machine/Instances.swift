import Catalog

/// Objects of the script's own classes: construction, attributes, special methods.
extension Machine {
  /// Calls a class: a builtin type's maker, an exception, or a script's class.
  func construct(
    _ type: TypeCell, _ window: Registers, _ count: Int, _ names: TupleCell?
  ) throws(Thrown) -> Start {
    if type.maker.tag == RawValue.Tag.builtin, !type.isScript {
      window[0] = try callBuiltin(
        BuiltinCell(type.maker).index, window.advanced(by: 1), count, names, hasReceiver: false)
      return .done
    }
    let instance: RawValue
    if type.isException {
      if names != nil, !type.isScript {
        throw error(.type, "\(type.name.string)() takes no keyword arguments", code: "L105")
      }
      let given = count - (names?.count ?? 0)
      instance = newException(
        type, heap.newTuple(copying: window.advanced(by: 1), count: given))
      if !type.isScript {
        window[0] = instance
        return .done
      }
    } else if type.isScript {
      instance = try newInstance(type, window, count)
    } else if type.name.equals("object") {
      instance = try newInstance(type, window, count)
      window[0] = instance
      return .done
    } else {
      throw error(.type, "cannot create '\(type.name.string)' instances")
    }
    guard let method = type.find(self.names.initialize), method.tag != RawValue.Tag.builtin else {
      if count > 0, !type.isException {
        throw error(.type, "\(type.name.string)() takes no arguments", code: "L105")
      }
      window[0] = instance
      return .done
    }
    guard method.tag == RawValue.Tag.function else {
      if count > 0, !type.isException {
        throw error(.type, "\(type.name.string)() takes no arguments", code: "L105")
      }
      window[0] = instance
      return .done
    }
    // self becomes the first argument, and stays as the result of the call.
    var index = count + 1
    while index > 1 {
      window[index] = window[index - 1]
      index -= 1
    }
    window[1] = instance
    window[0] = instance
    let base = window.advanced(by: 1)
    try bindArguments(FunctionCell(method), base, count + 1, names)
    try push(FunctionCell(method), base, flags: FrameFlag.initializer)
    return .entered
  }

  private func newInstance(
    _ type: TypeCell, _ window: Registers, _ count: Int
  ) throws(Thrown) -> RawValue {
    let cell = InstanceCell(heap.allocate(MemoryLayout<InstanceCell.Layout>.size, .instance))
    unsafe cell.at.initialize(
      to: InstanceCell.Layout(
        header: cell.cell.header, type: type.at, attributes: heap.newDict().value, peer: .none))
    return cell.value
  }

  /// The method of a script object's class; nil: it has none.
  func method(_ value: RawValue, _ name: StringCell) -> RawValue? {
    guard value.tag == RawValue.Tag.instance else { return nil }
    return InstanceCell(value).type.find(name)
  }

  /// A class attribute as seen through an instance, with properties evaluated.
  func resolve(
    _ found: RawValue, for value: RawValue, _ type: TypeCell
  ) throws(Thrown) -> RawValue {
    guard found.kind == .descriptor else { return bind(found, to: value) }
    let descriptor = DescriptorCell(Cell(found))
    switch descriptor.form {
    case .property: return try call(descriptor.getter, [value])
    case .staticMethod: return descriptor.getter
    case .classMethod: return newMethod(type.value, descriptor.getter)
    case .cachedProperty: return try computeOnce(found, for: value, type)
    case .superProxy: return found
    }
  }

  /// The value of a cached property, which the object keeps as an attribute of its own.
  private func computeOnce(
    _ property: RawValue, for value: RawValue, _ type: TypeCell
  ) throws(Thrown) -> RawValue {
    let result = try call(DescriptorCell(Cell(property)).getter, [value])
    guard value.tag == RawValue.Tag.instance else { return result }
    var current: TypeCell? = type
    while let owner = current {
      let table = owner.attributes
      for index in 0..<table.used
      where table.isPresent(index) && table.value(index).isIdentical(to: property) {
        heap.set(StringCell(table.key(index)), result, in: InstanceCell(value).attributes)
        return result
      }
      current = owner.base
    }
    return result
  }

  func instanceAttribute(
    _ value: RawValue, _ name: StringCell
  ) throws(Thrown) -> RawValue? {
    let instance = InstanceCell(value)
    let found = instance.type.find(name)
    if let found, found.kind == .descriptor, DescriptorCell(Cell(found)).form == .property {
      return try resolve(found, for: value, instance.type)
    }
    if let own = instance.attributes.value(named: name) { return own }
    if let found { return try resolve(found, for: value, instance.type) }
    if name.isSame(as: names.dict) { return instance.attributes.value }
    if let fallback = instance.type.find(names.getAttribute) {
      return try call(fallback, [value, name.value])
    }
    return nil
  }

  func typeAttribute(_ type: TypeCell, _ name: StringCell) throws(Thrown) -> RawValue? {
    if name.isSame(as: names.module) { return string(moduleName(type)) }
    if let found = type.find(name) {
      guard found.kind == .descriptor else { return found }
      let descriptor = DescriptorCell(Cell(found))
      switch descriptor.form {
      case .property, .cachedProperty, .superProxy: return found
      case .staticMethod: return descriptor.getter
      case .classMethod: return newMethod(type.value, descriptor.getter)
      }
    }
    if name.isSame(as: names.name) || name.isSame(as: names.qualifiedName) {
      guard !type.isScript, type.name.contains(heap.intern(".")) else { return type.name.value }
      return string(type.name.string.split(separator: ".").last.map(String.init) ?? "")
    }
    if name.isSame(as: names.doc) { return RawValue.none }
    if name.isSame(as: names.dict) { return type.attributes.value }
    if name.equals("__bases__") { return tuple(type.base.map { [$0.value] } ?? []) }
    if name.equals("__mro__") {
      var all: [RawValue] = []
      var current: TypeCell? = type
      while let type = current {
        all.append(type.value)
        current = type.base
      }
      return tuple(all)
    }
    return nil
  }

  func setInstanceAttribute(
    _ value: RawValue, _ name: StringCell, _ new: RawValue
  ) throws(Thrown) {
    let instance = InstanceCell(value)
    if let method = instance.type.find(names.setAttribute), method.tag == RawValue.Tag.function {
      _ = try call(method, [value, name.value, new])
      return
    }
    if let found = instance.type.find(name), found.kind == .descriptor,
      DescriptorCell(Cell(found)).form == .property
    {
      let setter = DescriptorCell(Cell(found)).setter
      guard !setter.isNone else {
        throw error(
          .attribute,
          "property '\(name.string)' of '\(typeName(value))' object has no setter")
      }
      _ = try call(setter, [value, new])
      return
    }
    heap.set(name, new, in: instance.attributes)
  }

  func deleteInstanceAttribute(_ value: RawValue, _ name: StringCell) throws(Thrown) {
    let instance = InstanceCell(value)
    if let method = instance.type.find(names.deleteAttribute) {
      _ = try call(method, [value, name.value])
      return
    }
    if let found = instance.type.find(name), found.kind == .descriptor,
      DescriptorCell(Cell(found)).form == .property
    {
      let deleter = DescriptorCell(Cell(found)).deleter
      guard !deleter.isNone else {
        throw error(
          .attribute,
          "property '\(name.string)' of '\(typeName(value))' object has no deleter")
      }
      _ = try call(deleter, [value])
      return
    }
    let index = instance.attributes.find(name)
    guard index >= 0 else { throw missingAttribute(value, name) }
    heap.remove(at: index, from: instance.attributes)
  }

  // MARK: Special methods

  func instanceHash(_ value: RawValue) throws(Thrown) -> Int {
    if let method = method(value, names.hash) {
      if method.isNone { throw error(.type, "unhashable type: '\(typeName(value))'") }
      let result = try call(method, [value])
      guard let hash = result.integer else {
        throw error(.type, "__hash__ method should return an integer")
      }
      return hash
    }
    if method(value, names.equal) != nil {
      throw error(.type, "unhashable type: '\(typeName(value))'")
    }
    return Int(truncatingIfNeeded: value.bits >> 4)
  }

  func instanceTruth(_ value: RawValue) throws(Thrown) -> Bool {
    if let method = method(value, names.truth) {
      let result = try call(method, [value])
      guard result.isBool else {
        throw error(.type, "__bool__ should return bool, returned \(typeName(result))")
      }
      return result.bool
    }
    if method(value, names.length) != nil { return try instanceLength(value) != 0 }
    return true
  }

  func instanceLength(_ value: RawValue) throws(Thrown) -> Int {
    guard let method = method(value, names.length) else {
      throw error(.type, "object of type '\(typeName(value))' has no len()")
    }
    let result = try call(method, [value])
    guard let length = result.integer else {
      throw error(
        .type, "'\(typeName(result))' object cannot be interpreted as an integer")
    }
    guard length >= 0 else { throw error(.value, "__len__() should return >= 0") }
    return length
  }

  func instanceIterator(_ value: RawValue) throws(Thrown) -> RawValue {
    if let method = method(value, names.iterate) {
      let walk = try call(method, [value])
      if walk.tag == RawValue.Tag.iterator || walk.tag == RawValue.Tag.generator { return walk }
      if walk.tag == RawValue.Tag.instance, self.method(walk, names.next) != nil { return walk }
      throw error(.type, "iter() returned non-iterator of type '\(typeName(walk))'")
    }
    if method(value, names.getItem) != nil { return newIterator(.indexed, value) }
    throw notIterable(value)
  }

  func instanceNext(_ value: RawValue) throws(Thrown) -> RawValue {
    guard let method = method(value, names.next) else {
      throw error(.type, "'\(typeName(value))' object is not an iterator")
    }
    do {
      return try call(method, [value])
    } catch {
      guard let stop = typesByName["StopIteration"],
        ExceptionCell(raised).type.isKind(of: stop)
      else { throw error }
      return .undefined
    }
  }

  func instanceContains(_ element: RawValue, _ container: RawValue) throws(Thrown) -> Bool {
    if let method = method(container, names.contains) {
      return try truth(call(method, [container, element]))
    }
    guard isIterable(container) else {
      throw error(.type, "argument of type '\(typeName(container))' is not iterable")
    }
    var found = false
    try forEach(container) { other throws(Thrown) in
      found = try isSameOrEqual(other, element)
      return !found
    }
    return found
  }

  func instanceItem(_ value: RawValue, _ key: RawValue) throws(Thrown) -> RawValue {
    guard let method = method(value, names.getItem) else {
      throw error(.type, "'\(typeName(value))' object is not subscriptable", code: "L106")
    }
    return try call(method, [value, key])
  }

  func setInstanceItem(
    _ value: RawValue, _ key: RawValue, _ new: RawValue
  ) throws(Thrown) {
    guard let method = method(value, names.setItem) else {
      throw error(.type, "'\(typeName(value))' object does not support item assignment")
    }
    _ = try call(method, [value, key, new])
  }

  func deleteInstanceItem(_ value: RawValue, _ key: RawValue) throws(Thrown) {
    guard let method = method(value, names.deleteItem) else {
      throw error(.type, "'\(typeName(value))' object doesn't support item deletion")
    }
    _ = try call(method, [value, key])
  }

  func instanceText(_ value: RawValue, isRepr: Bool) throws(Thrown) -> String {
    let name = !isRepr && method(value, names.string) != nil ? names.string : names.repr
    guard let method = method(value, name) else { return "<\(typeName(value)) object>" }
    let result = try call(method, [value])
    guard result.isString else {
      throw error(.type, "\(name.string) returned non-string (type \(typeName(result)))")
    }
    return StringCell(result).string
  }

  func instanceFormat(
    _ value: RawValue, _ specification: StringCell
  ) throws(Thrown) -> RawValue {
    if let method = method(value, names.format) {
      return try call(method, [value, specification.value])
    }
    if specification.byteCount > 0 { throw unsupportedFormat(value) }
    return string(try instanceText(value, isRepr: false))
  }

  /// `a op b` where one is an object of a script's class: both sides are asked.
  func compareInstances(
    _ code: ComparisonCode, _ a: RawValue, _ b: RawValue
  ) throws(Thrown) -> RawValue {
    func ask(
      _ code: ComparisonCode, _ left: RawValue, _ right: RawValue
    ) throws(Thrown) -> RawValue? {
      let type: TypeCell
      if left.tag == RawValue.Tag.instance {
        type = InstanceCell(left).type
      } else if left.tag == RawValue.Tag.exception, ExceptionCell(left).type.isScript {
        type = ExceptionCell(left).type
      } else {
        return nil
      }
      if let method = type.find(names.comparisons[Int(code.rawValue)]) {
        let result = try call(method, [left, right])
        if !result.isNotImplemented { return result }
      } else if code == .notEqual, let method = type.find(names.equal) {
        let result = try call(method, [left, right])
        if !result.isNotImplemented { return RawValue(try !truth(result)) }
      }
      return nil
    }
    if let result = try ask(code, a, b) { return result }
    if let result = try ask(code.mirrored, b, a) { return result }
    switch code {
    case .equal: return RawValue(isSame(a, b))
    case .notEqual: return RawValue(!isSame(a, b))
    default:
      throw error(
        .type,
        "'\(code.spelling)' not supported between instances of '\(typeName(a))' and "
          + "'\(typeName(b))'", code: "L104")
    }
  }

  func instances(
    _ operation: Operation, _ a: RawValue, _ b: RawValue, isInPlace: Bool
  ) throws(Thrown) -> RawValue? {
    let name = names.operators[operation.operatorIndex]
    if isInPlace, let method = method(a, name.inPlace) {
      let result = try call(method, [a, b])
      if !result.isNotImplemented { return result }
    }
    let isSameType =
      a.tag == RawValue.Tag.instance && b.tag == RawValue.Tag.instance
      && InstanceCell(a).type.cell == InstanceCell(b).type.cell
    // A subclass on the right that overrides the operator is asked first.
    var askedRight = false
    if a.tag == RawValue.Tag.instance, b.tag == RawValue.Tag.instance, !isSameType,
      InstanceCell(b).type.isKind(of: InstanceCell(a).type),
      let method = method(b, name.reflected)
    {
      askedRight = true
      let result = try call(method, [b, a])
      if !result.isNotImplemented { return result }
    }
    if let method = method(a, name.plain) {
      let result = try call(method, [a, b])
      if !result.isNotImplemented { return result }
    }
    if !isSameType, !askedRight, let method = method(b, name.reflected) {
      let result = try call(method, [b, a])
      if !result.isNotImplemented { return result }
    }
    return nil
  }
}

extension ComparisonCode {
  /// The comparison with the sides exchanged.
  var mirrored: ComparisonCode {
    switch self {
    case .less: .greater
    case .lessEqual: .greaterEqual
    case .greater: .less
    case .greaterEqual: .lessEqual
    case .equal: .equal
    case .notEqual: .notEqual
    }
  }
}

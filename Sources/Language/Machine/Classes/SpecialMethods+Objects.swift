import Catalog

/// The special methods of `object`, which every class has.
extension SpecialMethods {
  static let objects: [Builtin] =
    make("object") + [
      .method("__init__", "Does nothing.", .rest("arguments"), .restNamed("named")) {
        _, _ in .none
      },
      .method("__eq__", "Whether it is the same object.", .required("other"), returns: "bool") {
        machine, window in
        machine.isSame(window.receiver, window[0]) ? RawValue(true) : .notImplemented
      },
      .method("__ne__", "Whether it is not equal.", .required("other"), returns: "bool") {
        machine, window throws(Thrown) in
        let equal = try machine.attribute(window.receiver, machine.names.equal)
        let result = try machine.call(equal, [window[0]])
        return result.isNotImplemented ? result : RawValue(try !machine.truth(result))
      },
      .method("__hash__", "A number of its own.", returns: "int") { machine, window in
        RawValue(machine.identityHash(window.receiver))
      },
      .method("__repr__", "The text that shows what it is.", returns: "str") {
        machine, window in machine.string(machine.plainObjectText(window.receiver))
      },
      .method("__str__", "What repr gives.", returns: "str") { machine, window throws(Thrown) in
        // A class may say `__repr__ = __str__`.
        try machine.checkStack()
        let representation = try machine.attribute(window.receiver, machine.names.repr)
        return try machine.call(representation, [])
      },
      .method(
        "__format__", "The text by a format specification.", .required("specification", "str"),
        returns: "str"
      ) { machine, window throws(Thrown) in
        let specification = try machine.text(window[0], "__format__() argument must be str")
        if specification.byteCount > 0 { throw machine.unsupportedFormat(window.receiver) }
        return try machine.strValue(window.receiver)
      },
      .method(
        "__setattr__", "Sets an attribute.", .required("name", "str"), .required("value")
      ) { machine, window throws(Thrown) in
        let name = try machine.attributeName(window[0])
        if machine.isScripted(window.receiver) {
          try machine.setPlainAttribute(window.receiver, name, window[1])
        } else {
          try machine.setAttribute(window.receiver, name, window[1])
        }
        return .none
      },
      .method("__delattr__", "Deletes an attribute.", .required("name", "str")) {
        machine, window throws(Thrown) in
        let name = try machine.attributeName(window[0])
        if machine.isScripted(window.receiver) {
          try machine.deletePlainAttribute(window.receiver, name)
        } else {
          try machine.deleteAttribute(window.receiver, name)
        }
        return .none
      },
      .method(
        "__getattribute__", "An attribute.", .required("name", "str"), returns: "any"
      ) { machine, window throws(Thrown) in
        let name = try machine.attributeName(window[0])
        if machine.isScripted(window.receiver) {
          guard let found = try machine.plainAttribute(window.receiver, name) else {
            throw machine.missingAttribute(window.receiver, name)
          }
          return found
        }
        return try machine.attribute(window.receiver, name)
      },
      .method("__dir__", "The names of the attributes.", returns: "list") { machine, window in
        machine.list(machine.attributeNames(window.receiver).map { machine.string($0) })
      },
    ]
    + ["lt", "le", "gt", "ge"].map { name in
      .method("__\(name)__", "Objects have no order.", .required("other"), returns: "bool") {
        _, _ in .notImplemented
      }
    }

  /// What classes have as objects.
  static let types: [Builtin] = [
    .method("mro", "The class and those above it.", returns: "list") { machine, window in
      machine.list(TypeCell(window.receiver).line.map(\.value))
    },
    .method("__subclasses__", "The classes that derive from it directly.", returns: "list") {
      machine, window throws(Thrown) in
      let type = TypeCell(window.receiver)
      guard type.base != nil else {
        throw machine.error(.runtime, "object.__subclasses__() is not part of Gradus")
      }
      let found = type.subclasses
      return machine.list(found.isList ? ListCell(found).array : [])
    },
    .method(
      "__call__", "Makes an object.", .rest("arguments"), .restNamed("named"), returns: "any"
    ) { machine, window throws(Thrown) in
      var named: [(StringCell, RawValue)] = []
      DictCell(window[1]).forEach { key, value in named.append((StringCell(key), value)) }
      return try machine.call(window.receiver, window.restValues, named: named)
    },
  ]

  /// `__init_subclass__` of `object`, which takes nothing.
  static let initializeSubclass = Builtin.method(
    "__init_subclass__", "Called for each class that derives from this one."
  ) { _, _ in .none }

  /// What exceptions print, without the script's own methods.
  static let exceptionTexts: [Builtin] = [("__str__", false), ("__repr__", true)].map {
    name, isRepr in
    .method(name, "The text of the exception.", returns: "str") {
      machine, window throws(Thrown) in
      var text: [UInt8] = []
      try machine.writePlainException(
        ExceptionCell(window.receiver), to: &text, isRepr: isRepr)
      return machine.heap.newString(text).value
    }
  }
}

import Catalog

/// `import`; never inlined.
extension Machine {
  /// The import that people mean by a name.
  static func usualImport(_ name: String) -> String? {
    switch name {
    case "np": "write: import numpy as np; or without it: tensor([1, 2]), zeros(3)"
    case "plt": "write: import matplotlib.pyplot as plt; or without it: plot(…), hist(…)"
    case "tf": "write: import tensorflow as tf; or without it: Sequential([Dense(10)])"
    case "keras": "write: import keras; or without it: Sequential([Dense(10)])"
    case "layers": "write: from keras import layers; or without it: Sequential([Dense(10)])"
    case "math", "random", "time", "json", "itertools", "functools", "collections", "statistics",
      "os", "sys":
      "write: import \(name)"
    default: nil
    }
  }

  @inline(never)
  func importModule(_ name: StringCell, isLast: Bool) throws(Thrown) -> RawValue {
    let dotted = name.string
    let parts = dotted.split(separator: ".").map(String.init)
    guard let first = parts.first else { throw error(.import, "empty module name") }
    let top: RawValue
    if let known = modules[first] {
      top = known
    } else {
      if let own = LanguageBuiltins.modules.first(where: { $0.name == first }) {
        top = try module(own)
      } else if let facts = library.modules.first(where: { $0.name == first }) {
        top = newNative(Module(facts, context: context))
      } else {
        let known = LanguageBuiltins.modules.map(\.name) + library.modules.map(\.name)
        throw error(
          .moduleNotFound, "No module named '\(first)'", code: "L201",
          help: Nearest.question(first, among: known)
            ?? "modules that can be imported: " + known.joined(separator: ", "))
      }
      modules[first] = top
    }
    var current = top
    for (index, part) in parts.enumerated().dropFirst() {
      let inner = try attribute(current, heap.intern(part), isOptional: true)
      guard inner.tag == RawValue.Tag.native, NativeCell(inner).object is Module else {
        throw error(
          .moduleNotFound,
          "No module named '\(parts[...index].joined(separator: "."))'", code: "L201",
          help: hint(part, in: current)
            ?? Nearest.question(part, among: attributeNames(current)))
      }
      current = inner
    }
    return isLast ? current : top
  }

  @inline(never)
  func importMember(_ module: RawValue, _ name: StringCell) throws(Thrown) -> RawValue {
    let found = try attribute(module, name, isOptional: true)
    if !found.isUndefined { return found }
    var title = "unknown module"
    if module.tag == RawValue.Tag.native, let module = NativeCell(module).object as? Module {
      title = module.name
    }
    throw error(
      .import, "cannot import name '\(name.string)' from '\(title)'", code: "L201",
      help: hint(name.string, in: module)
        ?? Nearest.question(name.string, among: attributeNames(module)))
  }

  /// What a module says to write in place of a member that it has not.
  func hint(_ name: String, in value: RawValue) -> String? {
    guard value.tag == RawValue.Tag.native, let module = NativeCell(value).object as? Module
    else { return nil }
    return module.hint(for: name)
  }

  @inline(never)
  func importAll(_ module: RawValue) throws(Thrown) {
    for name in attributeNames(module) where !name.hasPrefix("_") && name != "type" {
      let value = try attribute(module, heap.intern(name), isOptional: true)
      if !value.isUndefined { setGlobal(name, value) }
    }
  }
}

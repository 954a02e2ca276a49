internal import Catalog
internal import Language

extension Directory {
  /// The names of a machine as they are now.
  init(of machine: Machine) {
    self.init(machine.globalNames().map { Item($0) })
  }
}

extension Directory.Item {
  init(_ name: GlobalName) {
    let kind: Directory.Kind =
      switch name.form {
      case .function: .function
      case .type: .class
      case .module: .module
      case .instance: .instance
      }
    self.init(
      name.name, kind: kind, typeName: name.typeName, text: name.text, signature: name.signature,
      documentation: name.documentation,
      place: name.place.map { Directory.Place(source: $0.source, line: $0.line) },
      shape: name.shape, length: name.length, keys: name.keys, attributes: name.attributes,
      type: name.type, module: name.module, entry: name.entry, parameters: name.parameters)
  }
}

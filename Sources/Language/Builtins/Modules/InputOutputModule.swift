import Catalog

/// `import io`.
enum InputOutputModule {
  /// The exception for what a stream cannot do.
  static let unsupported = "io.UnsupportedOperation"

  static let module = BuiltinModule(
    "io", "Text in memory that is used like a file.", functions: [OpenFunction.builtin],
    values: [
      ModuleValue(type: StringStream.type, as: "StringIO", maker: StringStream.maker),
      ModuleValue(type: TextFile.type, as: "TextIOWrapper"),
      ModuleValue("UnsupportedOperation", "A stream cannot do what was asked.", returns: "type") {
        $0.typesByName[unsupported]?.value ?? .none
      },
      ModuleValue("SEEK_SET", "From the start, for `seek`.", returns: "int") { _ in RawValue(0) },
      ModuleValue("SEEK_CUR", "From the present place.", returns: "int") { _ in RawValue(1) },
      ModuleValue("SEEK_END", "From the end.", returns: "int") { _ in RawValue(2) },
      ModuleValue("DEFAULT_BUFFER_SIZE", "The size of a piece.", returns: "int") { _ in
        RawValue(TextFile.chunk)
      },
    ])
}

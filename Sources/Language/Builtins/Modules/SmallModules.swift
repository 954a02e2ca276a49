import Catalog

/// Modules that are written in the language alone, or hold little more than names.
enum SmallModules {
  static let string = BuiltinModule(
    "string", "Sets of characters, and templates.", script: PackageResources.string_grad)

  static let textwrap = BuiltinModule(
    "textwrap", "Text in lines of a width.", script: PackageResources.textwrap_grad)

  static let pathlib = BuiltinModule(
    "pathlib", "Paths as objects.",
    // The script gives the names their classes, which have the names of this system's paths.
    values: [
      ModuleValue("Path", "A path of this system.", returns: "Path") { _ in .none },
      ModuleValue("PurePath", "A path as text.", returns: "PurePath") { _ in .none },
    ], script: PackageResources.pathlib_grad)

  static let typing = BuiltinModule(
    "typing", "Names for annotations.",
    functions: [ScriptMaking.makeFunction, ScriptMaking.makeClass, ScriptMaking.tupleField],
    script: PackageResources.typing_grad)

  static let pprint = BuiltinModule(
    "pprint", "Values as text in lines.", script: PackageResources.pprint_grad)

  static let shutil = BuiltinModule(
    "shutil", "Copying, moving and removing files and folders.",
    script: PackageResources.shutil_grad)

  static let fnmatch = BuiltinModule(
    "fnmatch", "Names against patterns such as `*.csv`.", script: PackageResources.fnmatch_grad)

  static let glob = BuiltinModule(
    "glob", "The files whose paths fit a pattern.", script: PackageResources.glob_grad)

  /// `from __future__ import …`: what CPython 3.11 knows is here anyway, or changes nothing, since
  /// annotations are not evaluated.
  static let future = BuiltinModule(
    "__future__", "Names of changes of the language that have come.",
    values: Checks.features.sorted().map {
      ModuleValue($0, "A change of the language that has come.", text: $0)
    })

  static let all = [
    string, textwrap, pathlib, typing, pprint, shutil, fnmatch, glob, future,
  ]
}

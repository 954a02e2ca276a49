/// The built-in classes that the machine asks for while scripts run.
struct KnownTypes {
  let keyError: TypeCell
  let operatingSystemError: TypeCell
  let stopIteration: TypeCell
  let systemExit: TypeCell
  let unsupportedOperation: TypeCell
  let valueError: TypeCell

  init(_ machine: Machine) {
    func find(_ name: String) -> TypeCell {
      machine.typesByName[name] ?? machine.types[Int(RawValue.Tag.exception)]
    }
    keyError = find("KeyError")
    operatingSystemError = find("OSError")
    stopIteration = find("StopIteration")
    systemExit = find("SystemExit")
    unsupportedOperation = find(InputOutputModule.unsupported)
    valueError = find("ValueError")
  }
}

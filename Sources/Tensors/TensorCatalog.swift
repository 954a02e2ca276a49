public import Catalog

/// Everything of this module that a script can call, by family.
///
/// Every family declares its entries beside its operations; a test compares those declarations with
/// these lists.
public enum TensorCatalog {
  /// The functions, for the session's library.
  public static let library: Library = Library(
    sections: [
      Library.Section(
        "Tensors",
        Tensor.creationEntries + Tensor.randomEntries + dtypes + [type] + Tensor.linalgConstant),
      Library.Section(
        "Tensor functions",
        Tensor.elementaryEntries + Tensor.arithmeticEntries + Tensor.comparisonEntries
          + Tensor.reductionEntries + Tensor.shapingEntries + Tensor.joiningEntries
          + Tensor.indexingEntries + Tensor.arrangingEntries + Tensor.sortingEntries
          + Tensor.statisticsEntries + Tensor.productEntries + [Tensor.einsumEntry]
          + Tensor.rowEntries),
      Library.Section("Convolution and pooling", Tensor.windowEntries),
      Library.Section("Gradients", GradientFunction.entries),
    ], modules: [linalg, NumPyDoor.module, SciPyDoor.module])

  /// Linear algebra, its functions declared beside their operations (`linalgEntries`).
  static let linalg = Tensor.linalgModule

  /// The type of all tensors, for `isinstance`; called, it makes one.
  static let type = Entry.door("Tensor", to: Tensor.creationEntries[0])

  /// Functions whose names the language has for its own: they are in modules only.
  static let namesakes: [Entry] =
    Tensor.namesakeFolds + Tensor.namesakeFunctions + Tensor.namesakeSplits

  /// The methods and attributes of a tensor.
  public static let members: [Entry] =
    Tensor.attributeMembers + Tensor.elementaryMembers + Tensor.reductionMembers
    + Tensor.shapingMembers + Tensor.joiningMembers + Tensor.indexingMembers
    + Tensor.sortingMembers + Tensor.productMembers

  /// The dtypes as constants: `float32`.
  static let dtypes: [Entry] = DType.allCases.filter { $0 != .bool }.map { dtype in
    .constant(
      dtype.name, "The element type of \(dtype.size) bytes.", returns: "dtype",
      example: "zeros(3, dtype=\(dtype.name))"
    ) { _ in .object(NamedDType(dtype)) }
  }
}

import Catalog

/// Everything the language itself offers: functions, types with their methods, modules.
enum LanguageBuiltins {
  static let functions: [Builtin] =
    Printing.all + NumberFunctions.all + Iterating.all + ObjectFunctions.all
    + [OpenFunction.builtin]

  static let types: [BuiltinType] = [
    BuiltinType(
      "int", "Whole numbers of 64 bits.", maker: Conversions.int, methods: NumberMethods.int),
    BuiltinType(
      "float", "Numbers with fraction, of 64 bits.", maker: Conversions.float,
      methods: NumberMethods.float, classMethods: [NumberMethods.fromHex]),
    BuiltinType("bool", "True and False.", maker: Conversions.bool),
    BuiltinType(
      "str", "Text: a sequence of characters.", maker: Conversions.str,
      methods: StringCase.all + StringSearch.all + StringSplit.all + StringPadding.all
        + TemplateFormatting.all + [StringPadding.makeTranslation]),
    BuiltinType(
      "list", "A sequence that can change.", maker: Conversions.list, methods: ListMethods.all),
    BuiltinType(
      "tuple", "A sequence that stays as it is.", maker: Conversions.tuple,
      methods: TupleMethods.all),
    BuiltinType(
      "dict", "Values under keys, in the order they came.", maker: Conversions.dict,
      methods: DictMethods.all, classMethods: [DictMethods.fromKeys]),
    BuiltinType(
      "set", "Elements without order, each once.", maker: Conversions.set,
      methods: SetMethods.common + SetMethods.changing),
    BuiltinType(
      "frozenset", "A set that stays as it is.", maker: Conversions.frozenSet,
      methods: SetMethods.common),
    BuiltinType(
      "range", "Whole numbers at equal distances.", maker: Conversions.range,
      methods: TupleMethods.range),
    BuiltinType(
      "slice", "A part of a sequence.", maker: Conversions.slice,
      methods: [Conversions.sliceIndices]),
    BuiltinType("type", "The type of types.", maker: Conversions.type),
    BuiltinType("dict_keys", "The keys of a dict.", methods: DictMethods.views),
    BuiltinType("dict_items", "The items of a dict.", methods: DictMethods.views),
    BuiltinType("enumerate", "Counted elements.", maker: Iterating.enumerateMaker),
    BuiltinType("zip", "Elements side by side.", maker: Iterating.zipMaker),
    BuiltinType("map", "Results of a function.", maker: Iterating.mapMaker),
    BuiltinType("filter", "Elements that pass a test.", maker: Iterating.filterMaker),
    BuiltinType("reversed", "Elements from the end.", maker: Iterating.reversedMaker),
  ]
}

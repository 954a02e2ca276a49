internal import Catalog
internal import Tensors

/// Columns of kinds as a script holds them: learnt, encoded, decoded.
final class OneHotEncoder: Object {
  private let given: [[Category]]?
  private let unknown: OneHotColumns.Unknown
  private let dropsFirst: Bool
  private var columns: OneHotColumns?

  init(given: [[Category]]?, unknown: OneHotColumns.Unknown, dropsFirst: Bool) throws {
    self.given = given
    self.unknown = unknown
    self.dropsFirst = dropsFirst
    columns = try given.map {
      OneHotColumns(
        columns: try $0.map { try Labels(classes: $0) }, unknown: unknown,
        dropsFirst: dropsFirst)
    }
  }

  func fit(_ rows: [[Category]]) throws {
    guard given == nil else { return }
    columns = try OneHotColumns(of: rows, unknown: unknown, dropsFirst: dropsFirst)
  }

  func ready() throws -> OneHotColumns {
    guard let columns else {
      throw Failure(
        .value, "OneHotEncoder has not been fitted yet", help: "fit it on the training rows first")
    }
    return columns
  }

  var type: ObjectType { Self.type }
  var text: String {
    columns.map { "OneHotEncoder(\($0.columns.count) columns to \($0.width))" } ?? "OneHotEncoder()"
  }

  private static let rows = Parameter("rows", [[Category]].self, "a list of values for each row")
  private static let start = "e = OneHotEncoder().fit([[\"a\", 1], [\"b\", 2]])\n"

  static let type = ObjectType("OneHotEncoder", "Columns of kinds as columns of 0 and 1.") {
    [
      .method(
        of: OneHotEncoder.self, "fit", "Learns the kinds of each column, sorted.", rows,
        returns: "OneHotEncoder", example: "OneHotEncoder().fit([[\"a\"], [\"b\"]])"
      ) { encoder, rows in
        try encoder.fit(rows)
        return .object(encoder)
      },
      .method(
        of: OneHotEncoder.self, "transform", "The rows as 0 and 1.", rows, returns: "tensor",
        example: start + "e.transform([[\"b\", 1]])"
      ) { encoder, rows in .object(try encoder.ready().encode(rows)) },
      .method(
        of: OneHotEncoder.self, "fit_transform", "Learns the kinds and maps the rows.", rows,
        returns: "tensor", example: "OneHotEncoder().fit_transform([[\"a\"], [\"b\"]])"
      ) { encoder, rows in
        try encoder.fit(rows)
        return .object(try encoder.ready().encode(rows))
      },
      .method(
        of: OneHotEncoder.self, "ordinal", "The number of each value among its column's kinds.",
        rows, returns: "list of lists of int", example: start + "e.ordinal([[\"b\", 1]])"
      ) { encoder, rows in
        .array(try encoder.ready().ordinal(rows).map { .array($0.map { .int($0) }) })
      },
      .method(
        of: OneHotEncoder.self, "inverse", "The kinds that rows of 0 and 1, or of scores, mean.",
        Parameter("x", Tensor.self, "one row for each"), returns: "list of lists",
        example: start + "e.inverse(e.transform([[\"b\", 1]]))"
      ) { encoder, x in
        .array(try encoder.ready().decode(x).map { .array($0.map(\.value)) })
      },
      .attribute(
        of: OneHotEncoder.self, "categories", "The kinds of each column, in their order.",
        returns: "list of lists", example: start + "e.categories"
      ) { encoder in
        .array(try encoder.ready().columns.map { .array($0.classes.map(\.value)) })
      },
      .attribute(
        of: OneHotEncoder.self, "names", "The names of the columns of 0 and 1.",
        returns: "list of str", example: start + "e.names"
      ) { encoder in .array(try encoder.ready().names.map { .string($0) }) },
    ]
  }
}

/// Class labels as a script holds them: numbered and named again.
final class LabelEncoder: Object {
  private var labels: Labels?

  func fit(_ values: [Category]) throws { labels = try Labels(of: values) }

  func ready() throws -> Labels {
    guard let labels else {
      throw Failure(
        .value, "LabelEncoder has not been fitted yet", help: "fit it on the training labels first")
    }
    return labels
  }

  var type: ObjectType { Self.type }
  var text: String { "LabelEncoder(\(labels.map { "\($0.classes.count) classes" } ?? ""))" }

  private static let values = Parameter("values", [Category].self, "the labels")
  private static let start = "e = LabelEncoder().fit([\"cat\", \"dog\", \"cat\"])\n"

  static let type = ObjectType("LabelEncoder", "Labels numbered from 0 in sorted order.") {
    [
      .method(
        of: LabelEncoder.self, "fit", "Learns the classes.", values, returns: "LabelEncoder",
        example: "LabelEncoder().fit([\"cat\", \"dog\"])"
      ) { encoder, values in
        try encoder.fit(values)
        return .object(encoder)
      },
      .method(
        of: LabelEncoder.self, "transform", "The numbers of the labels.", values,
        returns: "tensor", example: start + "e.transform([\"dog\"])"
      ) { encoder, values in .object(try Tensor(encoder.ready().encode(values))) },
      .method(
        of: LabelEncoder.self, "fit_transform", "Learns the classes and numbers the labels.",
        values, returns: "tensor", example: "LabelEncoder().fit_transform([\"b\", \"a\"])"
      ) { encoder, values in
        try encoder.fit(values)
        return .object(try Tensor(encoder.ready().encode(values)))
      },
      .method(
        of: LabelEncoder.self, "inverse", "The labels of numbers.",
        Parameter("codes", Tensor.self, "class numbers"), returns: "list",
        example: start + "e.inverse([1, 0])"
      ) { encoder, codes in
        let whole = try codes.doubles.map { value in
          guard let code = Int(exactly: value) else {
            throw Failure(.value, "a class number must be an integer, got \(value)", code: "L304")
          }
          return code
        }
        return .array(try encoder.ready().decode(whole).map(\.value))
      },
      .attribute(
        of: LabelEncoder.self, "classes", "The labels, in their order.", returns: "list",
        example: start + "e.classes"
      ) { encoder in .array(try encoder.ready().classes.map(\.value)) },
    ]
  }
}

/// Declarations around kinds.
enum CategoryEntries {
  static let all: [Entry] = [
    Entry(
      "OneHotEncoder", "Columns of kinds as columns of 0 and 1, one for each kind.",
      Parameter("categories", [[Category]]?.self, "the kinds of each column; None: sorted") { nil },
      Parameter(
        "unknown", OneHotColumns.Unknown.self, "kinds that were not learnt",
        also: ["handle_unknown"]
      ) { .error },
      Parameter("drop_first", Bool.self, "no column for the first kind", default: { false }),
      returns: "OneHotEncoder",
      example: "OneHotEncoder().fit_transform([[\"red\", \"small\"], [\"blue\", \"large\"]])",
      details: """
        `y_k = 1 if x == kind_k else 0`. Numbers instead would put an order into the kinds. The kinds are learnt from training \
        rows, in sorted order, or given in an order of their own. An unknown kind is an error, or \
        with `unknown="ignore"` a group of zeros. `drop_first=True` leaves out the first kind of \
        each column, which the others imply: with a bias, all columns together depend on one \
        another. Shapes: rows of c columns give (n, number of all kinds). Peers: scikit-learn's \
        OneHotEncoder, with handle_unknown and drop. Source: the equation.
        """, makes: OneHotEncoder.type
    ) { categories, unknown, dropFirst in
      .object(
        try OneHotEncoder(given: categories, unknown: unknown, dropsFirst: dropFirst))
    },
    Entry(
      "LabelEncoder", "Labels numbered from 0 in sorted order.",
      returns: "LabelEncoder",
      example: "LabelEncoder().fit_transform([\"cat\", \"dog\", \"bird\"])",
      details: """
        `y = k if label == classes[k]`. For targets; kinds among the inputs want a OneHotEncoder, \
        numbers would put an order into them. Shapes: n labels give (n,). Peers: scikit-learn's \
        LabelEncoder. Source: the equation.
        """, makes: LabelEncoder.type
    ) { .object(LabelEncoder()) },
  ]
}

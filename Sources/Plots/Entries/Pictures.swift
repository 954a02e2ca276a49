internal import Catalog

/// Matrices and image sheets out of numbers with a shape.
enum Pictures {
  /// A matrix; throws unless the numbers have two axes.
  static func matrix(
    _ numbers: Numbers, rows: [String], columns: [String], showsValues: Bool?
  ) throws -> Matrix {
    var shape = numbers.shape
    if shape.count == 1 { shape = [1, shape[0]] }
    guard shape.count == 2 else {
      throw Failure(
        .shape, "a heat map needs a matrix, not shape \(numbers.shape)",
        help: "images(x) shows several pictures")
    }
    return Matrix(
      rows: shape[0], columns: shape[1], values: numbers.values, rowLabels: rows,
      columnLabels: columns, showsValues: showsValues ?? (shape[0] <= 12 && shape[1] <= 12))
  }

  /// Pictures of shape `[count, height, width]`, with one or three channels last or first.
  ///
  /// Numbers from 0 to 1 and from 0 to 255 are taken as they are; others are stretched.
  static func sheet(
    _ numbers: Numbers, size: [Int]?, labels: [String], columns: Int
  ) throws -> ImageSheet {
    var shape = numbers.shape
    if let size {
      guard size.count == 2 || size.count == 3, size.allSatisfy({ $0 > 0 && $0 <= 8192 }),
        numbers.values.count % size.reduce(1, *) == 0
      else {
        throw Failure(
          .shape, "size must be height and width that fit the numbers",
          notes: ["size is \(size), the numbers have shape \(numbers.shape)"])
      }
      shape = [numbers.values.count / size.reduce(1, *)] + size
    }
    if shape.count == 2 { shape = [1] + shape }
    if shape.count == 3 { shape += [1] }
    guard shape.count == 4, shape[3] == 1 || shape[3] == 3 else {
      throw Failure(
        .shape, "images need shape [count, height, width], not \(numbers.shape)",
        notes: ["colour images have a last axis of 3"],
        help: "size=[28, 28] cuts rows of 784 numbers into pictures")
    }
    let pixelsPerImage = shape[1] * shape[2] * shape[3]
    let shown = min(shape[0], ImageGrid.most)
    let values = numbers.values.prefix(shown * pixelsPerImage)
    let finite = values.lazy.filter(\.isFinite)
    let least = finite.min() ?? 0
    let most = finite.max() ?? 1
    var (low, high) = (least, most)
    if least >= 0, most <= 1 {
      (low, high) = (0, 1)
    } else if least >= 0, most <= 255 {
      (low, high) = (0, 255)
    } else if least < 0, most > 0, -least < 4 * most, most < -4 * least {
      // Weights: zero is middle grey.
      high = max(most, -least)
      low = -high
    }
    let factor = high > low ? 255 / (high - low) : 0
    let pixels = values.map { value -> UInt8 in
      guard value.isFinite, let level = Int(exactly: ((value - low) * factor).rounded()) else {
        return 0
      }
      return UInt8(clamping: level)
    }
    return ImageSheet(
      count: shape[0], height: shape[1], width: shape[2], channels: shape[3], pixels: pixels,
      labels: Array(labels.prefix(shown)), columns: columns)
  }
}

extension PlotsCatalog {
  static let images = Entry(
    "images", "Shows pictures in rows, with a label below each.",
    Parameter(
      "values", Value.self, "numbers of shape [count, height, width] or [count, height, width, 3]"),
    Parameter(
      "labels", Value.self, "a text or number for each picture", default: { Value.none }),
    Parameter(
      "cols", Int.self, "pictures in a row", also: ["columns"], where: .within(1, 100),
      default: { 10 }),
    Parameter(
      "size", [Int]?.self, "height and width of pictures given as rows of numbers",
      passing: .keywordOnly, default: { nil }),
    PlotOptions.title, PlotOptions.width, PlotOptions.theme,
    returns: "Figure",
    example: "images([[[0, 1], [1, 0]], [[1, 0], [0, 1]]], labels=[\"a\", \"b\"])"
  ) { values, labels, cols, size, title, width, theme in
    guard let numbers = try Reading.numbers(values) else {
      throw Failure(.type, "images() needs numbers, not \(values.typeName)")
    }
    let options = PlotOptions(title: title, width: width, theme: theme)
    return try options.figure(
      .images(
        try Pictures.sheet(
          numbers, size: size, labels: try Reading.labels(labels), columns: cols)))
  }

  static let spark = Entry(
    "spark", "Draws numbers as a curve the size of a word.",
    Parameter("values", Value.self, "numbers"),
    returns: "Figure", example: "spark([2.3, 1.1, 0.7, 0.5])"
  ) { values in
    .object(FigureObject(Figure(.spark(try Reading.flat(values, "values")))))
  }
}

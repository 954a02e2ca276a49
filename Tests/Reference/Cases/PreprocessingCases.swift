internal import Catalog
internal import Neural

extension Operations {
  static let preprocessing: [String: Check] = scalings.merging(rotations) { a, _ in a }
    .merging(categories) { a, _ in a }.merging(spaces) { a, _ in a }

  /// Refuses parameters that a check does not read, so that none is silently left out.
  private static func knows(_ c: Case, _ names: String...) throws {
    for (name, _) in c.parameters.members ?? [] where !names.contains(name) {
      throw Unsupported("parameter \(name)")
    }
  }

  /// Fits on `X` and compares what is expected of it, of new data and of the way back.
  private static func map(
    _ c: Case, _ rule: any Transformation, input: String = "X"
  ) throws -> any FittedTransformation {
    let x = try c.input(input)
    let fitted = try rule.fitted(to: x)
    let mapped = try fitted.apply(x)
    if c.json["outputs"]?[input] != nil { c.expect(mapped, input) }
    if c.has("new") {
      let new = try fitted.apply(c.input("new"))
      if c.json["outputs"]?["new"] != nil { c.expect(new, "new") }
      if c.json["outputs"]?["inverse_of_new"] != nil {
        c.expect(try fitted.undo(new), "inverse_of_new")
      }
    }
    for name in ["inverse_of_X", "reconstruction"] where c.json["outputs"]?[name] != nil {
      c.expect(try fitted.undo(mapped), name)
    }
    for (name, value) in fitted.figures where c.json["outputs"]?[name] != nil {
      c.expect(value, name)
    }
    return fitted
  }

  private static let scalings: [String: Check] = {
    @Sendable func pair(_ c: Case, _ names: String..., other: (Double, Double)) -> (Double, Double)
    {
      for name in names {
        if let range = c.parameters[name].flatMap(Case.numbers), range.count == 2 {
          return (range[0], range[1])
        }
      }
      return other
    }
    @Sendable func curve(_ curve: NonlinearScaling.Curve) -> Check {
      { c in
        try knows(c, "s", "scale")
        let scale = c.number("s") ?? c.number("scale") ?? 10
        _ = try map(c, NonlinearScaling(curve, scale: scale))
      }
    }
    return [
      "standard": { c in
        try knows(c, "ddof")
        _ = try map(c, Scaling(.standard, ddof: c.parameters["ddof"]?.int ?? 0))
      },
      "minmax": { c in
        try knows(c, "range", "feature_range")
        let (low, high) = pair(c, "range", "feature_range", other: (0, 1))
        _ = try map(c, Scaling(.minmax, low: low, high: high))
      },
      "maxabs": { c in
        try knows(c)
        _ = try map(c, Scaling(.maxabs))
      },
      "robust": { c in
        try knows(c, "quantile_range", "range")
        let (low, high) = pair(c, "quantile_range", "range", other: (25, 75))
        _ = try map(c, Scaling(.robust, quantiles: (low, high)))
      },
      "row_normalize": { c in
        try knows(c, "norm")
        guard let norm = RowNormalization.Norm(rawValue: c.parameters["norm"]?.string ?? "l2")
        else { throw Unsupported("norm \(c.parameters["norm"]?.string ?? "")") }
        _ = try map(c, RowNormalization(norm))
      },
      "nonlinear_log10_over_log10max": curve(.log10), "nonlinear_log1p": curve(.log1p),
      "nonlinear_atan": curve(.atan), "nonlinear_one_minus_exp": curve(.exponential),
      "nonlinear_logistic": curve(.logistic),
      "mean_image": { c in
        try knows(c, "layout")
        _ = try map(c, ImageScaling(isByChannel: false), input: "images")
      },
      "channel_mean": { c in
        try knows(c, "layout")
        let name = c.parameters["layout"]?.string ?? "NHWC"
        guard let layout = ImageScaling.Layout(rawValue: name) else {
          throw Unsupported("layout \(name)")
        }
        let images = try c.input("images")
        for (divides, output) in [(false, "images_centered"), (true, "images_standardised")] {
          let rule = ImageScaling(isByChannel: true, dividesByDeviation: divides, layout: layout)
          let fitted = try map(c, rule, input: "images")
          if c.json["outputs"]?[output] != nil { c.expect(try fitted.apply(images), output) }
        }
      },
    ]
  }()

  private static let rotations: [String: Check] = [
    "pca": { c in
      try knows(c, "components", "whiten", "covariance_ddof")
      _ = try map(
        c,
        PrincipalComponents(
          c.parameters["components"]?.int, whitens: c.flag("whiten"),
          ddof: c.parameters["covariance_ddof"]?.int ?? 1))
    },
    "zca": { c in
      try knows(c, "ddof", "epsilon")
      let ddof = c.parameters["ddof"]?.int ?? 0
      let rule = ZeroPhaseWhitening(epsilon: c.number("epsilon") ?? 0, ddof: ddof)
      let fitted = try map(c, rule)
      let white = try fitted.apply(c.input("X"))
      if c.json["outputs"]?["eigenvalues_descending"] != nil,
        let values = fitted.figures.first(where: { $0.name == "eigenvalues" })
      {
        c.expect(values.value, "eigenvalues_descending")
      }
      if c.json["outputs"]?["covariance_after"] != nil {
        let rows = try white.astype(.f64)
        let centred = try rows - rows.mean(axes: [0])
        c.expect(
          try centred.transposed.matmul(centred) / Double(max(rows.shape[0] - ddof, 1)),
          "covariance_after")
      }
    },
    "cs231n_whiten": { c in
      try knows(c, "epsilon")
      let x = try c.input("X")
      let epsilon = c.number("epsilon") ?? 1e-5
      let turned = try PrincipalComponents(ddof: 0).learnt(from: x)
      let white = try PrincipalComponents(whitens: true, epsilon: epsilon, ddof: 0)
        .fitted(to: x).apply(x)
      c.expect(turned.variances, "eigenvalues")
      c.expect(try turned.apply(x).abs(), "abs_decorrelated")
      c.expect(try white.abs(), "abs_whitened")
    },
  ]

  private static func category(_ json: JSON) -> Category? {
    if let text = json.string { return .text(text) }
    if let bool = json.bool { return .text(bool ? "True" : "False") }
    return json.int.map { .number($0) }
  }

  private static func row(_ json: JSON) -> [Category] {
    (json.array ?? []).compactMap(category)
  }

  /// Compares nested numbers of `expect`.
  private static func expect(_ c: Case, _ got: [Double], _ name: String) {
    guard let want = c.json["expect"]?[name].flatMap(Case.numbers) else { return }
    c.compare(got, want, name)
  }

  private static let categories: [String: Check] = {
    @Sendable func columns(_ c: Case) throws {
      try knows(c, "categories", "handle_unknown", "drop")
      let rows = (c.json["inputs"]?["rows"]?.array ?? []).map(row)
      let unknown: OneHotColumns.Unknown =
        c.parameters["handle_unknown"]?.string == "ignore" ? .ignore : .error
      let labels = try (c.parameters["categories"]?.array ?? []).map {
        try Labels(classes: row($0))
      }
      var encoder =
        labels.isEmpty
        ? try OneHotColumns(of: rows, unknown: unknown)
        : OneHotColumns(columns: labels, unknown: unknown)
      encoder.dropsFirst = c.parameters["drop"]?.string == "first"
      if unknown == .error, rows.contains(where: { (try? encoder.ordinal([$0])) == nil }) {
        // An unknown value has to be refused; there is nothing else to compare.
        if c.json["expect"]?["one_hot"] != nil { c.fail("an unknown category was refused") }
        return
      }
      expect(c, try encoder.ordinal(rows).flatMap { $0 }.map(Double.init), "ordinal")
      expect(c, try encoder.encode(rows, dtype: .f64).doubles, "one_hot")
      encoder.dropsFirst = true
      expect(c, try encoder.encode(rows, dtype: .f64).doubles, "one_hot_drop_first")
      if c.json["expect"]?["one_hot_sorted_categories"] != nil {
        let sorted = OneHotColumns(
          columns: try encoder.columns.map { try Labels(of: $0.classes) }, unknown: unknown)
        expect(c, try sorted.encode(rows, dtype: .f64).doubles, "one_hot_sorted_categories")
      }
    }
    return [
      "one_hot": { c in
        try knows(c, "classes")
        c.expect(
          try OneHot.encode(
            c.input("labels"), classes: c.parameters["classes"]?.int, dtype: c.dtype),
          "Y")
      },
      "one_hot_columns": { try columns($0) }, "one_hot_unknown": { try columns($0) },
      "label_encoder": { c in
        try knows(c)
        let values = row(c.json["inputs"]?["values"] ?? .array([]))
        let labels = try Labels(of: values)
        let want = row(c.json["expect"]?["classes"] ?? .array([]))
        if labels.classes != want { c.fail("classes: \(labels.classes), expected \(want)") }
        expect(c, try labels.encode(values).map(Double.init), "codes")
      },
      "argmax": { c in
        try knows(c, "axis")
        let p = try c.input("p")
        let found = try p.argmax(c.parameters["axis"]?.int)
        expect(c, found.doubles, "index")
      },
    ]
  }()

  private static let spaces: [String: Check] = [
    "kfold": { c in
      try knows(c, "n", "folds", "shuffle")
      var stream: RandomStream? = c.flag("shuffle") ? RandomStream(seed: 0, name: "folds") : nil
      let n = c.parameters["n"]?.int ?? 0
      let held = try Folds.plain(
        n, folds: c.parameters["folds"]?.int ?? 0, shuffling: &stream)
      if stream == nil {
        expect(c, held.flatMap { $0 }.map(Double.init), "test_indices")
      } else if held.flatMap({ $0 }).sorted() != Array(0..<n) {
        c.fail("the shuffled folds do not hold every example once")
      }
      let sizes = c.json["expect"]?["test_indices"]?.array?.map { $0.array?.count ?? 0 }
      if let sizes, sizes != held.map(\.count) {
        c.fail("sizes \(held.map(\.count)), not \(sizes)")
      }
    },
    "stratified_kfold": { c in
      try knows(c, "folds", "labels", "shuffle")
      let labels = c.parameters["labels"]?.array?.compactMap(\.int) ?? []
      var stream: RandomStream? = c.flag("shuffle") ? RandomStream(seed: 0, name: "folds") : nil
      let held = try Folds.stratified(
        labels, folds: c.parameters["folds"]?.int ?? 0, shuffling: &stream)
      let classes = Set(labels).sorted()
      let counts = held.flatMap { places in
        classes.map { label in Double(places.count { labels[$0] == label }) }
      }
      expect(c, counts, "test_class_counts")
      if stream == nil {
        expect(c, held.flatMap { $0 }.map(Double.init), "test_indices")
      }
    },
    "grid": { c in
      let axes = (c.parameters.members ?? []).map { $0.value.array?.compactMap(\.double) ?? [] }
      let points = try SearchGrid.points(axes)
      expect(c, points.flatMap { $0 }, "points")
      expect(c, [Double(points.count)], "count")
    },
    "log_uniform_stats": { c in
      try knows(c, "low", "high")
      let space = try LogUniform(c.number("low") ?? 0, c.number("high") ?? 0)
      expect(c, [space.mean], "mean")
      expect(c, [space.median], "median")
      expect(c, [space.variance], "variance")
      expect(c, [space.logMean], "log10_mean")
      expect(c, [space.logVariance], "log10_variance")
      expect(c, (1...9).map { space.quantile(Double($0) / 10) }, "deciles")
      // What is drawn has this mean within five deviations of the mean.
      var stream = RandomStream(seed: 1, name: "log-uniform")
      let n = 4000
      let drawn = (0..<n).map { _ in space.draw(from: &stream) }
      let mean = drawn.reduce(0, +) / Double(n)
      let bound = 5 * (space.variance / Double(n)).squareRoot()
      if abs(mean - space.mean) > bound
        || drawn.contains(where: { $0 < space.low || $0 > space.high })
      {
        c.fail("the draws have mean \(mean), expected \(space.mean)")
      }
    },
    "coverage": { c in
      try knows(c, "trials", "dimensions")
      var stream = RandomStream(seed: 1, name: "coverage")
      let found = try SearchGrid.coverage(
        trials: c.parameters["trials"]?.int ?? 0, dimensions: c.parameters["dimensions"]?.int ?? 0,
        from: &stream)
      let want = c.json["expect"]?["distinct_values_of_the_important_parameter"]
      if found.grid != want?["grid"]?.int || found.random != want?["random"]?.int {
        c.fail("grid \(found.grid), random \(found.random)")
      }
    },
  ]
}

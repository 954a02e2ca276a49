import Catalog
import Plots

/// One figure of each kind, small enough that its golden files can be read.
enum Examples {
  static let all: [(name: String, figure: Figure)] = [
    ("activation", activation), ("history", history), ("lines", lines), ("scatter", scatter),
    ("bars", bars), ("bars-long", longBars), ("histogram", histogram), ("heatmap", heatMap),
    ("heatmap-signed", signedMap), ("images", images), ("grid", grid), ("log", logarithmic),
    ("spark", Figure(.spark([2.3, 1.4, 0.9, 0.6, 0.5, 0.44]))), ("band", band),
    ("empty", Figure(.graph(Graph(panels: [Panel(y: Axis("loss"), series: [])])))),
    ("missing", missing), ("steps", steps), ("many", many), ("groups", groups),
    ("density", density), ("mixed", mixed),
    ("shared", shared), ("names", names),
  ]

  static func range(_ lower: Double, _ upper: Double, _ count: Int) -> [Double] {
    (0..<count).map { lower + (upper - lower) * Double($0) / Double(count - 1) }
  }

  /// Numbers that look random and are the same everywhere.
  static func noise(_ count: Int, seed: UInt64) -> [Double] {
    var state = seed
    return (0..<count).map { _ in
      var sum = 0.0
      for _ in 0..<6 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        sum += Double(state >> 40) / Double(1 << 24)
      }
      return (sum - 3) * 1.4142
    }
  }

  static let activation: Figure = {
    let x = range(-5, 5, 201)
    return Figure(
      .graph(
        Graph(
          title: "leaky_relu",
          panels: [
            Panel(
              x: Axis("x"),
              series: [
                Series("leaky_relu", x: x, y: x.map { $0 > 0 ? $0 : 0.1 * $0 }, hue: 0),
                Series(
                  "derivative", x: x, y: x.map { $0 > 0 ? 1 : 0.1 }, emphasis: .derived, hue: 0,
                  jumps: [101]),
              ])
          ],
          summary: "leaky_relu and its derivative on -5 to 5: slope 0.1 below 0, 1 above.")))
  }()

  static let history: Figure = {
    let epochs = range(1, 10, 10)
    let loss = [1.82, 0.93, 0.66, 0.52, 0.43, 0.36, 0.31, 0.27, 0.23, 0.2]
    let validation = [1.21, 0.82, 0.66, 0.58, 0.52, 0.49, 0.47, 0.46, 0.465, 0.48]
    let accuracy = [0.42, 0.69, 0.78, 0.83, 0.86, 0.88, 0.9, 0.915, 0.925, 0.935]
    let validationAccuracy = [0.61, 0.74, 0.79, 0.82, 0.835, 0.845, 0.85, 0.857, 0.859, 0.855]
    let axis = Axis("epoch", scale: .whole)
    return Figure(
      .graph(
        Graph(panels: [
          Panel(
            x: axis, y: Axis("loss"),
            series: [
              Series("train", x: epochs, y: loss, emphasis: .faint, hue: 0),
              Series("val", x: epochs, y: validation, hue: 0, mark: (7, "best")),
            ]),
          Panel(
            x: axis, y: Axis("accuracy"),
            series: [
              Series("train", x: epochs, y: accuracy, emphasis: .faint, hue: 1),
              Series("val", x: epochs, y: validationAccuracy, hue: 1),
            ]),
        ])))
  }()

  static let lines: Figure = {
    let x = range(0, 20, 120)
    return Figure(
      .graph(
        Graph(
          title: "Six optimizers on the same problem",
          panels: [
            Panel(
              x: Axis("step"), y: Axis("loss"),
              series: ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"].enumerated()
                .map { index, name in
                  let rate = 0.05 + 0.07 * Double(index)
                  return Series(
                    name, x: x,
                    y: x.map { step in 2.3 / (1 + rate * step) + 0.05 * Double(index % 3) })
                })
          ])))
  }()

  static let scatter: Figure = {
    let names = ["Adelie", "Chinstrap", "Gentoo"]
    return Figure(
      .graph(
        Graph(panels: [
          Panel(
            x: Axis("flipper length (mm)"), y: Axis("body mass (g)"),
            series: names.enumerated().map { index, name in
              let a = noise(40, seed: UInt64(index + 1))
              let b = noise(40, seed: UInt64(index + 11))
              return Series(
                name, x: a.map { 190 + 12 * Double(index) + 6 * $0 },
                y: zip(a, b).map { 3700 + 650 * Double(index) + 180 * $0 + 220 * $1 },
                form: .points)
            })
        ])))
  }()

  static let bars = Figure(
    .graph(
      Graph(panels: [
        Panel(
          x: Axis(scale: .categories(["relu", "elu", "selu", "tanh", "gelu"])),
          y: Axis("accuracy"),
          series: [
            Series(
              x: [0, 1, 2, 3, 4], y: [0.874, 0.881, 0.879, 0.858, 0.886], form: .bars,
              error: [0.01, 0.008, 0.012, 0.009, 0.006])
          ])
      ])))

  static let longBars = Figure(
    .graph(
      Graph(
        title: "Probability of each class",
        panels: [
          Panel(
            x: Axis(
              scale: .categories(["T-shirt/top", "Trouser", "Ankle boot", "Sneaker", "Bag"])),
            y: Axis("probability"),
            series: [
              Series(
                x: [0, 1, 2, 3, 4], y: [0.02, 0.001, 0.72, 0.21, 0.05], form: .bars,
                error: [0.01, 0, 0.18, 0.16, 0.02])
            ])
        ])))

  static let histogram: Figure = {
    let values = noise(2000, seed: 5)
    var counts = [Double](repeating: 0, count: 30)
    for value in values {
      let place = ((value + 4) / 8 * 30).rounded(.down)
      if let index = Int(exactly: place), counts.indices.contains(index) { counts[index] += 1 }
    }
    return Figure(
      .graph(
        Graph(panels: [
          Panel(
            x: Axis("weight"), y: Axis("count"),
            series: [
              Series(
                x: (0..<30).map { -4 + (Double($0) + 0.5) * 8 / 30 }, y: counts, form: .bars)
            ])
        ])))
  }()

  static let heatMap = Figure(
    .matrix(
      Matrix(
        title: "Confusion", rows: 4, columns: 4,
        values: [48, 1, 0, 1, 2, 44, 3, 1, 0, 4, 45, 1, 1, 0, 2, 47],
        rowLabels: ["cat", "dog", "fox", "owl"], columnLabels: ["cat", "dog", "fox", "owl"],
        showsValues: true)))

  static let signedMap: Figure = {
    let side = 40
    var values: [Double] = []
    for row in 0..<side {
      for column in 0..<side {
        let x = Double(column) / 6 - 3
        let y = Double(row) / 6 - 3
        values.append(x * y * (1 - (x * x + y * y) / 12))
      }
    }
    return Figure(
      .matrix(
        Matrix(title: "Weights of the first layer", rows: side, columns: side, values: values)))
  }()

  static let images: Figure = {
    let (count, side) = (12, 28)
    var pixels: [UInt8] = []
    for index in 0..<count {
      for y in 0..<side {
        for x in 0..<side {
          let dx = Double(x) - 13.5
          let dy = Double(y) - 13.5
          let distance = (dx * dx + dy * dy).squareRoot()
          let ring = abs(distance - 3 - Double(index) * 0.7)
          pixels.append(UInt8(max(0, min(255, 255 - ring * 90))))
        }
      }
    }
    return Figure(
      .images(
        ImageSheet(
          title: "Rings", count: count, height: side, width: side, pixels: pixels,
          labels: (0..<count).map { "ring \($0)" }, columns: 6)))
  }()

  static let grid: Figure = {
    let x = range(-4, 4, 81)
    let functions: [(String, (Double) -> Double)] = [
      ("relu", { max(0, $0) }), ("elu", { $0 > 0 ? $0 : 0.8 * $0 / (1 - $0) }),
      ("softsign", { $0 / (1 + abs($0)) }), ("hard_tanh", { max(-1, min(1, $0)) }),
      ("square", { $0 * $0 / 4 }), ("step", { $0 > 0 ? 1 : 0 }),
    ]
    return Figure(
      .grid(
        functions.map { name, function in
          Figure(
            .graph(
              Graph(
                title: name, panels: [Panel(x: Axis(), series: [Series(x: x, y: x.map(function))])]
              )))
        }, columns: 3, isShared: true))
  }()

  static let logarithmic: Figure = {
    let x = (0..<60).map { i -> Double in
      var value = 1e-6
      for _ in 0..<i { value *= 1.3 }
      return value
    }
    return Figure(
      .graph(
        Graph(panels: [
          Panel(
            x: Axis("learning rate", scale: .log), y: Axis("loss", scale: .log),
            series: [
              Series(
                "smoothed", x: x, y: x.map { 2.3 / (1 + 400 * $0) + 12 * $0 * $0 },
                mark: (45, "lowest"))
            ], rules: [Panel.Rule(.horizontal, at: 2.303, label: "ln 10")])
        ])))
  }()

  static let band: Figure = {
    let x = range(1, 30, 30)
    let middle = x.map { 0.9 - 0.6 / $0 }
    return Figure(
      .graph(
        Graph(
          title: "relu, median of 3 seeds",
          panels: [
            Panel(
              x: Axis("epoch", scale: .whole), y: Axis("accuracy"),
              series: [
                Series(
                  x: x, y: zip(x, middle).map { $1 - 0.1 / $0.squareRoot() }, form: .band, hue: 2,
                  upper: zip(x, middle).map { $1 + 0.08 / $0.squareRoot() }),
                Series("relu", x: x, y: middle, hue: 2),
              ])
          ])))
  }()

  static let missing: Figure = {
    let x = range(1, 40, 40)
    return Figure(
      .graph(
        Graph(panels: [
          Panel(
            x: Axis("step"), y: Axis("loss"),
            series: [
              Series(
                "loss", x: x, y: x.map { $0 > 30 ? .nan : $0 == 12 ? .infinity : 2 + $0 * $0 / 300 }
              )
            ])
        ])))
  }()

  static let steps = Figure(
    .graph(
      Graph(panels: [
        Panel(
          x: Axis("epoch", scale: .whole), y: Axis("learning rate", scale: .log),
          series: [Series(x: [0, 5, 15, 20], y: [0.01, 0.005, 0.001, 0.001], form: .steps)])
      ])))

  static let many: Figure = {
    let x = range(0, 10, 50)
    return Figure(
      .graph(
        Graph(
          title: "Nine series",
          panels: [
            Panel(
              x: Axis("x"), y: Axis("y"),
              series: (0..<9).map { index in
                Series("series \(index + 1)", x: x, y: x.map { $0 * Double(index - 4) / 4 + 1 })
              })
          ])))
  }()

  static let table = Figure(
    .table(
      Table(
        title: "Results",
        columns: [
          Table.Column("activation"), Table.Column("accuracy", isNumeric: true),
          Table.Column("epochs", isNumeric: true), Table.Column("说明"),
        ],
        rows: [
          [.text("relu"), .number(0.8744), .whole(10), .text("fast")],
          [.text("sigmoid"), .number(0.71), .whole(12), .text("慢")],
          [.text("a < b & c"), .missing, .whole(1200), .missing],
        ], notes: ["3 runs"])))

  static let groups = Figure(
    .graph(
      Graph(
        title: "Parameters by layer, before and after pruning",
        panels: [
          Panel(
            x: Axis(scale: .categories(["dense", "dense 1", "dense 2", "out"])),
            y: Axis("parameters", scale: .log),
            series: [
              Series("before", x: [0, 1, 2, 3], y: [235_500, 30_100, 10_100, 1010], form: .bars),
              Series("after", x: [0, 1, 2, 3], y: [23_000, 9000, 4100, 900], form: .bars),
            ])
        ])))

  static let density: Figure = {
    let a = noise(5000, seed: 21)
    let b = noise(5000, seed: 22)
    return Figure(
      .graph(
        Graph(panels: [
          Panel(
            x: Axis("PC1"), y: Axis("PC2"),
            series: [Series(x: a, y: zip(a, b).map { 0.6 * $0 + 0.5 * $1 }, form: .points)])
        ])))
  }()

  static let mixed = Figure(
    .grid([scatter, heatMap, images, bars], columns: 2, isShared: false), title: "Four kinds")

  /// Two series in every panel, named once for all.
  static let shared: Figure = {
    let x = range(-4, 4, 81)
    return Figure(
      .grid(
        ["one", "two", "three", "four"].enumerated().map { index, name in
          let steepness = Double(index + 1)
          return Figure(
            .graph(
              Graph(
                title: name,
                panels: [
                  Panel(
                    x: Axis("x"), y: Axis("f(x)"),
                    series: [
                      Series(
                        "f", x: x, y: x.map { steepness * $0 / (1 + abs(steepness * $0)) }, hue: 0),
                      Series(
                        "f′", x: x,
                        y: x.map {
                          steepness / ((1 + abs(steepness * $0)) * (1 + abs(steepness * $0)))
                        },
                        emphasis: .derived, hue: 0),
                    ])
                ])))
        }, columns: 2, isShared: true))
  }()

  /// Long and Chinese names.
  static let names: Figure = {
    let x = range(0, 10, 30)
    return Figure(
      .graph(
        Graph(
          title: "训练曲线：三个优化器的损失",
          panels: [
            Panel(
              x: Axis("轮次"), y: Axis("损失"),
              series: [
                Series("随机梯度下降", x: x, y: x.map { 2 / (1 + 0.1 * $0) }),
                Series("动量法", x: x, y: x.map { 2 / (1 + 0.4 * $0) }),
                Series("Adam", x: x, y: x.map { 2 / (1 + 0.41 * $0) }),
              ])
          ])))
  }()
}

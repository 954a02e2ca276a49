import Catalog
import Data
import Tensors
import Testing

@Suite("Preparing data") struct PreparingTests {
  static func random(_ shape: Shape, _ dtype: DType = .f64) throws -> Tensor {
    var stream = RandomStream(seed: 5, name: "preparing")
    return try stream.normal(shape, dtype: dtype) * 3 + 1
  }

  static func near(_ a: Tensor, _ b: Tensor, _ tolerance: Double = 1e-9) -> Bool {
    a.shape == b.shape
      && zip(a.doubles, b.doubles).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
  }

  static let reversible: [any Transformation] = [
    Scaling(.standard), Scaling(.standard, ddof: 1), Scaling(.minmax, low: -1, high: 3),
    Scaling(.maxabs), Scaling(.robust), Scaling(.center),
    NonlinearScaling(.logistic), PrincipalComponents(), PrincipalComponents(whitens: true),
    ZeroPhaseWhitening(), Pipeline([Scaling(.standard), PrincipalComponents(), Scaling(.minmax)]),
  ]

  @Test("What is transformed comes back, in both precisions", arguments: reversible.indices)
  func inverse(_ index: Int) throws {
    let rule = Self.reversible[index]
    for dtype in [DType.f64, .f32] {
      let x = try Self.random([20, 3], dtype)
      let new = try Self.random([4, 3], dtype) * 0.5
      let fitted = try rule.fitted(to: x)
      let mapped = try fitted.apply(new)
      #expect(mapped.dtype == dtype)
      #expect(
        Self.near(try fitted.undo(mapped), new, dtype == .f64 ? 1e-9 : 2e-4), "\(rule.text)")
      #expect(throws: Failure.self) { try fitted.apply(Tensor.zeros([2, 4])) }
      #expect(try fitted.apply(new.at([.range(0, 0)])).shape[0] == 0)
    }
    #expect(throws: Failure.self) { try rule.fitted(to: Tensor.zeros([0, 3])) }
  }

  @Test("Large sets are read in blocks, with the same figures")
  func blocks() throws {
    let x = try Self.random([9001, 2])
    let scaler = try Scaling(.standard).learnt(from: x)
    #expect(Self.near(scaler.centre, try x.mean(axes: [0])))
    #expect(Self.near(scaler.spread, try x.deviation(axes: [0])))
    let range = try Scaling(.minmax).learnt(from: x).apply(x)
    #expect(try range.min().item() == 0 && range.max().item() == 1)
  }

  @Test("Principal components by both ways agree, and share keeps what it says")
  func components() throws {
    let mix = try Self.random([30, 30])
    let x = try Self.random([4000, 30]).matmul(mix)
    let large = try PrincipalComponents().learnt(from: x)
    let small = try PrincipalComponents().learnt(from: x.at([.range(0, 100)]))
    #expect(large.variances.doubles == large.variances.doubles.sorted(by: >))
    let turned = try large.apply(x)
    let covariance = try turned.transposed.matmul(turned) / 3999
    #expect(Self.near(covariance, try large.variances.diagonal(), 1e-6))
    #expect(small.components.shape == [30, 30])
    let kept = try PrincipalComponents(share: 0.5).learnt(from: x)
    let count = kept.variances.count
    let all = large.variances.doubles
    #expect(all.prefix(count).reduce(0, +) >= 0.5 * all.reduce(0, +))
    #expect(all.prefix(count - 1).reduce(0, +) < 0.5 * all.reduce(0, +))
    #expect(throws: Failure.self) { try PrincipalComponents(31).learnt(from: x) }
  }

  @Test("Whitened pictures have covariance one, pictures keep their shape")
  func whitening() throws {
    let x = try Self.random([200, 2, 3])
    let white = try ZeroPhaseWhitening(epsilon: 0).fitted(to: x).apply(x)
    #expect(white.shape == x.shape)
    let rows = try white.reshape([200, 6])
    let covariance = try rows.transposed.matmul(rows) / 200
    #expect(Self.near(covariance, try Tensor.eye(6, dtype: .f64), 1e-8))
    let images = try Self.random([5, 4, 3, 2])
    let mean = try ImageScaling(isByChannel: false).fitted(to: images).apply(images)
    #expect(try mean.mean(axes: [0]).abs().max().item() < 1e-12)
    let scaled = try ImageScaling(isByChannel: true, dividesByDeviation: true)
      .fitted(to: images).apply(images)
    #expect(try scaled.mean(axes: [0, 1, 2]).abs().max().item() < 1e-12)
    #expect(try (scaled.deviation(axes: [0, 1, 2]) - 1).abs().max().item() < 1e-12)
    let turned = try images.permute([0, 3, 1, 2])
    let channelsFirst = try ImageScaling(
      isByChannel: true, dividesByDeviation: true, layout: .NCHW
    ).fitted(to: turned).apply(turned)
    #expect(Self.near(try channelsFirst.permute([0, 2, 3, 1]), scaled))
  }

  @Test("Curves refuse what they are not made for")
  func domains() throws {
    let x = try Tensor([0.5, 3] as [Double], shape: [2, 1])
    #expect(throws: Failure.self) { try NonlinearScaling(.log10).fitted(to: x).apply(x) }
    #expect(throws: Failure.self) { try NonlinearScaling(.log1p).fitted(to: x).apply(x * -4) }
    let zeros = try RowNormalization(.l1).apply(Tensor([0, 0, 1, -3] as [Double], shape: [2, 2]))
    #expect(zeros.doubles == [0, 0, 0.25, -0.75])
    #expect(throws: Failure.self) { try RowNormalization().undo(zeros) }
  }

  @Test("Kinds: given order, unknown values, the first left out, and back")
  func kinds() throws {
    let rows: [[Category]] = [[.text("b"), .number(2)], [.text("a"), .number(10)]]
    var columns = try OneHotColumns(of: rows)
    #expect(columns.columns[0].classes == [.text("a"), .text("b")])
    #expect(columns.columns[1].classes == [.number(2), .number(10)])
    #expect(try columns.encode(rows).doubles == [0, 1, 1, 0, 1, 0, 0, 1])
    #expect(try columns.decode(columns.encode(rows)) == rows)
    columns.dropsFirst = true
    #expect(try columns.encode(rows).doubles == [1, 0, 0, 1])
    #expect(try columns.decode(columns.encode(rows)) == rows)
    let failure = #expect(throws: Failure.self) { try columns.encode([[.text("A"), .number(2)]]) }
    #expect(failure?.code == "L304")
    columns.unknown = .ignore
    #expect(try columns.encode([[.text("z"), .number(10)]]).doubles == [0, 1])
    #expect(throws: Failure.self) { try OneHotColumns(of: [[.number(1)], []]) }
    #expect(throws: Failure.self) { try Labels(classes: [.number(1), .number(1)]) }
  }

  @Test("Folds hold out every example once, with the classes' shares")
  func folds() throws {
    var none: RandomStream?
    var stream: RandomStream? = RandomStream(seed: 1, name: "folds")
    for (n, k) in [(11, 3), (10, 10), (7, 2)] {
      let plain = try Folds.plain(n, folds: k, shuffling: &none)
      #expect(plain.flatMap { $0 } == Array(0..<n))
      let random = try Folds.plain(n, folds: k, shuffling: &stream)
      #expect(random.map(\.count) == plain.map(\.count))
      #expect(random.flatMap { $0 }.sorted() == Array(0..<n))
    }
    let labels = (0..<50).map { $0 % 5 == 0 ? 7 : 3 }
    for held in [
      try Folds.stratified(labels, folds: 5, shuffling: &none),
      try Folds.stratified(labels, folds: 5, shuffling: &stream),
    ] {
      #expect(held.allSatisfy { places in places.count { labels[$0] == 7 } == 2 })
      #expect(held.flatMap { $0 }.sorted() == Array(0..<50))
    }
    #expect(throws: Failure.self) { try Folds.plain(3, folds: 4, shuffling: &none) }
    #expect(throws: Failure.self) { try Folds.stratified([0, 1, 2], folds: 2, shuffling: &none) }
  }

  @Test("A fold's scaling knows nothing of what is held out")
  func noLeak() throws {
    let x = try Tensor((0..<20).map { Float($0) }, shape: [20, 1])
    let data = try Dataset(x: x, y: Tensor((0..<20).map { $0 % 2 }), classes: ["a", "b"])
    var none: RandomStream?
    for fold in try data.scaled(.minmax).folds(4, isStratified: true, shuffling: &none) {
      let scaled = try fold.prepared(by: Pipeline([Scaling(.standard), Scaling(.minmax)]))
      #expect(try scaled.train.x.min().item() == 0 && scaled.train.x.max().item() == 1)
      #expect(try Self.near(scaled.images0(), fold.x, 1e-5))
      let own = try Scaling(.standard).learnt(from: fold.train.x)
      #expect(try Self.near(fold.scaled(.standard).train.x, own.apply(fold.train.x)))
    }
  }

  @Test("Targets are scaled with the training part's figures, classes are not")
  func targets() throws {
    var stream = RandomStream(seed: 0, name: "split")
    let x = try Tensor((0..<10).map { Float($0) }, shape: [10, 1])
    let data = try Dataset(x: x, y: Tensor((0..<10).map { Float($0) * 1000 }))
      .split(train: 6, test: 4, shuffle: false, from: &stream)
    let scaled = try data.targetsPrepared(by: Scaling(.minmax))
    #expect(scaled.train.y.floats.max() == 1)
    #expect(abs((scaled.test?.y.floats.max() ?? 0) - 1.8) < 1e-6)
    let back = try #require(scaled.targetScaling).undo(scaled.y)
    #expect(Self.near(back, data.y, 1e-6))
    #expect(throws: Failure.self) {
      try DatasetTests.counting(4).targetsPrepared(by: Scaling(.standard))
    }
  }

  @Test("Log-uniform draws and grids")
  func spaces() throws {
    let space = try LogUniform(1e-4, 1)
    #expect(abs(space.median - 1e-2) < 1e-12)
    #expect(space.quantile(0) == 1e-4 && space.quantile(1) == 1)
    #expect(throws: Failure.self) { try LogUniform(0, 1) }
    #expect(throws: Failure.self) { try LogUniform(2, 1) }
    #expect(
      try SearchGrid.points([[1, 2], [3], [4, 5]]) == [
        [1, 3, 4], [1, 3, 5], [2, 3, 4], [2, 3, 5],
      ])
    #expect(throws: Failure.self) {
      try SearchGrid.points(Array(repeating: Array(0..<100), count: 20))
    }
    var stream = RandomStream(seed: 1, name: "coverage")
    let found = try SearchGrid.coverage(trials: 30, dimensions: 3, from: &stream)
    #expect(found.grid == 3 && found.random == 30)
  }
}

extension Dataset {
  /// The inputs as they were before scaling.
  fileprivate func images0() throws -> Tensor { try scaling?.undo(x) ?? x }
}

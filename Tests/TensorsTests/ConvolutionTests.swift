import Catalog
import Tensors
import Testing

extension GradientCase {
  /// Convolutions and pooling over paddings, strides, dilations, groups and modes.
  static let windows: [GradientCase] = {
    var cases: [GradientCase] = []
    let paddings: [Padding] = [
      .valid, .same, .full, .cells([.init(1, 1)]), .cells([.init(1, 0), .init(0, 2)]),
    ]
    for padding in paddings {
      for (strides, dilation) in [([1], [1]), ([2], [1]), ([2, 1], [1, 2]), ([3, 2], [2, 2])] {
        let options = WindowOptions(strides: strides, dilation: dilation, padding: padding)
        cases.append(
          GradientCase("conv2d \(options)", [2, 5, 6, 2], [3, 2, 2, 3], [3]) {
            try $0[0].convolved($0[1], bias: $0[2], options)
          })
      }
      let sparse = WindowOptions(strides: [2], padding: padding, groups: 2)
      cases.append(
        GradientCase("groups \(padding)", [2, 4, 5, 4], [3, 3, 2, 6], [6]) {
          try $0[0].convolved($0[1], bias: $0[2], sparse)
        })
      cases.append(
        GradientCase("transposed \(padding)", [2, 3, 4, 2], [3, 3, 3, 2], [3]) {
          try $0[0].transposedConvolution(
            $0[1], bias: $0[2], WindowOptions(strides: [2], padding: padding))
        })
      if padding != .full {
        cases.append(
          GradientCase("average \(padding)", [2, 5, 4, 2]) {
            try $0[0].averagePooled([3, 3], WindowOptions(strides: [2], padding: padding))
          })
        cases.append(
          GradientCase("largest \(padding)", [2, 5, 4, 2]) {
            try $0[0].maxPooled([3, 3], WindowOptions(strides: [2, 1], padding: padding))
          })
      }
    }
    for mode in PaddingMode.allCases {
      let options = WindowOptions(padding: .same, mode: mode)
      cases.append(
        GradientCase("conv2d \(mode)", [1, 4, 5, 2], [3, 4, 2, 2]) {
          try $0[0].convolved($0[1], options)
        })
      cases.append(
        GradientCase("pad \(mode)", [2, 4]) { try $0[0].padded([(1, 0), (2, 3)], mode: mode) })
    }
    let causal = WindowOptions(strides: [2], dilation: [2], padding: .causal)
    return cases + [
      GradientCase("conv1d causal", [2, 7, 2], [3, 2, 3], [3]) {
        try $0[0].convolved($0[1], bias: $0[2], causal)
      },
      GradientCase("conv1d transposed", [2, 4, 2], [3, 3, 2]) {
        try $0[0].transposedConvolution($0[1], WindowOptions(strides: [3]), extra: [1])
      },
      GradientCase("depthwise", [1, 4, 4, 3], [3, 3, 1, 6]) {
        try $0[0].convolved($0[1], WindowOptions(padding: .same, groups: 3))
      },
      GradientCase("one cell", [1, 1, 1, 1], [1, 1, 1, 1], [1]) {
        try $0[0].convolved($0[1], bias: $0[2])
      },
      GradientCase("no images", [0, 4, 4, 2], [3, 3, 2, 3], [3]) {
        try $0[0].convolved($0[1], bias: $0[2])
      },
      GradientCase("no channels", [2, 4, 4, 0], [3, 3, 0, 3], [3]) {
        try $0[0].convolved($0[1], bias: $0[2])
      },
      GradientCase("a turned image", [2, 3, 6, 5], [3, 2, 2, 3]) {
        try $0[0].permute([0, 3, 2, 1])[.all, .all, .all, .range(0, 2)].convolved($0[1])
      },
      GradientCase("mean counting padding", [1, 4, 4, 2]) {
        try $0[0].averagePooled(
          [3, 2], WindowOptions(strides: [2], padding: .same), countsPadding: true)
      },
      GradientCase("largest of sequences", [2, 7, 2]) { try $0[0].maxPooled([3]) },
    ]
  }()
}

@Suite("Convolution")
struct ConvolutionTests {
  @Test("oneDNN's passes agree with patches in f64")
  func oracle() throws {
    var stream = RandomStream(seed: 8, name: "images")
    let shapes: [(x: [Int], k: [Int])] = [
      ([2, 7, 6, 3], [3, 3, 3, 5]), ([1, 9, 9, 16], [2, 3, 16, 32]), ([3, 5, 8, 4], [1, 1, 4, 8]),
      ([5, 12, 12, 1], [5, 5, 1, 17]), ([2, 4, 4, 2], [4, 4, 2, 1]),
    ]
    let options = [
      WindowOptions(), WindowOptions(padding: .same), WindowOptions(strides: [2], padding: .same),
      WindowOptions(strides: [2, 3], dilation: [2, 1], padding: .full),
      WindowOptions(dilation: [2], padding: .cells([.init(3, 4), .init(5, 2)])),
      WindowOptions(padding: .cells([.init(9, 9)])),
    ]
    for shape in shapes {
      for options in options {
        let inputs = [
          try stream.normal(Shape(shape.x)), try stream.normal(Shape(shape.k)),
          try stream.normal([shape.k[3]]),
        ]
        let plain = try inputs.map { try $0.astype(.f64) }
        let run = { (all: [Tensor]) in
          try all[0].convolved(all[1], bias: all[2], options)
        }
        let (fast, exact) = (try run(inputs), try run(plain))
        #expect(fast.dtype == .f32)
        let far = zip(fast.doubles, exact.doubles).map { abs($0 - $1) }.max() ?? 0
        #expect(far < 1e-4, "\(shape) \(options): off by \(far)")
        let loss = { (all: [Tensor]) in try run(all).square().sum() * 0.01 }
        let slopes = zip(
          try gradient(at: inputs, of: loss), try gradient(at: plain, of: loss))
        for (a, b) in slopes {
          let size = b.doubles.map { abs($0) }.max() ?? 0
          let far = zip(a.doubles, b.doubles).map { abs($0 - $1) }.max() ?? 0
          #expect(far < 1e-4 * max(1, size), "\(shape) \(options): slope off by \(far)")
        }
      }
    }
  }

  @Test("second derivatives of convolutions and pooling agree with differences")
  func second() throws {
    var stream = RandomStream(seed: 9, name: "second")
    let k = try stream.normal([2, 3, 1, 2], dtype: .f64)
    let functions: [(Tensor) throws -> Tensor] = [
      { try $0.convolved(k, WindowOptions(strides: [2], padding: .same)).tanh() },
      { try $0.convolved($0.reshape([3, 4, 1, 1])[.range(0, 2), .range(0, 2)]) },
      { try $0.transposedConvolution(k, WindowOptions(strides: [2])).square() },
      { try $0.square().maxPooled([2, 2]).exp() },
      { try $0.square().averagePooled([2, 2], WindowOptions(padding: .same)).exp() },
    ]
    for (index, function) in functions.enumerated() {
      let shape: Shape = index == 2 ? [1, 2, 3, 2] : [1, 3, 4, 1]
      let x = try stream.uniform(shape, -1, 1, dtype: .f64)
      let slope: (Tensor) throws -> Tensor = { x in
        let first = try gradient(at: x) { try function($0).sum() }
        return try (first * first).sum()
      }
      let found = try gradient(at: x, of: slope).doubles
      for (i, found) in found.enumerated() {
        var ends: [Double] = []
        for sign in [1.0, -1.0] {
          var moved = x.doubles
          moved[i] += sign * 1e-6
          ends.append(try slope(Tensor(moved, shape: x.shape)).item())
        }
        let expected = (ends[0] - ends[1]) / 2e-6
        #expect(abs(found - expected) <= 1e-4 * max(1, abs(expected)), "function \(index)")
      }
    }
  }

  @Test("largest: the first of equals gets the gradient, padding never wins, NaN does")
  func largest() throws {
    let flat = try Tensor.full([1, 2, 2, 1], 3, dtype: .f64)
    #expect(try gradient(at: flat) { try $0.maxPooled([2, 2]).sum() }.doubles == [1, 0, 0, 0])
    let low = try Tensor.full([1, 3, 3, 1], -7)
    let same = WindowOptions(strides: [2], padding: .same)
    #expect(try low.maxPooled([2, 2], same).doubles == [-7, -7, -7, -7])
    let empty = try Tensor.full([1, 2, 2, 1], -Double.infinity)
    #expect(try empty.maxPooled([2, 2]).doubles == [-Double.infinity])
    #expect(try gradient(at: empty) { try $0.maxPooled([2, 2]).sum() }.doubles == [1, 0, 0, 0])
    let torn = try Tensor([1, .nan, 5, 2] as [Float], shape: [1, 2, 2, 1])
    #expect(try torn.maxPooled([2, 2]).floats[0].isNaN)
  }

  @Test("the mean leaves padding out unless told otherwise")
  func mean() throws {
    let ones = try Tensor.ones([1, 3, 3, 1])
    let same = WindowOptions(strides: [2], padding: .same)
    #expect(try ones.averagePooled([2, 2], same).doubles == [1, 1, 1, 1])
    #expect(
      try ones.averagePooled([2, 2], same, countsPadding: true).doubles == [1, 0.5, 0.5, 0.25])
  }

  @Test("borders are what NumPy's modes give")
  func borders() throws {
    let x = try Tensor([1, 2, 3] as [Int])
    #expect(try x.padded([(2, 2)], mode: .reflect).ints == [3, 2, 1, 2, 3, 2, 1])
    #expect(try x.padded([(2, 1)], mode: .replicate).ints == [1, 1, 1, 2, 3, 3])
    #expect(try x.padded([(2, 1)], mode: .circular).ints == [2, 3, 1, 2, 3, 1])
    #expect(try x.padded([(1, 1)], mode: .zeros).ints == [0, 1, 2, 3, 0])
    #expect(throws: TensorError.self) { try x.padded([(3, 0)], mode: .reflect) }
    #expect(throws: TensorError.self) {
      try Tensor.zeros([0]).padded([(1, 0)], mode: .replicate)
    }
  }

  @Test("shapes that do not fit are L301 with a way out")
  func refused() throws {
    let x = try Tensor.zeros([2, 4, 4, 2])
    func failure(_ body: () throws -> Tensor) throws -> Failure {
      let error = #expect(throws: TensorError.self) { try body() }
      return try #require(error).failure
    }
    let large = try failure { try x.convolved(Tensor.zeros([5, 5, 2, 1])) }
    #expect(large.code == "L301")
    #expect(large.message == "a kernel of 5 does not fit an input of 4")
    let channels = try failure { try x.convolved(Tensor.zeros([3, 3, 3, 1])) }
    #expect(
      channels.message == "the kernel (3, 3, 3, 1) is for 3 channels, the input (2, 4, 4, 2) has 2")
    let flat = try failure {
      try Tensor.zeros([2, 4, 4]).convolved(Tensor.zeros([3, 3, 1, 1]))
    }
    #expect(flat.help == "images without channels get that axis by x[..., None]")
    _ = try failure {
      try x.convolved(Tensor.zeros([1, 1, 2, 1]), WindowOptions(strides: [0]))
    }
    _ = try failure {
      try x.convolved(Tensor.zeros([1, 1, 2, 1]), WindowOptions(dilation: [1 << 62]))
    }
    _ = try failure {
      try x.convolved(
        Tensor.zeros([1, 1, 2, 1]),
        WindowOptions(strides: [1 << 24], padding: .cells([.init(1 << 24, 1 << 24)]), groups: 3))
    }
    _ = try failure { try x.maxPooled([2, 2], WindowOptions(padding: .cells([.init(2, 2)]))) }
    _ = try failure { try x.maxPooled([1 << 20, 1 << 20]) }
  }
}

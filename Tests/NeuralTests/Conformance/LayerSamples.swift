import Catalog
import Neural
import Tensors
import Testing

/// A layer of the catalogue as a script would make it, with the shape of one input.
struct LayerSample: Sendable, CustomTestStringConvertible {
  let name: String
  let input: [Int]
  let arguments: @Sendable () -> [Value]
  /// One option that differs from its default, named as the entry names it.
  var option: (name: String, value: @Sendable () -> Value)?

  init(_ name: String, _ input: [Int], _ arguments: @escaping @Sendable () -> [Value] = { [] }) {
    self.name = name
    self.input = input
    self.arguments = arguments
  }

  var testDescription: String {
    name + (option.map { " \($0.name)=\($0.value().brief())" } ?? "") + " for \(input)"
  }

  /// A new layer each time: a layer belongs to one model.
  func make() throws -> any Layer {
    guard
      case .object(let object) = try Lab.call(
        name, arguments(), option.map { [($0.name, $0.value())] } ?? []),
      let layer = object as? any Layer
    else { throw Failure(.type, "\(name) makes no layer") }
    return layer
  }

  static let all: [LayerSample] = plain + pools

  /// The same with each option that has a sample, as far as the positional arguments leave it open.
  func variants() throws -> [LayerSample] {
    let entry = try #require(NeuralCatalog.library.entries.first { $0.name == name })
    let given = arguments().count
    return entry.parameters.dropFirst(given).flatMap { parameter -> [LayerSample] in
      var values: [@Sendable () -> Value] = parameter.choices.map { choice in { .string(choice) } }
      if parameter.kind == "bool" {
        let value = parameter.shownDefault != "True"
        values = [{ .bool(value) }]
      }
      let listed = Self.options["\(name).\(parameter.name)"] ?? Self.options[parameter.name]
      #expect(
        listed != nil || !values.isEmpty,
        "option \(parameter.name) of \(name), \(parameter.kind), has no sample")
      return (listed ?? values).map { value in
        var changed = self
        changed.option = (parameter.name, value)
        return changed
      }
    }
  }

  /// Values that differ from the defaults, for options whose values are not a list or a truth.
  private static let options: [String: [@Sendable () -> Value]] = [
    "name": [{ .string("own") }], "input_shape": [],
    // Functions have a test of their own, and so have the starts of weights.
    "activation": ["relu", "gelu", "tanh", "softmax"].map { name in { .string(name) } },
    "init": [{ .string("he_normal") }], "bias_init": [{ .string("random_normal") }],
    "gamma_init": [{ .string("random_normal") }], "beta_init": [{ .string("random_normal") }],
    "bias_regularizer": ["l1", "l2", "l1_l2"].map { name in { .string(name) } },
    "activity_regularizer": ["l1", "l2", "l1_l2"].map { name in { .string(name) } },
    "axis": [{ .int(1) }], "dilation_rate": [{ .int(2) }], "epsilon": [{ .float(0.01) }],
    "groups": [{ .int(2) }], "l1": [{ .float(0.01) }], "l2": [{ .float(0.01) }],
    "lower": [{ .float(0.05) }], "upper": [{ .float(0.5) }], "max_norm": [{ .float(0.5) }],
    "ZeroPadding2D.padding": [{ .int(2) }, { .tuple([.int(0), .int(1)]) }],
    "momentum": [{ .float(0.5) }, { .none }], "noise_shape": [{ .tuple([.none, .int(1)]) }],
    "output_padding": [{ .int(1) }], "pieces": [{ .int(3) }], "shared_axes": [{ .int(1) }],
    "size": [{ .int(3) }], "strides": [{ .int(2) }], "depth_multiplier": [{ .int(2) }],
  ]

  /// Options that do not go with the sample, and are refused.
  static let refused: Set<String> = [
    "Conv1D regularizer=orthogonal_regularizer", "Conv2D regularizer=orthogonal_regularizer",
    "DepthwiseConv2D regularizer=orthogonal_regularizer",
    "SeparableConv2D regularizer=orthogonal_regularizer",
    "Conv1DTranspose regularizer=orthogonal_regularizer",
    "Conv2DTranspose regularizer=orthogonal_regularizer",
    "Maxout regularizer=orthogonal_regularizer", "Conv1DTranspose padding=causal",
    "SeparableConv2D padding=causal", "GroupNorm axis=1 for [3, 4]",
  ]

  var isRefused: Bool {
    guard let option else { return false }
    let value = option.value().brief().filter { $0 != "'" }
    let call = "\(name) \(option.name)=\(value)"
    return Self.refused.contains(call) || Self.refused.contains("\(call) for \(input)")
  }

  private static let plain: [LayerSample] = [
    LayerSample("Dense", [5]) { [.int(4), .string("tanh")] },
    LayerSample("Flatten", [3, 4]),
    LayerSample("ActivityRegularization", [3, 4]) { [.float(0.1), .float(0.2)] },
    LayerSample("Activation", [6]) { [.string("elu")] },
    LayerSample("LeakyReLU", [6]) { [.float(0.2)] },
    LayerSample("ELU", [6]) { [.float(0.7)] },
    LayerSample("Lambda", [6]) { [.function(Doubling())] },
    LayerSample("Conv1D", [6, 2]) { [.int(4), .int(3), .int(2), .string("causal")] },
    LayerSample("Conv2D", [5, 4, 2]) {
      [.int(4), .tuple([.int(3), .int(2)]), .int(2), .string("same")]
    },
    LayerSample("DepthwiseConv2D", [4, 4, 2]) { [.int(3), .int(1), .string("same"), .int(2)] },
    LayerSample("SeparableConv2D", [4, 3, 2]) { [.int(3), .int(2)] },
    LayerSample("Conv1DTranspose", [3, 2]) { [.int(2), .int(3), .int(2)] },
    LayerSample("Conv2DTranspose", [2, 3, 2]) { [.int(2), .int(3), .int(2), .string("same")] },
    LayerSample("ZeroPadding1D", [3, 2]) { [.tuple([.int(1), .int(2)])] },
    LayerSample("ZeroPadding2D", [2, 3, 1]),
    LayerSample("Reshape", [6]) { [.tuple([.int(2), .int(-1)])] },
    LayerSample("Permute", [2, 3]) { [.tuple([.int(2), .int(1)])] },
    LayerSample("UpSampling1D", [3, 2]) { [.int(2)] },
    LayerSample("UpSampling2D", [2, 2, 2]) { [.tuple([.int(1), .int(2)])] },
    LayerSample("SELU", [4]),
    LayerSample("ReLU", [9]) { [.float(2), .float(0.1), .float(0.5)] },
    LayerSample("Softmax", [4]),
    LayerSample("Softmax", [3, 2]) { [.int(1)] },
    LayerSample("PReLU", [3, 2]) { [.string("random_normal")] },
    LayerSample("PReLU", [3, 2]) { [.string("random_normal"), .int(1)] },
    LayerSample("RReLU", [5]),
    LayerSample("Maxout", [4]) { [.int(3)] },
    LayerSample("Maxout", [3]) { [.int(2), .int(3)] },
    LayerSample("BatchNorm", [5]),
    LayerSample("BatchNormalization", [2, 3]) { [.int(1)] },
    LayerSample("BatchNorm", [2, 3, 2]),
    LayerSample("LayerNorm", [5]),
    LayerSample("LayerNorm", [2, 3, 2]) { [.tuple([.int(1), .int(-1)])] },
    LayerSample("GroupNorm", [3, 4]) { [.int(2)] },
    LayerSample("GroupNorm", [3, 4]) { [.int(3), .int(1)] },
    LayerSample("InstanceNorm", [3, 2]),
    LayerSample("RMSNorm", [5]),
    LayerSample("UnitNorm", [4]),
    LayerSample("UnitNorm", [3, 2]) { [.tuple([.int(0), .int(2)])] },
    LayerSample("WeightNorm", [4]) { [.object(Dense(3, .tanh))] },
    LayerSample("LocalResponseNorm", [2, 5]) { [.int(1), .float(1.5), .float(0.5), .float(0.6)] },
    LayerSample("LayerNormalization", [3, 2]) { [.int(1)] },
    LayerSample("GroupNormalization", [4]) { [.int(1)] },
    LayerSample("RMSNormalization", [2, 3]),
    LayerSample("UnitNormalization", [2, 3]) { [.int(1)] },
    LayerSample("Dropout", [6]) { [.float(0.5)] },
    LayerSample("Dropout", [3, 2]) {
      [.float(0.3), .tuple([.none, .int(1), .none]), .string("classic")]
    },
    LayerSample("AlphaDropout", [6]) { [.float(0.2)] },
    LayerSample("GaussianDropout", [6]) { [.float(0.3)] },
    LayerSample("GaussianNoise", [6]) { [.float(0.2)] },
    LayerSample("SpatialDropout1D", [3, 4]) { [.float(0.4)] },
    LayerSample("SpatialDropout2D", [2, 2, 4]) { [.float(0.4)] },
  ]

  private static let pools: [LayerSample] = ["Pool", "Pooling"].flatMap { pool in
    ["Max", "Average"].flatMap { kind in
      [
        LayerSample("\(kind)\(pool)1D", [5, 2]) { [.int(2)] },
        LayerSample("\(kind)\(pool)2D", [3, 4, 2]) { [.int(2), .int(1), .string("same")] },
        LayerSample("Global\(kind)\(pool)1D", [4, 2]),
        LayerSample("Global\(kind)\(pool)2D", [3, 2, 2]),
      ]
    }
  }

  /// A script's function as the machine would hand it over.
  final class Doubling: Callable {
    var name: String { "doubling" }
    func call(_ positional: [Value], named: [(name: String, value: Value)]) throws -> Value {
      guard case .object(let object)? = positional.first, let x = object as? Tensor else {
        return .none
      }
      return .object(try x * 2)
    }
  }
}

public import Tensors

extension Loss {
  /// The loss of a batch; differentiable.
  ///
  /// - Parameters:
  ///   - output: `[batch, …]`; what stands before the last activation when `isLogits`.
  ///   - target: class numbers, or numbers of the output's shape.
  ///   - weights: how much each example counts, `[batch]`; the mean divides by the number of
  ///     examples all the same, as in Keras.
  /// - Returns: one number, or without reduction what `each` gives.
  public func callAsFunction(
    _ output: Tensor, _ target: Target, isLogits: Bool, weights: Tensor? = nil
  ) throws -> Tensor {
    var (losses, counts) = try parts(output, target, isLogits: isLogits)
    if let counts { losses = try losses * counts }
    if let weights {
      let missing = Array(repeating: 1, count: max(losses.rank - 1, 0))
      losses = try losses * weights.astype(losses.dtype).reshape(Shape([weights.count] + missing))
    }
    switch reduction {
    case .none: return losses
    case .sum: return try losses.sum()
    case .mean:
      guard let counts else { return try losses.sum() / Double(Swift.max(losses.count, 1)) }
      // Without one example that counts, the loss is 0.
      let total = try counts.sum()
      return try losses.sum() / Tensor.select(total.equal(0), total + 1, total)
    }
  }

  /// The loss of each output, or of each row where a row is judged as a whole.
  public func each(_ output: Tensor, _ target: Target, isLogits: Bool) throws -> Tensor {
    let (losses, counts) = try parts(output, target, isLogits: isLogits)
    guard let counts else { return losses }
    return try losses * counts
  }

  /// The losses, and how much each counts; nil: all the same.
  private func parts(
    _ output: Tensor, _ target: Target, isLogits: Bool
  ) throws -> (losses: Tensor, counts: Tensor?) {
    switch form {
    case .classes: return try classes(output, target, isLogits: isLogits)
    case .answers: return (try answers(output, target.rows(like: output), isLogits), nil)
    case .signs: return (try signs(output, target.rows(like: output)), nil)
    case .numbers: return (try numbers(output, target.rows(like: output)), nil)
    }
  }

  // MARK: Classes

  private func classes(
    _ output: Tensor, _ target: Target, isLogits: Bool
  ) throws -> (losses: Tensor, counts: Tensor?) {
    let leading = try Shape(Array(output.shape.dropLast()))
    var target = target
    var counts: Tensor?
    if case .classes(let labels) = target {
      let labels = try labels.reshape(leading)
      if let ignored {
        let kept = try Tensor.compare(.notEqual, labels, .int(ignored))
        counts = try kept.astype(output.dtype)
        target = .classes(try Tensor.select(kept, labels, Tensor.zeros([], dtype: labels.dtype)))
      } else {
        target = .classes(labels)
      }
    }
    if !classWeights.isEmpty {
      let table = try Tensor(classWeights).astype(output.dtype)
      guard table.count == output.shape.last else {
        throw OptionProblem(
          "there are \(table.count) class weights for \(output.shape.last ?? 0) classes")
      }
      let own =
        switch target {
        case .classes(let labels): try table.rows(labels.ints).reshape(leading)
        case .values: try (target.rows(like: output) * table).sum(-1)
        }
      counts = try counts.map { try $0 * own } ?? own
    }
    return (try judged(output, target, isLogits: isLogits), counts)
  }

  /// One loss for each row.
  private func judged(_ output: Tensor, _ target: Target, isLogits: Bool) throws -> Tensor {
    switch kind {
    case .categorical:
      return try picked(isLogits ? output.logSoftmax() : clippedShares(output).log(), target)
    case .categoricalFocal(let gamma, let alpha):
      let shares = isLogits ? try output.softmax() : try clippedShares(output)
      let logs = isLogits ? try output.logSoftmax() : try shares.log()
      let y = try smoothed(target.rows(like: output))
      return try -(y * logs * Tensor.power(1 - shares, gamma)).sum(-1) * alpha
    case .divergence:
      let truth = try target.rows(like: output).clip(.float(1e-7), .float(1))
      let share = try output.clip(.float(1e-7), .float(1))
      return try (truth * (truth / share).log()).sum(-1)
    case .categoricalHinge:
      let y = try target.rows(like: output)
      let right = try (y * output).sum(-1)
      let wrong = try ((1 - y) * output).max(axes: [-1])
      return try (wrong - right + 1).relu()
    case .multiclassHinge(let margin, let power, let divides):
      let y = try target.rows(like: output)
      let right = try (y * output).sum(-1, keepdims: true)
      var short = try (output - right + margin).relu()
      if power != 1 { short = try power == 2 ? short.square() : Tensor.power(short, power) }
      let total = try (short * (1 - y)).sum(-1)
      return divides ? try total / Double(Swift.max(output.shape.last ?? 1, 1)) : total
    default: return try picked(output, target)
    }
  }

  /// -sum(y log p), from the logarithms.
  private func picked(_ logs: Tensor, _ target: Target) throws -> Tensor {
    if case .classes(let labels) = target, smoothing == 0 {
      let leading = Array(logs.shape.dropLast())
      let places = try labels.reshape(Shape(leading + [1]))
      return try -logs.takeAlong(places, axis: -1).reshape(Shape(leading))
    }
    let y = try smoothed(target.rows(like: logs))
    // A class without a share does not count, even where its logarithm is infinite.
    let zero = try Tensor.zeros([], dtype: logs.dtype)
    return try -Tensor.select(y.equal(0), zero, y * logs).sum(-1)
  }

  /// Shares that add up to 1 and keep away from 0, as Keras makes them.
  private func clippedShares(_ output: Tensor) throws -> Tensor {
    let shares = try output / output.sum(-1, keepdims: true)
    guard case .probability(let margin) = clipping else { return shares }
    return try shares.clip(.float(margin), .float(1 - margin))
  }

  private func smoothed(_ y: Tensor) throws -> Tensor {
    guard smoothing > 0 else { return y }
    return try y * (1 - smoothing) + smoothing / Double(Swift.max(y.shape.last ?? 1, 1))
  }

  // MARK: Answers of yes and no

  private func answers(_ output: Tensor, _ target: Tensor, _ isLogits: Bool) throws -> Tensor {
    let y = smoothing > 0 ? try target * (1 - smoothing) + smoothing / 2 : target
    let entropy = try crossEntropy(output, y, isLogits)
    guard case .binaryFocal(let gamma, let alpha) = kind else { return entropy }
    let p = isLogits ? try output.sigmoid() : output
    let right = try y * p + (1 - y) * (1 - p)
    let focal = try entropy * Tensor.power(1 - right, gamma)
    guard let alpha else { return focal }
    return try focal * (y * alpha + (1 - y) * (1 - alpha))
  }

  private func crossEntropy(_ output: Tensor, _ y: Tensor, _ isLogits: Bool) throws -> Tensor {
    if isLogits {
      // softplus(z) - z y is max(z, 0) - z y + log(1 + exp(-|z|)), stable for every z.
      if positiveWeight == 1 { return try output.softplus() - output * y }
      return try output * (1 - y) + (-output).softplus() * (y * (positiveWeight - 1) + 1)
    }
    let yes: Tensor
    let no: Tensor
    switch clipping {
    case .probability(let margin):
      // 1 - p is clipped by itself: in f32 the number next to 1 is further away than 1e-7.
      yes = try output.clip(.float(margin), .float(1 - margin)).log()
      no = try (1 - output).clip(.float(margin), .float(1 - margin)).log()
    case .logarithm(let least):
      yes = try bounded(output, least)
      no = try bounded(1 - output, least)
    }
    let weighted = positiveWeight == 1 ? y : try y * positiveWeight
    return try -(weighted * yes + (1 - y) * no)
  }

  /// The logarithm, but not below a bound, where the gradient is 0.
  private func bounded(_ p: Tensor, _ least: Double) throws -> Tensor {
    let isBig = try p.greater(Elementary.exp(least))
    let safe = try Tensor.select(isBig, p, Tensor.ones([], dtype: p.dtype))
    return try Tensor.select(isBig, safe.log(), Tensor.full([], least, dtype: p.dtype))
  }

  // MARK: Signs and numbers

  private func signs(_ output: Tensor, _ target: Tensor) throws -> Tensor {
    // 0 and 1 stand for -1 and 1, as in Keras.
    let isBinary = target.doubles.allSatisfy { $0 == 0 || $0 == 1 }
    let y = isBinary ? try target * 2 - 1 : target
    let short = try (1 - y * output).relu()
    return kind == .squaredHinge ? try short.square() : short
  }

  private func numbers(_ output: Tensor, _ target: Tensor) throws -> Tensor {
    switch kind {
    case .absolute: return try (output - target).abs()
    case .huber(let delta): return try bent(output - target, delta)
    case .smoothL1(let beta):
      let difference = try output - target
      return beta == 0 ? try difference.abs() : try bent(difference, beta) / beta
    case .logCosh:
      let r = try output - target
      return try r + (r * -2).softplus() - 0.693_147_180_559_945_3
    case .percentage:
      return try (target - output).abs() / Tensor.maximum(target.abs(), 1e-7) * 100
    case .squaredLog:
      let logs = try (Tensor.maximum(output, 1e-7) + 1).log()
      return try (logs - (Tensor.maximum(target, 1e-7) + 1).log()).square()
    case .poisson(let isLog, let isFull, let epsilon):
      let base =
        isLog ? try output.exp() - target * output : try output - target * (output + epsilon).log()
      guard isFull else { return base }
      let big = try Tensor.maximum(target, 1)
      let rest = try big * big.log() - big + (big * 6.283_185_307_179_586).log() * 0.5
      return try base + rest * target.greater(1).astype(output.dtype)
    case .cosine:
      let (a, b) = (try unit(output), try unit(target))
      return try -(a * b).sum(-1)
    default: return try (output - target).square()
    }
  }

  /// Huber: half the square up to delta, straight beyond.
  private func bent(_ difference: Tensor, _ delta: Double) throws -> Tensor {
    let distance = try difference.abs()
    let near = try difference.square() * 0.5
    let far = try distance * delta - 0.5 * delta * delta
    return try Tensor.select(distance.greater(delta), far, near)
  }

  /// Rows of length 1; a row of zeros stays one.
  private func unit(_ x: Tensor) throws -> Tensor {
    let square = try x.square().sum(-1, keepdims: true)
    return try x / Tensor.maximum(square, 1e-14).sqrt()
  }
}

import Catalog
import Session
import Testing

/// Classes of scripts that derive from types of the library.
@Suite struct OwnClassTests {
  static let scripts: [ExpectingScript] = [
    ExpectingScript(
      "a layer makes its weights, is trained, named, shown and saved",
      #"""
      seed(1)
      class Scale(Layer):
          def build(self, shape):
              print("build", shape)
              self.w = self.add_weight(shape[-1], init="ones")
          def call(self, x):
              return x * self.w
      s = Scale()
      print(s, type(s).__name__, s.built)         # expect: <Scale 'scale'> Scale False
      print(isinstance(s, Layer), issubclass(Scale, Layer), callable(s))  # expect: True True True
      print(s(tensor([[1.0, 2.0]])))
      # expect: build (None, 2)
      # expect: [[1. 2.]]
      print(s.built, s.input_shape, s.w.shape)    # expect: True (None, 2) (2,)
      x = tensor([[1.0], [2.0], [3.0], [4.0]])
      net = Sequential(Scale(name="gain"), Dense(1, use_bias=False))
      run = net.fit(x, 6 * x, epochs=150, lr=0.05, verbose=0)
      # expect: build (None, 1)
      print(run.final.loss < 0.01)                # expect: True
      print(net[0].w.item() != 1.0, net[0].name)  # expect: True gain
      print(len(net.weights), net[0].weights[0] is net[0].w)  # expect: 2 True
      net.freeze()
      print(len(net.trainable_weights))           # expect: 0
      """#),
    ExpectingScript(
      "a layer reaches accuracy on the moons",
      #"""
      seed(3)
      class Own(Layer):
          def __init__(self, units):
              super().__init__()
              self.units = units
          def build(self, shape):
              self.w = self.add_weight((shape[-1], self.units), init="he_normal")
              self.b = self.add_weight(self.units, init="zeros")
          def call(self, x):
              return relu(x @ self.w + self.b)
      d = moons(120, noise=0.05)
      net = Sequential(Own(16), Own(16), Dense(2, "softmax"))
      net.fit(d, epochs=40, lr=0.02, verbose=0)
      print(net.evaluate(d).accuracy > 0.9)       # expect: True
      print(len(net.weights), sorted(n for n in dir(net[0]) if n in ("w", "b", "units", "weights")))
      # expect: 6 ['b', 'units', 'w', 'weights']
      """#),
    ExpectingScript(
      "a model with layers in attributes is fitted, evaluated, saved and read",
      #"""
      seed(5)
      class Net(Model):
          def __init__(self, width):
              super().__init__()
              self.hidden = [Dense(width, "relu") for _ in range(2)]
              self.drop = Dropout(0.1)
              self.out = Dense(2, "softmax")
          def call(self, x, training=False):
              for layer in self.hidden:
                  x = layer(x)
              return self.out(self.drop(x, training=training))
      d = moons(120, noise=0.05)
      net = Net(16)
      print(isinstance(net, Model), len(net.layers))  # expect: True 4
      run = net.fit(d, epochs=40, lr=0.02, verbose=0)
      print(run.epochs, net.evaluate(d).accuracy > 0.9)  # expect: 40 True
      print([layer.name for layer in net])
      # expect: ['hidden_0', 'hidden_1', 'drop', 'out']
      print(net.input_shape, net.output_shape, len(net.weights))  # expect: (None, 2) (None, 2) 6
      print(net.predict(d.x[:3]).shape, net(d.x[:3]).shape)  # expect: (3, 2) (3, 2)
      other = Net(16)
      other.build((2,))
      other.set_weights(net.get_weights())
      print((other.predict(d.x) == net.predict(d.x)).all())  # expect: True
      """#),
    ExpectingScript(
      "a forgotten super().__init__() harms nothing",
      #"""
      class Half(Layer):
          def __init__(self):
              self.inner = Dense(3)
          def call(self, x):
              return self.inner(x) * 0.5
      h = Half()
      print(h(ones((2, 4))).shape, len(h.weights), h.inner.name)  # expect: (2, 3) 2 inner
      class Net(Model):
          def __init__(self):
              self.a = Half()
          def call(self, x):
              return self.a(x)
      net = Net()
      print(net(ones((2, 4))).shape, len(net.weights))  # expect: (2, 3) 2
      """#),
    ExpectingScript(
      "a loss, by itself and in fit",
      #"""
      seed(2)
      class Wide(Loss):
          def __init__(self, factor):
              super().__init__()
              self.factor = factor
          def call(self, y_true, y_pred):
              return self.factor * (y_true - y_pred) ** 2
      loss = Wide(2.0)
      print(loss(tensor([1.0, 2.0]), tensor([1.0, 4.0])))  # expect: 4.0
      print(isinstance(loss, Loss))               # expect: True
      x = tensor([[0.0], [1.0], [2.0], [3.0]])
      net = Sequential(Dense(1))
      run = net.fit(x, tensor([1.0, 3.0, 5.0, 7.0]), epochs=300, lr=0.2, loss=loss, verbose=0)
      print(run.final.loss < 0.01)                # expect: True
      net.compile(loss=Wide(1.0))
      print(net.evaluate(x, tensor([1.0, 3.0, 5.0, 7.0])).loss < 0.01)  # expect: True
      """#),
    ExpectingScript(
      "metrics: classes, functions and names",
      #"""
      seed(4)
      class Hits(Metric):
          def __init__(self):
              super().__init__(name="hits")
              self.reset_state()
          def reset_state(self):
              self.right = 0
              self.seen = 0
          def update_state(self, y_true, y_pred):
              self.right += int((y_pred.argmax(-1) == y_true).sum())
              self.seen += len(y_true)
          def result(self):
              return self.right / self.seen
      def worst(y_true, y_pred):
          return y_pred.max()
      d = moons(60)
      net = Sequential(Dense(8, "relu"), Dense(2, "softmax"))
      run = net.fit(d, epochs=3, metrics=[Hits(), worst], validation_data=d, verbose=0)
      print(list(run.history))
      # expect: ['loss', 'accuracy', 'hits', 'worst', 'val_loss', 'val_accuracy', 'val_hits', 'val_worst']
      print([a == b for a, b in zip(run.accuracy, run.hits)])  # expect: [np.True_, np.True_, np.True_]
      print((run.val_hits == run.val_accuracy).all(), 0.5 < run.worst[0] <= 1.0)  # expect: True True
      net.compile(metrics=["mse", Hits()])
      print(net.evaluate(d).hits == net.evaluate(d).accuracy)  # expect: True
      """#),
    ExpectingScript(
      "a callback is told of everything, may stop the run and change the rate",
      #"""
      class Watch(Callback):
          def on_train_begin(self, logs=None):
              print("begin", self.params["epochs"], self.params["steps"])
          def on_epoch_begin(self, epoch, logs=None):
              print("epoch", epoch)
          def on_batch_end(self, batch, logs=None):
              print("batch", batch, list(logs))
          def on_epoch_end(self, epoch, logs=None):
              print("done", epoch, list(logs), self.model is net)
              self.model.optimizer.learning_rate = 0.5
              if epoch == 1:
                  self.model.stop_training = True
          def on_train_end(self, logs=None):
              print("end", list(logs))
      x = tensor([[0.0], [1.0], [2.0]])
      net = Sequential(Dense(1))
      run = net.fit(x, x, epochs=9, batch_size=2, callbacks=[Watch()], verbose=0)
      # expect: begin 9 2
      # expect: epoch 0
      # expect: batch 0 ['loss']
      # expect: batch 1 ['loss']
      # expect: done 0 ['loss'] True
      # expect: epoch 1
      # expect: batch 0 ['loss']
      # expect: batch 1 ['loss']
      # expect: done 1 ['loss'] True
      # expect: end ['loss']
      print(run.epochs, run.stopped, run.reason)
      # expect: 2 early stopped by a callback after epoch 2 of 9
      print(run.lr[0] == run.lr[1], run.lr[1])    # expect: False 0.5
      seen = []
      run = net.fit(x, x, epochs=2, callbacks=[lambda epoch, logs: seen.append(epoch)], verbose=0)
      print(seen)                                 # expect: [0, 1]
      """#),
    ExpectingScript(
      "an optimizer with a memory of its own",
      #"""
      seed(6)
      class Momentum(Optimizer):
          def __init__(self, rate, share=0.9):
              super().__init__(learning_rate=rate)
              self.share = share
          def update(self, weight, gradient, state):
              v = self.share * state.get("v", 0.0) - self.learning_rate * gradient
              state["v"] = v
              return weight + v
      class Plain(Optimizer):
          def update(self, weight, gradient):
              weight -= self.learning_rate * gradient
      d = moons(120, noise=0.05)
      first = Sequential(Dense(16, "relu"), Dense(2, "softmax"))
      first.build((2,))
      start = first.get_weights()
      second = Sequential(Dense(16, "relu"), Dense(2, "softmax"))
      second.build((2,))
      second.set_weights(start)
      opt = Momentum(0.1)
      seed(7)
      a = first.fit(d, epochs=30, optimizer=opt, verbose=0)
      seed(7)
      b = second.fit(d, epochs=30, optimizer=SGD(0.1, momentum=0.9), verbose=0)
      print(abs(a.final.loss - b.final.loss) < 0.001)  # expect: True
      print(first.evaluate(d).accuracy > 0.85)    # expect: True
      print(opt.iterations, opt.learning_rate, first.optimizer is opt)  # expect: 120 0.1 True
      second.set_weights(start)
      run = second.fit(d, epochs=2, optimizer=Plain(learning_rate=0.05), verbose=0)
      print(run.final.loss < run.loss[0])         # expect: True
      """#),
    ExpectingScript(
      "a class can extend a layer and call what it computes",
      #"""
      class Shifted(Dense):
          def __init__(self, units, by):
              super().__init__(units, activation="relu", name="shifted")
              self.by = by
          def call(self, x):
              return super().call(x) + self.by
      s = Shifted(3, 1.0)
      print(isinstance(s, Dense), isinstance(s, Layer), s.units)  # expect: True True 3
      y = s(zeros((2, 4)))
      print(y.tolist())                           # expect: [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]
      print(s.weight.shape, s.bias.shape, s.name, len(s.get_weights()))
      # expect: (4, 3) (3,) shifted 2
      net = Sequential(s, Dense(1))
      net.fit(ones((8, 4)), ones((8, 1)), epochs=2, verbose=0)
      print(net.history.epochs)                   # expect: 2
      class Seq(Sequential):
          def __init__(self, n):
              super().__init__(Dense(n, "relu"), Dense(1))
      q = Seq(5)
      print(q(ones((2, 3))).shape, len(q), q[0].units, type(q).__name__)  # expect: (2, 1) 2 5 Seq
      """#),
    ExpectingScript(
      "layers in layers, models in models, shared weights count once",
      #"""
      class Block(Layer):
          def __init__(self, n):
              super().__init__()
              self.a = Dense(n, "relu")
              self.b = Dense(n)
              self.same = self.a
          def call(self, x):
              return self.b(self.a(x)) + x
      class Net(Model):
          def __init__(self):
              super().__init__(name="outer")
              self.blocks = {"one": Block(3), "two": Block(3)}
              self.head = Sequential(Dense(4, "relu"), Dense(1))
          def call(self, x):
              for name in self.blocks:
                  x = self.blocks[name](x)
              return self.head(x)
      net = Net()
      net.build((3,))
      print(len(net.weights), net.name, [layer.name for layer in net.layers])
      # expect: 12 outer ['blocks_one', 'blocks_two', 'sequential']
      net.fit(ones((4, 3)), ones((4, 1)), epochs=3, verbose=0)
      inside = Sequential(Block(2), Dense(1))
      print(inside(ones((1, 2))).shape)           # expect: (1, 1)
      net.blocks["one"].trainable = False
      print(len(net.trainable_weights))           # expect: 8
      """#),
    ExpectingScript(
      "a layer made of functions",
      #"""
      def scale_build(shape):
          return {"w": ones(shape[-1])}
      Scale = layer("Scale", build=scale_build, call=lambda p, x: x * p["w"])
      one = Scale()
      print(one, one(tensor([[2.0, 3.0]])))       # expect: <Scale 'scale'> [[2. 3.]]
      net = Sequential(Scale(name="first"), Scale, Dense(1, use_bias=False))
      x = tensor([[1.0], [2.0]])
      net.fit(x, 3 * x, epochs=100, lr=0.1, verbose=0)
      print(abs(net.predict(x)[1].item() - 6.0) < 0.2, len(net.weights))  # expect: True 3
      print(net["first"].weights[0].item() != 1.0)  # expect: True
      copy = net.copy()
      print((copy.predict(x) == net.predict(x)).all())  # expect: True
      """#),
    ExpectingScript(
      "functions as losses, activations, initializers and schedules",
      #"""
      seed(1)
      x = tensor([[0.0], [1.0], [2.0], [3.0]])
      y = 2 * x + 1
      net = Sequential(Dense(8, activation=lambda t: t * sigmoid(t), init=lambda shape: ones(shape) * 0.1),
                       Activation(lambda t: t), Dense(1))
      rates = []
      def rate(step):
          rates.append(step)
          return 0.05 if step < 100 else 0.02
      run = net.fit(x, y, epochs=200, loss=lambda t, p: ((t - p) ** 2).mean(), optimizer=Adam(rate), verbose=0)
      print(run.final.loss < 0.05, rates[0], rates[-1])  # expect: True 0 199
      print(run.lr[0], run.lr[-1])                # expect: 0.05 0.02
      print(net.optimizer)                        # expect: Adam(rate)
      class Halving:
          def __call__(self, step):
              return 0.1 / (1 + step)
      run = net.fit(x, y, epochs=2, lr=Halving(), verbose=0)
      print(run.lr.tolist() == [0.1, 0.05])       # expect: True
      """#),
  ]

  @Test(arguments: scripts)
  func `own classes and functions do what their lines say`(_ script: ExpectingScript) {
    script.check()
  }

  static let mistakes: [(text: String, message: String)] = [
    (
      "class A(Layer):\n  def call(self, x):\n    x * 2\nA()(x)",
      "TypeError: call of layer 'a' (A) returned NoneType, expected a tensor"
    ),
    (
      "class A(Layer):\n  def call(self, x):\n    return x.mean()\nA()(x)",
      "ShapeError: call of layer 'a' (A) returned shape () for 1 example, expected them on the "
        + "first axis"
    ),
    (
      "class A(Layer): pass\nA()(x)",
      "NotImplementedError: layer 'a' (A) has no method call(self, x)"
    ),
    (
      "class A(Model): pass\nA()(x)",
      "NotImplementedError: model 'a' (A) has no method call(self, x)"
    ),
    (
      "net.fit(x, x, loss=lambda t, p: float(((t - p) ** 2).mean()), epochs=1, verbose=0)",
      "TypeError: the loss <lambda> returned float, expected a tensor of floats"
    ),
    (
      "net.fit(x, x, loss=lambda t, p: None, epochs=1, verbose=0)",
      "TypeError: the loss <lambda> returned NoneType, expected a tensor of floats"
    ),
    (
      "net.fit(x, x, loss=lambda t, p: t.mean(), epochs=1, verbose=0)",
      "GradientError: the loss <lambda> does not depend on the weights of model 'sequential'"
    ),
    (
      "net.fit(x, x, metrics=[lambda t, p: None], epochs=1, verbose=0)",
      "TypeError: the metric <lambda> returned NoneType, expected a number"
    ),
    (
      "class A(Metric): pass\nnet.fit(x, x, metrics=[A()], epochs=1, verbose=0)",
      "NotImplementedError: metric 'a' (A) has no method update_state(self, y_true, y_pred)"
    ),
    (
      "class A(Optimizer): pass\nnet.fit(x, x, optimizer=A(), epochs=1, verbose=0)",
      "NotImplementedError: optimizer 'A' has no method update(self, weight, gradient)"
    ),
    (
      "net.fit(x, x, lr=lambda s: 'fast', epochs=1, verbose=0)",
      "TypeError: the learning rate <lambda> returned 'fast' at step 0, expected a finite number "
        + "from 0"
    ),
    (
      "class A(Dense):\n  def __init__(self): self.k = 1\nA()(x)",
      "TypeError: layer 'a' (A) has not called super().__init__()"
    ),
    (
      "class A(Dense):\n  def __init__(self): self.k = 1\nA().units",
      "AttributeError: 'A' object has no attribute 'units' yet"
    ),
    ("class A(Layer): pass\nA().nam", "AttributeError: 'A' object has no attribute 'nam'"),
    ("class A(Layer): pass\nA(3)", "TypeError: A() takes no positional arguments"),
    ("class A(SGD): pass", "TypeError: 'SGD' cannot be a base class"),
    ("Layer()", "TypeError: Layer is a class to derive from, and makes nothing by itself"),
    (
      "layer('A', build=lambda s: 3, call=lambda p, x: x)()(x)",
      "TypeError: build of layer 'a' (A) returned int, expected a dict of tensors"
    ),
  ]

  @Test(arguments: mistakes)
  func `a mistake in an own class says where it is and what was expected`(
    _ text: String, _ message: String
  ) {
    let result = Session().run(
      Cell("x = ones((2, 3))\nnet = Sequential(Dense(3))\n" + text, executionCount: 1),
      sink: Recording())
    let failure = result.failure
    #expect(failure.map { "\($0.exception): \($0.message)" } == message)
  }

  @Test func `an exception of a script comes out of fit as itself, and the model goes on`() throws {
    let session = Session()
    let recording = Recording()
    let text = """
      class Boom(Layer):
          def call(self, x):
              if bad:
                  raise KeyError("boom")
              return x
      bad = False
      d = moons(20)
      net = Sequential(Dense(4, "relu"), Boom(), Dense(2, "softmax"))
      net.fit(d, epochs=1, verbose=0)
      bad = True
      try:
          net.fit(d, epochs=1, verbose=0)
      except KeyError as e:
          print(repr(e), net.history.stopped)
      bad = False
      print(net.fit(d, epochs=2, verbose=0).epochs)
      bad = True
      net.fit(d, epochs=1, verbose=0)
      """
    let result = session.run(Cell(text, executionCount: 1), sink: recording)
    #expect(recording.text().hasPrefix("KeyError('boom') failed\n2\n"))
    let failure = try #require(result.failure)
    #expect(failure.exception == "KeyError")
    #expect(failure.frames.map(\.line) == [18, 4])
  }

  @Test func `an interrupt inside an own layer leaves everything usable`() {
    let pending = Pending()
    let session = Session(pending: pending)
    let sink = Interrupting(pending)
    let text = """
      class Slow(Layer):
          def call(self, x):
              if slow:
                  print("now")
                  while True:
                      pass
              return x
      slow = False
      d = moons(20)
      net = Sequential(Dense(4), Slow(), Dense(2, "softmax"))
      net.fit(d, epochs=1, verbose=0)
      slow = True
      net.fit(d, epochs=3, verbose=0)
      """
    guard case .interrupted = session.run(Cell(text), sink: sink).ending else {
      Issue.record("it was not interrupted")
      return
    }
    let recording = Recording()
    _ = session.run(
      Cell(
        "print(net.history.stopped)\nslow = False\nprint(net.fit(d, epochs=2, verbose=0).epochs)"),
      sink: recording)
    #expect(recording.text() == "interrupted\n2\n")
  }

  /// Interrupts the cell that prints "now".
  private final class Interrupting: Sink {
    let pending: Pending

    init(_ pending: Pending) {
      self.pending = pending
    }

    func emit(_ output: Output) {
      if case .stream(_, let text) = output, text.contains("now") { pending.set(.interrupt) }
    }
  }

  @Test func `attributes of both sides are offered`() {
    let session = Session()
    let recording = Recording()
    _ = session.run(
      Cell(
        "class Scale(Layer):\n  def call(self, x): return x\ns = Scale()\ns.factor = 2\ns.trainble"),
      sink: recording)
    for case .failure(let failure) in recording.outputs {
      #expect(failure.help == "did you mean 'trainable'?")
    }
  }
}

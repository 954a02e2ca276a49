import Catalog
import Session
import Testing

/// Tensors as values of the language; what NumPy 2 has, as NumPy 2 has it.
@Suite struct TensorScriptTests {
  static let scripts: [ExpectingScript] = [
    ExpectingScript(
      "operators from both sides, with numbers, lists and tensors",
      #"""
      t = tensor([1.0, 2.0, 3.0])
      i = tensor([2, 0, 1])
      print(1 + t, t - 1, 2 - t)      # expect: [2. 3. 4.] [0. 1. 2.] [ 1.  0. -1.]
      print(2 * t, t / 2, 6 / t)      # expect: [2. 4. 6.] [0.5 1.  1.5] [6. 3. 2.]
      print(7 // (i + 1), 7 % (i + 1), -i // 2)  # expect: [2 7 3] [1 0 1] [-1  0 -1]
      print(2 ** t, t ** 2, i ** 2)   # expect: [2. 4. 8.] [1. 4. 9.] [4 0 1]
      print(-t, +t, ~(t > 1))         # expect: [-1. -2. -3.] [1. 2. 3.] [ True False False]
      print(i & 1, 1 | i, i ^ 3, i << 1, i >> 1)  # expect: [0 0 1] [3 1 1] [1 3 2] [4 0 2] [1 0 0]
      print(t @ t, [1, 2, 3] + t, (1, 2, 3) * t)  # expect: 14.0 [2. 4. 6.] [1. 4. 9.]
      print((t + 0.5).dtype, (i + 0.5).dtype, (i + 1).dtype)  # expect: float32 float64 int64
      print(divmod(t, 2), pow(t, 2), abs(-t))
      # expect: (array([0., 1., 1.], dtype=float32), array([1., 0., 1.], dtype=float32)) [1. 4. 9.] [1. 2. 3.]
      print(1 < t, t == 2, t != 2, 2 >= t)
      # expect: [False  True  True] [False  True False] [ True False  True] [ True  True False]
      print(t == None, t != None, t is None)  # expect: [False False False] [ True  True  True] False
      """#),
    ExpectingScript(
      "in place, through views, and what it does to other names",
      #"""
      t = tensor([[1.0, 2.0], [3.0, 4.0]])
      same = t
      t += 1
      t[0] *= 10
      t[:, 1] = 0
      print(same)
      # expect: [[20.  0.]
      # expect:  [ 4.  0.]]
      row = t[1]
      row[0] = -1
      print(t[1, 0], t[1].tolist())   # expect: -1.0 [-1.0, 0.0]
      t[t > 5] = 5
      t[...] = t + 1
      print(t.tolist())               # expect: [[6.0, 1.0], [0.0, 1.0]]
      t[[0, 1], [1, 0]] = tensor([7.0, 8.0])
      print(t.tolist())               # expect: [[6.0, 7.0], [8.0, 1.0]]
      n = tensor(1.0)
      m = n
      n += 1
      print(n, m)                     # expect: 2.0 1.0
      a = tensor([1, 2, 3])
      a[::2] -= 1
      print(a, a[::-1])               # expect: [0 2 2] [2 2 0]
      """#),
    ExpectingScript(
      "indexing with everything NumPy takes",
      #"""
      t = arange(24).reshape(2, 3, 4)
      print(t[1, 2, 3], t[-1, -1, -1], t[1][2][3])  # expect: 23 23 23
      print(t[0, :, 1], t[..., 0].shape, t[None].shape, t[:, None, 1].shape)
      # expect: [1 5 9] (2, 3) (1, 2, 3, 4) (2, 1, 4)
      print(t[0, 1:, ::2])
      # expect: [[ 4  6]
      # expect:  [ 8 10]]
      m = arange(5)
      print(m[m > 2], m[[0, -1]], m[tensor([1, 1])], m[1:1], m[10:])  # expect: [3 4] [0 4] [1 1] [] []
      print([10, 20, 30][m[1]], "abc"[m[2]], list(range(m[3])))  # expect: 20 c [0, 1, 2]
      for i in range(t.shape[0]):
          print(i, t[i].sum())
      # expect: 0 66
      # expect: 1 210
      """#),
    ExpectingScript(
      "as sequences",
      #"""
      t = tensor([3.0, 1.0, 2.0])
      i = tensor([3, 1, 2])
      a, b, c = i
      print(a, b, c, len(t), len(t.reshape(1, 3)))  # expect: 3 1 2 3 1
      first, *rest = t
      print(first, rest)              # expect: 3.0 [np.float32(1.0), np.float32(2.0)]
      print([x * 2 for x in i], sum(i), max(i), min(i), sorted(i))  # expect: [np.int64(6), np.int64(2), np.int64(4)] 6 3 1 [np.int64(1), np.int64(2), np.int64(3)]
      print(sum(t), max(t), sorted(t, reverse=True)[0])  # expect: 6.0 3.0 3.0
      print(list(zip(t, i))[0], list(enumerate(i)))  # expect: (np.float32(3.0), np.int64(3)) [(0, np.int64(3)), (1, np.int64(1)), (2, np.int64(2))]
      print(2.0 in t, 5 in i, list(reversed(i)), t.tolist())  # expect: True False [np.int64(2), np.int64(1), np.int64(3)] [3.0, 1.0, 2.0]
      print(any(t > 2), all(t > 2), list(map(int, t)))  # expect: True False [3, 1, 2]
      print(tuple(i), set(i) == {1, 2, 3}, "-".join(str(n) for n in i))  # expect: (np.int64(3), np.int64(1), np.int64(2)) True 3-1-2
      """#),
    ExpectingScript(
      "one number out of a tensor",
      #"""
      import math
      s = tensor(2.5)
      i = tensor([7])[0]
      print(int(s), float(s), bool(s), round(s), round(s, 1), abs(-s))  # expect: 2 2.5 True 2 2.5 2.5
      print(f"{s:.3f}", "%.2f" % s, "{:6.1f}".format(s), f"{s}", f"{i:>4}", "%d" % i)
      # expect: 2.500 2.50    2.5 2.5    7 7
      print(math.sqrt(s * 2.5), math.floor(s), s.item(), s.tolist())  # expect: 2.5 2 2.5 2.5
      print(repr(s), str(s), [s], {"a": s})  # expect: np.float32(2.5) 2.5 [np.float32(2.5)] {'a': np.float32(2.5)}
      print(s > 2, s == 2.5, 1 if s > 2 else 0, not tensor([0.0]))  # expect: True True 1 True
      print({2.5: "x"}[s], hash(s) == hash(2.5), {7: "y"}[i])  # expect: x True y
      print("x" * i, chr(i + 60), range(i)[-1])  # expect: xxxxxxx C 6
      """#),
    ExpectingScript(
      "types and shapes",
      #"""
      t = tensor([[1.0, 2.0]])
      print(isinstance(t, Tensor), type(t) is Tensor, type(t) == Tensor, isinstance(3.0, Tensor))
      # expect: True True True False
      print(type(t), type(t).__name__, Tensor([1, 2]))  # expect: <class 'Tensor'> Tensor [1 2]
      print(t.shape, t.shape[0], len(t.shape), t.shape + (1,), t.shape == (1, 2), t.shape[::-1])
      # expect: (1, 2) 1 2 (1, 2, 1) True (2, 1)
      rows, columns = t.shape
      print(rows * columns == t.size, t.ndim, isinstance(t.shape, tuple))  # expect: True 2 True
      print(t.dtype, t.dtype == "float32", t.astype(int).dtype, t.astype("float64").dtype)
      # expect: float32 True int64 float64
      print([t, (t,)])
      # expect: [array([[1., 2.]], dtype=float32), (array([[1., 2.]], dtype=float32),)]
      """#),
    ExpectingScript(
      "what cannot be done says so",
      #"""
      import math
      def attempt(f):
          try:
              print(f())
          except Exception as e:
              print(type(e).__name__ + ":", e)
      t = tensor([1.0, 2.0])
      attempt(lambda: bool(t))
      # expect: ValueError: The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()
      attempt(lambda: 0 < t < 2)
      # expect: ValueError: The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()
      attempt(lambda: f"{t:.2f}")
      # expect: TypeError: unsupported format string passed to numpy.ndarray.__format__
      attempt(lambda: {t: 1})
      # expect: TypeError: unhashable type: 'Tensor'
      attempt(lambda: len(tensor(1.0)))
      # expect: TypeError: len() of unsized object
      attempt(lambda: list(tensor(1.0)))
      # expect: TypeError: iteration over a 0-d array
      attempt(lambda: t[2])
      # expect: IndexError: index 2 is out of bounds for axis 0 with size 2
      attempt(lambda: t[0, 0])
      # expect: IndexError: too many indices for array: array is 1-dimensional, but 2 were indexed
      attempt(lambda: t["a"])
      # expect: IndexError: only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices
      attempt(lambda: math.sqrt(t))
      # expect: TypeError: must be real number, not Tensor
      attempt(lambda: t + "a")
      # expect: TypeError: unsupported operand type(s) for +: 'Tensor' and 'str'
      attempt(lambda: t.item())
      # expect: ValueError: can only convert an array of size 1 to a Python scalar
      attempt(lambda: t + tensor([1.0, 2.0, 3.0]))
      # expect: ShapeError: operands of add could not be broadcast together with shapes (2,) and (3,)
      attempt(lambda: t())
      # expect: TypeError: 'Tensor' object is not callable
      """#),
    ExpectingScript(
      "gradients of loops with plain numbers mixed in",
      #"""
      def f(x):
          total = 0.0
          scale = 1
          for k in range(1, 4):
              scale = scale * 0.5
              total = total + scale * x ** k + 3
          return total
      print(grad(f)(2.0))             # expect: 3.0
      print(value_and_grad(f)(tensor(2.0, dtype="float64")))  # expect: (np.float64(12.0), np.float64(3.0))
      def g(w, n):
          h = w
          for _ in range(n):
              h = h * 2 - w / 2 if h.sum() > 0 else h
          return h.sum()
      print(grad(g)(tensor([1.0, 2.0]), 2))  # expect: [2.5 2.5]
      """#),
  ]

  @Test(arguments: scripts)
  func `tensors in scripts do what their lines say`(_ script: ExpectingScript) {
    script.check()
  }
}

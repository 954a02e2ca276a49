"""Writes numpy_semantics.json: what NumPy 2.4 computes, for TensorsTests.

Run with `python3 Tests/Golden/make_semantics.py` and NumPy 2.4.6. Every name stands in
TensorsTests/SemanticsTests.swift too, with the same computation in Swift.
"""
import json
import pathlib
import warnings

import numpy as np

warnings.simplefilter("ignore")
x = (np.arange(24, dtype=np.float64).reshape(2, 3, 4) * 7 % 11 - 4) / 2
f = x.astype(np.float32)
i = np.arange(24, dtype=np.int64).reshape(2, 3, 4) * 5 % 13 - 4
s = i.astype(np.int32)
u = (np.arange(6, dtype=np.int64) * 50).astype(np.uint8)
b = i > 1
odd = np.array([np.nan, np.inf, -np.inf, -0.0, 0.0, 1.5, -2.5])
m = x[0]

cases = {
    "add promotes": f + x, "i32 + f32": s + f, "u8 + i32": u[:4] + s[0, 0], "u8 wraps": u + u,
    "bool + bool": b + b, "bool * float": b * f, "int / int": i / 3, "i32 / 2": s / 2, "f32 / 2": f / 2,
    "u8 + 1": u + 1, "u8 * 0.5": u * 0.5, "bool + 1": b + 1, "i32 + 1.5": s + 1.5, "f32 + 1": f + 1,
    "floor divide ints": i // 3, "floor divide negative": i // -3, "remainder ints": i % 3,
    "remainder negative": i % -3, "floor divide floats": x // 1.5, "remainder floats": x % -1.5,
    "odd // 2": odd // 2, "odd % 2": odd % 2, "1 // 0": i // 0, "x / 0": x / 0, "x // 0": x // 0,
    "power": (x + 2.5) ** 1.5, "int power": i ** 3, "square": i ** 2, "sqrt by power": (x + 3) ** 0.5,
    "maximum": np.maximum(x, 0.5), "minimum nan": np.minimum(odd, 0), "maximum nan": np.maximum(0, odd),
    "and": i & 6, "or": i | 1, "xor": b ^ True, "shift left": i << 2, "shift right": i >> 1,
    "arctan2": np.arctan2(x, 2.0), "invert": ~i, "not bool": ~b, "abs": abs(i), "sign": np.sign(odd),
    "negative": -f, "floor": np.floor(x), "ceil": np.ceil(x), "round": np.round(x), "trunc": np.trunc(x),
    "round 1": np.round(x / 3, 1), "round -1": np.round(i * 7, -1), "exp": np.exp(x), "exp f32": np.exp(f),
    "log": np.log(np.abs(x) + 1), "tanh": np.tanh(x), "sin": np.sin(x), "cos": np.cos(x), "expm1": np.expm1(x),
    "log1p": np.log1p(np.abs(x)), "sqrt": np.sqrt(np.abs(x)), "sqrt int": np.sqrt(i + 4), "exp int": np.exp(i),
    "isnan": np.isnan(odd), "isinf": np.isinf(odd), "isfinite": np.isfinite(odd),
    "less": x < 0.5, "equal": i == 3, "not equal": i != f, "greater equal": x >= f, "less nan": odd < 1,
    "broadcast": x[:, :1] + x[0, 0], "where": np.where(b, x, -1.0), "where i": np.where(b, i, f),
    "clip": np.clip(x, -1, 1), "sum": x.sum(), "sum 0": x.sum(0), "sum 1": x.sum(1), "sum -1": x.sum(-1),
    "sum 0 2": x.sum((0, 2)), "sum keep": x.sum(1, keepdims=True), "sum bool": b.sum(), "sum i32": s.sum(1),
    "sum u8": u.sum().astype(np.int64), "mean": x.mean(), "mean f32": f.mean(0), "mean int": i.mean(1),
    "var": x.var(), "var 1": x.var(1, ddof=1), "std": f.std(2), "max": x.max(), "max 1": i.max(1),
    "min 0 1": x.min((0, 1)), "max nan": odd.max(), "argmax": x.argmax(), "argmax 1": x.argmax(1),
    "argmin 2": i.argmin(2), "argmax nan": odd.argmax(), "prod": (x + 3).prod(1), "prod int": i.prod(),
    "any": b.any(1), "all": b.all((0, 2)), "all none": b.all(), "cumsum": x.cumsum(), "cumsum 1": i.cumsum(1),
    "cumprod": x.cumprod(2), "norm": np.linalg.norm(m), "norm axis": np.linalg.norm(m, axis=1),
    "norm 1": np.linalg.norm(m[0], 1), "norm inf": np.linalg.norm(m[0], np.inf),
    "sum empty": np.zeros((0, 3)).sum(0), "mean empty": np.zeros((0, 3)).mean(0),
    "big sum": (np.arange(100003) * 0.1).sum(), "big sum f32": (np.arange(100003) * 0.1).astype(np.float32).sum(),
    "strided sum": (np.arange(1000) * 0.1)[::3].sum(), "columns": (np.arange(3000) * 0.1).reshape(1000, 3).sum(0),
    "transposed sum": (np.arange(3000) * 0.1).reshape(1000, 3).T.sum(1),
    "reshape": x.reshape(4, -1), "transpose": x.T, "permute": x.transpose(1, 2, 0), "swap": x.swapaxes(0, 2),
    "expand": x[:, None].shape[1] * x[0, :1], "flip": x[::-1, :, ::-1], "flip all": np.flip(m),
    "concat": np.concatenate([x, x * 2], 1), "concat mixed": np.concatenate([i[0], f[1]]),
    "stack": np.stack([m, m + 1], 1), "stack last": np.stack([m, m + 1], -1), "tile": np.tile(m, (2, 1, 2)),
    "repeat": np.repeat(m, 2), "repeat 1": np.repeat(m, 2, 1), "pad": np.pad(m, ((1, 0), (0, 2))),
    "index": x[1, 2], "index negative": x[-1, :, -2], "slice": x[:, 1:, ::2], "slice back": x[:, ::-2, 3:0:-1],
    "slice empty": x[:, 2:1], "slice beyond": x[5:, -9:2], "ellipsis": x[..., 0], "new axis": x[None, 1, ..., None],
    "mask": x[b], "mask rows": m[np.array([True, False, True])], "picks": x[:, [2, 0, 2]],
    "picks pair": x[[0, 1], [2, 0]], "picks apart": x[[0, 1], :, [2, 0]], "picks and int": x[1, :, [0, 3]],
    "picks 2d": m[:, np.array([[0, 1], [2, 3]])], "picks broadcast": x[np.array([[0], [1]]), [0, 2]],
    "picks negative": m[[-1, -3]], "picks slice": x[1:, [0, 2], 1:3], "empty picks": m[[]],
    "take": x.take([0, 5, -1]), "take 1": x.take([2, 0], 1), "along": np.take_along_axis(m, m.argsort(1), 1),
    "sort": np.sort(x), "sort 0": np.sort(i, 0), "sort nan": np.sort(odd), "argsort": x.argsort(2, kind="stable"),
    "unique": np.unique(i), "unique counts": np.unique(i, return_counts=True)[1],
    "unique inverse": np.unique(i, return_inverse=True)[1], "nonzero 0": b.nonzero()[0],
    "matmul": m @ m.T, "matmul stack": x @ x.swapaxes(1, 2), "matmul vector": m @ m[0], "vector matmul": m[:, 0] @ m,
    "dot": m[0] @ m[1], "matmul int": i[0] @ i[0].T, "matmul mixed": s[0] @ f[0].T, "matmul wide": x @ m.T,
    "outer": np.outer(m[0], m[1]), "eye": np.eye(3, 4, k=1), "tril": np.tril(m), "triu 1": np.triu(m, 1),
    "arange": np.arange(3, 20, 4), "arange back": np.arange(5, -5, -3), "arange float": np.arange(0, 1, 0.15),
    "linspace": np.linspace(-1, 2, 7), "linspace open": np.linspace(0, 1, 4, endpoint=False),
    "diag": np.diag(m[:, :3]), "diag of": np.diag(m[0]), "float to int": odd[5:].astype(np.int64),
    "float to i32": (x * 3).astype(np.int32), "int to u8": i.astype(np.uint8), "int to bool": i.astype(bool),
    "nan to bool": odd.astype(bool),
}


def assigned(change, start=None):
    target = (x if start is None else start).copy()
    change(target)
    return target


def put(index, value):
    return lambda t: t.__setitem__(index, value)


cases |= {
    "assign number": assigned(put((0, 1), 9)), "assign slice": assigned(put((slice(None), slice(1, 3), 0), m[0, :2])),
    "assign mask": assigned(put(b, 0)), "assign picks": assigned(put((0, [2, 0]), m[:2])),
    "assign apart": assigned(put(([0, 1], slice(None), [2, 0]), 7)),
    "assign between": assigned(put((slice(None), [0, 2], slice(1, 3)), m[:2, :2])),
    "assign twice": assigned(put(([0, 0, 1],), np.array([1, 2, 3]).reshape(3, 1, 1))),
    "assign overlap": assigned(lambda t: t.__setitem__((slice(1, None),), t[:-1])),
    "assign shifted": assigned(lambda t: t.__setitem__(slice(1, None), t[:-1]), np.arange(8.0)),
    "assign backwards": assigned(lambda t: t.__setitem__(slice(None), t[::-1]), np.arange(8.0)),
    "assign to int": assigned(put(0, 2.7), np.arange(3)),
    "in place add": assigned(lambda t: t.__iadd__(m)), "in place view": assigned(lambda t: t[:, 1].__imul__(2)),
    "in place self": assigned(lambda t: t.__iadd__(t[::-1])),
}


def entry(value):
    value = np.asarray(value)
    flat = value.ravel().tolist()
    texts = {"nan": "nan", "inf": "inf", "-inf": "-inf"}
    return {"dtype": value.dtype.name, "shape": list(value.shape),
            "values": [texts.get(str(v), int(v) if value.dtype.kind in "bui" else v) for v in flat]}


path = pathlib.Path(__file__).with_name("numpy_semantics.json")
text = json.dumps({name: entry(value) for name, value in cases.items()}, allow_nan=False, separators=(",", ":"))
path.write_text(text.replace('},"', '},\n"') + "\n")
print(len(cases), path.stat().st_size)

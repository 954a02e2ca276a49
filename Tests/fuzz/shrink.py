"""Makes a program smaller while it still shows what it was kept for."""

import ast
import copy
import time


def shrink(text, is_interesting, seconds=60):
    """The smallest program found by deleting and simplifying syntax nodes."""
    deadline = time.monotonic() + seconds
    best = text
    progress = True
    while progress and time.monotonic() < deadline:
        progress = False
        for smaller in candidates(best):
            if time.monotonic() > deadline:
                break
            if len(smaller) < len(best) and is_interesting(smaller):
                best = smaller
                progress = True
                break
    return best


def candidates(text):
    """Programs with something less, the largest cuts first."""
    tree = ast.parse(text)
    bodies = all_bodies(tree)
    sizes = sorted({size for node, field in bodies
                    for size in halves(len(getattr(node, field)))}, reverse=True)
    for size in sizes:
        for index, (node, field) in enumerate(bodies):
            count = len(getattr(node, field))
            for start in range(0, count, size):
                yield from changed(tree, lambda copied: cut(copied, index, field, start, size))
    for index in range(len(bodies)):
        yield from changed(tree, lambda copied: lift(copied, index))
    for index, node in enumerate(ast.walk(tree)):
        if isinstance(node, ast.expr):
            for choice in range(len(replacements(node))):
                yield from changed(tree, lambda copied: simplify(copied, index, choice))


def halves(count):
    while count:
        yield count
        count //= 2


def changed(tree, change):
    copied = copy.deepcopy(tree)
    try:
        if change(copied):
            text = ast.unparse(ast.fix_missing_locations(copied)) + "\n"
            compile(text, "shrunk", "exec")
            yield text
    except (SyntaxError, ValueError, AttributeError, RecursionError):
        pass


def all_bodies(tree):
    return [(node, field) for node in ast.walk(tree)
            for field in ("body", "orelse", "finalbody", "handlers")
            if isinstance(getattr(node, field, None), list)]


def cut(tree, index, field, start, size):
    node, field = all_bodies(tree)[index]
    body = getattr(node, field)
    if not body[start:start + size]:
        return False
    del body[start:start + size]
    if not body and field == "body":
        if isinstance(node, ast.Module):
            return False
        body.append(ast.Pass())
    return True


def lift(tree, index):
    """Puts the body of a compound statement in its place."""
    inner, _ = all_bodies(tree)[index]
    if not isinstance(inner, (ast.If, ast.For, ast.While, ast.Try, ast.With)):
        return False
    for node, field in all_bodies(tree):
        body = getattr(node, field)
        if inner in body:
            at = body.index(inner)
            body[at:at + 1] = inner.body
            return True
    return False


def replacements(node):
    found = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)) and len(node.elts) > 1:
        found += [type(node)(**{**vars(node), "elts": node.elts[:k] + node.elts[k + 1:]})
                  for k in range(len(node.elts))]
    if isinstance(node, ast.Call) and node.args:
        found += [ast.Call(node.func, node.args[:k] + node.args[k + 1:], node.keywords)
                  for k in range(len(node.args))]
    if not isinstance(node, ast.Constant):
        found.append(ast.Constant(1))
    return found


def simplify(tree, index, choice):
    node = list(ast.walk(tree))[index]
    found = replacements(node)
    if choice >= len(found):
        return False
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is node:
                setattr(parent, field, found[choice])
                return True
            if isinstance(value, list) and node in value:
                value[value.index(node)] = found[choice]
                return True
    return False

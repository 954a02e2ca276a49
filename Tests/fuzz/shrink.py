"""Makes a program smaller while it still shows what it was kept for."""

import ast
import functools
import time


def shrink(text, is_interesting, seconds=60):
    """The smallest program found by deleting and simplifying syntax nodes."""
    deadline = time.monotonic() + seconds
    best = text
    before = None
    while before != best and time.monotonic() < deadline:
        before = best
        for change in changes(best):
            # A change that helped is tried again at the same place: something else stands there now.
            while time.monotonic() < deadline:
                smaller = changed(best, change)
                if not smaller or len(smaller) >= len(best) or not is_interesting(smaller):
                    break
                best = smaller
    return best


def changes(text):
    """Ways to make a program smaller, the largest cuts first."""
    tree = ast.parse(text)
    bodies = all_bodies(tree)
    sizes = sorted({size for node, field in bodies
                    for size in halves(len(getattr(node, field)))}, reverse=True)
    for size in sizes:
        for index, (node, field) in enumerate(bodies):
            for start in range(0, len(getattr(node, field)), size):
                yield functools.partial(cut, index=index, start=start, size=size)
    for index in range(len(bodies)):
        yield functools.partial(lift, index=index)
    for index, node in enumerate(ast.walk(tree)):
        if isinstance(node, ast.expr):
            for choice in range(len(replacements(node))):
                yield functools.partial(simplify, index=index, choice=choice)


def halves(count):
    while count:
        yield count
        count //= 2


def changed(text, change):
    """The program after a change, or None where the change does not apply."""
    tree = ast.parse(text)
    try:
        if not change(tree):
            return None
        smaller = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
        compile(smaller, "shrunk", "exec")
        return smaller
    except (SyntaxError, ValueError, AttributeError, LookupError, RecursionError):
        return None


def all_bodies(tree):
    return [(node, field) for node in ast.walk(tree)
            for field in ("body", "orelse", "finalbody", "handlers")
            if isinstance(getattr(node, field, None), list)]


def cut(tree, index, start, size):
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

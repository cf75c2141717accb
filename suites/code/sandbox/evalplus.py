# EvalPlus's rule for which part of a response is the program (evalplus/sanitize.py, 0.3): the longest run of lines
# that is Python, of that the imports, and of the definitions those that the function needs. It runs where the answer
# runs: only Python's own parser says what is Python.

# The rule as published tries every run of lines; a text of more lines than this has only its first block tried.
_ATTEMPTS_MAX = 20000


def _is_python(text):
    try:
        ast.parse(text)
        return True
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False


def _longest_python(text):
    """Of all runs of at least two lines that parse, the first with the most lines that are not blank."""
    lines = text.split("\n")
    filled = [0]
    for line in lines:
        filled.append(filled[-1] + bool(line.strip()))
    runs = [(filled[i] - filled[j + 1], i, j) for i in range(len(lines)) for j in range(i + 1, len(lines))]
    for count, i, j in heapq.nsmallest(_ATTEMPTS_MAX, runs):
        if count < 0 and _is_python("\n".join(lines[i:j + 1])):
            return "\n".join(lines[i:j + 1])
    return lines[0]


def _identifiers(node):
    found = set()
    for part in ast.walk(node):
        for field in ("id", "attr", "arg", "name", "asname", "module", "rest"):
            value = getattr(part, field, None)
            if isinstance(value, str):
                found.update(value.split("."))
        found.update(getattr(part, "names", ()) if isinstance(part, (ast.Global, ast.Nonlocal)) else ())
    return found


def _defined_name(node):
    """None is a name too: of everything that is assigned to without one, the first is kept."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return node.name
    sides = [*node.targets, node.value] if isinstance(node, ast.Assign) else [node.target, node.annotation, node.value]
    return next((side.id for side in sides if isinstance(side, ast.Name)), None)


def _is_definition(node):
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        return True
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) or node.decorator_list:
        return False
    return isinstance(node, ast.ClassDef) or any(isinstance(part, ast.Return) for part in ast.walk(node))


def evalplus_code(text, entry_point):
    code = _longest_python(text)
    try:
        nodes = ast.parse(code).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return code
    imports = [n for n in nodes if isinstance(n, ast.Import)
               or isinstance(n, ast.ImportFrom) and n.module != "__future__"]
    definitions = {}
    for node in filter(_is_definition, nodes):
        definitions.setdefault(_defined_name(node), node)
    needed, waiting = {entry_point}, [entry_point]
    while waiting:
        node = definitions.get(waiting.pop())
        for name in _identifiers(node) - needed if node else ():
            needed.add(name)
            waiting.append(name)
    kept = imports + [node for name, node in definitions.items() if name in needed]
    return "\n".join(ast.get_source_segment(code, node) for node in kept).strip() or code

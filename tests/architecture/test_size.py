"""A file fits in the head, a function on the screen."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path for package in ("energysim", "solvers", "benchmarks") for path in (ROOT / package).rglob("*.py"))
FILE_LINES = 400
BODY_LINES = 40
ARGUMENTS = 6

Function = ast.FunctionDef | ast.AsyncFunctionDef


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_file_and_its_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n")

    assert lines <= FILE_LINES, f"{lines} lines; split the file along what it does"
    assert not list(_oversized(ast.parse(text)))


def _oversized(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, Function):
            continue
        if (length := _body_length(node)) > BODY_LINES:
            yield f"line {node.lineno}: {node.name} has {length} lines without its docstring, at most {BODY_LINES}"
        if (count := _argument_count(node)) > ARGUMENTS and not _is_command(node):
            yield f"line {node.lineno}: {node.name} has {count} arguments, at most {ARGUMENTS}"


def _is_command(function: Function) -> bool:
    """Every option of a command is an argument of its function."""
    return any("app.command" in ast.unparse(decorator) for decorator in function.decorator_list)


def _body_length(function: Function) -> int:
    statements = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return 0 if not statements else (statements[-1].end_lineno or 0) - statements[0].lineno + 1


def _argument_count(function: Function) -> int:
    arguments = function.args
    named = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return len(named) - (named[:1] in (["self"], ["cls"]))


def test_the_measures_find_what_they_should() -> None:
    body = "\n".join("    pass" for _ in range(BODY_LINES + 1))
    many = ", ".join(f"a{number}" for number in range(ARGUMENTS + 1))
    tree = ast.parse(f'def long():\n    """One line."""\n{body}\n\ndef wide({many}):\n    pass\n')

    findings = list(_oversized(tree))

    assert len(findings) == 2
    assert "long has 41 lines" in findings[0]
    assert "wide has 7 arguments" in findings[1]

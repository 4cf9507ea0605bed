"""The rules of the house: imports, what the start path loads, how long files get."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "studytui"
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "shipped" not in path.parts)
HEAVY = {"torch", "sympy", "numpy", "matplotlib", "PIL", "mpmath"}
CORE = (
    "errors",
    "paths",
    "settings",
    "authoring",
    "cards",
    "library",
    "maths",
    "derive",
    "run",
    "memory",
    "store",
)
# Packages that live in a process of their own, where the heavy library is the point.
WORKERS = {"studytui.run.child", "studytui.run.fork_server"}
# Of derive, what the interface calls; the rest is the prover's process.
DERIVE_FRONT = (
    "evaluate.evaluator",
    "mistakes.explain",
    "process.prover",
    "steps.derivation",
    "steps.feedback",
    "steps.hints",
    "syntax",
    "syntax.print_latex",
    "verdict",
)


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def loaded_by(statement: str) -> set[str]:
    program = f"import sys\n{statement}\nprint(*sys.modules, sep='\\n')"
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return {name.partition(".")[0] for name in answer.stdout.split()}


def test_import_contracts_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    answer = subprocess.run([lint], capture_output=True, text=True, check=False, cwd=ROOT)
    assert answer.returncode == 0, answer.stdout


def test_the_start_path_loads_nothing_heavy() -> None:
    assert not loaded_by("import studytui.cli, studytui.tui.app") & HEAVY


def test_the_first_paint_waits_for_no_room_that_it_does_not_show() -> None:
    """What planning and cards need made the start 1.8 times as dear as a bare app's imports."""
    program = "import sys, studytui.cli, studytui.tui.shell; print(*sys.modules, sep='\\n')"
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    later: tuple[str, ...] = (
        "yaml",
        "sqlite3",
        "studytui.cards",
        "studytui.derive",
        "studytui.memory",
    )
    later += ("studytui.library.blocks", "studytui.library.parse", "studytui.store")
    loaded = answer.stdout.split()
    found = [name for name in loaded for each in later if f"{name}.".startswith(f"{each}.")]
    assert not found


@pytest.mark.parametrize("package", CORE)
def test_the_core_loads_neither_the_interface_nor_anything_heavy(package: str) -> None:
    names = [module_name(path) for path in SOURCES]
    mine = [name for name in names if name.startswith(f"studytui.{package}")]
    light = [name for name in mine if not any(name.startswith(worker) for worker in WORKERS)]
    if package == "derive":
        light = [f"studytui.derive.{name}" for name in DERIVE_FRONT]
    loaded = loaded_by("\n".join(f"import {name}" for name in light))
    assert not loaded & (HEAVY | {"textual", "typer"})


@cache
def trees() -> list[tuple[str, str, ast.Module]]:
    texts = [(module_name(path), path.read_text(encoding="utf-8")) for path in SOURCES]
    return [(name, text, ast.parse(text)) for name, text in texts]


def test_files_and_classes_stay_short() -> None:
    long = [name for name, text, _ in trees() if text.count("\n") > 400]
    long += [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "snippets").rglob("*.py"))
        if path.read_text(encoding="utf-8").count("\n") > 400
    ]
    long += [
        f"{name}.{node.name}"
        for name, _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and (node.end_lineno or 0) - node.lineno > 250
    ]
    assert not long


def test_python_is_parsed_in_one_room() -> None:
    """`ast.parse` is not safe from several threads before 3.11.8 and 3.12.2 (gh-106905)."""
    found = [
        f"{name}:{node.lineno}"
        for name, _, tree in trees()
        if name != "studytui.authoring.python"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "parse"
        and isinstance(node.value, ast.Name)
        and node.value.id == "ast"
    ]
    assert not found


def test_nothing_typed_can_be_executed() -> None:
    banned = {"eval", "sympify", "parse_expr", "parse_latex", "lambdify"}
    found = [
        f"{name}:{node.lineno}"
        for name, _, tree in trees()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id in banned)
        or (isinstance(node, ast.Attribute) and node.attr in banned)
    ]
    assert not found


TESTS = sorted((ROOT / "tests").rglob("*.py"))
SLEEPS = {
    "patience.wait_until": "a step of waiting",
    "tui.waiting.until": "a step of waiting",
    "run.test_keyboard.test_the_wait_for_a_reader_is_no_time_of_the_run": "the time is the matter",
    "run.test_faults.test_a_flood_waits_for_a_reader_who_is_slow": "it stands for a slow reader",
    "run.test_faults.test_this_process_stays_awake_during_a_flood": "each is a turn that it gets",
    "snippets.ring_work.leave_early": "the rank that another one leaves alone",
    "snippets.emulated_hopper": "the hardware that is emulated takes its time",
}
"""Where a test sleeps, and why nothing can be waited for instead."""


def sleeps(tree: ast.AST) -> Iterator[ast.Call]:
    """Sleeps and pauses for longer than a turn."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (node.args or node.keywords):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            is_turn = node.args and isinstance(at := node.args[0], ast.Constant) and at.value == 0
            if name in ("sleep", "pause") and not is_turn:
                yield node


def test_tests_wait_for_events_and_never_sleep() -> None:
    """How long something takes is a matter of the machine: a sleep is too short on some day."""
    found = set()
    for path in TESTS:
        module = module_name(path).removeprefix("tests.")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [
            node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        inside = {f"{module}.{each.name}": len(list(sleeps(each))) for each in functions}
        found |= {name for name, count in inside.items() if count}
        if sum(inside.values()) < len(list(sleeps(tree))):
            found.add(module)  # in a class, or in no function
    assert found == set(SLEEPS)


def test_tests_import_nothing_private() -> None:
    """What is reached as an attribute ruff looks at (SLF001)."""
    found = [
        f"{module_name(path)}: {each.name}"
        for path in TESTS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("studytui")
        for each in node.names
        if each.name.startswith("_")
    ]
    assert not found

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from studytui.errors import StudyError
from studytui.run.parameters import Parameter
from studytui.run.signature import Snippet, SnippetError, read_snippet


def read(folder: Path, source: str) -> Snippet:
    path = folder / "optimisation" / "descent.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(dedent(source).lstrip("\n"), encoding="utf-8")
    return read_snippet(path)


def parameters(folder: Path, signature: str, before: str = "") -> tuple[Parameter, ...]:
    return read(folder, f"{before}\ndef main({signature}): pass\n").parameters


def one(folder: Path, signature: str, before: str = "") -> Parameter:
    (parameter,) = parameters(folder, signature, before)
    return parameter


def test_name_summary_and_digest(tmp_path: Path) -> None:
    snippet = read(tmp_path, '"""Walk\ndownhill.\n\nMore."""\ndef main(n: int = 1): pass\n')
    assert snippet.name == "optimisation/descent"
    assert snippet.summary == "Walk downhill."
    assert len(snippet.digest) == 64
    assert snippet.ranks == 0
    assert snippet.exercise is None


@pytest.mark.parametrize(
    ("signature", "kind", "default"),
    [
        ("n: int = 3", "integer", "3"),
        ("n: int = -3", "integer", "-3"),
        ("n: int = 2**10", "integer", "1024"),
        ("n: int = 1 << 20", "integer", "1048576"),
        ("n: float = 1e-3", "number", "0.001"),
        ("n: float = 1 / 8", "number", "0.125"),
        ("n: bool = True", "switch", "true"),
        ("n: str = 'a b'", "text", "a b"),
        ("n: 'int' = 4", "integer", "4"),
        ("n: Path = Path('data')", "path", "data"),
        ("n: pathlib.Path = Path('data')", "path", "data"),
        ("n: Literal['a', 'b'] = 'b'", "choice", "b"),
        ("n: typing.Literal['a', 'b'] = 'b'", "choice", "b"),
        ("n: int = typer.Option(5, help='h')", "integer", "5"),
        ("*, n: int = 3", "integer", "3"),
    ],
)
def test_types_and_defaults(tmp_path: Path, signature: str, kind: str, default: str) -> None:
    parameter = one(tmp_path, signature)
    assert (parameter.kind, parameter.default, parameter.option) == (kind, default, "--n")
    assert not parameter.required


def test_annotated_options(tmp_path: Path) -> None:
    parameter = one(
        tmp_path,
        "learning_rate: Annotated[float, typer.Option(min=LOW, max=1, help='step')] = 0.1",
        before="LOW = 1e-5",
    )
    assert (parameter.minimum, parameter.maximum, parameter.help) == (1e-5, 1, "step")
    assert parameter.range == "1e-05 to 1"
    assert parameter.option == "--learning-rate"


def test_named_flags(tmp_path: Path) -> None:
    named = one(tmp_path, "n: Annotated[int, typer.Option('-n', '--number')] = 1")
    assert named.option == "--number"
    switch = one(tmp_path, "n: Annotated[bool, typer.Option('--yes/--nope')] = True")
    assert (switch.option, switch.off) == ("--yes", "--nope")
    assert one(tmp_path, "on: bool = False").off == "--no-on"


def test_optional_and_required(tmp_path: Path) -> None:
    optional = one(tmp_path, "n: int | None = None")
    assert (optional.kind, optional.optional, optional.required) == ("integer", True, False)
    assert one(tmp_path, "n: Optional[str] = None").optional
    required = one(tmp_path, "n: int")
    assert (required.required, required.option) == (True, "")
    option = one(tmp_path, "n: Annotated[int, typer.Option()]")
    assert (option.required, option.option) == (True, "--n")
    argument = one(tmp_path, "n: Annotated[int, typer.Argument(min=1)] = 2")
    assert (argument.option, argument.default) == ("", "2")


def test_choices_of_enumerations_and_aliases(tmp_path: Path) -> None:
    before = dedent("""
        class Mode(StrEnum):
            FAST = "fast"
            SLOW = auto()
        Device = Literal["auto", "cpu"]
    """)
    mode, device = parameters(tmp_path, "mode: Mode = Mode.SLOW, device: Device = 'auto'", before)
    assert (mode.choices, mode.default) == (("fast", "slow"), "slow")
    assert (device.choices, device.default) == (("auto", "cpu"), "auto")


def test_the_context_of_typer_is_no_parameter(tmp_path: Path) -> None:
    assert parameters(tmp_path, "context: typer.Context, n: int = 1")[0].name == "n"


def test_ranks_are_declared(tmp_path: Path) -> None:
    main = "def main(n: int = 1): pass\n"
    assert read(tmp_path, f'LAUNCH = "torchrun"\nRANKS = 4\n{main}').ranks == 4
    assert read(tmp_path, f'LAUNCH = "torchrun"\n{main}').ranks == 2
    assert read(tmp_path, f"RANKS = 4\n{main}").ranks == 0


@pytest.mark.parametrize(
    ("source", "line", "what"),
    [
        ("x = 1\ndef main(:\n", 2, "not Python"),
        ("def other(): pass\n", 1, "no function main"),
        ("x = 1\nasync def main(): pass\n", 2, "must not be async"),
        ("def main(\n    n,\n): pass\n", 2, "parameter n has no type"),
        ("def main(\n    n: list[int] = 1,\n): pass\n", 2, "no form can be made"),
        ("def main(n: int = len('x')): pass\n", 1, "only be known by running"),
        ("def main(n: int = 9**9**9): pass\n", 1, "only be known by running"),
        ("def main(*n: int): pass\n", 1, "cannot take"),
        ('LAUNCH = "mpirun"\ndef main(): pass\n', 1, "LAUNCH can only"),
        ('LAUNCH = "torchrun"\nRANKS = 0\ndef main(): pass\n', 2, "RANKS is a number"),
    ],
)
def test_broken_files_are_told_with_their_line(
    tmp_path: Path, source: str, line: int, what: str
) -> None:
    with pytest.raises(StudyError, match=what) as told:
        read(tmp_path, source)
    assert told.value.where.endswith(f"descent.py:{line}")


def test_files_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_bytes(b"a = 1\n\xff\n")
    with pytest.raises(SnippetError, match="UTF-8") as told:
        read_snippet(path)
    assert told.value.where.endswith("x.py:2")
    path.write_bytes(b"#" * 2_000_000)
    with pytest.raises(SnippetError, match="more than"):
        read_snippet(path)
    path.write_bytes(b"x = " + b"(" * 5000)
    with pytest.raises(SnippetError, match="not Python"):
        read_snippet(path)
    with pytest.raises(SnippetError, match="cannot be read"):
        read_snippet(tmp_path / "none.py")

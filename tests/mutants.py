"""Plant faults in the code that guards calendars, and see whether a test notices: `make mutants`.

    python tests/mutants.py [PART…] [--count N] [--seed N] [--jobs N]

mutmut changes operators, arguments, numbers and texts; it leaves out neither a call nor a guard, which is how
a safety check is lost. So the faults here are: a call that is not made, a condition that never or always
holds, `and` for `or`, a comparison with its neighbour, a `raise` left out, a number one larger. Each is
planted alone in a copy of the package, and the tests of its part are run on it. Those that no test notices
are listed; `docs/explanation/mutants.md` says why each known one does no harm.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 300
GUARDS = "tests/trust/test_guards.py"
CHANGES = (GUARDS, "tests/changes", "tests/cli/test_undo.py", "tests/cli/test_caldav_changes.py")
PARTS = {
    "changes/apply.py": CHANGES,
    "changes/caldav.py": ("tests/changes/test_server.py", "tests/cli/test_caldav_changes.py"),
    "changes/disk.py": ("tests/changes", "tests/cli/test_move.py"),
    "changes/journal.py": ("tests/changes", "tests/cli/test_undo.py", "tests/cli/test_ending.py"),
    "changes/meaning.py": ("tests/changes", "tests/cli/test_caldav_changes.py"),
    "changes/plan.py": ("tests/changes", "tests/cli/test_apply.py", "tests/cli/test_hold_and_settle.py"),
    "ics/editor.py": (GUARDS, "tests/ics/test_editor.py", "tests/cli/test_move.py"),
    "sources/digest.py": ("tests/cli/test_caldav_changes.py",),
    "sources/fetch.py": (GUARDS, "tests/sources/test_url.py", "tests/cli/test_caldav_changes.py"),
    "outputs/eml.py": (GUARDS, "tests/outputs/test_eml.py"),
}
NEIGHBOURS = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==", ast.Is: "is not",
    ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip


class Fault(NamedTuple):
    """One change of a part: what stands from `start` to `end` becomes `text`."""

    part: str
    line: int
    start: int
    end: int
    text: str
    what: str


def faults(part: str, source: str) -> Iterator[Fault]:  # noqa: C901 - one table of cases
    """Yield every fault for a module of the package."""
    starts = [0]
    for row in source.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(row))

    def fault(node: ast.expr | ast.stmt, text: str, what: str) -> Fault:
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        return Fault(part, node.lineno, start, end, text, what)

    def code(node: ast.AST) -> str:
        return ast.unparse(node)

    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                continue
            case ast.Expr(value=ast.Call()):
                yield fault(node, "pass", f"not called: {code(node)}")
            case ast.Raise():
                yield fault(node, "pass", f"not raised: {code(node)}")
            case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
                yield fault(test, "False", f"never: {code(test)}")
                if not isinstance(node, ast.While):
                    yield fault(test, "True", f"always: {code(test)}")
            case ast.BoolOp(op=op, values=values):
                word = " or " if isinstance(op, ast.And) else " and "
                text = f"({word.join(f'({code(value)})' for value in values)})"
                yield fault(node, text, f"{code(node)} -> {text}")
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                text = f"({code(left)} {NEIGHBOURS[type(operator)]} {code(right)})"
                yield fault(node, text, f"{code(node)} -> {text}")
            case ast.Constant(value=int() as number) if not isinstance(number, bool):
                yield fault(node, str(number + 1), f"{number} -> {number + 1}")


def is_noticed(fault: Fault) -> bool:
    """Run the tests of a part with a fault in it."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "src", f"{folder}/src", ignore=shutil.ignore_patterns("__pycache__"))
        path = Path(folder, "src/lastresort", fault.part)
        data = path.read_bytes()
        path.write_bytes(data[: fault.start] + fault.text.encode() + data[fault.end :])
        command = [sys.executable, "-m", "pytest", "-xq", "-p", "no:cacheprovider", *PARTS[fault.part]]
        environment = {**os.environ, "PYTHONPATH": f"{folder}/src", "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return True
        return done.returncode != 0


def main() -> None:
    """Plant, run, list."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "part", nargs="*", default=list(PARTS), help="parts of the package, such as changes/apply.py"
    )
    parser.add_argument("--count", type=int, help="only so many faults of each part, drawn by chance")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--list", action="store_true", help="only list the faults")
    options = parser.parse_args()
    chosen: list[Fault] = []
    for part in options.part:
        found = list(faults(part, (ROOT / "src/lastresort" / part).read_text(encoding="utf-8")))
        if options.count:
            found = random.Random(options.seed).sample(found, min(options.count, len(found)))
        chosen += sorted(found, key=lambda fault: fault.line)
    if options.list:
        for fault in chosen:
            print(f"{fault.part}:{fault.line}: {fault.what}")
        print(len(chosen))
        return
    left = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        for fault, noticed in zip(chosen, pool.map(is_noticed, chosen), strict=True):
            if not noticed:
                left += 1
                print(f"{fault.part}:{fault.line}: {fault.what}", flush=True)
    print(f"{len(chosen) - left} of {len(chosen)} noticed")


if __name__ == "__main__":
    main()

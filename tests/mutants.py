"""Plant faults in the code that guards calendars, and see whether a test notices: `make mutants`.

    python tests/mutants.py [PART…] [--count N] [--seed N] [--jobs N]

mutmut changes operators, arguments, numbers and texts; it leaves out neither a call nor a guard, which is how
a safety check is lost. So the faults here are: a call that is not made, a condition that never or always
holds, `and` for `or`, a comparison with its neighbour, a `raise` left out, a number one larger. Each is
planted alone in a copy of the package, and those tests of its part are run on it that reach its line, the
quickest first. Those that no test notices are listed; `docs/explanation/mutants.md` says why each known one
does no harm.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from coverage import CoverageData

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 300
GUARDS = "tests/trust/test_guards.py"
CHANGES = (GUARDS, "tests/changes", "tests/cli/test_undo.py", "tests/cli/test_caldav_changes.py")
EDITS = (
    GUARDS,
    "tests/ics/test_reading_guards.py",
    "tests/ics/test_editor.py",
    "tests/ics/test_exceptions.py",
    "tests/cli/test_move.py",
)
FETCHING = (
    GUARDS,
    "tests/sources/test_connection.py",
    "tests/sources/test_fetch.py",
    "tests/sources/test_url.py",
    "tests/cli/test_caldav_changes.py",
)
PARTS = {
    "changes/apply.py": CHANGES,
    "changes/caldav.py": ("tests/changes/test_server.py", "tests/cli/test_caldav_changes.py"),
    "changes/disk.py": ("tests/changes", "tests/cli/test_move.py"),
    "changes/journal.py": ("tests/changes", "tests/cli/test_undo.py", "tests/cli/test_ending.py"),
    "changes/meaning.py": ("tests/changes", "tests/cli/test_caldav_changes.py"),
    "changes/plan.py": (
        "tests/changes/test_plan_steps.py",
        "tests/changes",
        "tests/cli/test_apply.py",
        "tests/cli/test_hold_and_settle.py",
    ),
    "ics/editor.py": EDITS,
    "ics/find_occurrence.py": EDITS,
    "ics/rewrite.py": EDITS,
    "sources/digest.py": ("tests/sources/test_digest.py",),
    "sources/connection.py": FETCHING,
    "sources/fetch.py": FETCHING,
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


class Reach(NamedTuple):
    """Which tests of a part reach which of its lines, and how long each takes."""

    by_line: Mapping[int, list[str]]
    seconds: Mapping[str, float]

    def tests_for(self, fault: Fault, source: str) -> list[str]:
        """Return the tests that reach the statement of a fault, the quickest first; none where none does.

        Outside of functions it is run once, when a module is loaded, and concerns any test: none as well.
        """
        nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]
        around = [node for node in nodes if node.lineno <= fault.line <= (node.end_lineno or node.lineno)]
        if not any(isinstance(node, ast.FunctionDef) for node in around):
            return []
        lines = range(max(node.lineno for node in around), fault.line + 1)
        found = {test for line in lines for test in self.by_line.get(line, ())}
        return sorted(found, key=lambda test: self.seconds.get(test, 0))


def find_reach(part: str) -> Reach:
    """Run the tests of a part once, without a fault. Raises CalledProcessError when one fails.

    A test that pytest does not find by its name would pass for one that notices every fault: then it raises
    ValueError.
    """
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "coverage")
        module = "lastresort." + part.removesuffix(".py").replace("/", ".")
        command = [
            sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", "--durations=0",
            "--durations-min=0", f"--cov={module}", "--cov-context=test", "--cov-report=",
            "--cov-fail-under=0", "-rA", *PARTS[part],
        ]  # fmt: skip
        environment = {**os.environ, "COVERAGE_FILE": data, "PYTHONPATH": str(ROOT / "src")}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        seconds: dict[str, float] = {}
        for took, test in re.findall(r"^([\d.]+)s \w+ +(tests/\S.*)$", done.stdout, re.MULTILINE):
            seconds[test] = seconds.get(test, 0) + float(took)
        measured = CoverageData(data)
        measured.read()
        file = str(ROOT / "src/lastresort" / part)
        by_line = {
            line: [name.rpartition("|")[0] for name in names if name]
            for line, names in measured.contexts_by_lineno(file).items()
        }
    ran = set(re.findall(r"^(?:PASSED|SKIPPED) (tests/\S.*)$", done.stdout, re.MULTILINE))
    if unknown := {test for tests in by_line.values() for test in tests} - ran:
        raise ValueError(f"no tests of these names: {sorted(unknown)}")
    return Reach(by_line, seconds)


def is_noticed(fault: Fault, tests: list[str]) -> bool:
    """Run tests with a fault in the package."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "src", f"{folder}/src")  # with what is compiled, which takes long to make
        path = Path(folder, "src/lastresort", fault.part)
        data = path.read_bytes()
        path.write_bytes(data[: fault.start] + fault.text.encode() + data[fault.end :])
        command = [sys.executable, "-m", "pytest", "-xq", "-p", "no:cacheprovider", "-p", "syrupy", *tests]
        quick = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        environment = {**os.environ, **quick, "PYTHONPATH": f"{folder}/src"}
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
    reach = {part: find_reach(part) for part in dict.fromkeys(fault.part for fault in chosen)}
    with ThreadPoolExecutor(options.jobs) as pool:
        tests = [
            reach[fault.part].tests_for(
                fault, (ROOT / "src/lastresort" / fault.part).read_text(encoding="utf-8")
            )
            or list(PARTS[fault.part])
            for fault in chosen
        ]
        for fault, noticed in zip(chosen, pool.map(is_noticed, chosen, tests), strict=True):
            if not noticed:
                left += 1
                print(f"{fault.part}:{fault.line}: {fault.what}", flush=True)
    print(f"{len(chosen) - left} of {len(chosen)} noticed")


if __name__ == "__main__":
    main()

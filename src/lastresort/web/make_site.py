"""Makes the page that needs no server: a folder of files in which the tool itself runs in the browser.

    python src/lastresort/web/make_site.py [FOLDER]

Python for the browser comes from the npm registry (`npm pack pyodide`), everything else from the environment
that runs this. The folder works on any host of plain files, under any path; nothing in it asks anybody else.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PYODIDE = "pyodide@314.0.7"
RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json")
ARCHIVES = {
    "lastresort.zip": (
        "lastresort", "icalendar", "dateutil", "six", "pytz", "jinja2", "markupsafe", "tzdata",
    ),
    "holidays.zip": ("holidays",),
}  # fmt: skip
"""What is packed together. The holidays stay packed: a run asks for one or two countries of 250."""
LIBRARY = "runtime/python_stdlib.zip"
LEFT_OUT = (
    "icalendar/tests/", "icalendar/fuzzing/", "dateutil/zoneinfo/", "tzdata/zoneinfo/tzdata.zi",
    "holidays/financial/", "holidays/locale/",
    "lastresort/cli/", "lastresort/sources/caldav.py",
    "lastresort/outputs/terminal.py", "lastresort/web/page/", "lastresort/web/alone/",
)  # fmt: skip
"""What no page needs: tests, stock exchanges, the terminal."""
ZONES = ("pytz/zoneinfo/iso3166.tab", "pytz/zoneinfo/zone.tab", "pytz/zoneinfo/zone1970.tab")
"""All that is asked of pytz: which country has which zones."""
NOT_IN_BROWSER = (
    "unittest/", "pydoc_data/", "lib2to3/", "ensurepip/", "idlelib/", "turtledemo/", "tkinter/", "sqlite3/",
    "wsgiref/", "xmlrpc/", "dbm/", "curses/", "multiprocessing/", "test/", "_pyrepl/", "distutils/", "venv/",
    "xml/", "ctypes/", "concurrent/interpreters/", "profiling/", "http/server.", "logging/handlers.",
    "pydoc.", "doctest.", "turtle.", "pdb.", "mailbox.", "nntplib.", "imaplib.", "ftplib.", "smtplib.",
    "poplib.", "pickletools.", "cProfile.", "profile.", "pstats.", "trace.", "timeit.", "tabnanny.",
    "socketserver.", "webbrowser.", "zipapp.", "_pyio.", "_pydecimal.", "_pydatetime.",
)  # fmt: skip
"""Of the standard library: what needs a screen, a process or a network of its own."""
ROOT = Path(__file__).parent
PAGE = ROOT / "page"
ALONE = ROOT / "alone"
COMPILER = ROOT / "make_site.mjs"


def main() -> None:
    """Make the folder anew and print what it weighs."""
    site = Path(sys.argv[1] if len(sys.argv) > 1 else "site")
    if site.exists():
        shutil.rmtree(site)
    site.mkdir(parents=True)
    _copy_runtime(site / "runtime")
    for name, packages in ARCHIVES.items():
        (site / name).write_bytes(_zip_of(dict(_sources(packages))))
    _compile(site)
    for file in (PAGE / "page.js", PAGE / "page.css", ROOT.parent / "outputs" / "report.css"):
        shutil.copy(file, site)
    for file in ALONE.iterdir():
        shutil.copy(file, site)
    (site / "index.html").write_text(_page(), encoding="utf-8")
    _list_files(site)
    weight = sum(len(gzip.compress(path.read_bytes())) for path in site.rglob("*") if path.is_file())
    print(f"{site}: {weight / 1e6:.1f} MB compressed")


def _copy_runtime(folder: Path) -> None:
    """Fetch Python for the browser, and leave out of its library what cannot run there."""
    folder.mkdir()
    with tempfile.TemporaryDirectory() as place:
        command = [shutil.which("npm") or "npm", "pack", "--silent", PYODIDE]
        name = subprocess.run(command, cwd=place, capture_output=True, text=True, check=True).stdout.strip()
        with tarfile.open(Path(place, name)) as packed:
            for file in RUNTIME:
                (folder / file).write_bytes(_member(packed, f"package/{file}"))
            library = _member(packed, "package/python_stdlib.zip")
    kept = {name: data for name, data in _members(library).items() if not name.startswith(NOT_IN_BROWSER)}
    (folder / "python_stdlib.zip").write_bytes(_zip_of(kept))


def _compile(site: Path) -> None:
    """Compile the modules that a first answer loads, which then takes half the time."""
    archives = [site / name for name in (*ARCHIVES, LIBRARY)]
    with tempfile.TemporaryDirectory() as place:
        sample, compiled = Path(place, "sample.ics"), Path(place, "compiled.zip")
        demo = [sys.executable, "-m", "lastresort", "demo", "--save", str(sample)]
        subprocess.run(demo, check=True, stdout=subprocess.DEVNULL)
        node = shutil.which("node") or "node"
        subprocess.run([node, COMPILER, site / "runtime", sample, compiled, *archives], check=True)
        made = _members(compiled.read_bytes())
    for archive in archives:
        files = _members(archive.read_bytes())
        for name in list(files):
            if (better := made.get(f"{archive.name}/{name}c")) is not None:
                del files[name]
                files[f"{name}c"] = better
        archive.write_bytes(_zip_of(files))


def _member(packed: tarfile.TarFile, name: str) -> bytes:
    found = packed.extractfile(name)
    assert found is not None
    return found.read()


def _members(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        return {name: packed.read(name) for name in packed.namelist() if not name.endswith("/")}


def _zip_of(files: Mapping[str, bytes]) -> bytes:
    """An archive that is the same every time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 9)
    return packed.getvalue()


def _sources(packages: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for package in packages:
        found = importlib.util.find_spec(package)
        assert found is not None
        assert found.origin is not None
        if found.submodule_search_locations is None:
            yield f"{package}.py", Path(found.origin).read_bytes()
            continue
        top = Path(found.origin).parent
        for path in top.rglob("*"):
            name = f"{package}/{path.relative_to(top).as_posix()}"
            if path.is_file() and _is_needed(name):
                yield name, path.read_bytes()


def _is_needed(name: str) -> bool:
    if "__pycache__" in name or name.endswith((".so", ".pyi", ".c")) or "/make_" in name:
        return False
    if name.startswith("pytz/zoneinfo/"):
        return name in ZONES
    return not name.startswith(LEFT_OUT)


def _page() -> str:
    """Return the page of `serve`, with a policy of its own: no server says one here."""
    policy = (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; "
        "img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'"
    )
    text = (PAGE / "index.html").read_text(encoding="utf-8")
    head = '<meta charset="utf-8">'
    return text.replace(head, f'{head}\n<meta http-equiv="Content-Security-Policy" content="{policy}">')


def _list_files(site: Path) -> None:
    """Tell the service worker what to keep, and name the set by what is in it."""
    files = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for file in files:
        digest.update((site / file).read_bytes())
    worker = site / "offline.js"
    text = worker.read_text(encoding="utf-8")
    kept = ["./", *(file for file in files if file != "offline.js")]
    text = text.replace('"FILES"', json.dumps(kept)).replace("VERSION", digest.hexdigest()[:16])
    worker.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

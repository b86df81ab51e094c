// Compiles, in the Python that the browser will run, what a first answer loads: see make_site.py, which calls it.
//
//     node make_site.mjs RUNTIME SAMPLE COMPILED ARCHIVE...
//
// RUNTIME holds Pyodide, SAMPLE is a calendar, each ARCHIVE a zip of modules: the tool, the holidays, more. COMPILED becomes an archive that has,
// below the name of each of these, a `.pyc` for each module that was loaded while the sample was answered.

import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

import { unpack } from "./alone/tool.mjs";

const [runtime, sample, compiled, ...archives] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${runtime}/pyodide.mjs`).href);
const python = await loadPyodide({ indexURL: `${runtime}/` });

python.FS.writeFile("/sample.ics", readFileSync(sample));
python.FS.mkdir("/archives");
for (const archive of archives) {
  python.FS.writeFile(`/archives/${basename(archive)}`, readFileSync(archive));
}
unpack(python, readFileSync(archives[0]), readFileSync(archives[1]), "Europe/Berlin");
python.runPython(`
import importlib.util, json, os, sys, zipfile
from importlib._bootstrap_external import _code_to_hash_pyc

class Buffer(bytes):
    def to_bytes(self):
        return self

def ask(what, data=b"", **values):
    reply = answer(what, json.dumps(values), Buffer(data))
    if "error" in reply:
        raise SystemExit(reply["error"])

LAST_RESORT = "3"  # the sample's third interview cannot be kept

ask("answer")
with open("/sample.ics", "rb") as sample:
    ask("add", sample.read(), name="sample.ics")
ask("weigh", text="Could you do Wednesday at 10 am or Friday at 3 pm?", length="45m", number="")
ask("free", length="45m")

loaded = {module.__name__.replace(".", "/") for module in list(sys.modules.values())}
for kind in ("holds", "mail"):  # seldom, and by modules of their own: they only have to be there
    ask("save", kind=kind, number=LAST_RESORT)

with zipfile.ZipFile("/compiled.zip", "w") as compiled:
    for archive in os.listdir("/archives"):
        with zipfile.ZipFile(f"/archives/{archive}") as modules:
            for name in modules.namelist():
                if name.endswith(".py") and name.removesuffix(".py").removesuffix("/__init__") in loaded:
                    source = modules.read(name)
                    code = compile(source, name, "exec", dont_inherit=True, optimize=2)
                    pyc = _code_to_hash_pyc(code, importlib.util.source_hash(source), False)
                    compiled.writestr(f"{archive}/{name}c", bytes(pyc))
`);
writeFileSync(compiled, python.FS.readFile("/compiled.zip"));

// The tool in Python: unpacked once, then asked. The page's worker does it, and what makes the page, to try it.

/** Unpack the archives, and give the function that answers a question; `zone` is where the person is. */
export function unpack(python, tool, holidays, zone) {
  python.unpackArchive(new Uint8Array(tool), "zip", { extractDir: "/tool" });
  python.FS.writeFile("/holidays.zip", new Uint8Array(holidays)); // Python reads the two countries it needs in it
  python.FS.mkdirTree("/usr/share");
  python.FS.symlink("/tool/tzdata/zoneinfo", "/usr/share/zoneinfo"); // where dateutil looks for zones
  python.globals.set("zone", zone);
  python.runPython(`
import os, sys
sys.path[:0] = ["/tool", "/holidays.zip"]
os.environ["TZ"] = zone
from lastresort.web.browser import answer
`);
  return python.globals.get("answer");
}

"""Makes `windows.tsv` from CLDR's windowsZones, as the package `icalendar` has them: run it as it stands.

Display names, which Outlook writes in place of the names, and IANA names that the zone database uses now were
added by hand; they are taken over from the present table.
"""

from __future__ import annotations

from pathlib import Path

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

TABLE = Path(__file__).with_name("windows.tsv")


def make() -> str:
    """Return the table: what stands in it, and zones that have come since."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = {line.split("\t")[0]: line for line in lines if not line.startswith("#")}
    rows |= {name: f"{name}\t{zone}" for name, zone in WINDOWS_TO_OLSON.items() if name not in rows}
    remarks = [line for line in lines if line.startswith("#")]
    return "".join(f"{line}\n" for line in (*remarks, *(rows[name] for name in sorted(rows))))


if __name__ == "__main__":
    TABLE.write_text(make(), encoding="utf-8")

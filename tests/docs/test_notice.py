"""NOTICE names every table, or its folder; the script that makes a table of others stands beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTICE = " ".join((ROOT / "NOTICE").read_text(encoding="utf-8").split())
TABLES = sorted(
    path.relative_to(ROOT)
    for path in (ROOT / "src").rglob("data/**/*")
    if path.suffix in {".txt", ".tsv", ".toml"} and path.is_file()
)


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_every_table_is_in_the_notice(table):
    own = NOTICE[NOTICE.index("Tables written for this project") :]
    folders = [str(folder) for folder in table.parents if str(folder) in own]
    assert str(table) in NOTICE or table.name in own or folders, table


@pytest.mark.parametrize(
    "table", ["zones/data/cities.tsv", "zones/data/windows.tsv", "interviews/data/given-names.txt"]
)
def test_the_script_that_makes_a_table_of_others_stands_beside_it(table):
    path = ROOT / "src/lastresort" / table
    told = NOTICE.partition(str(path.relative_to(ROOT)))[2]
    script = re.search(r"Made by (\w+\.py) beside it", told.replace("make_ ", "make_"))
    assert script
    assert (path.parent / script[1]).is_file()
    assert "icen" in told.partition("Made by")[0]

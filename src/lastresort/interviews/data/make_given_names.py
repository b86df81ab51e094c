"""Print given-names.txt: the given names of Faker's tables, without those that are words or firms as well.

    python make_given_names.py > given-names.txt

Needs Faker (MIT licence, https://github.com/joke2k/faker), which the package itself does not.
"""

from __future__ import annotations

import importlib
import os
import sys

from lastresort.interviews.words import DATA, FOLDER, fold, split_sections

LOCALES = (
    "ar_AA", "ar_SA", "cs_CZ", "da_DK", "de_AT", "de_CH", "de_DE", "el_GR", "en_GB", "en_IE",
    "en_IN", "en_NG", "en_US", "es_AR", "es_CO", "es_ES", "es_MX", "et_EE", "fi_FI", "fr_BE",
    "fr_CH", "fr_FR", "ga_IE", "he_IL", "hi_IN", "hr_HR", "hu_HU", "it_IT", "ja_JP", "ko_KR",
    "lt_LT", "lv_LV", "nl_BE", "nl_NL", "no_NO", "pl_PL", "pt_BR", "pt_PT", "ro_RO", "ru_RU",
    "sk_SK", "sl_SI", "sv_SE", "tr_TR", "uk_UA", "vi_VN", "yo_NG", "zu_ZA",
)  # fmt: skip
LISTS = ("first_names", "first_names_male", "first_names_female")
SHORTEST = 4
"""Letters of a name that is taken from Faker: short ones are words in some language."""
SECTIONS = ("roles", "fields", "times", "stage", "core", "boss", "place", "street", "video", "tail")


def main() -> None:
    """Write the head of the table and the names, sorted."""
    own, others = _listed("given-names-own.txt"), _listed("given-names-not.txt")
    names: set[str] = set()
    for locale in LOCALES:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for listed in LISTS:
            names.update(fold(name) for name in getattr(provider, listed, ()))
    found = ({name for name in names if len(name) >= SHORTEST and name.isalpha()} - _words() - others) | own
    sys.stdout.write(
        "# Common given names, so that a person is not taken for a company. Lower case, without accents.\n"
        "# Made by make_given_names.py from Faker's tables, given-names-own.txt and given-names-not.txt.\n"
    )
    sys.stdout.writelines(f"{name}\n" for name in sorted(found))


def _listed(name: str) -> set[str]:
    """More names; or those that are more often a firm or a place in the title of an interview."""
    with open(os.path.join(DATA, name), encoding="utf-8") as file:
        return set(file.read().split())


def _words() -> set[str]:
    found: set[str] = set()
    for name in os.listdir(FOLDER):
        if name.startswith("invitations-"):
            with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
                parts = split_sections(file.read())
            for section in SECTIONS:
                found.update(line for part in parts.get(section, ()) for line in part.splitlines())
    return found


if __name__ == "__main__":
    main()

"""What my own words should not give away (R17)."""

from __future__ import annotations

import re

_INTERVIEW = re.compile(
    r"interview|recruiter|job offer|bewerbungsgespräch|vorstellungsgespräch|entretien d.embauche|entrevue|"
    r"entrevista|colloquio|sollicitatie|bewerbung|candidat|otra oferta|outra proposta|altra offerta"
)


def names_interview(words: str) -> bool:
    """Tell whether a sentence speaks of an interview or an application, in a language of the messages."""
    return _INTERVIEW.search(words.casefold()) is not None

"""When each piece of advice fires and what it then adds. Its texts are in `rules.toml`.

A rule that is not in `FIRES` has no effect anywhere: channel, checklist and remarks come from it alone.
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from lastresort.advice.reasons import REASONS, ReasonKind, Weight
from lastresort.interviews.detection import Mode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lastresort.advice.situation import Situation

Channel = Literal["phone", "email"]
Decision = Literal["attend", "rearrange", "reschedule", "withdraw"]

TABLE = os.path.join(os.path.dirname(__file__), "rules.toml")
DAY = 24 * 60
TOO_LATE = 2 * 60
"""Minutes of notice below which nobody can still plan around the change."""


class Line(NamedTuple):
    """A line that a rule adds: its name among the texts that the rule says, and what is filled in."""

    name: str
    at: int | None = None
    """Its place in the checklist, among those of other rules; `None` for a remark."""
    facts: Mapping[str, object] = MappingProxyType({})


class Effect(NamedTuple):
    """What a rule that fires changes besides the drafts."""

    lines: tuple[Line, ...] = ()
    channel: Channel | None = None


class Rule(NamedTuple):
    """One piece of advice. `when` and `changes` say in words what its function in `FIRES` does."""

    number: int
    text: str
    why: str
    when: str
    changes: str
    sources: str
    says: Mapping[str, str] = MappingProxyType({})
    """The texts that it adds, by name."""

    @property
    def name(self) -> str:
        """The rule as it is called everywhere: `R7`."""
        return f"R{self.number}"


class Decided(NamedTuple):
    """What to do about the interview. `argument` pleads for keeping it when the reason does harm (R2)."""

    decision: Decision
    because: tuple[str, ...]
    argument: str | None = None


class Advice(NamedTuple):
    """The advice for one interview: whom to reach how, the rules that fired, the checklist in order."""

    channel: Channel
    rules: tuple[str, ...]
    steps: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    decision: Decision = "attend"


@cache
def read_rules() -> Mapping[int, Rule]:
    """Return all rules by number, in order."""
    with open(TABLE, "rb") as stream:
        rules = [Rule(**entry) for entry in tomllib.load(stream)["rule"]]
    return MappingProxyType({rule.number: rule for rule in rules})


def find_rule(name: str) -> Rule | None:
    """Return the rule called `R7`, `r7` or `7`."""
    digits = name.strip().upper().removeprefix("R")
    return next((rule for rule in read_rules().values() if str(rule.number) == digits), None)


def decide(situation: Situation) -> Decided:
    """Return attend, rearrange, reschedule or withdraw, and why (R1 to R4)."""
    reason = _reason(situation)
    asking = situation.wanted or situation.verdict == "reschedule"
    if reason.weight is Weight.WITHDRAWAL and (asking or situation.verdict == "rearrange"):
        return Decided("withdraw", (f"{reason.named}: it will not pass, so another time would not help",))
    if asking:
        because = (
            "you ask for it"
            if situation.wanted
            else "no acceptable change to other events keeps the time free"
        )
        return Decided("reschedule", (because,), reason.argument or None)
    if situation.verdict == "rearrange":
        return Decided("rearrange", ("other events can make room, so the interview stays",))
    return Decided("attend", ("nothing that is certain to take time clashes",))


def advise(
    situation: Situation, fires: Mapping[int, Callable[[Situation], Effect | None]] = MappingProxyType({})
) -> Advice:
    """Return the channel, the names of the rules that fired, and what they say."""
    found = {number: fire(situation) for number, fire in (fires or FIRES).items()}
    fired = {number: effect for number, effect in found.items() if effect is not None}
    told = [
        (line, number, read_rules()[number].says[line.name].format_map(line.facts))
        for number, effect in fired.items()
        for line in effect.lines
    ]
    steps = sorted((line.at, number, text) for line, number, text in told if line.at is not None)
    return Advice(
        channel="phone" if any(effect.channel == "phone" for effect in fired.values()) else "email",
        rules=tuple(f"R{number}" for number in fired),
        steps=tuple(text for _, _, text in steps),
        remarks=tuple(text for line, _, text in told if line.at is None),
        decision=decide(situation).decision,
    )


def band(notice_minutes: int) -> str:
    """Return the band of notice that R6 tells apart: under 24 h, 24–48 h (both included), over 48 h."""
    if notice_minutes < DAY:
        return "under 24 h"
    return "24–48 h" if notice_minutes <= 2 * DAY else "over 48 h"


def _reason(situation: Situation) -> ReasonKind:
    return REASONS.get(situation.reason, REASONS["conflict"])


# -- moments ------------------------------------------------------------------------------------------------


def _asks(situation: Situation) -> bool:
    return decide(situation).decision == "reschedule"


def _writes(situation: Situation) -> bool:
    return decide(situation).decision in ("reschedule", "withdraw")


def _writes_first(situation: Situation) -> bool:
    """Somebody has to be told, and has not been yet."""
    return _writes(situation) and situation.reply == "none"


def _asks_first(situation: Situation) -> bool:
    return _asks(situation) and situation.reply == "none"


def _soon(situation: Situation) -> bool:
    return situation.notice_minutes < DAY


def _urgent_failure(situation: Situation) -> bool:
    return situation.reason == "technical" and situation.mode is not Mode.ONSITE


def _calls(situation: Situation) -> bool:
    return _soon(situation) or _urgent_failure(situation)


def _in_drafts(when: Callable[[Situation], bool]) -> Callable[[Situation], Effect | None]:
    """The effect of a rule that lives in the drafts alone."""
    return lambda situation: Effect() if when(situation) else None


def _says(
    when: Callable[[Situation], bool], name: str, at: int | None = None, channel: Channel | None = None
) -> Callable[[Situation], Effect | None]:
    """The effect of a rule that adds one and the same line."""
    return lambda situation: Effect((Line(name, at),), channel) if when(situation) else None


# -- before anything: keep the interview --------------------------------------------------------------------


def _last_resort(s: Situation) -> Effect | None:
    if s.verdict == "rearrange" and not _writes(s):
        return Effect((Line("plan", 10),))
    return Effect() if s.verdict != "clear" else None


def _weigh_reason(s: Situation) -> Effect | None:
    if not _writes_first(s):
        return None
    reason = _reason(s)
    capital = f"{reason.named[:1].upper()}{reason.named[1:]}"
    facts = {"argument": reason.argument, "named": reason.named, "Named": capital}
    return Effect((Line(reason.weight, facts=facts),))


def _three_tests(s: Situation) -> Effect | None:
    if not _writes_first(s):
        return None
    reason = _reason(s)
    if not reason.relevant:
        return Effect((Line("not-relevant"),))
    if not reason.urgent:
        return Effect((Line("not-urgent"),))
    return Effect((Line("fair" if reason.irreversible else "passes"),))


def _ask_or_leave(s: Situation) -> Effect | None:
    return Effect((Line("ask" if _asks(s) else "withdraw", 15),)) if _writes_first(s) else None


def _not_twice(s: Situation) -> Effect | None:
    if not _asks(s) or not s.requests:
        return None
    warning = Line("once") if s.requests == 1 else Line("often", facts={"requests": s.requests})
    return Effect((Line("look-again", 0), warning) if _asks_first(s) else (warning,))


# -- when and how to get in touch ---------------------------------------------------------------------------


def _notice(s: Situation) -> Effect | None:
    return Effect((Line(band(s.notice_minutes), 20),)) if _writes_first(s) else None


def _channel(s: Situation) -> Effect | None:
    if not _writes_first(s):
        return None
    if _soon(s):
        lines = [Line("call" if s.phone_known else "look-up", 30), Line("nobody", 40)]
    else:
        lines = [Line("write", 40), *([Line("call-too", 41)] if s.phone_known else [])]
    if s.link and _asks(s):
        lines.append(Line("page-and-times" if s.slots else "page", 25, {"link": s.link}))
    return Effect(tuple(lines), "phone" if _soon(s) else None)


def _is_late(s: Situation) -> bool:
    late = s.notice_minutes < TOO_LATE or (_soon(s) and _reason(s).emergency)
    return _writes_first(s) and late


# -- what the message holds ---------------------------------------------------------------------------------


def _true_reason(s: Situation) -> Effect | None:
    if not _writes_first(s):
        return None
    return Effect((Line("own-words"),) if s.own_words else ())


def _discretion(s: Situation) -> Effect | None:
    if _writes(s):
        return Effect((Line("own-words"),) if s.own_words else ())
    return Effect((Line("notes"),)) if s.verdict == "rearrange" and s.asks else None


def _alternatives(s: Situation) -> Effect | None:
    if not _asks_first(s):
        return None
    return Effect(() if s.slots else (Line("none"),))


def _next_step(s: Situation) -> Effect | None:
    return Effect((Line("choose" if _asks(s) else "cancelled", 55),)) if _writes_first(s) else None


def _register(s: Situation) -> Effect | None:
    if not _writes(s):
        return None
    return Effect(() if s.signed else (Line("unsigned"),))


# -- afterwards ---------------------------------------------------------------------------------------------


def _on_the_spot(s: Situation) -> Effect | None:
    if s.reply == "agreed":
        return Effect((Line("confirm", 60),))
    return Effect((Line("on-the-spot", 37),)) if _asks_first(s) and _calls(s) else None


def _no_answer(s: Situation) -> Effect | None:
    if s.reply == "overdue":
        return Effect((Line("overdue", 70),))
    if s.reply == "waiting" and _soon(s):
        return Effect((Line("no-time", 70),), "phone")
    if s.reply == "waiting":
        return Effect((Line("wait", 70),))
    return Effect((Line("later", 80),)) if _asks_first(s) else None


def _question(s: Situation) -> Effect | None:
    if s.reply not in ("agreed", "settled"):
        return None
    return Effect((Line("answer", 95, {"answer": _reason(s).answer}),))


def _write_down(s: Situation) -> Effect | None:
    if s.reply == "agreed":
        return Effect((Line("settle", 65),))
    return Effect((Line("hold", 52),)) if _asks_first(s) and s.slots and not s.held else None


def _several(s: Situation) -> Effect | None:
    if not (s.rivals and _writes(s)):
        return None
    return Effect((Line("offer" if s.reason == "offer" else "apart"),))


FIRES: Mapping[int, Callable[[Situation], Effect | None]] = MappingProxyType(
    {
        1: _last_resort,
        2: _weigh_reason,
        3: _three_tests,
        4: _ask_or_leave,
        5: _not_twice,
        6: _notice,
        7: _channel,
        8: _says(_writes_first, "why"),
        9: _says(lambda s: _writes_first(s) and _calls(s), "again", 35),
        10: _says(_writes_first, "look", 50),
        11: _says(lambda s: _writes_first(s) and s.recruiter, "recruiter", 22),
        12: _says(_is_late, "late", 28, "phone"),
        13: _says(lambda s: _writes_first(s) and _urgent_failure(s), "call", 27, "phone"),
        14: _says(lambda s: _asks_first(s) and s.reason == "travel" and s.mode is Mode.ONSITE, "video", 45),
        15: _in_drafts(_writes),
        16: _true_reason,
        17: _discretion,
        18: _in_drafts(_writes_first),
        19: _in_drafts(_asks),
        20: _alternatives,
        21: _in_drafts(_asks_first),
        22: _next_step,
        23: _in_drafts(_writes),
        24: _register,
        25: _says(lambda s: s.reply == "settled", "thanks", 90),
        26: _on_the_spot,
        27: _no_answer,
        28: _question,
        29: _write_down,
        30: _several,
    }
)
"""What each rule does, by its number."""

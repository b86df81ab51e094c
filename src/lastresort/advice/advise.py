"""What a good mentor would say about one interview: the channel, the checklist, and the rules behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.advice.effects import EFFECTS, Channel, Effect, Step
from lastresort.advice.next_step import NextStep, find_next
from lastresort.advice.situation import Decision, Situation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PREPARATION = (
    "Today: read the advertisement again, and write down three things you did that answer it.",
    "Then: say each of them aloud, two minutes long, and prepare two questions for them.",
    "The evening before: try the link or the way there, lay out what you need, and stop early.",
)
"""What helps more than a later date (R2, a poor reason: wanting more time to prepare)."""


class Advice(NamedTuple):
    """The advice for one interview: whom to reach how, the rules that fired, the checklist in order."""

    channel: Channel
    rules: tuple[str, ...]
    steps: tuple[Step, ...]
    remarks: tuple[str, ...] = ()
    decision: Decision = Decision.ATTEND
    next: NextStep | None = None
    """The one next step of a request that was made (R25 to R29, R40)."""


def advise(
    situation: Situation, effects: Mapping[str, Callable[[Situation], Effect | None]] = EFFECTS
) -> Advice:
    """Return the channel, the rules that fired by number, and what they say."""
    fired = {name: effect for name, rule in effects.items() if (effect := rule(situation)) is not None}
    steps = sorted((step for effect in fired.values() for step in effect.steps), key=lambda step: step.order)
    for addition in (addition for effect in fired.values() for addition in effect.additions):
        # an addition goes where there is none of the steps that it belongs to
        place = next((n for n, step in enumerate(steps) if step.order in addition.orders), None)
        if place is not None:
            steps[place] = steps[place]._replace(text=f"{steps[place].text} {addition.text}")
    if situation.reason == "unprepared" and situation.is_first_request:
        steps = [Step(2, text) for text in PREPARATION] + steps
    phone = any(effect.channel == "phone" for effect in fired.values())
    return Advice(
        channel="phone" if phone else "email",
        rules=tuple(fired),
        steps=tuple(steps),
        remarks=tuple(remark for effect in fired.values() for remark in effect.remarks),
        decision=situation.decision,
        next=find_next(situation.past, clashes=situation.clashes),
    )

"""What each rule does: when it fires, and which steps and remarks it then adds.

`EFFECTS` names a function for each rule; a rule without one has no effect anywhere. Rules whose effect lives
in the drafts alone return an empty `Effect`: they are named in the report, and say nothing there.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, NamedTuple

from lastresort.advice.next_step import UNDER_WAY, Reply
from lastresort.advice.reasons import Weight
from lastresort.advice.situation import DAY, Decision, Phase, Situation
from lastresort.interviews.detection import Mode

Channel = Literal["phone", "email"]

TOO_LATE = 2 * 60
"""Minutes of notice below which nobody can still plan around the change."""
NO_TEXTING = "Not by text, chat or social message: it is easily missed, and it looks as little as it costs."
"""Why there is no draft of a text message (R8)."""


class StepKind(StrEnum):
    """What a step comes to, for whoever shows it."""

    OTHER = "other"
    CHANGES = "changes"
    """The changes of the plan are made."""
    MAIL = "mail"
    """A mail is sent that is ready: the mail program can open with it."""
    CALL = "call"
    NOTE = "note"
    """It is noted that such a mail went out."""


class Step(NamedTuple):
    """A line of the checklist. `order` sorts it among those of other rules."""

    order: int
    text: str
    command: str = ""
    """The command that carries it out, without the calendars: `apply --hold`; empty where there is none."""
    kind: StepKind = StepKind.OTHER


class Addition(NamedTuple):
    """A sentence for the end of another rule's step: the first of these that there is, by their `order`."""

    orders: tuple[int, ...]
    text: str


DECIDE, CALL, WRITE, BEGUN, EXTEND = 5, 30, 40, 1, 9
"""The `order` of steps to which other rules add something."""


class Effect(NamedTuple):
    """What a rule that fires changes besides the drafts: the channel, lines of the checklist, remarks."""

    steps: tuple[Step, ...] = ()
    remarks: tuple[str, ...] = ()
    channel: Channel | None = None
    additions: tuple[Addition, ...] = ()


SAID_IN_DRAFTS = Effect()


# -- before anything: keep the interview --------------------------------------------------------------------


def _r1_last_resort(s: Situation) -> Effect | None:
    if s.decision is Decision.REARRANGE and s.left:
        text = "Make the changes of the plan; the interview stays where it is."
        return Effect((Step(10, text, "apply", StepKind.CHANGES),))
    return SAID_IN_DRAFTS if s.verdict != "clear" else None


def _r2_weigh_reason(s: Situation) -> Effect | None:
    if not s.is_first_word:
        return None
    return Effect(remarks=(s.ground.argument,) if s.ground.weight is Weight.HARMFUL else ())


def _r3_three_tests(s: Situation) -> Effect | None:
    return SAID_IN_DRAFTS if s.is_first_word else None


def _r4_ask_or_leave(s: Situation) -> Effect | None:
    return SAID_IN_DRAFTS if s.is_first_word else None


def _r5_not_twice(s: Situation) -> Effect | None:
    if s.decision is not Decision.RESCHEDULE or not s.past.requests:
        return None
    times = "once" if s.past.requests == 1 else f"{s.past.requests} times"
    again = Step(0, "Look once more for a way to keep this time before you ask again.")
    return Effect(
        (again,) * s.is_first_request,
        (f"You have asked to move this interview {times} already; another request costs far more.",),
    )


def _r31_decide_first(s: Situation) -> Effect | None:
    if not s.is_first_word or s.phase is not Phase.AHEAD:
        return None
    ground = s.ground
    follows = "withdraw" if s.decision is Decision.WITHDRAW else "ask for another time, do not withdraw"
    answers = " ".join(
        f"{question}? {'Yes' if holds else 'No'}."
        for question, holds in (
            ("Is the reason relevant", ground.relevant),
            ("Urgent", ground.urgent or (s.is_soon and ground.emergency)),
            ("Final", ground.final),
        )
    )
    against = {
        Weight.HARMFUL: "it costs goodwill that you need",
        Weight.WITHDRAWAL: "an application given up does not come back",
    }.get(ground.weight, "it costs goodwill, so it comes after everything else")
    text = f"Decide first. For it: {ground.judged}. Against it: {against}. {answers} So {follows}."
    return Effect((Step(DECIDE, text),))


def _r33_not_sure(s: Situation) -> Effect | None:
    if not (s.is_first_word and s.reason == "fit"):
        return None
    return Effect((Step(8, s.ground.argument),))


def _r34_safety(s: Situation) -> Effect | None:
    return SAID_IN_DRAFTS if s.is_first_word and s.reason == "safety" else None


def _r32_delegate(s: Situation) -> Effect | None:
    if not s.delegates:
        return None
    return Effect(remarks=("What somebody depends on is handed over, not dropped: have their yes first.",))


# -- when and how to get in touch ---------------------------------------------------------------------------


def band(notice_minutes: int) -> str:
    """Return the band of notice that R6 tells apart: under 24 h, 24–48 h (both included), over 48 h."""
    if notice_minutes < DAY:
        return "under 24 h"
    return "24–48 h" if notice_minutes <= 2 * DAY else "over 48 h"


def _r6_notice(s: Situation) -> Effect | None:
    if not s.is_first_word or s.phase is not Phase.AHEAD:
        return None
    if s.is_soon and not s.ground.emergency and s.decision is Decision.RESCHEDULE:
        kept = "Less than a day is left: if you can keep this time after all, keep it."
        return Effect(additions=(Addition((DECIDE,), kept),))
    return SAID_IN_DRAFTS


def _r7_channel(s: Situation) -> Effect | None:
    if not s.is_first_word or s.phase is not Phase.AHEAD:
        return None
    if s.calls_first:
        call = Step(CALL, f"Call now: {_number(s)}.", "message phone", StepKind.CALL)
        return Effect((call,), channel="phone")
    if s.decision is Decision.WITHDRAW:
        return Effect((Step(WRITE, f"Send the withdrawal {_when(s)}.", "message withdraw", StepKind.MAIL),))
    better = f"; a call is better still: {s.phone}" if s.phone else ""
    return Effect((Step(WRITE, f"Send the e-mail {_when(s)}{better}.", "message email", StepKind.MAIL),))


def _number(s: Situation) -> str:
    if s.phone:
        return s.phone
    return "no number is known here; look in their mails, on their site, or call the switchboard"


def _when(s: Situation) -> str:
    return "within the hour" if band(s.notice_minutes) == "24–48 h" else "today"


def _r8_no_texting(s: Situation) -> Effect | None:
    if not s.is_first_word and s.phase is Phase.AHEAD:
        return None
    return Effect(additions=(Addition((BEGUN, CALL, WRITE), "Not by text or chat."),))


def _r9_keep_trying(s: Situation) -> Effect | None:
    if not (s.is_first_word and s.calls_first) or s.phase is not Phase.AHEAD:
        return None
    further = ["the switchboard", *(["the recruiter"] if s.recruiter else []), *s.others]
    text = f"Nobody answers? Try two or three times, then {_joined(further)}; then leave the voicemail"
    written = "withdraw" if s.decision is Decision.WITHDRAW else "email"
    return Effect((Step(35, f"{text}, and send the e-mail at once.", f"message {written}", StepKind.MAIL),))


def _joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _r10_confirmation(s: Situation) -> Effect | None:
    return SAID_IN_DRAFTS if s.is_first_word else None


def _r11_recruiter(s: Situation) -> Effect | None:
    if not (s.is_first_word and s.recruiter):
        return None
    told = "Tell the recruiter who arranged it, not the company."
    return Effect(additions=(Addition((BEGUN, CALL, WRITE), told),))


def _r12_emergency(s: Situation) -> Effect | None:
    late = s.notice_minutes < TOO_LATE or (s.is_soon and s.ground.emergency)
    if not (s.is_first_word and late) or s.phase is not Phase.AHEAD:
        return None
    honest = "Say honestly that it comes late, and why; most people understand."
    return Effect(channel="phone", additions=(Addition((CALL, WRITE), honest),))


def _r13_technical(s: Situation) -> Effect | None:
    if not (s.is_first_word and s.connection_failed):
        return None
    text = "Offer another way in now, by telephone or by another link; another time comes only after that."
    return Effect((Step(32, text),), channel="phone")


def _r14_virtual(s: Situation) -> Effect | None:
    if not (s.is_first_request and s.reason in ("travel", "illness") and s.mode is Mode.ONSITE):
        return None
    text = "Offer to meet by video at the same hour first; other times come after it."
    if s.reason == "illness":
        text += " Too ill for that? Strike it from the draft."
    return Effect((Step(28, text),))


def _r35_late(s: Situation) -> Effect | None:
    if s.phase is not Phase.BEGUN or s.past.reply in UNDER_WAY or s.told_late:
        return None
    text = (
        f"It has begun. Late? Call now ({_number(s)}), say when you arrive, and ask whether it still suits."
    )
    return Effect((Step(BEGUN, text, "message late --by 15m", StepKind.CALL),), channel="phone")


def _r36_missed(s: Situation) -> Effect | None:
    if s.phase is not Phase.OVER or s.past.reply in UNDER_WAY:
        return None
    text = f"It is over. Missed it? Call now ({_number(s)}), own it in one sentence, ask for another chance"
    step = Step(BEGUN, f"{text}; then write the same.", "message missed", StepKind.CALL)
    return Effect((step,), channel="phone")


def _r37_their_way(s: Situation) -> Effect | None:
    if not s.is_first_word or s.phase is not Phase.AHEAD:
        return None
    steps = []
    if s.link and s.decision is Decision.RESCHEDULE and not s.is_soon:
        steps.append(
            Step(25, f"Move it on their booking page first, once: {s.link}. Write only if that fails.")
        )
    if s.ground.complex_matter and not s.calls_first:
        steps.append(
            Step(26, f"Call the hiring manager before you write ({_number(s)}), then confirm in writing.")
        )
    return Effect(tuple(steps)) if steps else None


def _r38_extension(s: Situation) -> Effect | None:
    if not (s.is_first_word and s.reason == "offer"):
        return None
    text = (
        "Not accepted yet? Ask for more time first (message extension --until DATE), and tell the others "
        "that you have an offer."
    )
    return Effect((Step(EXTEND, text),))


# -- what the message holds ---------------------------------------------------------------------------------


def _r15_identify(s: Situation) -> Effect | None:
    return SAID_IN_DRAFTS if s.decision in (Decision.RESCHEDULE, Decision.WITHDRAW) else None


def _r16_true_reason(s: Situation) -> Effect | None:
    if not s.is_first_word:
        return None
    told = "Your own words stand in the draft as you gave them: one true sentence is enough."
    return Effect(remarks=(told,) * s.own_words)


def _r17_discretion(s: Situation) -> Effect | None:
    if s.decision in (Decision.RESCHEDULE, Decision.WITHDRAW):
        return SAID_IN_DRAFTS
    if s.verdict == "rearrange" and s.asks:
        return Effect(
            remarks=("The notes to organisers name their own meeting and nothing else: not the interview.",)
        )
    return None


def _r18_apologise_once(s: Situation) -> Effect | None:
    return SAID_IN_DRAFTS if s.is_first_word else None


def _r19_still_keen(s: Situation) -> Effect | None:
    return SAID_IN_DRAFTS if s.decision is Decision.RESCHEDULE else None


def _r20_alternatives(s: Situation) -> Effect | None:
    if not s.is_first_request:
        return None
    if not s.slots:
        return Effect(remarks=("No time lies within both sides' hours, so the draft asks for theirs.",))
    return SAID_IN_DRAFTS


def _r21_flexible(s: Situation) -> Effect | None:
    return SAID_IN_DRAFTS if s.is_first_request else None


def _r22_next_step(s: Situation) -> Effect | None:
    if not s.is_first_word or s.phase is not Phase.AHEAD:
        return None
    message = "withdraw" if s.decision is Decision.WITHDRAW else "phone" if s.calls_first else "email"
    kind = StepKind.OTHER if message == "phone" else StepKind.NOTE
    text = "Note it once it is done: the next step is told from that."
    return Effect((Step(58, text, f"message {message} --sent", kind),))


def _r23_thanks(s: Situation) -> Effect | None:
    return SAID_IN_DRAFTS if s.decision in (Decision.RESCHEDULE, Decision.WITHDRAW) else None


def _r24_register(s: Situation) -> Effect | None:
    if s.decision not in (Decision.RESCHEDULE, Decision.WITHDRAW):
        return None
    missing = "Sign with your full name and telephone number: the configuration knows no complete signature."
    return Effect(remarks=() if s.signed else (missing,))


# -- afterwards ---------------------------------------------------------------------------------------------


def _r25_follow_up(s: Situation) -> Effect | None:
    return SAID_IN_DRAFTS if s.past.reply is Reply.CONFIRMED else None


def _r26_on_the_spot(s: Situation) -> Effect | None:
    if s.past.reply in (Reply.AGREED, Reply.SETTLED):
        return SAID_IN_DRAFTS
    if s.is_first_request and s.calls_first and s.phase is Phase.AHEAD:
        text = (
            "They name a time on the telephone? Thank them there and then, repeat it, confirm it in writing."
        )
        return Effect((Step(37, text),))
    return None


def _r27_no_answer(s: Situation) -> Effect | None:
    if s.is_first_request and s.phase is Phase.AHEAD:
        return Effect(
            (Step(80, "Then wait one full working day of theirs; until they confirm, the old time stands."),)
        )
    return SAID_IN_DRAFTS if s.past.reply in UNDER_WAY else None


def _r28_question(s: Situation) -> Effect | None:
    moved = s.past.reply in (Reply.AGREED, Reply.SETTLED, Reply.CONFIRMED)
    today = s.past.reply is Reply.CLOSED and s.past.agreed is not None and s.is_soon
    if not (moved or today) or s.past.told_elsewhere:
        return None
    return Effect((Step(95, f"If they ask why it moved, one line is enough: “{s.ground.answer}”"),))


def _r29_write_down(s: Situation) -> Effect | None:
    if s.past.reply is Reply.AGREED:
        return SAID_IN_DRAFTS
    if s.is_first_request and s.slots and not s.held:
        return Effect((Step(52, "Hold the offered times until they answer.", "apply --hold"),))
    return None


def _r30_several(s: Situation) -> Effect | None:
    if s.reason == "offer" and s.is_first_word:
        accepted = "Step out of the others only once the offer is accepted and in your hand."
        return Effect(additions=(Addition((EXTEND,), accepted),))
    if not (s.rivals and s.decision in (Decision.RESCHEDULE, Decision.WITHDRAW)):
        return None
    text = (
        "Another interview wants this hour: a poor reason to name, and yours to weigh. Keep your "
        "applications apart, and give up none for another before an offer is accepted."
    )
    return Effect(additions=(Addition((DECIDE,), text),))


def _r39_door_open(s: Situation) -> Effect | None:
    return SAID_IN_DRAFTS if s.past.reply is Reply.WITHDRAWN else None


def _r40_old_time_stands(s: Situation) -> Effect | None:
    return SAID_IN_DRAFTS if s.past.reply in UNDER_WAY or s.past.reply is Reply.DECLINED else None


EFFECTS: Mapping[str, Callable[[Situation], Effect | None]] = MappingProxyType(
    {
        "R1": _r1_last_resort,
        "R2": _r2_weigh_reason,
        "R3": _r3_three_tests,
        "R4": _r4_ask_or_leave,
        "R5": _r5_not_twice,
        "R6": _r6_notice,
        "R7": _r7_channel,
        "R8": _r8_no_texting,
        "R9": _r9_keep_trying,
        "R10": _r10_confirmation,
        "R11": _r11_recruiter,
        "R12": _r12_emergency,
        "R13": _r13_technical,
        "R14": _r14_virtual,
        "R15": _r15_identify,
        "R16": _r16_true_reason,
        "R17": _r17_discretion,
        "R18": _r18_apologise_once,
        "R19": _r19_still_keen,
        "R20": _r20_alternatives,
        "R21": _r21_flexible,
        "R22": _r22_next_step,
        "R23": _r23_thanks,
        "R24": _r24_register,
        "R25": _r25_follow_up,
        "R26": _r26_on_the_spot,
        "R27": _r27_no_answer,
        "R28": _r28_question,
        "R29": _r29_write_down,
        "R30": _r30_several,
        "R31": _r31_decide_first,
        "R32": _r32_delegate,
        "R33": _r33_not_sure,
        "R34": _r34_safety,
        "R35": _r35_late,
        "R36": _r36_missed,
        "R37": _r37_their_way,
        "R38": _r38_extension,
        "R39": _r39_door_open,
        "R40": _r40_old_time_stands,
    }
)
"""The effect of each rule, in order."""

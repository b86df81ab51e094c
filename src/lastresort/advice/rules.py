"""Thirty pieces of advice as a table: each with the moment it fires and what it then changes.

A rule that is not in `RULES` has no effect anywhere: channel, checklist and remarks come from it alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from lastresort.advice.reasons import GROUNDS, Ground
from lastresort.interviews.detection import Mode

if TYPE_CHECKING:
    from collections.abc import Callable

Channel = Literal["phone", "email"]
Decision = Literal["attend", "rearrange", "reschedule", "withdraw"]
Verdict = Literal["clear", "rearrange", "reschedule"]
Reply = Literal["none", "waiting", "overdue", "agreed", "settled"]
"""Where a request stands: not asked, asked within the last working day, unanswered for longer, answered
with a new time, and moved there in the calendar."""

DAY = 24 * 60
TOO_LATE = 2 * 60
"""Minutes of notice below which nobody can still plan around the change."""


class Situation(NamedTuple):
    """All that the rules look at. `reason` is a kind of the contract."""

    verdict: Verdict
    notice_minutes: int
    """Until the interview begins; negative once it has begun."""
    reason: str = "conflict"
    own_words: bool = False
    """The user gave a sentence of their own for the reason."""
    mode: Mode = Mode.UNKNOWN
    phone_known: bool = False
    recruiter: bool = False
    requests: int = 0
    """How often this interview was asked to move before."""
    rivals: bool = False
    """Another interview wants the same time, or several applications run at once."""
    slots: int = 0
    """Times that can be offered."""
    asks: int = 0
    """Organisers whom the plan has to ask."""
    link: str | None = None
    """Host of a booking page in the invitation."""
    reply: Reply = "none"
    wanted: bool = False
    """The user asks for another time, whatever the calendar says."""
    signed: bool = True
    """A name and a telephone number for the signature are known."""
    held: bool = False
    """The times that can be offered are held in the calendar."""


Step = tuple[int, str]
"""A line of the checklist; the number orders it among those of other rules."""


class Effect(NamedTuple):
    """What a rule that fires changes besides the drafts: the channel, lines of the checklist, remarks."""

    steps: tuple[Step, ...] = ()
    remarks: tuple[str, ...] = ()
    channel: Channel | None = None


class Rule(NamedTuple):
    """One piece of advice. `when` and `changes` say in words what `fires` does."""

    number: int
    text: str
    why: str
    when: str
    changes: str
    sources: str
    fires: Callable[[Situation], Effect | None]

    @property
    def name(self) -> str:
        """The rule as it is called everywhere: `R7`."""
        return f"R{self.number}"


class Decided(NamedTuple):
    """What to do about the interview. `argument` pleads for keeping it when the reason does harm (R2)."""

    decision: Decision
    because: tuple[str, ...]
    argument: str | None = None


def decide(situation: Situation) -> Decided:
    """Return attend, rearrange, reschedule or withdraw, and why (R1 to R4)."""
    ground = _ground(situation)
    asking = situation.wanted or situation.verdict == "reschedule"
    if ground.weight == "withdrawal" and (asking or situation.verdict == "rearrange"):
        return Decided("withdraw", (f"{ground.named}: it will not pass, so another time would not help",))
    if asking:
        because = (
            "you ask for it"
            if situation.wanted
            else "no acceptable change to other events keeps the time free"
        )
        return Decided("reschedule", (because,), ground.argument or None)
    if situation.verdict == "rearrange":
        return Decided("rearrange", ("other events can make room, so the interview stays",))
    return Decided("attend", ("nothing that is certain to take time clashes",))


def _ground(situation: Situation) -> Ground:
    return GROUNDS.get(situation.reason, GROUNDS["conflict"])


# -- moments ---------------------------------------------------------------------------------------


def _asking(situation: Situation) -> bool:
    return decide(situation).decision == "reschedule"


def _writing(situation: Situation) -> bool:
    return decide(situation).decision in ("reschedule", "withdraw")


def _first_word(situation: Situation) -> bool:
    """Somebody has to be told, and has not been yet."""
    return _writing(situation) and situation.reply == "none"


def _first_request(situation: Situation) -> bool:
    return _asking(situation) and situation.reply == "none"


def _soon(situation: Situation) -> bool:
    return situation.notice_minutes < DAY


def _urgent_failure(situation: Situation) -> bool:
    return situation.reason == "technical" and situation.mode is not Mode.ONSITE


def _calls(situation: Situation) -> bool:
    return _soon(situation) or _urgent_failure(situation)


def _said(when: Callable[[Situation], bool]) -> Callable[[Situation], Effect | None]:
    """The effect of a rule that lives in the drafts alone."""
    return lambda situation: Effect() if when(situation) else None


# -- before anything: keep the interview -----------------------------------------------------------


def _last_resort(s: Situation) -> Effect | None:
    if s.verdict == "rearrange" and not _writing(s):
        return Effect(((10, "Make the changes of the plan; the interview stays where it is."),))
    return Effect() if s.verdict != "clear" else None


def _weigh_reason(s: Situation) -> Effect | None:
    if not _first_word(s):
        return None
    ground = _ground(s)
    said = {
        "harmful": ground.argument,
        "forgivable": f"People understand {ground.named}; no more than that needs saying.",
        "fair": "A conflict is reason enough if it truly cannot move; one that is merely handier is not.",
        "withdrawal": f"{ground.named[:1].upper()}{ground.named[1:]} is reason enough to step out.",
    }
    return Effect(remarks=(said[ground.weight],))


def _three_tests(s: Situation) -> Effect | None:
    if not _first_word(s):
        return None
    ground = _ground(s)
    if ground.relevant and ground.urgent and ground.irreversible:
        return Effect(
            remarks=("It bears on this interview, cannot wait and is for good: stepping out is fair.",)
        )
    failed = (
        "it does not bear on the interview" if not ground.relevant
        else "it could wait" if not ground.urgent
        else "it passes"
    )  # fmt: skip
    return Effect(remarks=(f"No reason to give up the application, for {failed}: another time is enough.",))


def _ask_or_leave(s: Situation) -> Effect | None:
    if not _first_word(s):
        return None
    if _asking(s):
        return Effect(((15, "Ask for another time; do not withdraw."),))
    return Effect(((15, "Withdraw with thanks and leave the door open; offer no times."),))


def _not_twice(s: Situation) -> Effect | None:
    if not _asking(s) or not s.requests:
        return None
    times = "once" if s.requests == 1 else f"{s.requests} times"
    again = (0, "Look once more for a way to keep this time before you ask again.")
    return Effect(
        (again,) * _first_request(s),
        (f"You have asked to move this interview {times} already; another request costs far more.",),
    )


# -- when and how to get in touch ------------------------------------------------------------------


def band(notice_minutes: int) -> str:
    """Return the band of notice that R6 tells apart: under 24 h, 24–48 h (both included), over 48 h."""
    if notice_minutes < DAY:
        return "under 24 h"
    return "24–48 h" if notice_minutes <= 2 * DAY else "over 48 h"


def _notice(s: Situation) -> Effect | None:
    if not _first_word(s):
        return None
    texts = {
        "under 24 h": "Get in touch now: less than 24 hours are left.",
        "24–48 h": "Get in touch within the hour, so that they have more than a day's notice.",
        "over 48 h": "Get in touch today; the earlier, the easier for them.",
    }
    return Effect(((20, texts[band(s.notice_minutes)]),))


def _channel(s: Situation) -> Effect | None:
    if not _first_word(s):
        return None
    if _soon(s):
        number = (
            "the number is in the invitation"
            if s.phone_known
            else "look for a number in their mail or on their site"
        )
        steps = [
            (30, f"Call first ({number}); what to say is drafted."),
            (40, "Nobody there: leave the short voicemail, and send the e-mail at once."),
        ]
    else:
        steps = [(40, "Send the e-mail.")]
        if s.phone_known:
            steps.append((41, "A call is better still: their number is in the invitation."))
    if s.link and _asking(s):
        suited = "; these of the offered times suit you" if s.slots else ""
        steps.append((25, f"The invitation has a booking page ({s.link}): move it there yourself{suited}."))
    return Effect(tuple(steps), channel="phone" if _soon(s) else None)


def _no_texting(s: Situation) -> Effect | None:
    return Effect(remarks=(NO_TEXTING,)) if _first_word(s) else None


def _keep_trying(s: Situation) -> Effect | None:
    if not (_first_word(s) and _calls(s)):
        return None
    return Effect(((35, "Nobody answers: try a person two or three times before you leave a message."),))


def _confirmation(s: Situation) -> Effect | None:
    if not _first_word(s):
        return None
    return Effect(((50, "Look for their confirmation; until it comes, take it that they do not know."),))


def _recruiter(s: Situation) -> Effect | None:
    if not (_first_word(s) and s.recruiter):
        return None
    return Effect(((22, "Tell the recruiter who arranged it, not the company."),))


def _emergency(s: Situation) -> Effect | None:
    late = s.notice_minutes < TOO_LATE or (_soon(s) and _ground(s).emergency)
    if not (_first_word(s) and late):
        return None
    return Effect(
        ((28, "Say honestly that it comes late, and why; most people understand."),), channel="phone"
    )


def _technical(s: Situation) -> Effect | None:
    if not (_first_word(s) and _urgent_failure(s)):
        return None
    text = "Call at once, explain, and ask for another way to connect or another time."
    return Effect(((27, text),), channel="phone")


def _virtual(s: Situation) -> Effect | None:
    if not (_first_request(s) and s.reason == "travel" and s.mode is Mode.ONSITE):
        return None
    return Effect(((45, "Offer to meet by video, as the draft does: only the journey stands in the way."),))


# -- what the message holds ------------------------------------------------------------------------


def _true_reason(s: Situation) -> Effect | None:
    if not _first_word(s):
        return None
    return Effect(
        remarks=("Your own words stand in the draft as you gave them: one true sentence is enough.",)
        * s.own_words
    )


def _discretion(s: Situation) -> Effect | None:
    if _writing(s):
        return Effect(
            remarks=("Make sure that your own words name no other event or interview.",) * s.own_words
        )
    if s.verdict == "rearrange" and s.asks:
        return Effect(
            remarks=("The notes to organisers name their own meeting and nothing else: not the interview.",)
        )
    return None


def _alternatives(s: Situation) -> Effect | None:
    if not _first_request(s):
        return None
    if not s.slots:
        return Effect(remarks=("No time lies within both sides' hours, so the draft asks for theirs.",))
    return Effect()


def _next_step(s: Situation) -> Effect | None:
    if not _first_word(s):
        return None
    if _asking(s):
        return Effect(((55, "They choose and confirm a time; you confirm it back in writing."),))
    return Effect(((55, "They confirm that the appointment is cancelled; nothing else is left to do."),))


def _register(s: Situation) -> Effect | None:
    if not _writing(s):
        return None
    missing = "Sign with your full name and telephone number: the configuration knows no complete signature."
    return Effect(remarks=() if s.signed else (missing,))


# -- afterwards ------------------------------------------------------------------------------------


def _follow_up(s: Situation) -> Effect | None:
    if s.reply != "settled":
        return None
    return Effect(((90, "Send the short note of thanks (lastresort message follow-up)."),))


def _on_the_spot(s: Situation) -> Effect | None:
    if s.reply == "agreed":
        return Effect(((60, "Confirm the new time in writing, zone included (lastresort message confirm)."),))
    if _first_request(s) and _calls(s):
        text = (
            "They name a time on the telephone: thank them there and then, repeat it, confirm it in writing."
        )
        return Effect(((37, text),))
    return None


def _no_answer(s: Situation) -> Effect | None:
    if s.reply == "overdue":
        return Effect(((70, "Send one polite nudge (lastresort message nudge); still nothing: call."),))
    if s.reply == "waiting" and _soon(s):
        return Effect(
            ((70, "Call now: there is no working day left to wait for an answer."),), channel="phone"
        )
    if s.reply == "waiting":
        return Effect(((70, "Wait until a working day has passed, then nudge once."),))
    if _first_request(s):
        text = "No answer after a working day: one polite nudge (lastresort message nudge), then a call."
        return Effect(((80, text),))
    return None


def _question(s: Situation) -> Effect | None:
    if s.reply not in ("agreed", "settled"):
        return None
    return Effect(((95, f"If they ask why it moved, one line is enough: “{_ground(s).answer}”"),))


def _write_down(s: Situation) -> Effect | None:
    if s.reply == "agreed":
        return Effect(((65, "Move it in your calendar and let the other holds go (lastresort settle)."),))
    if _first_request(s) and s.slots and not s.held:
        return Effect(((52, "Hold the offered times until they answer (lastresort apply --hold)."),))
    return None


def _several(s: Situation) -> Effect | None:
    if not (s.rivals and _writing(s)):
        return None
    if s.reason == "offer":
        return Effect(remarks=("Step out of the others only once the offer is accepted and in your hand.",))
    return Effect(
        remarks=("Keep your applications apart, and give up none for another before an offer is accepted.",)
    )


NO_TEXTING = "Not by text, chat or social message: it is easily missed, and it looks as little as it costs."
"""Why there is no draft of a text message (R8)."""

RULES: tuple[Rule, ...] = (
    Rule(
        1,
        "Move everything else first; asking to move the interview is the last resort.",
        "An interviewer keeps one hour for you among many; your own week bends more easily than theirs.",
        "something that takes time clashes with the interview",
        "the verdict: a plan for the other events, and a request only where no acceptable plan is left",
        "A, B",
        _last_resort,
    ),
    Rule(
        2,
        "Weigh the reason before you ask.",
        "Illness, family, duty or a broken train are forgiven; wanting more time or an afternoon off is not.",
        "a message has to be written for the first time",
        "a remark on the reason; for a harmful one, one sentence for keeping the interview",
        "C, D",
        _weigh_reason,
    ),
    Rule(
        3,
        "Step out only for what bears on it, cannot wait and is for good.",
        "An application given up does not come back; most obstacles last a day.",
        "a message has to be written for the first time",
        "a remark that says which of the three fails, or that stepping out is fair",
        "D",
        _three_tests,
    ),
    Rule(
        4,
        "Ask for another time if the obstacle passes; withdraw if it stays.",
        "A request keeps the door open, and a clean withdrawal is kinder than a date nobody means to keep.",
        "a message has to be written for the first time",
        "the kind of message: a request with times, or a withdrawal without any",
        "D, E",
        _ask_or_leave,
    ),
    Rule(
        5,
        "Do not ask twice for the same interview.",
        "The first request looks like life, the second like a habit.",
        "the interview was asked to move before",
        "a warning, and a first step: look again for a way to keep it",
        "D",
        _not_twice,
    ),
    Rule(
        6,
        "Tell them as early as you can, and a day before at the latest.",
        "Every hour of notice is an hour in which they can use the time for something else.",
        "somebody has to be told; bands under 24 h, 24–48 h, over 48 h",
        "how pressing the first step is",
        "A, B, C, D, E",
        _notice,
    ),
    Rule(
        7,
        "Less than a day ahead: call first, then write. Earlier: write, and call if you have the number.",
        "Nobody reads every mail before the meeting it is about, but a call cannot be overlooked.",
        "somebody has to be told",
        "the channel, the order of call, voicemail and e-mail; a booking page comes before them",
        "A, B, D",
        _channel,
    ),
    Rule(
        8,
        "Never by text, chat or social message.",
        "It is easily missed, and it looks as little as it costs.",
        "somebody has to be told",
        "no such draft exists; a remark says why",
        "A, B, D",
        _no_texting,
    ),
    Rule(
        9,
        "Try to reach a person before you leave a message.",
        "A voice that can answer settles in a minute what messages settle in days.",
        "the call comes first",
        "a step: two or three attempts before the voicemail",
        "A, B",
        _keep_trying,
    ),
    Rule(
        10,
        "Ask them to confirm that they have it.",
        "A message that nobody read is an interview missed without a word.",
        "somebody has to be told",
        "every voicemail and e-mail asks for it; a step says to look for it",
        "A, B",
        _confirmation,
    ),
    Rule(
        11,
        "Where a recruiter arranged it, write to the recruiter.",
        "They know whose calendars are tied to it, and carrying such messages is their work.",
        "the organiser's name or domain is a recruiter's or an agency's",
        "a step, and the draft asks them to take it up with the company",
        "D",
        _recruiter,
    ),
    Rule(
        12,
        "Too late for notice: say so honestly, at once, by telephone.",
        "Most people have had such a day themselves; silence is what they do not forgive.",
        "under 24 hours and the reason strikes without warning, or under two hours whatever the reason",
        "the channel is the telephone, and the drafts own up to the short notice",
        "A, C",
        _emergency,
    ),
    Rule(
        13,
        "When the technology fails, call at once and ask for another way in.",
        "They are sitting before an empty screen; a call saves the meeting more often than a new date.",
        "the reason is technical and the interview is not on site",
        "the channel is the telephone, and the drafts offer to connect another way",
        "D",
        _technical,
    ),
    Rule(
        14,
        "If only the journey stands in the way, offer to meet by video.",
        "It costs them nothing, and the time can stay.",
        "the reason is travel and the interview is on site",
        "a step, and a sentence in the drafts",
        "D",
        _virtual,
    ),
    Rule(
        15,
        "Say which interview: role, company, date, time and zone.",
        "They have a dozen candidates and several time zones; nobody should have to look it up.",
        "a message has to be written",
        "every draft names them, in the interviewer's zone",
        "D",
        _said(_writing),
    ),
    Rule(
        16,
        "Give a short, true reason.",
        "One honest sentence is believed; a vague one is not, and a story is work to read.",
        "a message has to be written for the first time",
        "one sentence by the kind of reason, or your own words as they stand",
        "A, C, D, E",
        _true_reason,
    ),
    Rule(
        17,
        "Never name the other event.",
        "“A conflict I cannot move” is true and enough; whatever else is said will be read as a ranking.",
        "a message has to be written, or an organiser asked",
        "drafts are made from the interview's own facts alone",
        "A, B",
        _discretion,
    ),
    Rule(
        18,
        "Apologise once.",
        "One apology is good manners; a second makes it a drama.",
        "a message has to be written for the first time",
        "each draft holds exactly one",
        "A, D",
        _said(_first_word),
    ),
    Rule(
        19,
        "Say that you still want the job.",
        "A request to move, read on a bad day, looks like the first step of leaving.",
        "another time is asked for",
        "a sentence in each draft that asks",
        "A, D, E",
        _said(_asking),
    ),
    Rule(
        20,
        "Offer two or three times they can say yes to.",
        "A date, a start, an end and a zone can be answered with one word.",
        "another time is asked for",
        "the offered times stand in the draft, in the interviewer's zone; with none, it asks for theirs",
        "A, D",
        _alternatives,
    ),
    Rule(
        21,
        "Ask, do not announce, and fit in with theirs.",
        "Several people's calendars hang on this one.",
        "another time is asked for",
        "the drafts ask a question and offer to fit other times",
        "A, B",
        _said(_first_request),
    ),
    Rule(
        22,
        "Name the next step and who takes it.",
        "What is left open stays open.",
        "a message has to be written for the first time",
        "a step, and a sentence in the drafts: they confirm, you confirm back",
        "D",
        _next_step,
    ),
    Rule(
        23,
        "Thank them for their time and understanding.",
        "They are doing you a kindness, and thanks are what is remembered of it.",
        "a message has to be written",
        "the last sentence of each draft",
        "C, D, E",
        _said(_writing),
    ),
    Rule(
        24,
        "Write formally: a subject that says it, a full signature with your telephone number.",
        "It is read by people who do not know you yet, and perhaps forwarded.",
        "a message has to be written",
        "subject, form of address and signature; a remark where the signature is not known",
        "D",
        _register,
    ),
    Rule(
        25,
        "Once it is settled, send a short note of thanks.",
        "The last thing they heard of you should not be a problem.",
        "the interview stands at its new time",
        "a step, and the draft follow-up",
        "A, B, E",
        _follow_up,
    ),
    Rule(
        26,
        "If they move it on the spot, thank them on the spot and confirm in writing.",
        "What was said on the telephone is heard in two zones; what is written has one.",
        "the call comes first, or a new time is agreed",
        "a line in the phone script, and the draft confirm",
        "C, D",
        _on_the_spot,
    ),
    Rule(
        27,
        "No answer after a working day: one polite nudge, then a call.",
        "Mail is lost now and then; a second reminder is pressure.",
        "another time is asked for, or an answer is outstanding",
        "a step, and the draft nudge",
        "A",
        _no_answer,
    ),
    Rule(
        28,
        "Expect to be asked why, and have one line ready.",
        "Whoever hesitates seems to hide something.",
        "a new time is agreed or stands in the calendar",
        "a step with the line",
        "C",
        _question,
    ),
    Rule(
        29,
        "Write the agreed time down at once, and let the other holds go.",
        "A time that stands only in a mail is the next clash.",
        "times are offered, or a new time is agreed",
        "a step: hold the offered times, then settle",
        "D",
        _write_down,
    ),
    Rule(
        30,
        "Keep several applications apart, and cancel none without an accepted offer in hand.",
        "What looks like the lesser interview today is often the offer of next month.",
        "a message has to be written while another interview wants the same time or other applications run",
        "a remark; of two interviews that clash one is asked to move, and no draft hints at the other",
        "D",
        _several,
    ),
)
"""R1 to R30, in order."""

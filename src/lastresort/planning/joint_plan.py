"""One plan for all interviews: which are kept, which are asked about, and what that means for each."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from lastresort.advice.next_step import UNDER_WAY, Reply
from lastresort.planning.conflicts import MOST_RIVALS, ConflictKind
from lastresort.planning.freebusy import Index
from lastresort.planning.obstacles import Need, Puzzle, RearrangeTask
from lastresort.planning.rearrange import count_asked, price_keeping, rearrange, refuse
from lastresort.planning.report import Because, Sum
from lastresort.planning.workdays import find_deadline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lastresort.advice.next_step import Past
    from lastresort.interviews.detection import Interview
    from lastresort.model import EventKey
    from lastresort.planning.asking import Asking
    from lastresort.planning.conflicts import Conflict
    from lastresort.planning.rearrange import Keeping, Move, Plan, Rearrangement
    from lastresort.planning.report import InterviewReport
    from lastresort.planning.timetable import Timetable

NO_OTHER_TIME = "they can offer no other time"
ASKED_ALREADY = "you have asked to move this one already; the other one stays"
NEARLY = 10
"""Points within which another choice is nearly as good."""


class JointPlan:
    """What the search found for all interviews. `conflicts` and `asking` tell what clashes with each of them
    and what asking costs for it, each in the place of its interview."""

    def __init__(
        self,
        interviews: Sequence[Interview],
        conflicts: Sequence[tuple[Conflict, ...]],
        asking: Sequence[Asking],
        found: Rearrangement,
    ) -> None:
        self.interviews, self.conflicts, self.asking, self.found = interviews, conflicts, asking, found
        self.given_up = found.given_up
        """The places of the interviews that are asked about."""
        self.kept = [one for place, one in enumerate(interviews) if place not in self.given_up]

    @cached_property
    def kept_keys(self) -> frozenset[EventKey]:
        """The identities of the interviews that are kept."""
        return frozenset(one.occurrence.key for one in self.kept)

    @cached_property
    def requests(self) -> Mapping[str, Sequence[int]]:
        """The places of those that are asked about together, in order."""
        together: dict[str, list[int]] = {}
        for place in sorted(self.given_up):
            together.setdefault(self.asking[place].request, []).append(place)
        together.pop("", None)
        return together

    @cached_property
    def shares(self) -> list[Shares]:
        """What gives the share of an interview in each plan."""
        return [Shares(plan, len(self.kept)) for plan in self.found.plans]

    @property
    def sum(self) -> Sum:
        """What the best plan costs; nothing where there is none."""
        if not self.found.plans:
            return Sum()
        changes = sum(bool(move.price) for move in self.found.plans[0].moves)
        return Sum(self.found.points, self.found.bound, changes, len(self.given_up))


class Shares:
    """A plan for all interviews, from which each has its share."""

    def __init__(self, plan: Plan, kept: int) -> None:
        """`kept` is how many interviews the plan keeps."""
        self._plan, self._kept = plan, kept
        self._moves = Index(plan.moves, lambda move: move.occurrence.blocked)
        self._tight = dict(plan.tight)

    def of(self, place: int, interview: Interview) -> Plan:
        """Return the part of the plan that an interview needs: its clashes, and the chains they set off."""
        plan = self._plan
        if self._kept < 2:
            return plan
        mine: dict[EventKey, Move] = {}
        news = self._moves.within(interview.needed)
        while news:
            mine.update((move.occurrence.key, move) for move in news)
            landed = [move.new for move in news if move.new is not None]
            pushed = (move for time in landed for move in self._moves.overlapping(time))
            news = [move for move in pushed if move.occurrence.key not in mine]
        moves = tuple(sorted(mine.values(), key=plan.moves.index))
        return plan._replace(
            moves=moves,
            cost=round(sum(move.cost for move in moves), 1),
            people_asked=count_asked(moves),
            tight=((place, self._tight[place]),) if place in self._tight else (),
        )


def plan_together(
    interviews: Sequence[Interview],
    conflicts: Sequence[tuple[Conflict, ...]],
    asking: Sequence[Asking],
    pasts: Sequence[Past],
    timetable: Timetable,
) -> JointPlan:
    """Return which interviews are kept, and the plan for them: one sum is least (R1, R30).

    Where a request is under way nothing new is asked: to let it stand costs half of the first request. What
    they cannot move is kept at any price (R40).
    """
    query = timetable.query
    needs = []
    for interview, clashes, price, past in zip(interviews, conflicts, asking, pasts, strict=True):
        refused = past.reply is Reply.DECLINED
        needs.append(
            Need(
                interview=interview,
                until=find_deadline(interview, query),
                ask=query.costs.last_resort / 2 if past.reply in UNDER_WAY else price.points,
                request="" if refused else price.request,
                refused=refused,
                keep=not (query.last_resort and _events(clashes)),
            )
        )
    return JointPlan(interviews, conflicts, asking, rearrange(Puzzle(RearrangeTask(needs), timetable)))


def _events(conflicts: Iterable[Conflict]) -> list[Conflict]:
    """The hard clashes that are not other interviews: what a plan can do something about."""
    return [c for c in conflicts if c.hard and c.kind is not ConflictKind.INTERVIEW]


# -- one interview's share ----------------------------------------------------------------------------------


def report_share(
    entry: InterviewReport, place: int, together: JointPlan, named: EventKey | None
) -> InterviewReport:
    """Return the entry of an interview that something clashes with, with its share of the plan.

    Of rounds that are asked about together the `named` one carries the request, else the first.
    """
    interview, price, found = entry.interview, together.asking[place], together.found
    if place in together.given_up:
        rounds = [together.interviews[n] for n in together.requests.get(price.request, [place])]
        carrier = next((one for one in rounds if one.occurrence.key == named), rounds[0])
        return entry._replace(
            verdict="reschedule",
            because=tuple(_why_ask(place, together)),
            rearrangement=found,
            request=carrier.occurrence.event.uid if carrier is not interview else None,
        )
    plans = [shares.of(place, interview) for shares in together.shares]
    if not plans[0].moves:
        stays = Because("R30", "the other interview is asked to move; this one stays")
        return entry._replace(because=(stays,), rearrangement=found)
    others = [plan for n, plan in enumerate(plans) if n and plan.moves and plan not in plans[:n]]
    return entry._replace(
        verdict="rearrange",
        because=tuple(_why_keep(plans[0], found, refused=found.puzzle.task.needs[place].refused)),
        plan=plans[0],
        other_plans=tuple(plan for plan in others if plan.cost <= max(price.points, plans[0].cost)),
        rearrangement=found,
    )


def _why_keep(plan: Plan, found: Rearrangement, *, refused: bool) -> Iterator[Because]:
    one = len(plan.moves) == 1
    changes = "one change to other events keeps" if one else f"{len(plan.moves)} changes to other events keep"
    if refused:
        yield Because("R40", f"{NO_OTHER_TIME}: {changes} it, for {plan.cost:g} points", in_points=True)
    else:
        told = f"{changes} it, for {plan.cost:g} points: no reason to ask the employer"
        yield Because("R1", told, in_points=True)
    if found.status == "limit":
        yield Because("R1", _not_proved(found), in_points=True)


def _not_proved(found: Rearrangement) -> str:
    return (
        f"the search ended before the proof: {found.points:g} points is the best found for all of your "
        f"interviews, and nothing costs less than {found.bound:g}"
    )


def _why_ask(place: int, together: JointPlan) -> Iterator[Because]:
    """Yield what speaks against keeping an interview: its rivals, then event by event, then the price."""
    price, found, conflicts = together.asking[place], together.found, together.conflicts[place]
    need = found.puzzle.task.needs[place]
    told = refuse(found.puzzle, place) if need.keep else {}
    events = _events(conflicts)
    if not need.keep:
        yield Because("R1", "you said that nothing else can be moved (--last-resort)")
    for conflict in events:
        if refusal := told.get(conflict.occurrence.key):
            text, in_points = refusal
            yield Because("R1", text, conflict.occurrence, conflict.what.nature, in_points)
    keeping = price_keeping(found, place)
    ask = need.ask or 0
    under_way = ask < price.points
    rivals = [c for c in conflicts if c.hard and c.kind is ConflictKind.INTERVIEW]
    for rival in rivals:
        if rival.occurrence.key in together.kept_keys:
            text = ASKED_ALREADY if under_way else _of_two(keeping, ask)
            yield Because("R30", text, rival.occurrence, rival.what.nature, in_points=not under_way)
    if len(rivals) >= MOST_RIVALS:
        yield Because("R30", f"more interviews are at that time: {MOST_RIVALS} of them are told")
    if keeping.points is not None and need.keep and events and not under_way:
        text = f"keeping it would cost at least {keeping.points:g} points, asking costs {ask:g}"
        yield Because("R1", text, in_points=True)
    if found.status == "limit":
        yield Because("R1", _not_proved(found), in_points=True)


def _of_two(keeping: Keeping, ask: float) -> str:
    if keeping.points is None:
        return f"of two that overlap this one cannot be kept: asking about it costs {ask:g} points"
    least = "" if keeping.exact else "at least "
    if keeping.points <= ask and not keeping.exact:
        return f"of two that overlap asking about this one costs {ask:g} points; no other choice costs less"
    if keeping.points == ask:
        return (
            f"of two that overlap asking about either costs {ask:g} points: the other choice is just as "
            "good, this one leaves more notice"
        )
    close = ", nearly as good" if keeping.exact and keeping.points - ask <= NEARLY else ""
    return (
        f"of two that overlap asking about this one costs {ask:g} points; "
        f"the other choice would cost {least}{keeping.points:g}{close}"
    )

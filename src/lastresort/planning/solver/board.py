"""From a task to a board: only the pieces and options that can matter, on a grid of their own end points."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from lastresort.planning.solver.field import COST, NEVER, bits, overlap
from lastresort.planning.solver.terms import Counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lastresort.planning.solver.field import Task, Way
    from lastresort.planning.solver.terms import Choice, Span


class Option(NamedTuple):
    """A way on the grid. Two options of different pieces go together unless what one takes, the other
    avoids; it does not matter which of the two is asked."""

    weight: int
    first: int
    last: int
    """The stretches `[first, last)` that it pays for."""
    takes: int
    avoids: int
    hits: int
    """The pieces that have to move with it, as a bit set."""
    choice: Choice
    fresh: bool


class Piece(NamedTuple):
    """An item on the grid. `options` are ordered by weight; a forced piece cannot stay at home."""

    first: int
    last: int
    forced: bool
    options: tuple[Option, ...]


class Board(NamedTuple):
    """The grid, and what stands on it: pieces by number, in the order of their items."""

    points: tuple[int, ...]
    """Where stretches start; the last one is an end only."""
    items: tuple[int, ...]
    """Which item each number stands for."""
    pieces: Mapping[int, Piece]
    different: bool = False
    """Only solutions with a fresh option count."""

    @property
    def size(self) -> int:
        """The number of options."""
        return sum(len(piece.options) for piece in self.pieces.values())

    @property
    def hopeless(self) -> bool:
        """True when a piece that must move has no option, or nothing fresh is left that is wanted."""
        pieces = self.pieces.values()
        if any(piece.forced and not piece.options for piece in pieces):
            return True
        return self.different and not any(option.fresh for piece in pieces for option in piece.options)


# -- what can matter ----------------------------------------------------------------------------------------


def lay_out(task: Task, ceiling: int) -> tuple[Board, Easy]:
    """Return the board of all that matters below a ceiling, and an easy solution: the board holds what is
    not heavier than it. Where everything may be given up there is always an easy one."""
    reach = _Reach(task, ceiling)
    easy = _easiest(reach)
    reach.explore(min(ceiling, easy.weight + 1))
    return _on_grid(task, reach.ways), easy


def look(task: Task, ceiling: int) -> tuple[Easy, int]:
    """Return an easy solution below a ceiling, and what no solution below it weighs less than."""
    reach = _Reach(task, ceiling)
    easy = _easiest(reach)
    return easy if easy.weight < ceiling else Easy(NEVER, {}), min(ceiling, ceiling - reach.slack)


def _easiest(reach: _Reach) -> Easy:
    if reach.task.familiar:
        return Easy(NEVER, {})
    return min(reach.easy_solution(), give_all_up(reach.task), key=lambda each: each.weight)


class Easy(NamedTuple):
    """A solution that is quickly found, with the choice of each item; `NEVER` when none was."""

    weight: int
    chosen: dict[int, Choice]


def give_all_up(task: Task) -> Easy:
    """Return the solution in which everything that needs time is given up, but for what was decided."""
    chosen, weight = dict(task.frozen), 0
    for item in task.forced:
        if item in task.frozen:
            continue
        given_up = (way for way in task.ways(item, NEVER) if way.choice.counts is Counts.GIVE_UP)
        way = next(given_up, None)
        if way is None:
            return Easy(NEVER, {})
        chosen[item], weight = way.choice, weight + way.weight
        for request in task.field.sets[way.hits]:
            if request not in chosen:
                price = task.ways(request, NEVER)[0]
                chosen[request], weight = price.choice, weight + price.weight
    return Easy(weight, chosen)


def find_slack(task: Task, weight: int) -> int:
    """Return by how much a weight is above what any solution weighs at least, as far as is seen at once."""
    return _Reach(task, weight).slack


def find_ground(
    task: Task, best: Mapping[int, Choice], weight: int, relief: int
) -> tuple[set[int], list[Span]]:
    """Return the items and the time that could have a part in anything lighter than the best solution, even
    if somebody else paid as much as `relief` for those that it displaces; and what the best itself takes."""
    reach = _Reach(task, weight, relief)
    reach.explore(weight)
    choices = [way.choice for ways in reach.ways.values() for way in ways]
    items = {*best, *reach.ways}
    return items, [span for choice in (*choices, *best.values()) for span in held(choice)]


class _Reach:
    """Finds the items and ways that can be part of a solution lighter than a ceiling."""

    def __init__(self, task: Task, ceiling: int, relief: int = 0) -> None:
        self.task, self.sets = task, task.field.sets
        self.forced = task.forced
        self.relief = relief
        """So much of what it weighs to displace somebody is paid elsewhere."""
        self.least: dict[int, int] = {}
        """The weight of the lightest way of an item, or less."""
        self._shares: dict[int, int] = {}
        """What it costs a forced item to send away a set of items, as long as `least` says the same."""
        self.ways: dict[int, list[Way]] = {}
        for item in self.forced:
            self._load(item, ceiling)
        self._sent = {
            item: {hit for way in self.ways[item] for hit in self.sets[way.hits]} for item in self.forced
        }
        """Whom each forced item can send away at once."""
        self.senders = Counter(hit for sent in self._sent.values() for hit in sent)
        """How many of the forced items can send an item away at once."""
        self.needs = {item: self._need(item) for item in self.forced}
        """What each forced item costs at least. Who is sent away by several is paid by all in equal parts."""
        self.slack = ceiling - sum(self.needs.values())

    def easy_solution(self) -> Easy:
        """Return the solution in which one forced item after the other takes the way that is lightest when
        those whom it sends away go into free time."""
        taken: dict[int, Choice] = {}
        total = 0
        for item in self.forced:
            best = Easy(NEVER, {})
            tolls = [way.weight + sum(map(self._at_least, self.sets[way.hits])) for way in self.ways[item]]
            for toll, way in sorted(zip(tolls, self.ways[item], strict=True), key=itemgetter(0)):
                if toll < best.weight:
                    found = self._with_those_sent(item, way, taken)
                    best = found if found.weight < best.weight else best
            if best.weight == NEVER:
                return best
            total += best.weight
            taken |= best.chosen
        return Easy(total, taken)

    def _with_those_sent(self, item: int, way: Way, taken: Mapping[int, Choice]) -> Easy:
        """Return what a way adds, with the lightest free time for everybody that it sends away."""
        added, weight = {item: way.choice}, way.weight
        if not all(go_together(way.choice, other) for other in taken.values()):
            return Easy(NEVER, {})
        for sent in self.sets[way.hits]:
            if sent in taken:
                continue
            if sent not in self.ways:
                self._load_displaced(sent)
            others = (*taken.values(), *added.values())
            for other in self.ways[sent]:
                if not other.hits and all(go_together(other.choice, one) for one in others):
                    weight += other.weight
                    added[sent] = other.choice
                    break
            else:
                return Easy(NEVER, {})
        return Easy(weight, added)

    def explore(self, ceiling: int) -> None:
        """Drop the ways that weigh too much with what they displace, and load what the others displace."""
        self.slack = ceiling - sum(self.needs.values())
        reached = {item: self.ways[item] for item in self.forced}
        news: Sequence[int] = self.forced
        while news:
            reached = {item: self._trimmed(item, ways) for item, ways in reached.items()}
            if not all(reached[item] for item in self.forced):
                self.ways = {item: [] for item in self.forced}
                return
            hits = {way.hits for ways in reached.values() for way in ways}
            news = sorted({item for each in hits for item in self.sets[each]} - reached.keys())
            for item in news:
                if item not in self.ways:
                    self._load_displaced(item)
                reached[item] = self.ways[item]
        self.ways = reached

    def _trimmed(self, item: int, ways: list[Way]) -> list[Way]:
        """Return the ways with which the whole can stay below the ceiling."""
        forced = item in self.needs
        room = self.slack + (self.needs[item] if forced else self._credit(item))
        light = ways[: bisect_left(ways, (room,))]
        tolls = {hits: self._toll(hits, forced) for hits in {way.hits for way in light}}
        return [way for way in light if way.weight + tolls[way.hits] < room]

    def _toll(self, hits: int, forced: bool) -> int:
        """Return what it costs at least to send a set of items away, beyond what `needs` counts already."""
        if forced:
            if hits not in self._shares:
                shares = (self._at_least(item) // self.senders[item] for item in self.sets[hits])
                self._shares[hits] = sum(shares)
            return self._shares[hits]
        toll = sum(self._at_least(item) for item in self.sets[hits] if item not in self.senders)
        return max(toll - self.relief, 0)

    def _need(self, item: int) -> int:
        tolls = (way.weight + self._toll(way.hits, forced=True) for way in self.ways[item])
        return min(tolls, default=NEVER)

    def _credit(self, item: int) -> int:
        """Return how much of what `needs` counts is for an item that is sent away."""
        if item not in self.senders:
            return 0
        share = self._at_least(item) // self.senders[item]
        credit = 0
        for sender in self.forced:
            if item in self._sent[sender]:
                without = min(
                    way.weight + self._toll(way.hits, forced=True) - share * (item in self.sets[way.hits])
                    for way in self.ways[sender]
                )
                credit += self.needs[sender] - without
        return credit

    def _at_least(self, item: int) -> int:
        least = self.least.get(item)
        if least is None:
            least = self.least[item] = self.task.field.items[item].least * COST
        return least

    def _load_displaced(self, item: int) -> None:
        self._load(item, self.slack + self._credit(item))

    def _load(self, item: int, ceiling: int) -> None:
        """Ask for the ways of an item that weigh less than the ceiling."""
        ways = self.ways[item] = self.task.ways(item, max(ceiling, 0) // COST)
        least = ways[0].weight if ways else NEVER
        if self.least.get(item) != least:
            self._shares.clear()
        self.least[item] = least


def go_together(one: Choice, other: Choice) -> bool:
    """Tell whether two choices can both be made. (A stay is told from other stays by its own home alone.)"""
    if set(one.tokens) & set(other.tokens):
        return False
    firsts, seconds = [*held(one)], [*held(other)]
    if not any(overlap(first, second) for first in firsts for second in seconds):
        return True
    both = {bool(choice.stays or choice.clears) for choice in (one, other)}
    return both == {True} and bool(one.stays) is bool(other.stays)


def held(choice: Choice) -> Iterator[Span]:
    """Yield the time that a choice needs in any way."""
    yield from (span for span in (choice.span, choice.clears, *choice.stays) if span)


# -- on the grid --------------------------------------------------------------------------------------------


class _Grid:
    """Turns choices into bits: time taken alone, time stayed in, time cleared, then tokens."""

    def __init__(self, choices: Iterable[Choice], homes: Iterable[Span]) -> None:
        chosen = list(choices)
        ends = {point for choice in chosen for span in held(choice) for point in span}
        self.points = tuple(sorted(ends.union(*homes)))
        self.place = {point: stretch for stretch, point in enumerate(self.points)}
        tokens = sorted({token for choice in chosen for token in choice.tokens})
        self._tokens = {token: 1 << (3 * len(self.points) + n) for n, token in enumerate(tokens)}

    def stretches(self, span: Span | None) -> tuple[int, int]:
        """Return the stretches `[first, last)` of a span."""
        return (self.place[span[0]], self.place[span[1]]) if span and span[0] < span[1] else (0, 0)

    def bits(self, choice: Choice) -> tuple[int, int]:
        """Return what a choice takes and what it avoids."""
        stay, clear = len(self.points), 2 * len(self.points)
        alone, cleared = self._mask(choice.span), self._mask(choice.clears)
        stayed = sum(map(self._mask, choice.stays))
        tokens = sum(self._tokens[token] for token in choice.tokens)
        takes = alone | stayed << stay | cleared << clear | tokens
        avoids = (alone | stayed | cleared) | (alone | cleared) << stay | (alone | stayed) << clear | tokens
        return takes, avoids

    def _mask(self, span: Span | None) -> int:
        first, last = self.stretches(span)
        return (1 << last) - (1 << first)


def _on_grid(task: Task, ways: Mapping[int, Sequence[Way]]) -> Board:
    items, sets = task.field.items, task.field.sets
    number = {item: n for n, item in enumerate(sorted(ways))}
    homes = {item: items[item].home for item in ways if items[item].home_allowed and item not in task.frozen}
    grid = _Grid((way.choice for each in ways.values() for way in each), homes.values())
    used = {way.hits for each in ways.values() for way in each}
    hit = {place: sum(1 << number[item] for item in sets[place]) for place in used}
    known: dict[tuple[Span | None, int], tuple[int, int]] = {}
    pieces = {}
    for item, n in number.items():
        options = []
        for weight, hits, choice, fresh in ways[item]:
            plain = choice.counts is Counts.CHANGE and not choice.stays
            key = (choice.span, 0) if plain else (None, id(choice))
            found = known.get(key)
            if found is None:
                found = known[key] = grid.bits(choice)
            options.append(Option(weight, *grid.stretches(choice.span), *found, hit[hits], choice, fresh))
        first, last = grid.stretches(homes.get(item))
        pieces[n] = Piece(first, last, item not in homes, tuple(options))
    board = Board(grid.points, tuple(number), pieces, different=bool(task.familiar))
    return board._replace(pieces=dict(_paying(board, grid)))


def _paying(board: Board, grid: _Grid) -> Iterator[tuple[int, Piece]]:
    """Yield the pieces, each paying for the time that it clears unless somebody else may clear it as well.

    Two that clear the same time and do not go together both pay for it: it is sold once at most.
    """
    clearing = {
        n: [option for option in piece.options if option.choice.clears]
        for n, piece in board.pieces.items()
        if piece.forced
    }
    spans = [
        (*grid.stretches(option.choice.clears), n, option)
        for n, options in clearing.items()
        for option in options
    ]
    for n, piece in board.pieces.items():
        if not clearing.get(n):
            yield n, piece
            continue
        options = []
        for option in piece.options:
            first, last = grid.stretches(option.choice.clears)
            for start, end, other, rival in spans:
                if other == n or end <= first or last <= start or option.takes & rival.avoids:
                    continue
                if start <= first:
                    first = min(end, last)
                else:
                    last = start
            options.append(option._replace(first=first, last=last) if option.choice.clears else option)
        yield n, piece._replace(options=tuple(options))


def compact(board: Board) -> Board:
    """Return the board on a grid without the lines that no longer are the start or end of anything."""
    pieces = board.pieces.values()
    homes = [
        (board.points[piece.first], board.points[piece.last]) for piece in pieces if piece.first < piece.last
    ]
    options = [option for piece in pieces for option in piece.options]
    paid = [(board.points[each.first], board.points[each.last]) for each in options if each.first < each.last]
    grid = _Grid((option.choice for option in options), (*homes, *paid))
    if len(grid.points) * 4 > len(board.points) * 3:
        return board

    def moved(option: Option) -> Option:
        first, last = option.first, option.last
        takes, avoids = grid.bits(option.choice)
        start, end = grid.stretches((board.points[first], board.points[last]) if first < last else None)
        return option._replace(first=start, last=end, takes=takes, avoids=avoids)

    kept = {}
    for n, piece in board.pieces.items():
        home = (board.points[piece.first], board.points[piece.last]) if piece.first < piece.last else None
        first, last = grid.stretches(home)
        kept[n] = Piece(first, last, piece.forced, tuple(map(moved, piece.options)))
    return board._replace(points=grid.points, pieces=kept)


def settled(board: Board) -> Board:
    """Return the board without options that displace what cannot move, and without what nothing reaches."""
    while True:
        stuck = sum(1 << n for n, piece in board.pieces.items() if not piece.options and not piece.forced)
        kept = {n: tuple(o for o in p.options if not o.hits & stuck) for n, p in board.pieces.items()}
        if all(len(kept[n]) == len(piece.options) for n, piece in board.pieces.items()):
            return _reached(board)
        board = board._replace(pieces={n: p._replace(options=kept[n]) for n, p in board.pieces.items()})


def _reached(board: Board) -> Board:
    reached = sum(1 << n for n, piece in board.pieces.items() if piece.forced)
    before = 0
    while before != reached:
        before = reached
        for number in bits(before):
            for option in board.pieces[number].options:
                reached |= option.hits
    return board._replace(pieces={n: piece for n, piece in board.pieces.items() if reached >> n & 1})


def least_weight(board: Board) -> int:
    """Return what the forced pieces of a board cost at least, each sent away piece shared among its
    senders."""
    forced = [piece for piece in board.pieces.values() if piece.forced]
    senders: Counter[int] = Counter()
    for piece in forced:
        senders.update({n for option in piece.options for n in bits(option.hits)})
    share = {
        n: board.pieces[n].options[0].weight // count if board.pieces[n].options else 0
        for n, count in senders.items()
    }
    return sum(min(o.weight + sum(share[n] for n in bits(o.hits)) for o in piece.options) for piece in forced)


def split(board: Board) -> list[Board]:
    """Return the parts of a settled board that cannot get into each other's way."""
    parts: list[tuple[int, int, dict[int, Piece]]] = []
    stretches = len(board.points)
    low = (1 << stretches) - 1
    for number, piece in board.pieces.items():
        ground, linked = (1 << piece.last) - (1 << piece.first), 1 << number
        for option in piece.options:
            takes = option.takes
            ground |= (takes | takes >> stretches | takes >> 2 * stretches) & low
            ground |= takes >> 3 * stretches << stretches
            linked |= option.hits
        part = {number: piece}
        apart = []
        for other_ground, other_linked, other in parts:
            if other_ground & ground or other_linked & linked:
                ground |= other_ground
                linked |= other_linked
                part |= other
            else:
                apart.append((other_ground, other_linked, other))
        parts = [*apart, (ground, linked, part)]
    return [board._replace(pieces=dict(sorted(part.items()))) for _, _, part in parts]

"""What the page asks and is answered: pieces of HTML made from the view of the report.

The desk keeps the files that were dropped and the answers that were given, for one person and one start; it
knows nothing of HTTP, so that the page that runs in a browser alone has the same one. Everything that comes
from a calendar is escaped where it is written into the page.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.changes.apply import carry_out, preview
from lastresort.changes.apply import undo as take_back
from lastresort.changes.plan import can_change, wishes_for
from lastresort.config.table import LONGEST_WINDOW
from lastresort.errors import LastResortError, RefusedError, UsageError
from lastresort.jobs.check import Checked, check
from lastresort.jobs.holds import calendars_for
from lastresort.jobs.plan import prepare, steps_to_hold
from lastresort.jobs.propose import propose
from lastresort.jobs.run import start_run
from lastresort.jobs.session import Inquiry, Question
from lastresort.jobs.weigh import Words, weigh
from lastresort.jobs.workbench import open_bench
from lastresort.outputs.eml import write_eml
from lastresort.outputs.phrases import count, title_of
from lastresort.outputs.view import view_report
from lastresort.sources import Given, label
from lastresort.sources.files import LONGEST_MAIL, is_mail
from lastresort.sources.html_text import text_of_html
from lastresort.sources.written import read_written
from lastresort.text import one_line
from lastresort.web.answers import render

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from lastresort.changes.apply import Change, WantedChange, Workbench
    from lastresort.changes.plan import PlannedEdit
    from lastresort.config import Settings
    from lastresort.jobs.run import Source
    from lastresort.jobs.session import Session
    from lastresort.jobs.workbench import Row
    from lastresort.sources.written import Written

FILES = 50
BYTES = 200 << 20
"""Of all files together."""
TEXT = 200_000
"""Characters of a pasted text."""
ANSWERS = ("me", "name", "tz", "interviewer_tz", "language", "interview", "days", "address")
"""What can be answered with one value."""
LISTS = ("cannot_move", "can_move", "not_interviews")
"""What collects values."""
WHERE = (
    "Export the calendar once more, as .ics or as Google's .zip: “How do I get my calendar as a file?” above "
    "says how. Of a mail, copy the text and paste it below."
)

REMEDIES = {
    "--for": "fill in “It lasts”",
    "--interview": "give words of its title",
    "days": f"give a number of days from 1 to {LONGEST_WINDOW}",
    "me": "give e-mail addresses, such as me@example.com",
}
"""What to do about a wrong answer, by the option or setting that it was wrong for: a page has no options."""


class PageReply(NamedTuple):
    """What the page shows, and what a screen reader says about it."""

    html: str
    says: str


class Saved(NamedTuple):
    """A file to be saved by the browser."""

    name: str
    content: bytes
    kind: str


class _Mail(NamedTuple):
    """What they wrote about times: pasted, or a mail that was dropped."""

    written: Written
    length: str = ""
    number: str = ""
    """Of the interview that it is about, as the page counts them."""

    @property
    def name(self) -> str:
        """The name of the file; empty for what was pasted."""
        return self.written.name

    @property
    def text(self) -> str:
        """What a person reads in it."""
        mail = self.written.text
        return (mail.plain or text_of_html(mail.html)).strip() if mail else ""


class _ShownChange(NamedTuple):
    """What was shown and may now be carried out: the wishes, what each calendar becomes, a line a step."""

    wishes: tuple[WantedChange, ...]
    changes: tuple[Change, ...]
    rows: tuple[Row, ...]
    bench: Workbench


class Desk:
    """The files, the answers, and the jobs on them.

    `settle` gives the settings for the answers, `now_in` the present moment (see `Run`). `calendars` are the
    configured ones, which are looked at while no file was dropped, and only those are ever changed: after
    what would change was shown, and just as it was shown.
    """

    def __init__(
        self,
        settle: Callable[[Mapping[str, Any]], Settings],
        now_in: Callable[[str], datetime],
        calendars: tuple[str, ...] = (),
    ) -> None:
        self._settle = settle
        self._now_in = now_in
        self._configured = calendars
        self._files: dict[str, bytes] = {}
        self._mail: _Mail | None = None
        self._answers: dict[str, str] = {}
        self._lists: dict[str, list[str]] = {field: [] for field in LISTS}
        self._shown: _ShownChange | None = None
        self._made: list[str] = []

    # -- what is looked at

    def add(self, name: str, data: bytes) -> None:
        """Keep a file; a mail without an invitation is what they wrote.

        Raises UsageError when there are too many, or too much.
        """
        name = one_line(name.replace("\\", "/").rpartition("/")[2], 100) or "calendar.ics"
        self._shown = None
        if mail := _plain_mail(name, data):
            self._mail = _Mail(mail)
            return
        others = {known: content for known, content in self._files.items() if known != name}
        if len(others) >= FILES or sum(map(len, others.values())) + len(data) > BYTES:
            raise UsageError(f"that is too much for one look: at most {FILES} files of 200 MB together")
        self._files = {**others, name: data}

    def remove(self, name: str) -> None:
        """Forget one file."""
        self._files.pop(name, None)
        if self._mail and self._mail.name == name:
            self._mail = None
        self._shown = None

    def tell(self, field: str, value: str) -> None:
        """Take an answer; an empty one takes it back. Raises UsageError for a question that nobody asked."""
        value = one_line(value, 500)
        self._shown = None
        if field in LISTS:
            values = self._lists[field]
            others = [one for one in values if one != value]
            self._lists[field] = others if value in values else [*values, value]
        elif field in ANSWERS:
            self._answers = {key: known for key, known in self._answers.items() if key != field}
            if value:
                self._answers[field] = value
        else:
            raise UsageError("nobody asked that")

    def _take_answer(self, field: str, value: str) -> PageReply:
        """Return the answer with what was told; a value that makes none is refused, what was known stays."""
        before = self._answers, dict(self._lists)
        self.tell(field, value)
        if self._files or self._configured:
            try:
                return self._show_report(self._check())
            except LastResortError as error:
                self._answers, self._lists = before
                return self._refusal_above(error)
        return self.answer()

    def _inquiry(self, **question: Any) -> Inquiry:
        """Return what a job is asked: the files, else the configured calendars, with the answers given.

        `question` are fields of `Question` that only this one has. Raises UsageError for a wrong answer.
        """
        given: dict[str, Any] = {**self._answers}
        name = given.pop("name", "")
        if "me" in given:
            given["me"] = given["me"].replace(",", " ").split()
        if "days" in given:
            if not given["days"].isdecimal():
                raise UsageError("how many days ahead? Give a number")
            given["days"] = int(given["days"])
        given |= {field: self._lists[field] for field in ("cannot_move", "can_move")}
        asked: dict[str, Any] = {field: given.pop(field, None) for field in ("interview", "address")}
        asked = {**asked, "language": given.get("language"), **question}
        settings = self._settle(given)
        if name:
            settings = settings._replace(signature=settings.signature._replace(name=name))
        run = start_run(settings, self._now_in)
        files: tuple[Source, ...] = tuple(Given(name, data) for name, data in self._files.items())
        return Inquiry(run, files or self._configured, Question(**asked))

    # -- what is shown

    def answer(self) -> PageReply:
        """Return the whole answer: files, interviews, plans, letters; or why there is none."""
        if not (self._files or self._configured):
            weighed = self._show_weighing()
            return PageReply(
                self._show_files() + render("empty", mail=self._mail, weighed=weighed.html), weighed.says
            )
        try:
            return self._show_report(self._check())
        except LastResortError as error:
            why = _in_words(error)
            refusal = render("refused", why=why, remedy=WHERE if self._files else "")
            rest = render("empty", mail=self._mail, weighed="")
            return PageReply(self._show_files() + refusal + rest, why)

    def _show_report(self, found: Checked) -> PageReply:
        """Return the whole answer for what was found."""
        view = view_report(found.report, found.drafts, found.reminders)
        weighed = self._show_weighing()
        titles = {one.event.uid: title_of(one) for one in found.session.agenda.occurrences}
        shown = render(
            "report",
            view=view,
            answers=self._answers,
            lists={
                field: [(uid, titles.get(uid, "an event")) for uid in uids]
                for field, uids in self._lists.items()
            },
            dismissed=frozenset(self._lists["not_interviews"]),
            changing=self._is_mine,
            made=bool(self._made),
            mail=self._mail,
            weighed=weighed.html,
        )
        says = f"{view.title}. {count(view.events, 'event')} read. {weighed.says}"
        return PageReply(self._show_files() + shown, says.rstrip())

    def _show_files(self) -> str:
        """Return the HTML that lists what is looked at."""
        calendars = self._settle({}).calendars if self._is_mine else ()
        configured = [entry.name or label(entry.source) for entry in calendars]
        mail = (self._mail.name,) if self._mail and self._mail.name else ()
        return render("files", names=configured, dropped=(*self._files, *mail))

    def _check(self) -> Checked:
        return check(self._inquiry())

    def weigh(self, text: str, length: str, number: str) -> PageReply:
        """Return which of the times in a text costs least, and the mail that takes it."""
        if len(text) > TEXT:
            return _refusal(UsageError("the text is too long: paste the mail in which they named times"))
        try:
            mail = self._mail or _Mail(read_written(text.encode(), name=""))
            if text.split() != mail.text.split():
                mail = _Mail(read_written(text.encode(), name=""))
        except LastResortError as error:
            return _refusal(error)
        self._mail = mail._replace(length=length, number=number)
        return self._show_weighing()

    def _show_weighing(self) -> PageReply:
        """Return which of the times they wrote costs least; nothing while they wrote none."""
        if self._mail is None:
            return PageReply("", "")
        if not (self._files or self._configured):
            told = "Now add your calendar: then you see which of their times suits best."
            return PageReply(render("said", words=told), told)
        written, length, number = self._mail
        question: dict[str, Any] = {"for_": length or None}
        try:
            if number:
                question["interview"] = self._uid(number)
            found = weigh(self._inquiry(**question), Words(written=written))
        except LastResortError as error:
            return _refusal(error)
        html = render(
            "weighed",
            answer=found,
            agenda=found.session.agenda,
            zone=found.session.agenda.zone,
            now=found.session.query.now,
            answers=self._answers,
        )
        times, kept = len(found.weighings), len(found.possible)
        if not times:
            return PageReply(html, "What they wrote has more than one meaning.")
        return PageReply(html, f"They named {count(times, 'time')}; {kept} can be kept.")

    def free(self, length: str) -> PageReply:
        """Return the free time ahead as text to paste."""
        try:
            found = propose(self._inquiry(for_=length or "45m", interview=None), windows=True)
        except LastResortError as error:
            return _refusal(error)
        return PageReply(
            render("free", slots=found.slots, drafts=found.drafts, now=found.session.query.now),
            f"{count(len(found.slots), 'free stretch', 'free stretches')}.",
        )

    # -- changing the configured calendars

    @property
    def _is_mine(self) -> bool:
        """Whether what is looked at are the calendars of the configuration."""
        return bool(self._configured) and not self._files

    def plan(self, only: str = "") -> PageReply:
        """Show what the plan would change in the calendars, or for one event of it; nothing is changed.

        What has to be agreed first is shown only where it is that event, by its UID.
        """
        return self._preview(lambda found: self._steps_of_plan(found, only))

    def hold(self, number: str) -> PageReply:
        """Show how the times offered for an interview would be held in the calendars; nothing is changed."""
        return self._preview(lambda found: self._steps_of_holds(found, number))

    def apply(self) -> PageReply:
        """Make the changes that were shown, and look again. Refused when a calendar has changed since."""
        shown, self._shown = self._shown, None
        try:
            if shown is None:
                raise RefusedError("what would change was not shown yet")
            words = [row.words for row in shown.rows]
            outcome = carry_out(shown.wishes, words, shown.bench, shown.changes)
        except LastResortError as error:
            return self._refusal_above(error)
        if outcome.record:
            self._made.append(outcome.record.id)
        return self._show_done("Done: your calendar is changed.")

    def undo(self) -> PageReply:
        """Take the last change that was made here back, byte for byte."""
        try:
            if not self._made:
                raise RefusedError("nothing was changed here that could be taken back")
            settings = self._inquiry().run.settings
            take_back(self._made[-1], open_bench(settings, self._configured, self._now_in("UTC")))
        except LastResortError as error:
            return self._refusal_above(error)
        self._made.pop()
        return self._show_done("Taken back: your calendar is as it was.")

    def _preview(self, wanted: Callable[[Checked], list[tuple[PlannedEdit, Row]]]) -> PageReply:
        """Show what the wanted steps would change, above the whole answer, and keep it for `apply`."""
        self._shown = None
        try:
            if not self._is_mine:
                raise RefusedError("only the calendars of your configuration can be changed here")
            found = self._check()
            pairs = wanted(found)
            mine = [pair for pair in pairs if can_change(pair[0].document)]
            if not mine:
                raise RefusedError("this calendar can only be read here: change it in your calendar program")
            shown = self._work_out(mine, found.session)
        except LastResortError as error:
            return self._refusal_above(error)
        self._shown = shown
        names = [change.name for change in shown.changes]
        html = render("planned", rows=shown.rows, names=names, elsewhere=len(pairs) - len(mine))
        says = f"{count(len(shown.rows), 'change')}. Nothing is changed yet."
        return PageReply(html + self._show_report(found).html, says)

    def _work_out(self, pairs: Sequence[tuple[PlannedEdit, Row]], session: Session) -> _ShownChange:
        """Return what each calendar becomes; nothing is written."""
        zone, now = session.agenda.zone, session.query.now
        bench = open_bench(session.settings, self._configured, now, zone=zone)
        wishes = wishes_for(step for step, _ in pairs)
        return _ShownChange(wishes, preview(wishes, bench), tuple(row for _, row in pairs), bench)

    @staticmethod
    def _steps_of_plan(found: Checked, only: str) -> list[tuple[PlannedEdit, Row]]:
        plan = prepare(found.report, found.session, only=[only] if only else (), unlooked=True)
        if not plan.moves:
            raise RefusedError("all of these changes need somebody else first: the list says whom")
        return list(zip(plan.steps, plan.rows, strict=True))

    def _steps_of_holds(self, found: Checked, number: str) -> list[tuple[PlannedEdit, Row]]:
        entry = found.report.interviews[self._index_of(number, found)]
        pairs = steps_to_hold([slot.interval for slot in entry.slots], entry.interview, found.session)
        if not pairs:
            raise RefusedError("these times are held already")
        return pairs

    def _show_done(self, words: str) -> PageReply:
        reply = self.answer()
        return PageReply(render("said", words=words) + reply.html, f"{words} {reply.says}")

    # -- files

    def save(self, kind: str, number: str) -> Saved:
        """Return a file about an interview: its letter as `mail`, the times offered as `holds`."""
        found = self._check()
        place = self._index_of(number, found)
        entry = found.report.interviews[place]
        if kind == "mail" and place in found.drafts:
            return Saved("letter.eml", write_eml(found.drafts[place].mail), "message/rfc822")
        if kind == "holds":
            *_, (content, _) = calendars_for(entry, found.session)
            return Saved("held-times.ics", content, "text/calendar")
        raise UsageError("there is no such file")

    def _uid(self, number: str) -> str:
        found = self._check()
        return found.report.interviews[self._index_of(number, found)].interview.occurrence.event.uid or ""

    @staticmethod
    def _index_of(number: str, found: Checked) -> int:
        """Return which interview of the report the page means: it counts them from 1."""
        if not number.isdecimal() or not 1 <= int(number) <= len(found.report.interviews):
            raise UsageError("there is no such interview any more: look again")
        return int(number) - 1

    def _refusal_above(self, error: LastResortError) -> PageReply:
        """Return what was refused, above the answer, which stays."""
        refused = _refusal(error)
        return PageReply(refused.html + self.answer().html, refused.says)

    # -- one way in for every page

    def ask(self, what: str, values: Mapping[str, str], data: bytes = b"") -> PageReply | Saved:
        """Answer one question of the page. Raises UsageError for one that it does not know."""
        match what:
            case "add":
                self.add(values.get("name", ""), data)
            case "remove":
                self.remove(values.get("name", ""))
            case "tell":
                return self._take_answer(values.get("field", ""), values.get("value", ""))
            case "answer":
                pass
            case "weigh":
                return self.weigh(values.get("text", ""), values.get("length", ""), values.get("number", ""))
            case "free":
                return self.free(values.get("length", ""))
            case "plan":
                return self.plan(values.get("only", ""))
            case "hold":
                return self.hold(values.get("number", ""))
            case "apply":
                return self.apply()
            case "undo":
                return self.undo()
            case "save":
                return self.save(values.get("kind", ""), values.get("number", ""))
            case _:
                raise UsageError("nobody asked that")
        return self.answer()


def _refusal(error: LastResortError) -> PageReply:
    why = _in_words(error)
    return PageReply(render("refused", why=why, remedy=""), why)


def _in_words(error: LastResortError) -> str:
    """Return an error in the words of the page."""
    text = str(error)
    if isinstance(error, UsageError) and (remedy := REMEDIES.get(error.option)):
        text = f"{error.problem}; {remedy}" if error.remedy else remedy
    return one_line(text, 600)


def _plain_mail(name: str, data: bytes) -> Written | None:
    """Return the text of a mail that brings no invitation; `None` for all else, broken mails too."""
    if len(data) > LONGEST_MAIL or not is_mail(data):
        return None
    try:
        written = read_written(data, name=name)
    except LastResortError:
        return None  # as a calendar it says what is wrong with it
    return None if written.calendars else written


def read_values(body: bytes) -> dict[str, str]:
    """Return the values of a question: a JSON object of texts. Raises UsageError for all else."""
    try:
        values = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise UsageError("that is no question") from None
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise UsageError("that is no question")
    return values

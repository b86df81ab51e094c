"""The interviews found, possible ones too, and what was read of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.interviews.detection import find_interviews
from lastresort.jobs.session import Inquiry, Session, open_session
from lastresort.outputs.interviews import interviews_document

if TYPE_CHECKING:
    from lastresort.interviews.detection import Candidates


class Listing(NamedTuple):
    """The interviews of the coming days."""

    session: Session
    found: Candidates

    @property
    def exit_code(self) -> int:
        """0, or 5 when not everything could be read."""
        return 5 if self.session.agenda.is_incomplete else 0

    @property
    def document(self) -> dict[str, Any]:
        """The answer as `interviews --json` has it."""
        return interviews_document(self.found, self.session.agenda.zone)


def list_interviews(inquiry: Inquiry) -> Listing:
    """Return the interviews of the coming days, possible ones too."""
    session = open_session(inquiry)
    return Listing(session, find_interviews(session.agenda, session.query, session.invited, session.places))

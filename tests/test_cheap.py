from __future__ import annotations

import copy
import pickle
import re
from typing import get_type_hints

import pytest

from lastresort.cheap import NamedTuple, pattern


class Point(NamedTuple):
    """A place."""

    x: int
    y: int = 0
    """Upwards."""
    name: str | None = None

    @property
    def flat(self) -> bool:
        return self.y == 0

    def moved(self, by: int) -> Point:
        return self._replace(x=self.x + by)


def test_fields_defaults_and_methods_are_those_of_the_class():
    assert Point(1) == (1, 0, None)
    assert Point(1, name="p").moved(2) == Point(3, 0, "p")
    assert Point(1).flat
    assert (Point._fields, Point._field_defaults) == (("x", "y", "name"), {"y": 0, "name": None})
    assert (Point.__doc__, Point.__module__, Point.__qualname__) == ("A place.", __name__, "Point")
    assert repr(Point(1)) == "Point(x=1, y=0, name=None)"


def test_values_cannot_be_changed_and_want_their_fields():
    with pytest.raises(AttributeError):
        Point(1).x = 2  # type: ignore[misc]
    with pytest.raises(TypeError, match="x"):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="z"):
        Point(1, z=2)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="z"):
        Point(1)._replace(z=2)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Point._make((1, 2))


class Place(NamedTuple):
    """As many fields as another has, under names of its own."""

    east: int
    north: int
    label: str


class Named(Point):
    """A class of such a class."""


def test_classes_of_as_many_fields_are_told_apart():
    assert Place(1, label="p", north=2) == Point(1, 2, "p")
    assert Place._make((1, 2, "p"))._asdict() == {"east": 1, "north": 2, "label": "p"}
    assert repr(Named(3)) == "Named(x=3, y=0, name=None)"


def test_values_can_be_copied_and_kept():
    for value in (Point(1), Place(1, 2, "p")):
        assert pickle.loads(pickle.dumps(value)) == copy.copy(value) == value
        assert type(pickle.loads(pickle.dumps(value))) is type(value)


def test_values_can_be_matched():
    match Point(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)
        case _:
            pytest.fail("no match")


def test_annotations_can_be_asked_for():
    assert get_type_hints(Point) == {"x": int, "y": int, "name": str | None}


def test_a_pattern_is_compiled_when_it_is_used():
    wrong = pattern("(")
    with pytest.raises(re.error):
        wrong.search("")
    assert pattern("B+", re.IGNORECASE).sub("-", "abbc") == "a-c"

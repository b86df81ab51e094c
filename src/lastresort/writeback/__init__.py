"""Carrying a decision out in the calendar itself, and taking it back."""

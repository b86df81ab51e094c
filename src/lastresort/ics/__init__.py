"""iCalendar and iTIP text to the model, and back: the only room that knows RFC 5545."""

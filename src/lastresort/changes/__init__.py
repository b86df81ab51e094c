"""Changes to calendars: decided first as values, written down, then carried out whole or not at all."""

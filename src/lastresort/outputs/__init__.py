"""A report as people and programs read it: terminal, JSON, HTML, mail, calendar files."""

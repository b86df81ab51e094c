"""The page for people who never open a terminal: what it asks, how it is served, what it looks like."""

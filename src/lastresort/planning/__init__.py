"""Pure decisions: no clock, no files, no printing. Occurrences and a query go in, a report comes out."""

"""What an interview is, and everything that is read from one: role, company, people, mode, zone."""

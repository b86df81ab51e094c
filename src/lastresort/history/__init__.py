"""What earlier runs have told and asked: so that each clash is told once, and no interview is moved twice."""

"""What a good mentor would say: the rules of the advice as data, and what to do next."""

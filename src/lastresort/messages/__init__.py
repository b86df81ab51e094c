"""What is said to people: the drafts, in the language and the manner of the one who reads them."""

"""Times, durations and hours as people write them, and what each can mean."""

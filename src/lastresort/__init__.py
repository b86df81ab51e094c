"""Keep the job interview: rearrange everything else first, and ask to move it only as the last resort."""

__version__ = "0.1.0"

"""Run as `python -m lastresort`."""

from lastresort.cli import main

if __name__ == "__main__":
    main()

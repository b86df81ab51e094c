"""What the commands compute, without a command line: nothing here prints, exits, or asks the clock."""

"""The steps of the machine, one a file. Each reads the records, writes its own stage, and may be run again."""

"""What can keep a benchmark from having a figure."""


class BenchError(Exception):
    """The message says what happened, with the last lines of the log where there is one."""

"""Whether this process takes work, for whoever decides where work is sent."""


class Readiness:
    """`draining` is set once, at the beginning of the end."""

    def __init__(self) -> None:
        self.draining = False

    def drain(self) -> None:
        """Take no more."""
        self.draining = True

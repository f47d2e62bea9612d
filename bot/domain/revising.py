"""A record with some of its fields changed."""

from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["revised"]

T = TypeVar("T")

if TYPE_CHECKING:
    from dataclasses import replace as revised  # whose arguments type checkers know
else:

    def revised(record: T, /, **changes: Any) -> T:
        """What `dataclasses.replace` makes of a frozen dataclass without slots, by a copy of its
        dictionary: that sets each of the fifty fields of an invoice anew, which took 8 µs of every
        step. Raises TypeError for a field that there is not."""
        fields = record.__dict__
        if unknown := changes.keys() - fields.keys():
            raise TypeError(f"{type(record).__name__} has no {', '.join(sorted(unknown))}")
        made = object.__new__(type(record))
        made.__dict__.update(fields, **changes)
        return made

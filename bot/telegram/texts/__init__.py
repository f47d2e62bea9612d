"""Everything people read, one module a subject. Pure functions of a translator and values."""

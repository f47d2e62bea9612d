"""What the forkserver imports once for all bots that tests start.

Frozen, so that a collection in a fork does not copy the pages of everything that was imported:
that halves what a start costs.
"""

import gc

import tests.reliability.bot_process  # noqa: F401 - imported to have been

gc.collect()
gc.freeze()

"""`python -m tests.chaos --kills 300 --seed 1`, or `make chaos KILLS=300 SEED=1`."""

import argparse
import sys
from pathlib import Path

from tests.chaos.campaign import main

if __name__ == "__main__":  # the fork server imports this module, too
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lanes", type=int, default=2, help="worlds at once")
    parser.add_argument("--logs", type=Path, help="a new folder to leave the bots' logs in")
    options = parser.parse_args()
    sys.exit(main(options.kills, options.seed, options.lanes, [False, True], options.logs))

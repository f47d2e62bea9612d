"""What the bot costs, measured against two bare bots in one run: `make bench`.

Each takes part as a process of its own, so that each is charged for its own work: the load (this
process), a cheap local Telegram, a cheap local CryptoCloud, a real Valkey and the bot under test.
"""

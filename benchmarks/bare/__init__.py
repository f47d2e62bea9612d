"""Bare bots to compare with: they create an invoice and show a button, and nothing else."""

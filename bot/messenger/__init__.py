"""Delivers what the process owes."""

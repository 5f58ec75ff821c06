"""Keeps state: tables, transactions, deliveries, the ledger, and one module of named statements per table."""

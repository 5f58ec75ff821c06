"""Forms: one module per modal, with its builder, its parser and its handler."""

"""Messages: builders only, values in and blocks out."""

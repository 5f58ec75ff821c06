"""Events we listen to."""

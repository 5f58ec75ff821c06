"""The link towards the app: Socket Mode, signed HTTP requests, and which events the app gets."""

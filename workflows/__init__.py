"""The incident process in plain Python, with no word of Slack."""

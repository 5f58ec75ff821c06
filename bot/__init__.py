"""The Slack edge: translates between Slack and the incident process."""

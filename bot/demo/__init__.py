"""The demo: a Slack workspace on this machine with the bot in it; the one place that starts both."""

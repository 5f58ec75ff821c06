"""What `make bench` measures: the bot as it is deployed, against a sandbox that is as slow as Slack."""

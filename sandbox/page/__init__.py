"""The page at `/`: a Slack workspace in the browser."""

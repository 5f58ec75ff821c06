"""What Slack's platform demands of an app: facts as data, and the checks that read them."""

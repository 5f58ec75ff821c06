"""Acting as someone in the workspace, and seeing exactly what that someone sees."""

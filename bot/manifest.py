"""Where the app's manifest is: what a workspace must grant us."""

from pathlib import Path

MANIFEST = Path(__file__).parents[1] / "manifest.yml"

"""Pictures of people, drawn here: their initials on a colour of their own."""

import colorsys
from hashlib import sha256
from html import escape

from sandbox.state.model import User

SIZE = 72


def picture(user: User) -> str:
    """Somebody's picture as SVG, always the same for a name; apps get a rounded square with a hole, people a tile."""
    digest = sha256(user.name.encode()).digest()
    hue = digest[0] / 256
    initials = "".join(word[0] for word in user.real_name.split()[:2]).upper() or "?"
    text = (
        f'<text x="36" y="37" fill="#fff" font-family="system-ui, sans-serif" font-size="28" font-weight="600"'
        f' text-anchor="middle" dominant-baseline="central">{escape(initials)}</text>'
    )
    ground = f'<rect width="{SIZE}" height="{SIZE}" fill="{_colour(hue, 0.38)}"/>'
    second = f'<circle cx="{12 + digest[1] % 48}" cy="{digest[2] % 72}" r="44" fill="{_colour(hue + 0.07, 0.45)}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}">{ground}{second}{text}</svg>'


def _colour(hue: float, lightness: float) -> str:
    red, green, blue = (round(255 * part) for part in colorsys.hls_to_rgb(hue % 1, lightness, 0.5))
    return f"#{red:02x}{green:02x}{blue:02x}"

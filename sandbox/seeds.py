"""The people and channels every sandbox begins with."""

from sandbox.workspace import Workspace

# Name, real name, zone; spread so that one is always asleep.
PEOPLE = (
    ("ann", "Ann Becker", "Europe/Berlin"),
    ("bo", "Bo Larsen", "America/New_York"),
    ("chidi", "Chidi Okafor", "Africa/Lagos"),
    ("dee", "Dee Tanaka", "Asia/Tokyo"),
)
GUEST = ("eve", "Eve Laurent", "Europe/Paris")


def seed_workspace(workspace: Workspace) -> None:
    """Bring in four people, all in #general and #random, and a guest who is in neither."""
    users = [workspace.add_user(name, real_name=real_name, tz=zone) for name, real_name, zone in PEOPLE]
    name, real_name, zone = GUEST
    workspace.add_user(name, real_name=real_name, tz=zone, guest=True)
    random = workspace.conversations.create("random", by=users[0].id)
    for user in users[1:]:
        workspace.conversations.admit_quietly(random, user.id)

"""What people do with the lunch app, whichever library it is made with."""

from sandbox import Sandbox

PATIENCE = 15.0


async def everything_works(slack: Sandbox) -> None:
    """A command, a form, buttons and menus, shortcuts and events go through the app, and Slack complains of nothing."""
    await slack.person("ann").invites("lunch", "general")
    await a_command_and_its_buttons_work(slack)
    await a_form_works(slack)
    await shortcuts_work(slack)
    await events_work(slack)
    await slack.events_settled(PATIENCE)
    assert slack.complaints == []


async def a_command_and_its_buttons_work(slack: Sandbox) -> None:
    """Ann proposes a dish, Bo joins with a button and puts it off with a menu."""
    ann, bo = slack.person("ann"), slack.person("bo")

    assert (await ann.command("/lunch help", channel="general")).failed is None
    await ann.wait_for("general", containing="Name a dish", timeout=PATIENCE)
    assert (await ann.command("/lunch soup", channel="general")).failed is None
    proposed = await bo.wait_for("general", containing="soup for @ann", timeout=PATIENCE)
    assert (await bo.press("I’m in", proposed)).failed is None
    joined = await ann.wait_for("general", containing="soup for @ann, @bo", timeout=PATIENCE)
    assert (await bo.choose("Later", joined)).failed is None
    await bo.wait_for("general", containing="You chose Later", timeout=PATIENCE)

    assert joined.ts == proposed.ts
    assert ann.finds("general", "Name a dish") is not None
    assert bo.finds("general", "Name a dish") is None
    assert ann.finds("general", "You chose Later") is None


async def a_form_works(slack: Sandbox) -> None:
    """Bo fills the order form, whose kitchens the app looks up; a dish that is none is refused at its field."""
    bo = slack.person("bo")
    await bo.command("/lunch", channel="general")
    form = await bo.form(PATIENCE)

    await form.fill({"Dish": "x", "Kitchen": "Noodle bar"})
    assert (await form.submit()).errors == {"Dish": "That is no dish"}
    await form.fill({"Dish": "ramen"})
    assert (await form.submit()).closed

    await slack.person("ann").wait_for("general", containing="ramen from the Noodle bar for @bo", timeout=PATIENCE)


async def shortcuts_work(slack: Sandbox) -> None:
    """Dee orders by the global shortcut and hears by direct message; a message becomes a proposal by its shortcut."""
    ann, dee = slack.person("ann"), slack.person("dee")
    await dee.shortcut("Order lunch")
    form = await dee.form(PATIENCE)
    await form.fill({"Dish": "pie", "Kitchen": "Bakery"})
    assert (await form.submit()).closed
    await dee.wait_for("@lunch", containing="pie from the Bakery for @dee", timeout=PATIENCE)

    said = await ann.types("pizza", channel="general")
    assert (await dee.message_shortcut("Propose this", said)).failed is None
    await ann.wait_for("general", containing="pizza for @dee", timeout=PATIENCE)


async def events_work(slack: Sandbox) -> None:
    """The app hears a message, a mention, and that somebody came to its Home."""
    ann = slack.person("ann")
    said = await ann.types("I am hungry", channel="general")
    await ann.until(lambda: "hamburger" in ann.screen.at("general", said.ts).reactions, timeout=PATIENCE)

    asked = await ann.types("@lunch what is there?", channel="general")
    await ann.until(lambda: [reply.text for reply in asked.replies()] == ["@ann, try /lunch"], timeout=PATIENCE)

    await ann.opens_home()
    await ann.until(lambda: "Bon appétit" in str(ann.home()), timeout=PATIENCE)

"""files.*: the upload in three steps, and looking at what was uploaded."""

from sandbox.api.call import ApiCall, Handler
from sandbox.state.errors import SlackError
from sandbox.state.model import Channel, File, Json
from sandbox.state.shapes import file_json

_LONGEST_ALT_TEXT, _LARGEST_SNIPPET, _MOST_CHANNELS = 1000, 1_000_000, 100


def get_upload_url_external(call: ApiCall) -> Json:
    """Step one: an address to send the bytes to."""
    size, snippet_type, alt_txt = call.arguments["length"], call.optional("snippet_type"), call.text("alt_txt")
    if size <= 0 or not call.text("filename"):
        raise SlackError("invalid_arguments", messages=["[ERROR] must be greater than 0 [json-pointer:/length]"])
    if snippet_type and size > _LARGEST_SNIPPET:
        raise SlackError("snippet_too_large")
    if len(alt_txt) > _LONGEST_ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    file = call.workspace.file_store.announce(
        call.text("filename"), by=call.user_id, size=size, alt_txt=alt_txt, snippet_type=snippet_type
    )
    return {"upload_url": f"{call.base_url}/upload/{file.id}", "file_id": file.id}


def complete_upload_external(call: ApiCall) -> Json:
    """Step three: finish the uploads and share them in conversations, if any are named."""
    channels = _channels(call)
    requested = call.arguments["files"]
    if not all(isinstance(item, dict) and item.get("id") for item in requested):
        raise SlackError("invalid_arguments", messages=["[ERROR] missing required field: id [json-pointer:/files/0]"])
    store = call.workspace.file_store
    files = [store.complete(item["id"], by=call.user_id, title=item.get("title") or "") for item in requested]
    for channel in channels:
        store.share(files, channel, by=call.user_id, draft=_comment(call))
    return {"files": [file_json(call.workspace, file) for file in files]}


def _channels(call: ApiCall) -> list[Channel]:
    ids = call.ids("channels") or call.ids("channel_id")
    if len(ids) > _MOST_CHANNELS:
        raise SlackError("channels_limit_exceeded")
    channels = [call.workspace.joined_channel(channel, call.user_id) for channel in ids]
    if any(channel.is_archived for channel in channels):
        raise SlackError("posting_to_channel_denied")
    return channels


def _comment(call: ApiCall) -> Json:
    draft: Json = {"thread_ts": call.optional("thread_ts")}
    if call.optional("initial_comment"):
        return draft | {"text": call.text("initial_comment")}
    return draft | {"blocks": call.arguments.get("blocks")}


def info(call: ApiCall) -> Json:
    """One file."""
    file = call.workspace.file_store.get(call.text("file"), call.user_id)
    return {"file": file_json(call.workspace, file), "comments": [], "response_metadata": {"next_cursor": ""}}


def list_(call: ApiCall) -> Json:
    """The files the bot may see, the newest first, in pages counted from one."""
    files = [file for file in reversed(call.workspace.files.values()) if _listed(call, file)]
    count, number = int(call.arguments.get("count", 100)), int(call.arguments.get("page", 1))
    shown = files[(number - 1) * count : number * count]
    paging = {"count": count, "total": len(files), "page": number, "pages": -(-len(files) // count)}
    return {"files": [file_json(call.workspace, file) for file in shown], "paging": paging}


def _listed(call: ApiCall, file: File) -> bool:
    if not file.completed or file.deleted or not call.workspace.file_store.visible(file, call.user_id):
        return False
    if call.optional("user") and file.user != call.text("user"):
        return False
    return not call.optional("channel") or call.text("channel") in file.shares


def delete(call: ApiCall) -> Json:
    """Remove a file of the bot's own."""
    file = call.workspace.file_store.get(call.text("file"), call.user_id)
    call.workspace.file_store.delete(file, by=call.user_id)
    return {}


HANDLERS: dict[str, Handler] = {
    "files.completeUploadExternal": complete_upload_external,
    "files.delete": delete,
    "files.getUploadURLExternal": get_upload_url_external,
    "files.info": info,
    "files.list": list_,
}

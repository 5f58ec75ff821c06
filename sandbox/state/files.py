"""Files: announced, uploaded, then shared in conversations (methods.json: files.completeUploadExternal)."""

from sandbox.state.chat import Chat
from sandbox.state.core import State
from sandbox.state.errors import SlackError
from sandbox.state.model import Channel, File, Json, Message


class Files:
    """The files of a workspace."""

    def __init__(self, state: State, chat: Chat) -> None:
        self._state = state
        self._chat = chat

    def announce(self, name: str, *, by: str, size: int, alt_txt: str = "", snippet_type: str | None = None) -> File:
        """Make room for a file whose bytes are still to come."""
        file = File(self._state.ids.new("F"), name, by, self._state.clock.seconds(), size)
        file.alt_txt, file.snippet_type = alt_txt, snippet_type
        self._state.files[file.id] = file
        return file

    def receive(self, file_id: str, content: bytes) -> None:
        """Take the bytes of an announced file."""
        file = self._state.files.get(file_id)
        if file is None or file.completed:
            raise SlackError("file_not_found")
        file.content, file.size = content, len(content)

    def complete(self, file_id: str, *, by: str, title: str = "") -> File:
        """Finish an upload, once per file."""
        file = self._state.files.get(file_id)
        if file is None or file.content is None or file.completed or file.user != by:
            raise SlackError("file_not_found")
        file.completed, file.title = True, title or file.name
        self._emit("file_created", file, by, None)
        return file

    def share(self, files: list[File], channel: Channel, *, by: str, draft: Json | None = None) -> Message:
        """Post the files in a conversation, in one message."""
        content = (draft or {}) | {"files": [file.id for file in files]}
        subtype = "file_share"
        message = self._chat.post(channel, by=by, draft=content, subtype=subtype)
        for file in files:
            file.shares[channel.id] = message.ts
            self._emit("file_shared", file, by, channel)
        return message

    def get(self, file_id: str, viewer: str) -> File:
        """The file with this id, if the viewer uploaded it or sees a conversation it is in."""
        file = self._state.files.get(file_id)
        if file is None or not file.completed or not self.visible(file, viewer):
            raise SlackError("file_not_found")
        if file.deleted:
            raise SlackError("file_deleted")
        return file

    def visible(self, file: File, viewer: str) -> bool:
        """Whether this user may see the file: a bot only where it is a member (protocol.md, section 1)."""
        places = [self._state.channels[channel] for channel in file.shares]
        if self._state.users[viewer].is_bot:
            return file.user == viewer or any(viewer in place.members for place in places)
        return file.user == viewer or any(self._state.visible(place, viewer) for place in places)

    def delete(self, file: File, *, by: str) -> None:
        """Remove a file of one's own, everywhere."""
        if file.user != by:
            raise SlackError("cant_delete_file")
        file.deleted, file.content = True, None
        for channel_id, ts in file.shares.items():
            message = self._state.channels[channel_id].messages.get(ts)
            if message is not None and file.id in message.files:
                message.files.remove(file.id)
                self._state.changed(self._state.channels[channel_id], message=ts)
        file.shares.clear()
        self._emit("file_deleted", file, by, None)

    def _emit(self, event: str, file: File, by: str, channel: Channel | None) -> None:
        # Nobody but the uploader learns of a file that is in no conversation they see.
        if channel is None and by != self._state.app.bot_user_id:
            return
        shape: Json = {"type": event, "file_id": file.id, "user_id": by, "file": {"id": file.id}}
        shape |= {"event_ts": self._state.event_ts()} | ({"channel_id": channel.id} if channel else {})
        self._state.emit(shape, channel=channel)

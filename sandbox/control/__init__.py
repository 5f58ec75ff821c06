"""The HTTP control API: everything the Python API does, for programs in other languages. Loopback only.

Requests and answers are JSON; an answer has `ok`, and `error` where it is false.

    GET  /control                                 addresses, tokens, people
    POST /control/clock        {advance}          seconds to move time forward
    GET  /control/calls        ?since=            the app's Web API calls, from this number on
    GET  /control/complaints                      what Slack would have accepted with a warning
    POST /control/faults       {latency | fail | ratelimit | drop | lose_answer | down | deliver_twice | clear}
                                                  e.g. {"fail": {"method": "chat.postMessage", "times": 1}}
    POST /control/deliver      {url}              deliver over HTTP to this address instead of Socket Mode
    POST /control/connected    {timeout}          wait for the app's Socket Mode connection
    POST /control/refresh      {reason, grace}    ask the app to reconnect

    GET  /control/people/{name}/channels
    GET  /control/people/{name}/messages          ?channel=        and /thread ?channel=&ts=
    GET  /control/people/{name}/dm | home | form
    GET  /control/people/{name}/topic | members | pins | bookmarks ?channel=
    POST /control/people/{name}/command           {line, channel}
    POST /control/people/{name}/shortcut          {name}           and /message_shortcut {name, channel, ts}
    POST /control/people/{name}/press             {label, channel, ts}
    POST /control/people/{name}/choose            {option, channel, ts, menu?}
    POST /control/people/{name}/wait_for          {channel, containing, timeout?}
    POST /control/people/{name}/wait_for_channel  {beginning, timeout?}
    POST /control/people/{name}/types             {text, channel, thread_ts?}
    POST /control/people/{name}/edits             {channel, ts, text}   and /deletes {channel, ts}
    POST /control/people/{name}/reacts | unreacts {channel, ts, emoji}
    POST /control/people/{name}/pin | unpin       {channel, ts}
    POST /control/people/{name}/uploads           {channel, filename, content, text?}
    POST /control/people/{name}/creates           {channel, private?}
    POST /control/people/{name}/joins | leaves | archives | unarchives  {channel}
    POST /control/people/{name}/invites | removes {person, channel}
    POST /control/people/{name}/renames           {channel, to}         and /sets_topic {channel, topic}
    POST /control/people/{name}/opens_home        {}
    POST /control/people/{name}/form_open         {timeout?}            wait for a form
    POST /control/people/{name}/form_fill         {answers: {label: answer}}
    POST /control/people/{name}/form_press        {label}
    POST /control/people/{name}/form_submit       {}                    and /form_close {all?}
"""

from sandbox.control.routes import control_routes

__all__ = ["control_routes"]

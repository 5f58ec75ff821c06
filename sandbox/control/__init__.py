"""The HTTP control API: what the Python API does, for programs in other languages. Loopback only.

Requests and answers are JSON; an answer has `ok`, and `error` where it is false. Python alone has the hook at each
step of a call (`calls.on_call`), a clock of its own, and `until`.

    GET  /control                                 addresses, tokens, people
    POST /control/clock        {advance | to}     seconds to move time forward, or the moment to move it to: an ISO time
                                                  with its offset, or “monday 09:00”, the next such one, in UTC
                                                  where it has no offset
    GET  /control/calls        ?since=            the app's Web API calls, from this number on
    GET  /control/complaints                      what Slack would have accepted with a warning
    POST /control/faults       {latency | fail | ratelimit | drop | lose_answer | down | cut_connections
                                | deliver_twice | reorder | lose_events | throttle | clear}
                                                  e.g. {"fail": {"method": "chat.postMessage", "times": 1}}; {"down":
                                                  {"link": true}} cuts the app off as well, {"down": false} ends it;
                                                  {"reorder": 7} shuffles events, null ends it; {"lose_events": 2};
                                                  {"throttle": 5}: each method once in so many seconds, 0 ends it
    POST /control/app          {do: "kill" | "start"}              where the workspace runs the app
    POST /control/deliver      {url?, commands_url?, interactivity_url?, options_url?}
                                                  deliver over HTTP instead of Socket Mode; what is left out goes to
                                                  `url`, or without one where the manifest says
    POST /control/deliver      {socket: true}     deliver over Socket Mode again
    POST /control/connected    {timeout}          wait for the app's Socket Mode connection
    POST /control/settled      {timeout}          wait until no event is under way
    POST /control/retries_over {timeout}          move time until whatever cannot be delivered is given up
    POST /control/refresh      {reason, grace}    ask the app to reconnect
    POST /control/socket_mode  {enabled}          switch Socket Mode off for the app, or on again
    POST /control/scopes       {bot: [scope]}     install the app again with these scopes
    POST /control/rate_limits  {enabled}          answer 429 as Slack's tiers demand, or never
    POST /control/users        {name, real_name?, tz?, email?, guest?, admin?}
    POST /control/users/{name}/deactivate         {}
    POST /control/usergroups   {handle, people, name?}             people by name
    POST /control/usergroups/{handle}             {people?, disabled?}
    POST /control/unfurl       {channel, ts, title, text?, url?}   Slack puts a preview under a message

    POST /control/bots/{name}/joins               {channel}        another app; it is installed when first named
    POST /control/bots/{name}/posts               {channel, text?, attachments?, blocks?, thread_ts?, broadcast?,
                                                   webhook?}       `webhook` where the app is an incoming webhook
    POST /control/bots/{name}/edits               {channel, ts, text?, attachments?, blocks?}
    POST /control/bots/{name}/deletes             {channel, ts}

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
    POST /control/people/{name}/types             {text, channel, thread_ts?, broadcast?}
    POST /control/people/{name}/edits             {channel, ts, text}   and /deletes {channel, ts}
    POST /control/people/{name}/reacts | unreacts {channel, ts, emoji}
    POST /control/people/{name}/pin | unpin       {channel, ts}
    POST /control/people/{name}/uploads           {channel, filename, content | content_base64, text?}
    POST /control/people/{name}/creates           {channel, private?}
    POST /control/people/{name}/joins | leaves | archives | unarchives  {channel}
    POST /control/people/{name}/invites | removes {person, channel}
    POST /control/people/{name}/renames           {channel, to}         and /sets_topic {channel, topic}
    POST /control/people/{name}/changes_profile   {real_name?, tz?, email?, title?}
    POST /control/people/{name}/opens_home        {tab?}
    POST /control/people/{name}/form_open         {timeout?}            wait for a form
    POST /control/people/{name}/form_fill         {answers: {label: answer}}
    POST /control/people/{name}/form_press        {label}
    POST /control/people/{name}/form_submit       {}                    and /form_close {all?}
"""

from sandbox.control.routes import control_routes

__all__ = ["control_routes"]

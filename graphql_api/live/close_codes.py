"""The one table of the codes with which the server closes a socket; closes.py has the reasons."""

CLOSE_CODES = {
    1009: "A message was longer than 64 KiB.",
    1013: "Too much is asked at once, or the database is away: try again later.",
    4400: "A message could not be read.",
    4401: "No good token came with `connection_init`, the reason says what was wrong with it; or an"
    " operation came before `connection_ack`.",
    4404: "No business lives at this host, or nothing at this path.",
    4406: "The protocol is `graphql-transport-ws`, and the client offered another.",
    4408: "`connection_init` did not come within 5 seconds.",
    4409: "An operation with this id runs already.",
    4429: "Too many sockets, messages or subscriptions of one person or address, or a second"
    " `connection_init`; the reason says which.",
}

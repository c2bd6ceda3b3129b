"""The one table of the codes with which the server closes a socket."""

CLOSE_CODES = {
    1009: "A message was longer than 64 KiB.",
    4400: "A message could not be read, or its operation could not be parsed.",
    4401: "An operation came before `connection_ack`.",
    4403: "The token of `connection_init` is not good here, or too many sockets are open.",
    4404: "No business lives at this host, or nothing at this path.",
    4408: "`connection_init` did not come within 5 seconds.",
    4409: "An operation with this id runs already.",
    4429: "`connection_init` came twice, or more than 10 operations run on this socket.",
}

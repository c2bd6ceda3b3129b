"""The GraphQL door: reads input, knows the caller, calls one function, presents the result."""

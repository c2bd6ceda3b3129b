"""What an owner may switch on in a program, frozen with its version."""

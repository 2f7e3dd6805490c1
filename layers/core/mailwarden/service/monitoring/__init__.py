"""Sweeps regions and checks what Mailwarden itself rests on."""

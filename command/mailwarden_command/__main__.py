"""``python -m mailwarden_command``: the command ``mailwarden`` of a checkout."""

from mailwarden_command.application import main

main()

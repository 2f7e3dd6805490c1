"""The stage of the demo: the box, its pools and mail, and all that Mailwarden recorded and sent."""

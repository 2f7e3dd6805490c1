"""JSON documents from outside, read member by member."""

"""Answers people's questions and carries out their orders."""

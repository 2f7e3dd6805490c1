"""Answers operators' questions and carries out their orders."""

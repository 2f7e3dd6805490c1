"""Answers to people's questions and orders, as documents."""

"""Compares the evaluator of sending policies with an independent one, and tries random events and policies."""

"""Wires adapters to ports: one module for each function, so that no function imports unused code."""

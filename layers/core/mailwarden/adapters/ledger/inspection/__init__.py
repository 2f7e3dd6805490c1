"""Keeps the looks that wait, the schedules of AWS's rates, and turns."""

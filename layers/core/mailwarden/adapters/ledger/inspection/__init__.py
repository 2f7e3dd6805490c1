"""Keeps the looks that wait and the places in the schedules of AWS's rates."""

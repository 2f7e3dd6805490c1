"""Reads trails; keeps which pools exist and when regions were swept."""

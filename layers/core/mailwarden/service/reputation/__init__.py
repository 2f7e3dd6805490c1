"""Collects rates; counts mail events and suppression lists."""

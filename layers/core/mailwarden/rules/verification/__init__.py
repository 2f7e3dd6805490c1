"""The rules about codes and links that verify addresses."""

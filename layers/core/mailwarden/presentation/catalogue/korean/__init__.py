"""Korean: the same modules and ids as English; ``korean_catalogue`` puts them together."""

"""References: resources, the causes of a look, and hints."""

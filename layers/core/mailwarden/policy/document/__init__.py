"""Policy documents: the model and its parser."""

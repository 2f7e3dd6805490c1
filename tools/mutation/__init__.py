"""Parts of the mutation tests."""

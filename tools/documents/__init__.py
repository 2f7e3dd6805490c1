"""Parts of the programs that write the generated documents."""

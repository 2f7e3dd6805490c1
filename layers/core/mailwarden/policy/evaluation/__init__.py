"""Who may send, and who else."""

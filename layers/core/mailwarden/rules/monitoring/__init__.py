"""Rules about our own watch: what keeps it from seeing or from writing."""

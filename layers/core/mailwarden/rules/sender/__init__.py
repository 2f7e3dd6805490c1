"""Rules about who sends: the sender mode of the pool and the identity it names."""

"""The way of a pool's mail: the chain of links, delivery, and the mailbox."""

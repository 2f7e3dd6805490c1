"""What comes from outside — events and messages — becomes values of the domain here."""

"""Which adapter stands behind which port: one module for each function, so that none imports what it does not use."""

"""The sentences, one catalogue for each language; a second language is one more folder here."""

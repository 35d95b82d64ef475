"""Learning hours of a person's year: what is there, what is missing, what would close the gap."""

"""What may happen to a case, and what follows."""

"""What the work stands on holds."""

"""What is taken out for process mining, as others read it."""

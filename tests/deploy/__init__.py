"""What is in deploy/ is tried as far as it can be: units are checked, nginx runs, roles can do what they must."""

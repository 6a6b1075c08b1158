"""Acting on a page: which commands are offered, what each asks, and how what was sent becomes the command."""

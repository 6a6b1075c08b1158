"""Who comes in: HTTP, pages, the command line."""

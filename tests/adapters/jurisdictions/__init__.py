"""Folders of data: what is wrong with them, what becomes of them."""

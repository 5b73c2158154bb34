"""Text to value: what a cell's words mean, read once per distinct text.

Every reader is a pure function of one text. It returns what the text says or that it cannot be
read; it never guesses. No heavy library is imported here.
"""

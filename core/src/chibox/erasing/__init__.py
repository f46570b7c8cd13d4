"""Erasing what is held about a person: asked by one, done by another, gone from every file of the box."""

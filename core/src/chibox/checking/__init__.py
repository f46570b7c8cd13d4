"""Checking for people: a receipt typed from paper, a receipt file, the whole box; each answer in a sentence."""

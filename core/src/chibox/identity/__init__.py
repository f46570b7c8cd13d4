"""Who is known to the box, who may do and see what, and who has read what."""

"""Evidence: everything that is held about one person, provable without the box."""

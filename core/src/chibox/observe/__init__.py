"""What a box tells about itself: figures, checks of its health, lines of log; never anything about a person."""

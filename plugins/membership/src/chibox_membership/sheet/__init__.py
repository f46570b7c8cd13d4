"""The national entry sheet 4.0: read with suspicion, checked cell by cell, written so that it reads back equal."""

"""A stranger's plugin: the gardens of a committee, and who watched them."""

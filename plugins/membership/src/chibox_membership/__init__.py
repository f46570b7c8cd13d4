"""The members of a party committee."""

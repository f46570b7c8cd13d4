"""Backup and restore of a whole box: one encrypted file, the sealed sheet that opens it, and the rehearsal of both."""

"""Background work: what is done beside requests. The sole importer of huey."""

"""The garden's own tests run where it is installed: not here, but in a process of theirs."""

collect_ignore = ["garden"]

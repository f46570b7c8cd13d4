"""A plugin's pages as an author would write them: a list, a form, a page of the past, the page before the box."""

"""The pages: one stylesheet, templates and macros, forms, words and their translation, guard and errors."""

"""Tables that answer questions, computed from records by pure folds; disposable, and built again at any time."""

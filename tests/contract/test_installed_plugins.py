"""Every installed plugin keeps its contract, core as well."""

from chibox.testing.contract import contract

test_contract = contract()

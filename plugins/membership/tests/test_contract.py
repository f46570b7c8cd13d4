"""The contract that every plugin keeps."""

from chibox.testing.contract import contract

test_contract = contract("membership")

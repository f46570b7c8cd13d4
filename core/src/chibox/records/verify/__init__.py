"""The verifier: reads a log, or a receipt, and names what is wrong and where. It shares hashing and parsing with the writer."""

from chibox.records.verify.logs import verify_address, verify_entries, verify_log
from chibox.records.verify.marks import Paper
from chibox.records.verify.receipts import verify_receipt
from chibox.records.verify.report import Figures, Finding, Report
from chibox.records.verify.sources import Source

__all__ = [
    "Figures",
    "Finding",
    "Paper",
    "Report",
    "Source",
    "verify_address",
    "verify_entries",
    "verify_log",
    "verify_receipt",
]

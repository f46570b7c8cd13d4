"""Sentences that more than one hostile file gets."""

from typing import Final

DAMAGED: Final = "This file is damaged or incomplete. Send it again, or save it again in Excel."
FOREIGN: Final = "This is not a workbook of the kind .xlsx. Save it as .xlsx in Excel and send that."
MALFORMED: Final = "A part of this workbook is not written as Excel writes it. Save it again in Excel."
UNUSUAL: Final = "This workbook is put together as Excel never does it. Save it again in Excel."
OVERLAP: Final = "The parts of this workbook lie over one another. Save it again in Excel."
LEADS_OUT: Final = "A part of this workbook has a name that leads out of it. Save it again in Excel."
ONE_NAME: Final = "Two parts of this workbook bear one name. Save it again in Excel."
PACKING: Final = "This workbook is packed in a way that Excel does not use. Save it again in Excel."
DOCTYPE: Final = "This workbook declares a document type, which Excel never writes. Save it again in Excel."
TEXT: Final = "This workbook holds more text than a list does. Delete what is not of the list."
LARGE: Final = "This workbook unpacks to more than {most} MB. Delete what is not of the list."
END: Final = "This workbook cannot be read to its end. Save it again in Excel."
PACKED: Final = "This is a packed file, but not a workbook. Send the .xlsx file itself."
MACROS: Final = "This workbook holds macros. Save it as .xlsx, without macros, and send that."
NO_LIST: Final = "No sheet of this file is a list of members: none has the heading “Họ và tên” near its top."
ENCODING: Final = "This text file is not in UTF-8. In Excel choose “CSV UTF-8”, or save it as .xlsx, and send that."
BROKEN: Final = (
    "After row {row} this text file is broken: a quote is not closed, or a field is too long. Save it again."
)
WEB: Final = "This is a web page, not a workbook. Open it in Excel, save it as .xlsx and send that."
OLD: Final = "This is a workbook of the old kind, .xls. Save it as .xlsx in Excel and send that."
ORDER: Final = "Sheet “DANH SÁCH ĐẢNG VIÊN”: rows or cells are out of order after row {row}. Save it again in Excel."
MEMORY: Final = "This workbook takes too much memory to read. Delete what is not of the list."

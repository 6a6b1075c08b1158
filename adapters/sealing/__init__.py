"""Private words are sealed by case and class; who destroys a key erases what it sealed, everywhere at once."""

from adapters.sealing.keys import Destroyed, Doomed, KeyStore, open_keys
from adapters.sealing.master import MasterKey, MasterKeyError, Signing, create_master_key, new_master_key
from adapters.sealing.masters import Masters, read_master_key, read_masters
from adapters.sealing.receipts import NotAReceiptError, code_of, is_code_of, receipt_hash, receipt_of, spelled
from adapters.sealing.rotating import StillInUseError, retire, rotate, wrappings
from adapters.sealing.scrubbing import Left, NotYetGone
from adapters.sealing.tables import KEYS
from adapters.sealing.verdicts import KeyDestroyed, NotTextError, Tampered, WrongMasterKeyError
from adapters.sealing.words import HEAD, Sealing, number_in, number_of, seals_of

__all__ = [
    "HEAD",
    "KEYS",
    "Destroyed",
    "Doomed",
    "KeyDestroyed",
    "KeyStore",
    "Left",
    "MasterKey",
    "MasterKeyError",
    "Masters",
    "NotAReceiptError",
    "NotTextError",
    "NotYetGone",
    "Sealing",
    "Signing",
    "StillInUseError",
    "Tampered",
    "WrongMasterKeyError",
    "code_of",
    "create_master_key",
    "is_code_of",
    "new_master_key",
    "number_in",
    "number_of",
    "open_keys",
    "read_master_key",
    "read_masters",
    "receipt_hash",
    "receipt_of",
    "retire",
    "rotate",
    "seals_of",
    "spelled",
    "wrappings",
]

"""What the work stands on: the store, boards, keys, messages. Each third-party library has its one home here."""

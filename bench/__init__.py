"""The bench: what Whistle costs, each figure against a limit that was measured in the same run on the same machine."""

"""The log: envelopes, parts, the Merkle tree and its wire forms, all frozen by the first record ever written."""

"""Services that give series over the network, without a key or with the user's own."""

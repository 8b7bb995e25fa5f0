"""Industrial symbiosis: who can share, who trades with whom, and who pays whom."""

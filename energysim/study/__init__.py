"""Many runs: what varies, who runs it, what is kept and what it says."""

"""One file per component type, and the register that finds them."""

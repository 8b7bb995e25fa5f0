"""How fast a model is built: cases, phases, and two other ways to build the same matrix."""

"""A simulator of a region's energy system and its industrial symbiosis."""

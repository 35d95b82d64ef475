"""The public front: home, catalogue, course pages."""

"""Loading: from ORM statements to objects."""

"""Objects of mapped classes: their state, attributes, collections and history."""

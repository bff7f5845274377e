"""What the inputs of an operation are: declarations in sentences and tables to kinds, limits, forms and lists."""

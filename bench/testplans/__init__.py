"""How good generated test cases are, on systems that the generator was not written against. See README.md."""
